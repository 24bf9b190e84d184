"""Vocabularies of a version in which they were code: their terms become records (docs/decisions/0037-vocabularies-as-data.md).

Each government gets the starting terms, and its roles of administrators may edit them, as in a government that is set up
now. Auditors may read them. A role that says something of terms already stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accounts.console import console
from gate.refusals import Conflict
from gate.store.collections import records_of
from gate.writing.changes import Origin
from gate.writing.writing import write
from models.data_classes import Words
from models.registry import NOUNS
from operations.upgrade.step import Progress, Step
from roles.starting_roles import WARD_ROLES
from vocabularies.starting import missing, store_starting_terms, tops

ROLE, TERM = NOUNS["role"], NOUNS["term"].name
GRANTED = {each.kind: each for each in WARD_ROLES if each.actions.get(TERM)}
"""Kind of role → the starting role that says what it may do with terms."""


def _roles() -> Iterator[dict[str, Any]]:
    asked = {
        "role_kind": {"$in": sorted(GRANTED)},
        f"actions.{TERM}": {"$exists": False},
        "tombstone": {"$exists": False},
    }
    yield from list(records_of(ROLE).find(asked))


def _pending() -> int:
    return sum(len(missing(top)) for top in tops()) + sum(1 for _ in _roles())


def _run(progress: Progress) -> Words | None:
    for role in _roles():
        grants = GRANTED[role["role_kind"]]
        kept = {
            name: {**(role.get(name) or {}), TERM: given[TERM]}
            for name, given in (("actions", grants.actions), ("effects", grants.effects))
        }
        try:
            write(ROLE, role, kept, actor=console(role["institution"]), origin=Origin.CONSOLE)
        except Conflict:
            continue  # somebody saves it just now: it is still pending, and done by the next run
        progress.keep({}, 1)
    for top in tops():
        if made := store_starting_terms(top):
            progress.keep({}, made)
    return None


STEP = Step(
    4,
    ("語彙の語を記録にする", "Turn the terms of vocabularies into records"),
    pending=_pending,
    run=_run,
    once=True,
)
