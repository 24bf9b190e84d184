"""What the two ends of a range leave to each other: 明治30〜35年, 18〜19世紀, 縄文時代早期〜後期, june 9-11, 1953."""

from __future__ import annotations

import re
from collections.abc import Iterator

from japanese.abbreviated import abbreviated_year
from japanese.portions import ENGLISH_PORTION, JAPANESE_PORTION
from japanese.written_english import MONTH
from japanese.written_years import ERA_NAMES

_ERA = re.compile(rf"^({ERA_NAMES}|[mtshr明大昭平令](?=[\d元]))")
_UP_TO_YEAR = re.compile(r"^(.*?(?:\d|元)年)")
_UP_TO_MONTH = re.compile(r"^(.*月)\d{1,2}日?$")
_PARTS = rf"(?:草創期|{JAPANESE_PORTION})"
_WITH_PART = re.compile(rf"^(.+?)({_PARTS}+)$")
_ONLY_PARTS = re.compile(rf"{_PARTS}(?:{_PARTS}|[~・、,\-])*")
_BCE = re.compile(r"^(紀元前|前|bc)(\d+)")
_UNIT = re.compile(r"(世紀|年代|年度|年|月)")
_PLAIN_YEAR = re.compile(r"^(\d{3,4})年?$")
_ABBREVIATED = re.compile(r"^(\d{1,2})((?:年.*)?)$")
_TENS = re.compile(r"^(.*\d)(\d)年?$")

_ENGLISH_BASE = re.compile(rf"^(?:{ENGLISH_PORTION}(?:\s+the)?[\s-]+)?(.+)$")
_CENTURY_TAIL = re.compile(r"(\s*century(?:\s*(?:bce|bc|ce))?)$")
_BCE_TAIL = re.compile(r"(\s*(?:bce|bc))$")
_YEAR_TAIL = re.compile(r"(,?\s+\d{4})$")
_MONTH_HEAD = re.compile(rf"^({MONTH})\s+\d{{1,2}}$")


def shared_ways(left: str, right: str) -> Iterator[tuple[str, str]]:
    """Both ends with what one left to the other filled in; the likeliest first, the ends as written last."""
    for full_left in dict.fromkeys([*_lefts(left, right), left]):
        for full_right in dict.fromkeys([*_rights(left, right), right]):
            yield full_left, full_right


def _rights(left: str, right: str) -> Iterator[str]:
    yield from _years_right(left, right)
    if (year := _UP_TO_YEAR.match(left)) and re.match(r"^\d{1,2}月", right):
        yield year[1] + right
    if (month := _UP_TO_MONTH.match(left)) and re.match(r"^\d{1,2}日?$", right):
        yield month[1] + right
    if (whole := _WITH_PART.match(left)) and _ONLY_PARTS.fullmatch(right):
        yield whole[1] + right
    if (bce := _BCE.match(left)) and (number := re.match(r"^\d+", right)) and int(number[0]) < int(bce[2]):
        yield bce[1] + right
    if (head := _MONTH_HEAD.match(left)) and re.match(r"^\d{1,2},?\s+\d{4}$", right):
        yield f"{head[1]} {right}"


def _years_right(left: str, right: str) -> Iterator[str]:
    if era := _ERA.match(left):
        # 明治37、8年 is said of 37 and 38.
        if (tens := _TENS.match(left)) and re.match(r"^\d(?!\d|世紀|月|日)", right) and tens[2] < right[0]:
            yield tens[1] + right
        if re.match(r"^(?:\d{1,3}|元)(?!\d)(?!世紀|月|日)", right):
            yield era[1] + right
    elif (first := _PLAIN_YEAR.match(left)) and (last := _ABBREVIATED.match(right)):
        if (later := abbreviated_year(int(first[1]), last[1])) is not None:
            yield f"{later}{last[2]}"
        elif len(last[1]) == 2:  # of a list, 1990・85年
            yield f"{first[1][:-2]}{right}"


def _lefts(left: str, right: str) -> Iterator[str]:
    if re.search(r"\d$", left):
        for unit in dict.fromkeys(_UNIT.findall(right)):
            yield left + unit
    yield from _english_lefts(left, right)


def _english_lefts(left: str, right: str) -> Iterator[str]:
    if re.fullmatch(f"{ENGLISH_PORTION}-?", left) and (base := _ENGLISH_BASE.match(right)):
        yield f"{left.rstrip('-')} {base[1]}"
    if (tail := _CENTURY_TAIL.search(right)) and "century" not in left:
        yield left + tail[1]
    if (tail := _BCE_TAIL.search(right)) and re.search(r"\d$", left):
        yield left + tail[1]
    if (tail := _YEAR_TAIL.search(right)) and not re.search(r"\d{4}", left):
        yield left + tail[1]
