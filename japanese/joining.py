"""Two dates of one thing: the closer one, both parts of one year, or all from the first to the last."""

from __future__ import annotations

from dataclasses import replace

from japanese.period import DISAGREE, OPEN_START, Calendar, Span, Unit, worst, year_of


def narrowed(span: Span, narrower: Span) -> Span:
    """What two dates of one thing share, as sure as the closer one; the first, marked, where they disagree."""
    if _are_one_year(span, narrower):
        return _united(span, narrower, "year")
    if not span.overlaps(narrower):
        return span.uncertain(DISAGREE)
    if span.certainty != "exact":
        return replace(
            span,
            certainty=worst(span.certainty, narrower.certainty),
            notes=tuple(dict.fromkeys(span.notes + narrower.notes)),
        )
    finer = narrower if narrower.unit != "wide" or span.unit == "wide" else span
    return replace(
        finer,
        earliest=max(span.earliest, narrower.earliest),
        latest=min(span.latest, narrower.latest),
        certainty=narrower.certainty,
        calendar=calendar_of(span, narrower),
        notes=span.notes + narrower.notes,
    )


def _are_one_year(one: Span, other: Span) -> bool:
    """Whether two eras name the two parts of one year: 明治45年(大正元年), 昭和64年/平成元年."""
    first, last = sorted((one, other), key=lambda span: (span.earliest, span.latest))
    return (
        first.unit == last.unit == "year"
        and year_of(first.earliest) == year_of(last.latest)
        and first.earliest < last.earliest
        and first.latest < last.latest
    )


def _united(one: Span, other: Span, unit: Unit) -> Span:
    # A print "before 1976" of a plate of 1968 is not older than its plate: an open start yields to a written one.
    starts = [span.earliest for span in (one, other) if span.earliest != OPEN_START]
    return Span(
        min(starts, default=OPEN_START),
        max(one.latest, other.latest),
        unit,
        worst(one.certainty, other.certainty),
        calendar_of(one, other),
        tuple(dict.fromkeys(one.notes + other.notes)),
    )


def joined(one: Span, other: Span, *, narrowing: bool) -> Span:
    """`narrowing`: a bracket may hold the years of an age, so that a later year is closer: Edo (1603-1867), 1770."""
    closer = _shared_years(one, other) * 2 > min(_years(one), _years(other))
    if closer and not _reaches_past(one, other) and (narrowing or not _both_name_years(one, other)):
        return narrowed(one, other)
    return _united(one, other, "wide")


def _both_name_years(one: Span, other: Span) -> bool:
    """Whether both are years, and of more than one: 1875 does not narrow 1870-1880, both belong to the whole."""
    years = {year_of(bound) for span in (one, other) for bound in (span.earliest, span.latest)}
    return one.unit == other.unit == "year" and len(years) > 1


def _reaches_past(one: Span, other: Span) -> bool:
    """Whether an "until" among the two ends after the other does: a later act, not a closer date of the same."""
    until, dated = (one, other) if one.earliest == OPEN_START else (other, one)
    return until.earliest == OPEN_START != dated.earliest and until.latest > dated.latest


def _years(span: Span) -> int:
    return year_of(span.latest) - year_of(span.earliest) + 1


def _shared_years(one: Span, other: Span) -> int:
    """How many years two spans share: more than half of the shorter means that one narrows the other."""
    return year_of(min(one.latest, other.latest)) - year_of(max(one.earliest, other.earliest)) + 1


def calendar_of(one: Span, other: Span) -> Calendar:
    """Lunar where either is."""
    return "lunar" if "lunar" in {one.calendar, other.calendar} else "gregorian"
