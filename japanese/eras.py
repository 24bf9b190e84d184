"""Dates as people write them, and what they mean: the front of this folder's reading of time.

`parse_period` for 年代 (寛永年間, 明治30年頃, c. 1870-1880), `parse_date` for one day (受入日, 生年月日), `describe` to show what
was understood, `to_era` to tell a year by its era. Conventions, each a choice for finding rather than a finding:
頃 and c. are ±5 years (so does CCO, "ca. 1610" 1605-1615, and Carnegie Museum of Art's data); parts of an age are
those of `japanese.portions`; ages those of `japanese.ages`; a year told by an era before 明治6 is lunisolar and is
marked so (`japanese.era_table`, `japanese.lunar`); 以前, 以後, before and after include the year they name.
"""

from __future__ import annotations

import re
from dataclasses import replace

from japanese.day_orders import in_order
from japanese.describing import describe
from japanese.era_table import to_era
from japanese.exact_dates import (
    BeyondEraError,
    DateError,
    ImpossibleDateError,
    LunarDateError,
    UnreadableDateError,
    parse_date,
)
from japanese.period import Certainty, Period, Span, worst
from japanese.period_text import MAX_LENGTH, plain_text
from japanese.reading_periods import understood
from japanese.written_cycles import read_year_of_some_era
from japanese.written_years import UNKNOWN

__all__ = [
    "BeyondEraError",
    "DateError",
    "ImpossibleDateError",
    "LunarDateError",
    "Period",
    "UnreadableDateError",
    "certainty_beside_bounds",
    "describe",
    "parse_date",
    "parse_period",
    "to_era",
]

_UNDATED = re.compile(
    r"(?:製作|制作)?(?:年代|時期|時代|年月日|年)?(?:不明|不詳|未詳)|n\.?\s?d\.?|no date|not dated|undated|unknown|date unknown"
)
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")


def parse_period(text: str) -> Period | None:
    """The interval that a written date means, or None when it was not understood (keep the text; ask nobody).

    不明 and n.d. are understood: a Period whose `known` is False. Several periods in brackets
    ([縄文時代][近世]) give `parts`, and the interval from the first to the last. At most 200 characters are read.
    """
    if not text.strip() or len(text) > MAX_LENGTH:
        return None
    plain = plain_text(text)
    bracketed = _BRACKETS.findall(plain)
    if bracketed and not _BRACKETS.sub("", plain).strip(" ,、・)"):
        return _several(text, bracketed)
    span = _span_of(text)
    return None if span is None else _period(text, span)


# A range told apart from a month: 1910-12 with its bounds beside it.
_YEAR_OR_MONTH = re.compile(r"(?<![\d/.-])(\d{3,4})\s*[-‐‑‒–—/]\s*(\d{1,2})(?![\d/.-])")


def certainty_beside_bounds(text: str) -> Certainty | None:
    """How sure a text says that it is, where its interval is known from elsewhere; None when it is not understood.

    What is ambiguous in it alone (1910-12, 03/04/2005) makes nothing uncertain then.
    """
    period = parse_period(text)
    if period is None:
        return None
    if period.ambiguity is None:
        return period.certainty
    plain = parse_period(_YEAR_OR_MONTH.sub(r"\1〜\2", in_order(text, "mdy")))
    return plain.certainty if plain else period.certainty


def _undated_or(plain: str) -> Span | None:
    return UNKNOWN if _UNDATED.fullmatch(plain.strip("()[]")) else understood(plain)


def _span_of(text: str) -> Span | None:
    """The span of a text whose spaces mean nothing (江戸時代 後期), or else part two dates (江戸時代 天保3年)."""
    span = _undated_or(plain_text(text))
    if span is None and len(text.split()) > 1:
        return understood(plain_text("、".join(text.split())))
    return read_year_of_some_era(text) if span is None else span


def _period(text: str, span: Span, parts: tuple[Period, ...] = ()) -> Period:
    return Period(text, span.earliest, span.latest, span.certainty, span.calendar, span.notes, parts)


def _several(text: str, bracketed: list[str]) -> Period | None:
    # A bracket that was opened inside and never closed ([縄文時代（早期〜後期]) was closed at the end by plain_text.
    spans = [(piece, _span_of(piece)) for piece in bracketed]
    if any(span is None for _, span in spans):
        return None
    parts = tuple(_period(piece, span) for piece, span in spans if span is not None)
    dated = [part for part in parts if part.known] or list(parts)
    return replace(
        dated[0],
        text=text,
        earliest=min(part.earliest for part in dated),
        latest=max(part.latest for part in dated),
        certainty=worst(*(part.certainty for part in dated)),
        calendar="lunar" if any(part.calendar == "lunar" for part in dated) else "gregorian",
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
        parts=parts,
    )
