"""A written date as it is stored: its text, and the interval that the text means (japanese.eras)."""

from __future__ import annotations

from typing import Any

from japanese.eras import parse_period
from japanese.period import OPEN_END, OPEN_START
from models.vocabularies import terms


def as_it_reads(text: str) -> dict[str, Any] | None:
    """A written date with the interval that its text means, as it is stored; None when it is not understood."""
    understood = parse_period(text)
    if understood is None:
        return None
    return {
        "text": text,
        # An open end (以前, 不明, after …) is no bound: as a number it would match every interval asked for.
        "earliest": _unless(understood.earliest, OPEN_START),
        "latest": _unless(understood.latest, OPEN_END),
        "certainty": certainty_of(understood.certainty),
    }


def certainty_of(word: str) -> str:
    """The vocabulary's code for the parser's word; an unknown word is the least certain."""
    return word if word in terms("certainty") else "uncertain"


def _unless(bound: int, open_: int) -> int | None:
    return None if bound == open_ else bound
