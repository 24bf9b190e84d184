"""What the tables cannot say: refusals, notes, parts, lunar days, eras told back, and what a screen shows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from japanese.era_table import ERAS, MODERN
from japanese.eras import describe, parse_period, to_era
from japanese.period import day_number, parts_of

NOT_DATES = [
    "",
    "　",
    "猫",
    "30年",
    "52.3.1",
    "100.0",
    "27.10.1024",
    "0/4/2005",
    "甲丑",
    "安政甲子",
    "光緒99年",
    "20011341",
    "1234-5-67",
    "明",
    "元",
    "文明開化",
    "令和6年2月30日",
    "2023年2月29日",
    "1934年13月",
    "明治5年12月3日",
    "天保3年13月",
    "明治0年",
    "明治200年",
    "寛永99年",
    "第三四半期",
    "0世紀",
    "99世紀",
    "100年前",
    "12345",
    "1900-1800",
    "明治35年〜明治30年",
    "令和末期",
    "1861/XI",
    "posthumous reprint",
    "[縄文時代][ふしぎ時代]",
    "2/30/1934",
    "(",
    "〜",
    "あ" * 201,
]


@pytest.mark.parametrize("text", NOT_DATES)
def test_what_is_no_date_is_left_alone(text: str) -> None:
    assert parse_period(text) is None


@settings(deadline=None)
@given(
    st.text(
        alphabet="明治天保江戸縄文時代前中後期末初頃0129年月日世紀〜-・、()（）[]?から c.bcean/", max_size=40
    )
)
def test_nothing_typed_makes_it_fail_and_intervals_are_never_upside_down(text: str) -> None:
    period = parse_period(text)
    if period is not None:
        assert period.earliest <= period.latest
        assert describe(period)
        assert describe(period, "en")


@pytest.mark.parametrize("text", ["・".join(["1897"] * 22), "1-" * 90, "昭和20年〜" * 21])
def test_a_text_of_very_many_dates_is_not_cut_in_every_way(text: str) -> None:
    """Trying each cut of such a text took a third of a second."""
    assert parse_period(text) is None
    assert parse_period("・".join(["1897"] * 20)) is not None


# 旧暦 day, and the Gregorian day on which it fell (Julian days of before 1582 turned into proleptic Gregorian).
LUNAR_DAYS = [
    ("大化元年6月19日", 645_07_20),
    ("慶長5年9月15日", 1600_10_21),
    ("天正10年6月2日", 1582_07_01),
    ("元禄15年12月14日", 1703_01_30),
    ("嘉永6年6月3日", 1853_07_08),
    ("安政2年10月2日", 1855_11_11),
    ("安政7年3月3日", 1860_03_24),
    ("慶応3年10月14日", 1867_11_09),
    ("慶応4年閏4月27日", 1868_06_17),
    ("明治元年9月8日", 1868_10_23),
    ("明治5年9月12日", 1872_10_14),
]


@pytest.mark.parametrize(("text", "day"), LUNAR_DAYS)
def test_a_lunisolar_day_lies_within_the_interval_shown_for_it(text: str, day: int) -> None:
    period = parse_period(text)
    assert period is not None
    assert period.earliest <= day <= period.latest
    assert period.calendar == "lunar"
    assert "旧暦" in period.notes[0][0]
    assert "旧暦" in describe(period)
    first, last = parts_of(period.earliest), parts_of(period.latest)
    assert (last[0] - first[0]) * 12 + last[1] - first[1] <= 2


def test_a_day_beyond_its_era_is_read_and_marked() -> None:
    period = parse_period("平成35年")
    assert period is not None
    assert period.notes == (
        ("平成の期間の外の日付です。西暦2023年として読みました。", "Outside the era 平成; read as 2023."),
    )


def test_a_lost_wave_and_an_unread_bracket_are_noted() -> None:
    lost, bracket = parse_period("縄文時代（早期?後期）"), parse_period("昭和5年（複製）")
    assert lost is not None
    assert bracket is not None
    assert "失われた" in lost.notes[0][0]
    assert "複製" in bracket.notes[0][0]


def test_several_periods_keep_their_parts() -> None:
    period = parse_period("[縄文時代（中期）][近世][時期不明]")
    assert period is not None
    assert [part.text for part in period.parts] == ["縄文時代(中期)", "近世", "時期不明"]
    assert (period.earliest, period.latest) == (day_number(-3499), 1868_12_31)
    assert period.certainty == "exact"


def test_undated_is_understood_but_dates_nothing() -> None:
    period = parse_period("年代不詳")
    assert period is not None
    assert not period.known
    assert describe(period) == "年代不詳（年代不詳）"


SHOWN = [
    ("明治30年頃", "明治30年頃（1892〜1902年）", "明治30年頃 (1892 – 1902)"),
    ("1897", "1897（明治30年）", "1897 (Meiji 30)"),
    ("1912年", "1912年（明治45年/大正元年）", "1912年 (Meiji 45/Taisho 1)"),
    ("1945年8月15日", "1945年8月15日（昭和20年8月15日）", "1945年8月15日 (1945-08-15, 昭和20年8月15日)"),
    ("大正末期", "大正末期（1924〜1926年12月25日）", "大正末期 (1924 – 1926-12-25)"),
    ("天保3年", "天保3年（1832年、旧暦）", "天保3年 (1832, lunisolar)"),
    ("江戸時代後期", "江戸時代後期（1780〜1868年）", "江戸時代後期 (1780 – 1868)"),
    ("縄文時代中期", "縄文時代中期（紀元前3500〜2500年）", "縄文時代中期 (3500 BCE – 2500 BCE)"),
    ("弥生時代中期", "弥生時代中期（紀元前350〜50年）", "弥生時代中期 (350 BCE – 50)"),
    ("明治30年以前", "明治30年以前（1897年以前）", "明治30年以前 (1897 or earlier)"),
    ("after 1910", "after 1910（明治43年以後）", "after 1910 (Meiji 43 or later)"),
    ("昭和5年?", "昭和5年?（1930年、推定）", "昭和5年? (1930, uncertain)"),
    (
        "1910-12",
        "1910-12（1910〜1912年、明治43年〜明治45年/大正元年、複数の読み方あり）",
        "1910-12 (1910 – 1912, Meiji 43 – Meiji 45/Taisho 1, more than one reading)",
    ),
    ("S20.8", "S20.8（1945年8月）", "S20.8 (1945-08)"),
    ("1870-1880", "1870-1880（明治3年〜明治13年）", "1870-1880 (Meiji 3 – Meiji 13)"),
    ("18世紀", "18世紀（1701〜1800年）", "18世紀 (1701 – 1800)"),
]


@pytest.mark.parametrize(("text", "japanese", "english"), SHOWN)
def test_what_was_understood_is_shown_in_both_calendars(text: str, japanese: str, english: str) -> None:
    period = parse_period(text)
    assert period is not None
    assert describe(period) == japanese
    assert describe(period, "en") == english


@pytest.mark.parametrize(
    ("date", "told"),
    [
        ((1897,), "明治30年"),
        ((1868,), "慶応4年/明治元年"),
        ((1912,), "明治45年/大正元年"),
        ((1912, 7, 29), "明治45年7月29日"),
        ((1912, 7, 30), "大正元年7月30日"),
        ((1926, 12, 25), "昭和元年12月25日"),
        ((1989, 1, 7), "昭和64年1月7日"),
        ((1989, 1, 8), "平成元年1月8日"),
        ((2019, 4), "平成31年4月"),
        ((2019, 5, 1), "令和元年5月1日"),
        ((1832,), "天保3年"),
        ((1832, 5, 3), "天保3年"),
        ((660,), ""),
        ((600,), ""),
    ],
)
def test_a_year_is_told_by_its_era(date: tuple[int, ...], told: str) -> None:
    assert to_era(*date) == told


def test_both_courts_are_told() -> None:
    assert set(to_era(1340).split("/")) == {"暦応3年", "延元5年", "興国元年"}


def test_the_eras_run_on_without_a_gap_from_701() -> None:
    years = {year for year in range(701, 2030) if to_era(year)}
    assert years == set(range(701, 2030))
    assert len(ERAS) == 248
    assert [era.letter for era in MODERN] == ["M", "T", "S", "H", "R"]


@settings(deadline=None)
@given(st.integers(701, 2030))
def test_an_era_year_told_is_read_back_as_the_same_year(year: int) -> None:
    for told in to_era(year).split("/"):
        period = parse_period(told)
        assert period is not None
        assert period.earliest // 10_000 == period.latest // 10_000 == year
