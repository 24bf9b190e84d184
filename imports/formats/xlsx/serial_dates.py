"""A number shown as a date or a time, by the letters of its format; in Japanese eras too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from imports.formats.xlsx.marks import DATE, FORMAT, PARTIAL

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[(?P<elapsed>h+|m+|s+)\]|\[[^\]]*\]'
    r"|(?P<half>AM/PM|A/P|午前/午後|上午/下午)|(?P<letters>y+|m+|d+|h+|s+|g+|e+|a{3,4}|n+)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
LAST = 2_958_465
"""9999-12-31, the last day that Excel has."""
ERAS = ((2019, 5, 1, "令和", "R"), (1989, 1, 8, "平成", "H"), (1926, 12, 25, "昭和", "S"), (1912, 7, 30, "大正", "T"),
        (1868, 1, 25, "明治", "M"))  # fmt: skip
"""The first days of the eras as Excel shows them: a day of change belongs to the new one."""
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_PLAIN = frozenset("/-.年月日 ")
"""Signs between the parts of a date that every reader of dates understands."""


@dataclass(frozen=True)
class Moment:
    """A serial number as day and seconds of the day; `day` is None below 1, where a format shows times only."""

    day: date | None
    seconds: int
    serial: float


def moment(serial: float, *, from_1904: bool) -> Moment | None:
    """The day and time that a serial number means; None where Excel shows none.

    Excel believes that 1900 was a leap year: its day 60 never was, and the days before count from another end.
    """
    if from_1904:
        serial += 1462
    if not 0 <= serial <= LAST + 1:
        return None
    whole, seconds = divmod(round(serial * 86_400), 86_400)
    if whole == 60 or whole > LAST:
        return None
    first = date(1899, 12, 31) if whole < 60 else date(1899, 12, 30)
    return Moment(first + timedelta(whole) if whole else None, seconds, serial)


class DateFormat:
    """One section of a format that shows dates or times."""

    def __init__(self, section: str) -> None:
        """`section`: as the workbook has it, with its locale and colours."""
        self._gannen = "gannen" in section.lower()
        self._tokens = _tokens(section)
        letters = [text for kind, text in self._tokens if kind == "letters"]
        self._year = any(each[0] in "ye" for each in letters)
        self._month = any(kind == "letters" and text[0] == "m" for kind, text in self._tokens)
        self._day = any(each[0] == "d" and len(each) < 3 for each in letters)
        self._time = any(
            kind in ("minutes", "elapsed") or text[0] in "hs"
            for kind, text in self._tokens
            if kind != "plain"
        )
        self._era = any(each[0] == "e" for each in letters)

    def shown(self, serial: float, plain: str, *, from_1904: bool) -> tuple[str, str]:
        """Text and mark; the plain number where Excel shows no date.

        A date is shown as written where it can be read in one way only, year first; else a whole date becomes
        YYYY-MM-DD, and a month 1954年3月: 03/04/05 has three readings, and the file knows which.
        """
        found = moment(serial, from_1904=from_1904)
        if found is None or (found.day is None and (self._year or self._month or self._day)):
            return plain, FORMAT
        if not self._year or found.day is None:
            return self._written(found), PARTIAL
        if self._time or not self._unmistakable():
            return self._plainly(found, found.day), DATE
        return self._written(found), DATE

    def _unmistakable(self) -> bool:
        """Year first, in four figures or with its era's whole name, then month and day in figures, plain signs between."""
        order = "".join(text[0] for kind, text in self._tokens if kind == "letters")
        figures = all(kind == "plain" or len(text) <= 2 or text[0] in "ygn" for kind, text in self._tokens)
        whole = all(
            len(text) >= (3 if text[0] == "y" else 2)
            for kind, text in self._tokens
            if kind == "letters" and text[0] in "yg"
        )
        signs = {sign for kind, text in self._tokens if kind == "plain" for sign in text}
        # A month beside its year reads as a range of years unless it is called a month: 1906/08.
        named = self._day or not self._month or "月" in signs
        known = order in ("y", "ym", "ymd", "ge", "gem", "gemd")
        return known and figures and whole and named and signs <= _PLAIN

    def _plainly(self, found: Moment, day: date) -> str:
        if not self._month:
            return f"{day.year}年"
        if not self._day:
            return f"{day.year}年{day.month}月"
        hours, rest = divmod(found.seconds, 3600)
        time = f" {hours:02}:{rest // 60:02}:{rest % 60:02}" if self._time and found.seconds else ""
        return f"{day:%Y-%m-%d}{time}" if day.year >= 1000 else day.isoformat()

    def _written(self, found: Moment) -> str:
        half = any(kind == "half" for kind, _ in self._tokens)
        return "".join(self._part(kind, text, found, half) for kind, text in self._tokens).strip()

    def _part(self, kind: str, text: str, found: Moment, half: bool) -> str:
        if kind == "plain":
            return text
        hours, rest = divmod(found.seconds, 3600)
        if kind == "elapsed":
            size = {"h": 3600, "m": 60, "s": 1}[text[0]]
            return f"{round(found.serial * 86_400) // size:0{len(text)}}"
        if kind == "half":
            return text.split("/")[hours >= 12]
        if kind == "minutes":
            return f"{rest // 60:0{min(len(text), 2)}}"
        if text[0] == "h":
            return f"{(hours % 12 or 12) if half else hours:0{min(len(text), 2)}}"
        if text[0] == "s":
            return f"{rest % 60:0{min(len(text), 2)}}"
        return self._of_day(text, found.day) if found.day else ""

    def _of_day(self, text: str, day: date) -> str:
        first, long = text[0], len(text)
        if first == "y":
            return f"{day.year:04}" if long > 2 else f"{day.year % 100:02}"
        if first in "ge":
            year, name, letter = next(
                (y, name, letter) for y, m, d, name, letter in ERAS if day >= date(y, m, d)
            )
            if first == "g":
                return (letter, name[0], name)[min(long, 3) - 1]
            count = day.year - year + 1
            return "元" if self._gannen and count == 1 else f"{count:0{min(long, 2)}}"
        if first == "m":
            return f"{day.month:0{long}}" if long < 3 else _name(_MONTHS[day.month - 1], long)
        if first == "d":
            return f"{day.day:0{long}}" if long < 3 else _name(_DAYS[day.weekday()], long)
        return "月火水木金土日"[day.weekday()] + ("曜日" if long > 3 else "")


def _name(name: str, long: int) -> str:
    return {3: name[:3], 5: name[0]}.get(long, name)


def _tokens(section: str) -> list[tuple[str, str]]:
    """(kind, text) of what the section shows; an m beside hours or seconds is minutes."""
    found: list[tuple[str, str]] = []
    for each in TOKEN.finditer(section):
        kind = each.lastgroup
        if kind in ("quoted", "escaped", "other"):
            found.append(("plain", each[kind]))
        elif kind:
            found.append((kind, each[kind] if kind == "half" else each[kind].lower()))
    told = [at for at, (kind, _) in enumerate(found) if kind in ("letters", "elapsed")]
    for n, at in enumerate(told):
        if found[at][0] == "letters" and found[at][1] in ("m", "mm"):
            before = found[told[n - 1]][1][0] if n else ""
            after = found[told[n + 1]][1][0] if n + 1 < len(told) else ""
            if before == "h" or after == "s":
                found[at] = ("minutes", found[at][1])
    return found
