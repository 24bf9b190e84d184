"""What every record has: its institution, revision, who and when, and the outbox of what is not yet in the ledger."""

from __future__ import annotations

from typing import Any

import mongoengine as me

from models.data_classes import DataClass
from models.declaration import Noun, Section
from models.fields import hidden, integer, moment, reference, text

SYSTEM = Section("system", ("記録", "Record"))


class Record(me.Document):
    """The abstract document of all nouns. Its `__str__` is the id: personal values stay where they are (law 5)."""

    meta: dict[str, Any] = {"abstract": True, "auto_create_index": False, "strict": False}

    institution = reference(
        ("館", "Institution"), DataClass.PUBLIC, "system", "institution", required=True, filtered=True
    )
    revision = integer(
        ("版", "Revision"), DataClass.PUBLIC, "system", default=1, kept_by_system=True, unsealed=True
    )
    created_at = moment(("登録日時", "Created at"), DataClass.INTERNAL, "system")
    created_by = text(
        ("登録者", "Created by"), DataClass.INTERNAL, "system", kind="account", kept_by_system=True
    )
    changed_at = moment(("更新日時", "Changed at"), DataClass.INTERNAL, "system", listed=True)
    changed_by = text(
        ("更新者", "Changed by"), DataClass.INTERNAL, "system", kind="account", kept_by_system=True
    )
    # Search keys are split by data class, so that withheld text is never searched for a lesser role (law 5).
    keys = hidden(("検索キー", "Search keys"), DataClass.SECRET, me.DictField(), unsealed=True)
    # What a mask shows of each field that has one: searched in the field's place where it is withheld (law 2).
    masked = hidden(("伏せた形", "Masked forms"), DataClass.SECRET, me.DictField(), unsealed=True)
    # The interval of each written date that lists are filtered or sorted by, an open end and a missing date too.
    intervals = hidden(("期間", "Intervals"), DataClass.SECRET, me.DictField(), unsealed=True)
    # Where it stands in order by each text that lists are sorted by (gate.fields.sort_keys).
    sort_keys = hidden(("並び順", "Sort keys"), DataClass.SECRET, me.DictField(), unsealed=True)
    # What the texts that lists are filtered by begin with (gate.fields.beginnings).
    beginnings = hidden(("先頭のことば", "Beginnings"), DataClass.SECRET, me.DictField(), unsealed=True)
    # Which import made or last changed it, and from which row: a batch that is done again knows its own work by this.
    imported = hidden(("取込元", "Import"), DataClass.SECRET, me.DictField(), unsealed=True)
    # One record in some hundred, by its id: a fair sample at any time (gate.store.windows).
    drawn = hidden(("抽出標本", "Drawn"), DataClass.SECRET, me.BooleanField(), unsealed=True)
    outbox = hidden(
        ("未送出の操作履歴", "Outbox"), DataClass.SECRET, me.ListField(me.DictField()), unsealed=True
    )
    # Under it the ledger seals this record's fields; it stands nowhere else, and is another one after each change.
    seal_salt = hidden(("封の塩", "Salt of the seals"), DataClass.SECRET, me.StringField(), unsealed=True)
    outbox_at = hidden(
        ("操作履歴の待ち", "Outbox since"), DataClass.SECRET, me.DateTimeField(), unsealed=True
    )

    def __str__(self) -> str:
        return str(self.pk)


def unique_number(number: str, **more: Any) -> dict[str, Any]:
    """The index that keeps a number unique within its institution."""
    return {"fields": ["institution", number], "unique": True, "cls": False, **more}


def order_index(field: str) -> dict[str, Any]:
    """The index that lists are sorted by a text with."""
    return {"fields": ["institution", f"sort_keys.{field}", "_id"], "cls": False}


def beginning_index(field: str) -> dict[str, Any]:
    """The index that lists are filtered by the beginning of a text with."""
    return {"fields": ["institution", f"beginnings.{field}"], "cls": False}


def interval_index(field: str) -> dict[str, Any]:
    """The index that lists are sorted and filtered by a written date with: told all three, the engine reads no record that
    a window of the order holds and the interval asked for does not."""
    steps = (f"intervals.{field}.{each}" for each in ("at", "from", "to"))
    return {"fields": ["institution", *steps], "cls": False}


def common_indexes() -> list[dict[str, Any]]:
    """The indexes every noun's screens need: a page of an institution, what is searched, the sample that windows of a
    page are cut by, and the records whose outbox waits."""
    return [
        {"fields": ["institution", "_id"], "cls": False},
        {"fields": ["keys.grams"], "cls": False},
        {"fields": ["drawn"], "sparse": True, "cls": False},
        {"fields": ["outbox_at"], "sparse": True, "cls": False},
    ]


__all__ = [
    "SYSTEM",
    "Noun",
    "Record",
    "beginning_index",
    "common_indexes",
    "interval_index",
    "order_index",
    "unique_number",
]
