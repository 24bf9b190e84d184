"""Dates told by an age: 縄文時代中期, 江戸後期, 唐代, 弥生時代後期前半."""

from __future__ import annotations

import re

from japanese.ages import BY_AGE_NAME, Age, years_span
from japanese.period import Span
from japanese.portions import JAPANESE_PORTION, divided

_NAMES = "|".join(sorted((name for name in BY_AGE_NAME if not name.isascii()), key=len, reverse=True))
_OWN = "草創期|早期|前期|中期|後期|晩期|終末期"
AGE = re.compile(
    rf"(?P<name>{_NAMES})(?P<suffix>時代|時期|年間|王朝|期|朝|代)?(?P<part>(?:草創期|{JAPANESE_PORTION})*)"
)
_ENGLISH_SUFFIX = re.compile(r"\s+(?:period|era|dynasty|age|times)$")
_ENGLISH = {name: age for name, age in BY_AGE_NAME.items() if name.isascii()}


def read_age(text: str) -> Span | None:
    """An age of the table, whole or in part; one-character dynasties only with 時代, 代, 朝 or a part (明代, 清末)."""
    found = AGE.fullmatch(text)
    if found is None:
        return None
    age = BY_AGE_NAME[found["name"]]
    if age.needs_suffix and not (found["suffix"] or found["part"]):
        return None
    return _part_of(age, found["part"])


def _part_of(age: Age, words: str) -> Span | None:
    if not words:
        return age.span
    own = re.match(_OWN, words)
    if own and own[0] in age.divisions:
        span = years_span(*age.divisions[own[0]])
        rest = words[own.end() :]
        return divided(span, rest) if rest else span
    return None if words.startswith("草創期") else divided(age.span, words)


def read_english_age(text: str) -> Span | None:
    """Edo period, Meiji era (see written_english), Tang dynasty; lower case, macrons already gone."""
    age = _ENGLISH.get(_ENGLISH_SUFFIX.sub("", text))
    return None if age is None else age.span
