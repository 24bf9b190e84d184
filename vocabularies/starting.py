"""The starting terms in the store, as records of the institution at the top of a government, so that they can be edited."""

from __future__ import annotations

from accounts.console import console
from gate.store.collections import records_of
from gate.writing.changes import Batch, Change, Origin
from gate.writing.pipeline import write
from models.registry import NOUNS
from models.starting_terms import STARTING_TERMS
from models.vocabularies import VOCABULARIES, Term, starting_terms

TERM = NOUNS["term"]
REASON = "はじめの語 / Starting term"
"""Why a term was made: such a one may also be of a vocabulary to which people add nothing."""


def tops() -> list[str]:
    """The institutions whose terms hold for a government: those that nobody supervises."""
    asked = {"supervisor": {"$in": [None, ""]}, "institution": {"$ne": None}}
    return sorted(each["_id"] for each in records_of(NOUNS["institution"]).find(asked, {"_id": 1}))


def missing(top: str) -> list[tuple[str, Term]]:
    """The starting terms that a government's store does not hold: vocabulary and term."""
    there = {each["term_number"] for each in records_of(TERM).find({"institution": top}, {"term_number": 1})}
    return [
        (name, term)
        for name in VOCABULARIES
        if name in STARTING_TERMS
        for term in starting_terms(name).values()
        if f"{name}-{term.code}" not in there
    ]


def store_starting_terms(top: str) -> int:
    """Store those that are missing; how many were. What is there stays as it is, so a repetition changes nothing."""
    changes = [
        Change(
            top,
            typed={
                "vocabulary": name,
                "code": term.code,
                "label": term.label[0],
                "label_en": term.label[1],
                "order": term.order,
            },
        )
        for name, term in missing(top)
    ]
    write(Batch(console(top), TERM, Origin.CONSOLE, changes, reason=REASON))
    return len(changes)
