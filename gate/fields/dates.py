"""Days and periods as people write them, read by the japanese room and stored with what they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from gate.fields.typed_text import Wrong, folded, plain
from gate.store.date_readings import as_it_reads
from japanese.eras import parse_date
from japanese.period import day_number, month_length, parts_of, year_of
from models.declaration import Field
from models.vocabularies import terms


def read_date(field: Field, raw: Any) -> str | None:  # noqa: ARG001
    text = folded(raw)
    if not text:
        return None
    try:
        return as_iso(parse_date(text))
    except ValueError as error:
        raise Wrong((
            "日付として読めません。例: 2020-12-01、令和2年12月1日",
            "This is not a date. For example 2020-12-01 or 令和2年12月1日.",
        )) from error  # fmt: skip


def read_minute(field: Field, raw: Any) -> str | None:
    """`YYYY-MM-DDTHH:MM` of a day as people write it and a time of the clock behind it."""
    text = folded(raw)
    if not text:
        return None
    found = re.fullmatch(r"(.{4,30}?)[T\s]\s*([01]?\d|2[0-3])\s*[:時]\s*([0-5]\d)\s*分?(?::[0-5]\d)?", text)
    if found is None:
        raise Wrong((
            "日付と時刻で入力してください。例: 2026-04-01 09:30",
            "Give a date and a time, for example 2026-04-01 09:30.",
        ))  # fmt: skip
    return f"{read_date(field, found[1])}T{int(found[2]):02d}:{found[3]}"


def as_iso(day: date | str) -> str:
    """`YYYY-MM-DD`."""
    return day if isinstance(day, str) else day.isoformat()


def read_period(field: Field, raw: Any) -> dict[str, Any] | None:  # noqa: ARG001
    """A date as written; its interval is what the text means, unless it was given beside it."""
    given = raw if isinstance(raw, Mapping) else {"text": raw}
    text = plain(given.get("text"))
    if len(text) > 200:
        raise Wrong(("200字までで入力してください。", "At most 200 characters, please."))
    earliest, latest = (_bound(given.get(name), end=name == "latest") for name in ("earliest", "latest"))
    if text and earliest is None and latest is None and (understood := as_it_reads(text)) is not None:
        return understood
    if not text and earliest is None and latest is None:
        return None
    if earliest is not None and latest is not None and earliest > latest:
        raise Wrong(("上限が下限より後になっています。", "The earliest is after the latest."))
    certainty = plain(given.get("certainty")) or ("exact" if earliest is not None else "uncertain")
    if certainty not in terms("certainty"):
        raise Wrong(("確度を一覧から選んでください。", "Choose the certainty from the list."))
    return {
        "text": text or _years(earliest, latest),
        "earliest": earliest,
        "latest": latest,
        "certainty": certainty,
    }


def _bound(raw: Any, *, end: bool) -> int | None:
    """A year or an ISO date as the whole number yyyymmdd, at the start or the end of the year."""
    text = folded(raw)
    if not text:
        return None
    year, month, day = 0, 0, 0
    if re.fullmatch(r"-?\d{5,10}", text):  # a bound already read
        year, month, day = parts_of(int(text))
    elif found := re.fullmatch(r"(-\d{1,6}|\d{1,4})(?:[-/](\d{1,2})[-/](\d{1,2}))?", text):
        year = int(found[1])
        month, day = (int(found[2]), int(found[3])) if found[2] else ((12, 31) if end else (1, 1))
    if 1 <= month <= 12 and 1 <= day <= month_length(year, month):
        return day_number(year, month, day)
    raise Wrong(("西暦の年か、年-月-日で入力してください。", "Give a year, or year-month-day."))


def bound_text(bound: Any) -> str:
    """The bound of an interval as its input shows it, `1896-01-01` or `-3499-01-01`; empty when there is none."""
    if not isinstance(bound, int):
        return ""
    year, month, day = parts_of(bound)
    return f"{'-' if year < 0 else ''}{abs(year):04d}-{month:02d}-{day:02d}"


def _years(earliest: int | None, latest: int | None) -> str:
    return "-".join(str(year_of(each)) if each is not None else "" for each in (earliest, latest))
