"""Rows inside a record, and dates as they are written."""

from __future__ import annotations

from random import Random
from typing import Any

import mongoengine as me

from models.data_classes import DataClass
from models.fields import choice, hidden, integer, text

_dice = Random()  # noqa: S311 - names a row within its record, and is no secret; the system's own is twenty times dearer


def new_part_id() -> str:
    """Eight random hexadecimal characters: enough to be unique within one record."""
    return f"{_dice.getrandbits(32):08x}"


class Dimension(me.EmbeddedDocument):
    """One measurement (寸法): which part, which way, how much, in what unit. Spectrum: dimensionSubGroup."""

    meta: dict[str, Any] = {"strict": False}
    id = hidden(("行", "Row"), DataClass.PUBLIC, me.StringField(default=new_part_id))
    part = text(("部分", "Part"), DataClass.PUBLIC, "dimensions", max_length=60)
    dimension = choice(
        ("種別", "Dimension"), DataClass.PUBLIC, "dimensions", "dimension", required=True, default="height"
    )
    accuracy = choice(("精度", "Accuracy"), DataClass.PUBLIC, "dimensions", "accuracy")
    # As text: 12.50 must not become 12.5, and a decimal point is the only form a museum quotes.
    value = text(
        ("値", "Value"), DataClass.PUBLIC, "dimensions", kind="decimal", required=True, max_length=60
    )
    unit = choice(("単位", "Unit"), DataClass.PUBLIC, "dimensions", "unit", required=True, default="cm")


class Period(me.EmbeddedDocument):
    """A date as written plus the interval it means. Spectrum: dateDisplayDate, dateEarliest…, dateLatest…."""

    meta: dict[str, Any] = {"strict": False}
    text = text(("表記", "As written"), DataClass.PUBLIC, "period", max_length=200)
    earliest = integer(("上限", "Earliest"), DataClass.PUBLIC, "period")
    latest = integer(("下限", "Latest"), DataClass.PUBLIC, "period")
    certainty = choice(("確度", "Certainty"), DataClass.PUBLIC, "period", "certainty", default="exact")
