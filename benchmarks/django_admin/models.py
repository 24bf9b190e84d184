"""The same nouns as tables: a column for every field of an item's and a donor's declaration."""

from __future__ import annotations

from typing import Any

from django.db import models

from models.declaration import Field, Noun
from models.registry import NOUNS
from models.vocabularies import terms


def _column(field: Field) -> models.Field[Any, Any]:
    name, many = field.label[0], {"blank": True, "null": True}
    if field.declared.target == "donor":
        return models.ForeignKey("Donor", models.SET_NULL, verbose_name=name, **many)
    if field.kind == "choice" and field.declared.vocabulary:
        known = [(code, label[0]) for code, label in terms(field.declared.vocabulary).items()]
        return models.CharField(name, max_length=60, choices=known, **many)
    if field.kind in ("long_text", "lines"):
        return models.TextField(name, **many)
    if field.kind == "integer":
        return models.BigIntegerField(name, **many)
    if field.kind == "boolean":
        return models.BooleanField(name, default=False)
    if field.kind == "moment":
        return models.DateTimeField(name, **many)
    if field.kind in ("parts", "references", "image"):
        return models.JSONField(name, **many)
    return models.CharField(name, max_length=500, **many)


def columns(noun: Noun) -> dict[str, models.Field[Any, Any]]:
    """Field → column, of those that a person enters; an interval has its bounds beside it."""
    found = {each.name: _column(each) for each in noun if each.kind != "system"}
    if noun.name == "item":
        found["period_earliest"] = models.IntegerField(null=True, blank=True)
        found["period_latest"] = models.IntegerField(null=True, blank=True)
        found["changed_at"] = models.DateTimeField(null=True)
        found["institution"] = models.CharField("館", max_length=60)
        found["input_status"].db_index = found["title"].db_index = found["accession_number"].db_index = True
    return found


class _Indexed:
    indexes = (models.Index(fields=["institution", "input_status", "id"]),)


Donor: Any = type("Donor", (models.Model,), {
    **columns(NOUNS["donor"]), "__module__": __name__, "__str__": lambda self: f"{self.donor_number} {self.name}",
})  # fmt: skip
Item: Any = type("Item", (models.Model,), {
    **columns(NOUNS["item"]), "__module__": __name__, "__str__": lambda self: str(self.title), "Meta": _Indexed,
})  # fmt: skip
