"""A record as JSON: each field a value, a masked text, or the statement that it is withheld and by which rule."""

from __future__ import annotations

from gate.fields.kinds import kind_of
from gate.fields.kinds.kind import Json
from gate.reading.shown import Row, Shown
from models.data_classes import DataClass
from models.declaration import Field, Noun


def api_fields(noun: Noun) -> list[Field]:
    """Return the fields that the API has: every declared one except the system's own and credentials."""
    return [each for each in noun if not each.is_system and each.data_class is not DataClass.SECRET]


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
    return kind_of(shown.field).json(shown.field, shown.value, row.references)
