"""Days written in figures with the year last: 03/04/2005, 13.04.2005. One alone may not tell its order; a column may.

A column in which 13/04/2005 stands writes the day first, so that its 03/04/2005 is of April. Where nothing tells it, or
both orders stand in one column, such a day stays ambiguous (japanese.period.DAY_OR_MONTH).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Literal

Order = Literal["dmy", "mdy"]
ORDERS: tuple[Order, ...] = ("dmy", "mdy")
Evidence = Literal["dmy", "mdy", "either"]
# With dots or dashes 27.10.1024 is a number of a museum rather than a day.
_DAY = re.compile(
    r"(?<![\d/.-])(\d{1,2})(?:(/)(\d{1,2})/(\d{4})|([.-])(\d{1,2})\5((?:1[5-9]|2[01])\d\d))(?![\d/.-])"
)


def evidence(texts: Iterable[str]) -> Counter[Evidence]:
    """How many days of these texts can only be day first, only month first, or either."""
    found: Counter[Evidence] = Counter()
    for text in texts:
        for day in _DAY.finditer(unicodedata.normalize("NFKC", text)):
            its = _order(int(day[1]), int(day[3] or day[6]))
            if its is not None:
                found[its] += 1
    return found


def _order(first: int, second: int) -> Evidence | None:
    """None: no day at all, or one that is the same either way."""
    as_day, as_month = 1 <= first <= 31 and 1 <= second <= 12, 1 <= second <= 31 and 1 <= first <= 12
    if first == second or not (as_day or as_month):
        return None
    return "either" if as_day and as_month else "dmy" if as_day else "mdy"


def decided(found: Counter[Evidence]) -> Order | None:
    """The order that a column's evidence leaves; None where there is none, or it contradicts itself."""
    if bool(found["dmy"]) == bool(found["mdy"]):
        return None
    return "dmy" if found["dmy"] else "mdy"


def in_order(text: str, order: str) -> str:
    """The text with its days of that order as year-month-day; a day that the order does not allow stays as it is."""

    def turned(match: re.Match[str]) -> str:
        first, second = int(match[1]), int(match[3] or match[6])
        day, month = (first, second) if order == "dmy" else (second, first)
        return f"{match[4] or match[7]}-{month:02}-{day:02}" if month <= 12 else match[0]

    plain = unicodedata.normalize("NFKC", text)
    if order not in ORDERS or (found := _DAY.sub(turned, plain)) == plain:
        return text
    return found
