"""The pictures that stand on a record's card: its own file, or the photographs it refers to."""

from __future__ import annotations

from typing import NamedTuple

from flask import url_for

from gate.fields.stored_pictures import profile_ignored, states
from gate.reading.shown import Row
from models.data_classes import Words
from models.declaration import Noun
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import may

AT_MOST = 12
IGNORED: Words = (
    "色のプロファイルを読めなかったため、色はsRGBとみなして表示しています。",
    "Its colour profile could not be read; the colours are shown as sRGB.",
)


class Pictured(NamedTuple):
    """One picture: addresses, text for those who cannot see it, what is to be said of it, its original's address."""

    small: str
    full: str
    alt: str
    note: Words | None = None
    original: str = ""


def pictures(actor: Actor, noun: Noun, row: Row) -> list[Pictured]:
    """Each picture whose file this actor may open."""
    if noun.picture:
        shown = row.values.get(noun.picture)
        opens = may(actor, noun.name, "file", row.institution)
        return [_own(row, str(shown.value))] if opens and shown and shown.value else []
    found = []
    for each in row:
        if each.state != "shown" or each.field.declared.target != "media":
            continue
        for key in (each.value or [])[:AT_MOST]:
            reference = row.references.get(f"media:{key}")
            if reference and reference.open and may(actor, NOUNS["media"].name, "file", row.institution):
                found.append(_picture(reference.id, reference.label))
    return found


def _own(row: Row, file: str) -> Pictured:
    note = states([file]).get(file) or (IGNORED if profile_ignored(file) else None)
    kept = row.values.get("original")
    original = url_for("media.file", id=row.id, field="original") if kept and kept.value else ""
    return _picture(row.id, row.label)._replace(note=note, original=original)


def _picture(id_: str, text: str) -> Pictured:
    return Pictured(
        url_for("media.file", id=id_, field="thumbnail"),
        url_for("media.file", id=id_, field="file"),
        text,
    )
