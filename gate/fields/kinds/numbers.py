"""Numbers to count and to measure with, and yes or no."""

from __future__ import annotations

from typing import Any

from gate.fields.kinds.kind import Condition, Control, Json, Kind, Labels, Page, Say, Schema, whole
from gate.fields.typed_text import Wrong, folded, plain, short_enough
from gate.fields.written_forms import decimal_of, whole_number_of
from gate.refusals import BadQuestion
from models.data_classes import Words
from models.declaration import Field

LARGEST = 2**53
"""What every reader of JSON can hold exactly."""


class Integer(Kind):
    """A whole number within its field's bounds."""

    name = "integer"
    control = Control(size="narrow", keyboard="numeric")
    amount = is_count = repeats = True

    def read(self, field: Field, raw: Any) -> int | None:
        text = plain(raw)
        if not text:
            return None
        number = whole_number_of(field, text)
        if field.minimum is not None and number < field.minimum:
            raise Wrong((f"{field.minimum}以上で入力してください。", f"At least {field.minimum}, please."))
        if field.maximum is not None and number > field.maximum:
            raise Wrong((f"{field.maximum}以下で入力してください。", f"At most {field.maximum}, please."))
        return number

    def exactly(self, field: Field, text: str) -> Any:  # noqa: ARG002
        try:
            number = int(text)
        except ValueError as error:
            raise BadQuestion(("数で入れてください。", "Please give a number.")) from error
        if abs(number) > LARGEST:
            raise BadQuestion(("数が大きすぎます。", "The number is too large."))
        return number

    def bounded(self, field: Field, text: str, *, begins: bool) -> Condition:
        return {"$gte" if begins else "$lte": self.exactly(field, text)}

    def cell(self, field: Field, value: Any, page: Page) -> str:
        """With its unit, and then also with commas between the thousands: a year has neither."""
        unit = field.declared.unit
        if unit[0] and isinstance(value, int):
            return whole(f"{value:,} {page.say(unit)}")
        return whole(f"{value} {page.say(unit)}".rstrip())

    def json(self, field: Field, value: Any, labels: Labels) -> Json:
        return value if isinstance(value, int) else super().json(field, value, labels)

    def schema(self, field: Field) -> Schema:  # noqa: ARG002
        return {"type": "integer"}


class Decimal(Kind):
    """A measured number, kept as text: 12.50 must not become 12.5."""

    name = "decimal"
    control = Control(size="narrow", keyboard="decimal")
    amount = True

    def read(self, field: Field, raw: Any) -> str | None:
        text = short_enough(field, plain(raw))
        return decimal_of(text) if text else None

    def cell(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        return whole(value)


class Boolean(Kind):
    """Yes or no, in its field's words; no when nothing was said."""

    name = "boolean"
    control = Control("tick", "narrow")
    filtered_by = "menu"
    has_answers = never_null = repeats = True

    def read(self, field: Field, raw: Any) -> bool:
        if isinstance(raw, bool):
            return raw
        text = folded(raw).lower()
        true, false = ([words.lower() for words in each] for each in field.declared.answers)
        if text in ("", "0", "false", "no", "いいえ", "off", *false):
            return False
        if text in ("1", "true", "yes", "はい", "on", "y", *true):
            return True
        raise Wrong(("「はい」か「いいえ」で入力してください。", "Please answer yes or no."))

    def as_input(self, field: Field, value: Any) -> bool:  # noqa: ARG002
        return value if isinstance(value, bool) else value not in (None, "", "false")

    def options(self, field: Field) -> dict[str, Words]:
        return {"true": field.answer(True), "false": field.answer(False)}

    def exactly(self, field: Field, text: str) -> Any:  # noqa: ARG002
        return True if text == "true" else {"$ne": True}

    def text(self, field: Field, value: Any, say: Say) -> str:
        """Nothing said is a no."""
        return say(field.answer(value))

    def exported(self, field: Field, value: Any, say: Say, labels: Labels) -> str:  # noqa: ARG002
        return say(field.answer(value)).lower()

    def cell(self, field: Field, value: Any, page: Page) -> str:
        return page.said(*field.answer(value))

    def json(self, field: Field, value: Any, labels: Labels) -> Json:  # noqa: ARG002
        return bool(value)

    def schema(self, field: Field) -> Schema:  # noqa: ARG002
        return {"type": "boolean"}
