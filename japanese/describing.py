"""What was understood of a written date, shown in both calendars: 明治30年頃（1892〜1902年）."""

from __future__ import annotations

import re

from japanese.era_table import MODERN, to_era
from japanese.period import OPEN_END, OPEN_START, Period, month_length, parts_of, year_of

# An era is told for a stretch no longer than this; for a longer one its two ends say little.
_ERA_WITHIN_YEARS = 30
_AMBIGUOUS = ("複数の読み方あり", "more than one reading")
_ROMAJI = {era.name: era.romaji for era in MODERN}
_MODERN_YEAR = re.compile(f"({'|'.join(_ROMAJI)})(元|[0-9]+)年(?![0-9])")


def describe(period: Period, language: str = "ja") -> str:
    """The text as written, and in brackets the Gregorian interval, era years and 旧暦 where they add something.

    `language` is "ja" or "en". 1897 -> 1897（明治30年）; 大正末期 -> 大正末期（1924〜1926年12月25日）.
    """
    japanese = language == "ja"
    if not period.known:
        return f"{period.text}（年代不詳）" if japanese else f"{period.text} (no date)"
    marks = {"about": ("", ""), "uncertain": ("推定", "uncertain"), "exact": ("", "")}[period.certainty]
    if period.ambiguity is not None and period.certainty == "uncertain":
        marks = _AMBIGUOUS
    lunar = ("旧暦", "lunisolar") if period.calendar == "lunar" else ("", "")
    told = [_gregorian(period, japanese), _era(period, japanese), lunar[not japanese], marks[not japanese]]
    kept = [words for words in told if words and words != period.text]
    if not kept:
        return period.text
    return f"{period.text}（{'、'.join(kept)}）" if japanese else f"{period.text} ({', '.join(kept)})"


def _gregorian(period: Period, japanese: bool) -> str:
    shown = interval(period.earliest, period.latest, japanese=japanese)
    figures = re.findall(r"\d+", shown)
    written = re.findall(r"\d+", period.text)
    return "" if figures == written and not re.search(r"[^\W\d]{2}\d", period.text) else shown


def interval(earliest: int, latest: int, *, japanese: bool = True) -> str:
    """An interval of day numbers as people write it: 1892〜1902年, 1945年8月15日, 紀元前500〜401年, 1897年以前."""
    if (earliest, latest) == (OPEN_START, OPEN_END):
        return "年代不詳" if japanese else "no date"
    first, last = _shown(earliest, latest, japanese)
    if earliest == OPEN_START:
        return f"{last}以前" if japanese else f"{last} or earlier"
    if latest == OPEN_END:
        return f"{first}以後" if japanese else f"{first} or later"
    if first == last:
        return first
    if japanese and re.fullmatch(r"(?:紀元前)?\d+年", first):
        return f"{first[:-1]}〜{_without_repeated_bce(first, last)}"
    return f"{first}〜{last}" if japanese else f"{first} – {last}"


def _without_repeated_bce(first: str, last: str) -> str:
    return last.removeprefix("紀元前") if first.startswith("紀元前") and last.startswith("紀元前") else last


def _shown(earliest: int, latest: int, japanese: bool) -> tuple[str, str]:
    """Both ends, each as coarse as it is whole: years from January to December, months from first to last day."""
    first, last = parts_of(earliest), parts_of(latest)
    whole_month = first[:2] == last[:2] and (first[2], last[2]) == (1, month_length(*last[:2]))
    grain_first = (
        1 if first[1:] == (1, 1) else 2 if first[2] == 1 and (whole_month or first[:2] != last[:2]) else 3
    )
    grain_last = 1 if last[1:] == (12, 31) else 2 if last[2] == month_length(*last[:2]) else 3
    if first[0] == last[0] and grain_first != grain_last:
        grain_first = grain_last = 2 if whole_month else max(grain_first, grain_last)
    if whole_month:
        grain_first = grain_last = 2
    tell = _in_japanese if japanese else _in_english
    return tell(first[:grain_first]), tell(last[:grain_last])


def _in_japanese(parts: tuple[int, ...]) -> str:
    year = f"{parts[0]}年" if parts[0] > 0 else f"紀元前{1 - parts[0]}年"
    return year + "".join(f"{part}{unit}" for part, unit in zip(parts[1:], "月日", strict=False))


def _in_english(parts: tuple[int, ...]) -> str:
    year = str(parts[0]) if parts[0] > 0 else f"{1 - parts[0]} BCE"
    return year + "".join(f"-{part:02}" for part in parts[1:])


def _era(period: Period, japanese: bool) -> str:
    """The era years of both ends, when the text does not tell an era itself and the stretch is short."""
    ends = [end for end in (period.earliest, period.latest) if end not in {OPEN_START, OPEN_END}]
    years = [year_of(end) for end in ends]
    if max(years) - min(years) > _ERA_WITHIN_YEARS or min(years) < 645 or _tells_era(period.text):
        return ""
    one_day = period.earliest == period.latest
    shown = list(dict.fromkeys(words for end in ends if (words := _era_of(end, whole=not one_day))))
    if not shown:
        return ""
    told = "〜".join(shown) if japanese else " – ".join(_romanised(words) for words in shown)
    if len(ends) == 2:
        return told
    open_start = period.earliest == OPEN_START
    return told + (("以前", " or earlier") if open_start else ("以後", " or later"))[not japanese]


def _era_of(number: int, *, whole: bool) -> str:
    year, month, day = parts_of(number)
    return to_era(year) if whole else to_era(year, month, day)


def _romanised(words: str) -> str:
    """明治30年 as Meiji 30; eras before Meiji keep their kanji."""
    return _MODERN_YEAR.sub(lambda found: f"{_ROMAJI[found[1]]} {found[2].replace('元', '1')}", words)


def _tells_era(text: str) -> bool:
    """Whether the text itself holds a Japanese name of a time; then an era year would only repeat it."""
    return (
        re.search(
            r"[㐀-鿿]{2}|[MTSHR明大昭平令]\d",
            re.sub(r"西暦|紀元前?|世紀|年代|前半|後半|[前中後末初]期|初頭|年頃|月頃", "", text),
        )
        is not None
    )
