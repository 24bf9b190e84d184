"""The masked forms of a record's fields: derived when it is written, so that they can be searched (law 2)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from models.declaration import Noun
from models.registry import NOUNS
from policies import masks
from policies.rules import RULES


def masks_of(noun: Noun) -> Mapping[str, str]:
    """Field → its mask, for the fields whose masked form can be asked for."""
    return _masks_of(noun.name)


@cache
def _masks_of(noun: str) -> Mapping[str, str]:
    rules = RULES.get(noun)
    known = rules.masks if rules else {}  # a noun without rules is denied, and shows no masked form
    return {name: mask for name, mask in known.items() if mask in masks.ASKED and name in NOUNS[noun].fields}


def forms_of(noun: Noun, document: Mapping[str, Any]) -> dict[str, str]:
    """The `masked` of a stored document: field → masked form. Where a mask has nothing to say there is no entry."""
    found = {name: masks.apply(mask, document.get(name)) for name, mask in masks_of(noun).items()}
    return {name: form for name, form in found.items() if form != masks.HIDDEN}
