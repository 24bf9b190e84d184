"""What must find what: folds, grams, and that a part of a text is always found in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from japanese.keys import GRAM_LIMIT, grams, pieces_of, query_grams, reading_key, reading_keys, search_key
from japanese.variants import VARIANTS, fold_variants

SAME = [
    ("國會議事堂", "国会議事堂"),
    ("澤田", "沢田"),
    ("髙橋", "高橋"),
    ("髙﨑", "高崎"),
    ("濵邉", "浜辺"),
    ("渡邊", "渡辺"),
    ("齋藤", "斉藤"),
    ("斎藤", "齊藤"),
    ("𠮷田", "吉田"),
    ("冨士", "富士"),
    ("森鷗外", "森鴎外"),
    ("夏目　漱石", "夏目漱石"),
    ("ジョン・スミス", "ジヨンスミス"),
    ("コーヒー", "ｺｰﾋｰ"),
    ("ガラス", "ｶﾞﾗｽ"),
    ("か\u3099らす", "ガラス"),
    ("カタカナ", "かたかな"),
    ("葛ヶ谷", "葛ケ谷"),
    ("ヴァイオリン", "バイオリン"),
    ("ヴィーナス", "びーなす"),
    ("こゝろ", "こころ"),
    ("いすゞ", "いすず"),
    ("佐々木", "佐佐木"),
    ("ゐのしし", "いのしし"),
    ("〜", "～"),
    ("−5", "－5"),
    ("Ａ－１２", "a-12"),
    ("A—12", "A‐12"),
    ("‖", "∥"),
    ("￠￡￢", "¢£¬"),
    ("①㈱㍻", "1(株)平成"),
    ("Shōwa", "SHOWA"),
    ("Émile Gallé", "emile galle"),
    ("「吾輩は猫である」", "『吾輩は猫である』"),
    ("葛\U000e0100城", "葛城"),
    ("二〇二〇", "二0二0"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_a_person_calls_the_same_has_the_same_key(one: str, other: str) -> None:
    assert search_key(one) == search_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("はし", "ばし"), ("大阪", "大坂"), ("1-2", "12"), ("島", "鳥"), ("ぱん", "ばん"), ("й", "и")],
)
def test_what_differs_keeps_different_keys(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


READINGS = [
    ("やまざき", "やまさき"),
    ("おおた", "オータ"),
    ("おうた", "おおた"),
    ("けいこ", "けーこ"),
    ("ゆうこ", "ゆこ"),
    ("ナカジマ", "なかしま"),
    ("つづき", "つずき"),
    ("ちぢみ", "ちじみ"),
    ("しょうぞうこ", "シヨーゾーコ"),
]


@pytest.mark.parametrize(("one", "other"), READINGS)
def test_readings_meet_across_voicing_and_length(one: str, other: str) -> None:
    assert reading_key(one) == reading_key(other) != ""


def test_a_reading_is_indexed_by_both_keys_so_that_its_parts_are_not_lost() -> None:
    assert any(search_key("うめ") in key for key in reading_keys("おうめ"))
    assert any(search_key("おめ") in key for key in reading_keys("おうめ"))
    assert reading_keys("たかた") == ("たかた",)
    assert reading_keys("　") == ()


@pytest.mark.parametrize("mark", ["々", "ゝ", "ゞ"])
def test_an_iteration_mark_at_the_start_does_not_hide_the_rest(mark: str) -> None:
    assert search_key(f"{mark}木") == "木"


# All of the kana, Latin, signs and kanji blocks, but the marks that look at their neighbours.
CONTEXT = set("々〻ゝゞヽヾヴゔ")
letters = st.characters(
    min_codepoint=0x20, max_codepoint=0xFFEF, exclude_categories=("Cs", "Mn", "Mc", "Me")
).filter(lambda char: char not in CONTEXT and char not in "ﾞﾟ")
japanese = st.sampled_from(
    "国國沢澤高髙ガがｶカかアァーｰ-－〜～ 　・「」ぱハ々"[:-1] + "あいうABc①㈱鴎鷗齋斎𠮷猫是漱石１2"
)
texts = st.lists(st.one_of(japanese, letters), min_size=1, max_size=40).map("".join)


@settings(deadline=None)
@given(text=texts, data=st.data())
def test_any_part_of_a_text_is_found_by_its_grams_and_then_as_a_substring(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    key, asked = search_key(text), search_key(text[start:end])
    assert asked in key
    assert set(query_grams(asked)) <= set(grams(key))
    assert len(asked) != 1 or any(each.startswith(asked) for each in grams(key))


@settings(deadline=None)
@given(text=st.text(max_size=60))
def test_a_key_is_its_own_key(text: str) -> None:
    key = search_key(text)
    if not CONTEXT & set(key):
        assert search_key(key) == key


def test_grams_are_pairs_and_the_end_once_each() -> None:
    assert grams("猫猫石") == ["猫猫", "猫石", "石\n"]
    assert grams("") == []
    assert query_grams("猫") == []
    assert query_grams("吾輩は") == ["吾輩", "輩は"]
    assert query_grams("") == []


def test_grams_are_bounded() -> None:
    endless = "".join(chr(code) for code in range(0x4E00, 0x9FA5))
    assert len(grams(endless)) == GRAM_LIMIT
    assert len(query_grams(endless)) == 16


def test_the_variant_table_reaches_its_end_in_one_step_and_keeps_length() -> None:
    assert not set(VARIANTS) & {ord(usual) for usual in VARIANTS.values()}
    assert all(len(usual) == 1 for usual in VARIANTS.values())
    assert len(VARIANTS) > 550
    assert fold_variants("髙﨑と國分の齋藤") == "高崎と国分の斉藤"


@pytest.mark.parametrize(
    "usual", ["今", "日", "学", "沢", "崎", "浜", "辺", "斉", "吉", "島", "弁", "芸", "館", "富"]
)
def test_usual_forms_stay(usual: str) -> None:
    assert fold_variants(usual) == usual


@settings(deadline=None)
@given(text=st.text(max_size=60))
def test_the_short_way_and_the_piece_by_piece_way_agree(text: str) -> None:
    assert search_key(text) == "".join(piece.key for piece in pieces_of(text))
