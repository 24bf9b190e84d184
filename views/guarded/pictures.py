"""The pictures that stand on a record's card: its own file, or the photographs it refers to."""

from __future__ import annotations

from flask import url_for

from gate.shown import Row
from models.declaration import Noun
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import may

AT_MOST = 12


def pictures(actor: Actor, noun: Noun, row: Row) -> list[tuple[str, str, str]]:
    """(small, full, text for those who cannot see it) of each picture whose file this actor may open."""
    if noun.name == "media":
        shown = row.values.get("file")
        opens = may(actor, "media", "file", row.institution)
        return [_picture(row.id, row.label)] if opens and shown and shown.value else []
    found = []
    for each in row:
        if each.state != "shown" or each.field.declared.target != "media":
            continue
        for key in (each.value or [])[:AT_MOST]:
            reference = row.references.get(f"media:{key}")
            if reference and reference.open and may(actor, NOUNS["media"].name, "file", row.institution):
                found.append(_picture(reference.id, reference.label))
    return found


def _picture(id_: str, text: str) -> tuple[str, str, str]:
    return (
        url_for("media.file", id=id_, field="thumbnail"),
        url_for("media.file", id=id_, field="file"),
        text,
    )
