"""Readings: one script, nothing but kana, and gojūon order."""

from __future__ import annotations

import pytest

from japanese.readings import ReadingError, is_reading, normalise_reading, to_hiragana, to_katakana


@pytest.mark.parametrize(
    ("typed", "hiragana", "katakana"),
    [
        ("ナツメ　ソウセキ", "なつめ そうせき", "ナツメ ソウセキ"),
        ("ﾅﾂﾒ ｿｳｾｷ", "なつめ そうせき", "ナツメ ソウセキ"),
        ("ｶﾞﾗｽ", "がらす", "ガラス"),
        ("オ-タ", "おーた", "オータ"),
        ("こゝろ", "こゝろ", "コヽロ"),
        (
            "くずがやごりょうじんじゃいせき",
            "くずがやごりょうじんじゃいせき",
            "クズガヤゴリョウジンジャイセキ",
        ),
        ("ジョン・スミス", "じょん・すみす", "ジョン・スミス"),
        ("マルオクリ・№７", "まるおくり・№7", "マルオクリ・№7"),
        ("だい２かい", "だい2かい", "ダイ2カイ"),
        ("", "", ""),
    ],
)
def test_a_reading_is_made_one(typed: str, hiragana: str, katakana: str) -> None:
    assert normalise_reading(typed) == hiragana
    assert normalise_reading(typed, "katakana") == katakana


@pytest.mark.parametrize("typed", ["漱石", "そうせきA", "-おおた", "そう(せき)", "12", "№7"])
def test_what_is_no_reading_is_refused_in_two_languages(typed: str) -> None:
    with pytest.raises(ReadingError) as caught:
        normalise_reading(typed)
    assert "かな" in caught.value.words[0]
    assert "kana" in caught.value.words[1]
    assert not is_reading(typed)


def test_as_written_keeps_the_script() -> None:
    assert normalise_reading("ｿｳせき", "as_written") == "ソウせき"


def test_an_empty_reading_is_none() -> None:
    assert not is_reading("")
    assert not is_reading("・ー")
    assert is_reading("ソウセキ")


def test_scripts_convert_both_ways() -> None:
    assert to_hiragana("ヴァンヶ谷") == "ゔぁんゖ谷"
    assert to_katakana("そうせき漱石") == "ソウセキ漱石"
