"""Written dates that deserve a look: not understood, so that nobody finds them by date, or open to two readings (law 9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from japanese.eras import parse_period
from japanese.period import OPEN_END, OPEN_START
from models.data_classes import Words
from models.declaration import Noun

UNREAD: Words = (
    "年代として読めません。書かれたまま登録されますが、年代では探せません。",
    "This is not understood as a date; it is kept as written, and found by no date.",
)


def date_doubts(noun: Noun, kept: Mapping[str, Any]) -> Iterator[tuple[str, Words]]:
    """(field, reason) for each date of a record that deserves a look; bounds that the file gives settle it."""
    for name, value in kept.items():
        if isinstance(value, Mapping) and noun.fields[name].is_written_date:
            parts = (value.get(each) for each in ("text", "earliest", "latest", "certainty"))
            reason = _doubt(*parts)
            if reason is not None:
                yield name, reason


@lru_cache(10_000)
def _doubt(text: str, earliest: int | None, latest: int | None, certainty: str) -> Words | None:
    """Kept, because the dates of a file come again and again: 0.14 ms less a row."""
    understood = parse_period(text) if text else None
    if understood is None:
        return UNREAD if text and earliest is None and latest is None else None
    bounds = OPEN_START if earliest is None else earliest, OPEN_END if latest is None else latest
    # Bounds of the file's own may be the same, and are as sure as the file says.
    read = (*bounds, certainty) == (understood.earliest, understood.latest, understood.certainty)
    return understood.ambiguity if read else None
