"""A record as JSON: each field a value, a masked text, or the statement that it is withheld and by which rule."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from gate.reading.shown import WITHHELD, Row, Shown
from models.data_classes import DataClass
from models.declaration import Field, Noun

Json = Any


def api_fields(noun: Noun) -> list[Field]:
    """Return the fields that the API has: every declared one except the system's own and credentials."""
    return [each for each in noun if each.kind != "system" and each.data_class is not DataClass.SECRET]


def record(row: Row) -> dict[str, Json]:
    """One record: id, institution, revision, label and fields."""
    return {
        "id": row.id,
        "institution": row.institution,
        "revision": row.revision,
        "label": row.label,
        "fields": {
            each.field.name: _shown(row, each)
            for each in row
            if each.field.data_class is not DataClass.SECRET
        },
    }


def _shown(row: Row, shown: Shown) -> Json:
    if shown.state == "hidden":
        return {"withheld": True, "rule": shown.verdict.rule}
    if shown.state == "masked":
        return {"masked": str(shown.value)}
    return _value(row, shown.field, shown.value)


def _value(row: Row, field: Field, value: Any) -> Json:
    if field.kind in ("image", "boolean"):
        # Of a picture, whether there is one: a stored file's id opens nothing, and leaves by no exit.
        return bool(value)
    if field.declared.target:
        return _references(row, field, value)
    if field.kind in ("lines", "networks", "parts"):
        return [_part(field, each) if field.kind == "parts" else str(each) for each in value or []]
    if value in (None, "", {}):
        return None
    if field.kind == "period":
        return _part(field, value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value if isinstance(value, int) else str(value)


def _part(field: Field, part: dict[str, Any]) -> Json:
    return {sub.name: part.get(sub.name) for sub in field.parts if sub.kind != "system"}


def _references(row: Row, field: Field, value: Any) -> Json:
    if isinstance(value, list):
        return [_reference(row, field, key) for key in value]
    if field.kind == "references":
        return []
    return _reference(row, field, value) if value else None


def _reference(row: Row, field: Field, key: Any) -> Json:
    found = row.references.get(f"{field.declared.target}:{key}")
    label = found.label if found and found.label != WITHHELD else None
    return {"id": str(key), "label": label}
