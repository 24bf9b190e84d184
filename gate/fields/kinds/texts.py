"""Texts: a line, several lines, a reading, and what a record or a person is called by."""

from __future__ import annotations

import re
from typing import Any

from gate.fields.kinds.kind import Condition, Control, Kind, Page, cut, plain
from gate.fields.typed_text import Wrong, folded, short_enough
from gate.fields.typed_text import plain as typed
from japanese.readings import ReadingError, normalise_reading
from models.declaration import Field

LONG = 60
"""Characters of a long text in a cell."""


class Text(Kind):
    """One line."""

    name = "text"
    is_free_text = is_one_line = keeps_text = collated = repeats = looked_up = True

    def read(self, field: Field, raw: Any) -> str | None:
        """Nothing but its breaks is changed: other spaces are as they were typed."""
        text = short_enough(field, typed(raw))
        if "\n" in text or "\r" in text:
            text = re.sub(r"\s*[\r\n]\s*", " ", text)
        return text or None

    def same(self, field: Field, value: Any) -> Condition:
        """山田 花子 and 山田　花子 are one name."""
        words = value.split()
        return {field.name: {"$in": [value, " ".join(words), "\u3000".join(words)]}}


class Account(Text):
    """An account that the system wrote down; only its name is shown."""

    name = "account"
    names_account = True
    is_free_text = keeps_text = collated = repeats = looked_up = False


class LongText(Kind):
    """Several lines."""

    name = "long_text"
    control = Control("area", "wide", rows=4)
    wide = is_free_text = keeps_text = True

    def read(self, field: Field, raw: Any) -> str | None:
        return short_enough(field, typed(raw)) or None

    def cell(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        return plain(cut(str(value), LONG))

    def card(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        return f'<div class="running">{plain(value)}</div>'


class _Identifier(Kind):
    """What identifies a record or a person, and must be typed exactly."""

    control = Control(verbatim=True)

    def cell(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        return f'<span class="number">{plain(value)}</span>'


class Number(_Identifier):
    """The number of a record; the next is given where it is left empty."""

    name = "number"
    proposed = is_one_line = True

    def read(self, field: Field, raw: Any) -> str | None:
        return short_enough(field, re.sub(r"\s+", " ", folded(raw)).strip()) or None


class Code(_Identifier):
    """What the system calls an institution or a role by."""

    name = "code"

    def read(self, field: Field, raw: Any) -> str | None:
        text = short_enough(field, folded(raw))
        if text and not re.fullmatch(r"[a-z0-9][a-z0-9-]*", text):
            raise Wrong((
                "英小文字・数字・ハイフンで入力してください。", "Use lower-case letters, digits and hyphens.",
            ))  # fmt: skip
        return text or None


class Login(_Identifier):
    """What a person signs in with."""

    name = "login"

    def read(self, field: Field, raw: Any) -> str | None:
        text = short_enough(field, folded(raw))
        if text and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._@-]{2,}", text):
            raise Wrong((
                "英数字と . _ @ - で3字以上にしてください。",
                "At least 3 characters: letters, digits and . _ @ - only.",
            ))  # fmt: skip
        return text or None


class Reading(Kind):
    """A reading in kana (よみ)."""

    name = "reading"
    repeats = looked_up = True

    def read(self, field: Field, raw: Any) -> str | None:
        text = short_enough(field, typed(raw))
        if not text:
            return None
        try:
            return normalise_reading(text)
        except ReadingError as error:
            raise Wrong(
                ("よみは、かなで入力してください。", "Please give the reading in kana."), text
            ) from error
