"""What no person types: pictures, and what the system alone reads and writes."""

from __future__ import annotations

from typing import Any

from gate.fields.kinds.kind import (
    JOINED,
    NO_FIELD,
    TEXT,
    Control,
    Json,
    Kind,
    Labels,
    Page,
    Say,
    Schema,
    plain,
)
from gate.fields.pictures import Picture
from gate.fields.typed_text import Wrong
from models.declaration import Field
from models.registry import NOUNS


class Image(Kind):
    """A stored picture, by its id."""

    name = "image"
    control = Control("file")
    tabular = from_column = False
    never_null = True

    def read(self, field: Field, raw: Any) -> Picture | None:  # noqa: ARG002
        """Only a picture already made safe; the id of a stored file is never taken from outside."""
        if raw in (None, "") or isinstance(raw, Picture):
            return raw or None
        # guard: file-named
        raise Wrong(("画像を選び直してください。", "Choose the picture again."))

    def cell(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        return plain(page.say(("画像あり", "Has an image")))

    def json(self, field: Field, value: Any, labels: Labels) -> Json:  # noqa: ARG002
        """Whether there is one: a stored file's id opens nothing, and leaves by no exit."""
        return bool(value)

    def schema(self, field: Field) -> Schema:  # noqa: ARG002
        return {"type": "boolean"}


class FieldNames(Kind):
    """Fields of the same noun, by their names, that the system keeps."""

    name = "field_names"
    tabular = from_column = False
    several = never_null = True

    def read(self, field: Field, raw: Any) -> None:  # noqa: ARG002
        raise Wrong(NO_FIELD)

    def as_input(self, field: Field, value: Any) -> list[str]:  # noqa: ARG002
        return list(value or [])

    def written(self, field: Field, value: Any, say: Say) -> str:
        fields = NOUNS[field.noun].fields
        return JOINED.join(say(fields[each].label) if each in fields else str(each) for each in value)

    def cell(self, field: Field, value: Any, page: Page) -> str:
        return plain(self.written(field, value, page.say))

    def json(self, field: Field, value: Any, labels: Labels) -> Json:  # noqa: ARG002
        return [str(each) for each in value or []]

    def schema(self, field: Field) -> Schema:  # noqa: ARG002
        return {"type": "array", "items": TEXT}


class System(Kind):
    """What only the system reads and writes, whatever its shape."""

    name = "system"
    tabular = from_column = False

    def read(self, field: Field, raw: Any) -> None:  # noqa: ARG002
        raise Wrong(NO_FIELD)
