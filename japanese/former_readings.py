"""How versions before 2026-11 read some texts: by it an interval stored then is known to come from its text.

They read 1796-7 as July 1796, cut a fiscal year at the change of era (昭和63年度 ended on 1989-01-07), made one day of a
year with two eras, and took 紀元2600年 for 2600 CE. `flask upgrade` reads those texts again (gate.writing.derived_values).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from japanese.era_table import BY_LETTER, BY_NAME, MODERN
from japanese.eras import parse_period
from japanese.period import day_number, month_length, year_of
from japanese.period_text import plain_text
from japanese.written_years import ERA_NAMES

_YEAR_AND_FIGURES = re.compile(
    rf"(?:({ERA_NAMES})|(?<![a-z])([mtshr]))?(?<!\d)(\d{{1,4}})[-/](\d{{1,2}})(?![\d/.-])"
)
_CHANGES = {era.latest for era in MODERN[:-1]} | {era.earliest for era in MODERN[1:]}
_OVER_A_CHANGE = re.compile(rf"年度|(?:{ERA_NAMES}).*(?:{ERA_NAMES})")
_IMPERIAL = re.compile(r"紀元2\d{3}(?=年|$)")


def was_read_so(text: str, earliest: int | None, latest: int | None) -> bool:
    """Whether a former version read these bounds out of the text, and this one reads others."""
    now = parse_period(text)
    if now is None or earliest is None or latest is None or (now.earliest, now.latest) == (earliest, latest):
        return False
    plain = plain_text(text)
    if {earliest, latest} & set(_as_months(plain)):
        return True
    if _IMPERIAL.search(plain) and year_of(earliest) > 2100:
        return True
    cut = now.earliest <= earliest and latest <= now.latest and _OVER_A_CHANGE.search(plain)
    return bool(cut and {earliest, latest} & (_CHANGES - {now.earliest, now.latest}))


def _as_months(plain: str) -> Iterator[int]:
    """The bounds of each month that a year and figures were taken for, and of the months beside it (頃, c.)."""
    for name, letter, number, figures in _YEAR_AND_FIGURES.findall(plain):
        era = BY_NAME.get(name) or BY_LETTER.get(letter.upper())
        year, month = era.year(int(number)) if era else int(number), int(figures)
        if not 1 <= month <= 12 or year < 1:
            continue
        for moved in (-1, 0, 1):
            its_year, its_month = divmod(year * 12 + month - 1 + moved, 12)
            yield day_number(its_year, its_month + 1)
            yield day_number(its_year, its_month + 1, month_length(its_year, its_month + 1))
            yield day_number(
                its_year, its_month + 1, min(month_length(year, month), month_length(its_year, its_month + 1))
            )
