"""年代 as people write it on cards: by era, by age, by century, with a doubt, or not at all."""

from __future__ import annotations

from random import Random

_KANJI = "〇一二三四五六七八九"
# Era, its first year, how many years of it a card may name, and how often.
_ERAS = (
    ("元禄", 1688, 16, 1), ("享保", 1716, 20, 1), ("文化", 1804, 14, 2), ("文政", 1818, 12, 2), ("天保", 1830, 14, 3),
    ("嘉永", 1848, 6, 2), ("慶応", 1865, 3, 2), ("明治", 1868, 44, 12), ("大正", 1912, 14, 9), ("昭和", 1926, 62, 10),
)  # fmt: skip
_OLD = (
    "江戸時代", "江戸時代前期", "江戸時代中期", "江戸時代後期", "江戸末期", "江戸時代(18世紀)", "寛永年間", "室町時代か",
    "文政〜天保頃", "幕末〜明治初期", "19世紀後半", "伝室町時代",
)  # fmt: skip
_DUG = (
    "縄文時代中期", "縄文時代早期", "弥生時代後期", "古墳時代", "奈良時代", "平安時代", "近世", "[縄文時代][弥生時代]",
    "江戸時代",
)  # fmt: skip
_ODD = (
    "年代不詳",
    "不明",
    "明治末〜大正初",
    "大正12年以前",
    "昭和戦前",
    "昭和二十年代",
    "c. 1870-1880",
    "昭和5〜8年",
)


def kanji_number(number: int) -> str:
    """1 to 99 as a card writes it: 三十一."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_KANJI[tens]}十"
    return head + (_KANJI[ones] if ones else "")


def period(dice: Random, age: str) -> str:
    """A date of making. `age`: dug (out of the ground), old (before the railways), new, or soseki's own years."""
    if age == "dug":
        return dice.choice(_DUG)
    if age == "old" and dice.random() < 0.6:
        return dice.choice(_OLD)
    if dice.random() < 0.1:
        return dice.choice(_ODD)
    if age == "soseki":
        return _written(dice, "明治", 1868, dice.randint(34, 44))
    eras = [each for each in _ERAS if (each[1] < 1868) == (age == "old")]
    era, first, years, _ = dice.choices(eras, [each[3] for each in eras])[0]
    return _written(dice, era, first, dice.randint(1, years))


def _written(dice: Random, era: str, first: int, year: int) -> str:
    plain = "元" if year == 1 else str(year)
    forms: tuple[str, ...] = (
        f"{era}{plain}年",
        f"{era}{plain}年頃",
        f"{era}{'元' if year == 1 else kanji_number(year)}年",
        f"{era}{plain}年({first + year - 1})",
        f"{era}年間",
        f"{first + year - 1}年",
    )
    if first < 1868:
        return dice.choice(forms)
    month = dice.randint(1, 12)
    if era == "明治" and year > 6:  # the months before were the moon's
        forms += (f"{era}{year}年{month}月", f"{era}{kanji_number(year)}年{kanji_number(month)}月")
    return dice.choice(forms)


def acquired(dice: Random) -> str:
    """A day, a year or less on which something was taken in, as ledgers have it."""
    year = dice.choices(
        (dice.randint(1950, 1988), dice.randint(1990, 2018), dice.randint(2020, 2025)), (4, 5, 1)
    )[0]
    month, day = dice.randint(1, 12), dice.randint(1, 28)
    if 1950 <= year <= 1988:
        era, number = "昭和", year - 1925
    elif year <= 2018:
        era, number = "平成", year - 1988
    else:
        era, number = "令和", year - 2018
    forms = (
        f"{year}-{month:02d}-{day:02d}",
        f"{era}{number}年{month}月{day}日",
        f"{era}{number}年度",
        f"{year}年",
    )
    return dice.choices(forms, (4, 4, 1, 1))[0]
