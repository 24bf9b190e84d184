"""The terms of a government, read from the store when they changed, and used for the length of a request or a job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from accounts.accounts import House, circle
from gate.store.collections import records_of
from gate.store.memory import Memory
from models import vocabularies
from models.registry import NOUNS
from models.vocabularies import Term, Terms, with_starting
from vocabularies.state import key_of_state

Document = dict[str, Any]
TERM = NOUNS["term"]
_remembered: Memory[tuple[Any, ...], Terms] = Memory(most=50)
"""Supervisor and the state of each institution's terms → its government's terms: what is kept under a state never changes."""


def use_terms(houses: Mapping[str, House], institution: str) -> None:
    """Let the terms of a government hold for what this thread does from now on.

    Args:
        houses: its institutions, as they were read for this request.
        institution: one of them.
    """
    vocabularies.use(terms_of(houses, institution))


def use_terms_at(institution: str) -> None:
    """The same for a job or a command, which read no account: the institutions are read here."""
    houses = circle(institution)
    vocabularies.use(terms_of(houses, institution) if houses else None)


def terms_of(houses: Mapping[str, House], institution: str) -> Terms:
    """The terms of a government."""
    shared = houses[institution].supervisor or institution
    states = [key_of_state(code, house.vocabularies) for code, house in sorted(houses.items())]
    if None in states:
        return _read(shared, houses)
    return _remembered.kept((shared, *states), lambda: _read(shared, houses))


def _read(shared: str, institutions: Iterable[str]) -> Terms:
    asked = {"institution": {"$in": sorted(institutions)}}
    shown = dict.fromkeys(TERM.fields, 1)
    stored: dict[str, dict[str, Term]] = {}
    for each in records_of(TERM).find(asked, shown):
        stored.setdefault(each["vocabulary"], {})[each["code"]] = _term(each)
    return with_starting(shared, stored)


def _term(document: Document) -> Term:
    return Term(
        document["code"],
        (document["label"], document["label_en"]),
        document["institution"],
        bool(document.get("retired_on")),
        tuple(document.get("aliases") or ()),
        document.get("merged_into") or "",
        document.get("order") or 0,
    )
