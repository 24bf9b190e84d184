"""Readings from the dictionary, names taken apart, and the address of a postcode."""

import pytest

from japanese.postcodes import place_of
from japanese.proposed_readings import join_readings, split_name, words_of


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("江戸名所図会", "えどめいしょずえ"),
        ("縄文土器 深鉢", "じょうもんどき ふかばち"),
        ("佐藤太郎", "さとう たろう"),
        ("ヒロシゲ", "ひろしげ"),
        ("・・・", ""),
        ("", ""),
    ],
)
def test_a_text_is_read_word_by_word(text: str, reading: str) -> None:
    assert join_readings(words_of(text)) == reading


def test_an_endless_text_is_not_read() -> None:
    assert words_of("鏡" * 301) == []


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("山田花子", ("山田", "花子")),
        ("西園寺公望", ("西園寺", "公望")),
        ("山田", None),
        ("山田 花子", None),
        ("新宿区役所", None),
        ("", None),
    ],
)
def test_only_a_family_name_and_a_given_name_are_taken_apart(
    name: str, parts: tuple[str, str] | None
) -> None:
    assert split_name(name) == parts


@pytest.mark.parametrize("written", ["160-0022", "1600022", "〒１６０－００２２", "160 ‐ 0022"])
def test_a_postcode_gives_its_address_and_reading_however_it_is_written(written: str) -> None:
    assert place_of(written) == ("東京都新宿区新宿", "とうきょうと しんじゅくく しんじゅく")


@pytest.mark.parametrize(
    "written", ["", "160", "99999999", "0000000", "SW1A 1AA", "'; drop table postal_data"]
)
def test_what_is_no_postcode_of_japan_gives_none(written: str) -> None:
    assert place_of(written) is None
