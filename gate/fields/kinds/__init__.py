"""One class for each kind of field. A class in any module of this folder is found by itself.

A new kind needs no entry elsewhere: models.fields declares it, a class here says what it is, and only an input that no
other kind has is drawn in views/records/templates/macros/controls.html.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

from gate.fields.kinds.kind import KINDS, Kind, kind_of
from models.declaration import Field, Noun

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["KINDS", "Kind", "check_kinds", "kind_of"]


def check_kinds(nouns: Iterable[Noun]) -> None:
    """Check that each declared field has a kind, and each kind what it cannot do without.

    Raises:
        RuntimeError: names what was forgotten, and where it belongs.
    """
    fields = [each for noun in nouns for each in noun]
    lost = sorted({_lost(each) for field in fields for each in (field, *field.parts)} - {""})
    lost += [
        f"the kind of field {name!r} does not say how a value is read: give {type(kind).__name__} a `read`"
        for name, kind in KINDS.items()
        if type(kind).read is Kind.read
    ]
    if lost:
        raise RuntimeError("; ".join(lost))


def _lost(field: Field) -> str:
    if field.declared.kind in KINDS:
        return ""
    return f"{field.noun}.{field.name} is of kind {field.declared.kind!r}, which has no class in gate/fields/kinds/"
