"""A search box read, and hits shown where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from japanese.keys import joined, places_of, reading_key, reading_pieces, search_key
from japanese.queries import MAX_TERMS, highlight, query_terms, snippet

BOXES = [
    ("猫 石", ("猫", "石"), ()),
    ("猫　石", ("猫", "石"), ()),
    ("猫 -石", ("猫",), ("石",)),
    ("猫 －石", ("猫",), ("石",)),
    ("猫 −石", ("猫",), ("石",)),
    ('"吾輩は 猫"', ("吾輩は猫",), ()),
    ("「吾輩は 猫」 漱石", ("吾輩は猫", "漱石"), ()),
    ("『坊つちやん』", ("坊つちやん",), ()),
    ("-「夏目 漱石」", (), ("夏目漱石",)),
    ('"red cat', ("redcat",), ()),
    ("A-12", ("a12",), ()),
    ("2020-1-5", ("2020-1-5",), ()),
    ("  ", (), ()),
    ("・ -", (), ()),
    ("猫 ネコ ねこ", ("猫", "ねこ"), ()),
    ("國 国", ("国",), ()),
    ("題「猫」", ("題", "猫"), ()),
    ("“猫 石”", ("猫石",), ()),
]


@pytest.mark.parametrize(("typed", "included", "excluded"), BOXES)
def test_a_box_is_read(typed: str, included: tuple[str, ...], excluded: tuple[str, ...]) -> None:
    query = query_terms(typed)
    assert (query.included, query.excluded) == (included, excluded)
    assert bool(query) is bool(included or excluded)


def test_words_are_kept_as_typed_for_the_screen() -> None:
    assert query_terms("國會 -猫").shown == ("國會",)


def test_an_endless_box_is_bounded() -> None:
    assert len(query_terms(" ".join(chr(0x4E00 + at) for at in range(100))).included) == MAX_TERMS
    assert len(query_terms("猫" * 10_000).included[0]) == 400


HITS = [
    ("國會議事堂", "国会", [("國會", True), ("議事堂", False)]),
    ("夏目 漱石の机", "漱石", [("夏目 ", False), ("漱石", True), ("の机", False)]),
    ("夏目 漱石の机", "夏目漱石", [("夏目 漱石", True), ("の机", False)]),
    ("㈱昭和堂", "株", [("㈱", True), ("昭和堂", False)]),
    ("ｶﾞﾗｽ瓶", "がらす", [("ｶﾞﾗｽ", True), ("瓶", False)]),
    ("佐々木", "佐佐", [("佐々", True), ("木", False)]),
    ("ヴァイオリン", "ばい", [("ヴァイ", True), ("オリン", False)]),
    ("猫と猫", "猫", [("猫", True), ("と", False), ("猫", True)]),
    ("犬", "猫", [("犬", False)]),
    ("", "猫", []),
]


@pytest.mark.parametrize(("text", "key", "expected"), HITS)
def test_hits_are_marked_in_the_text_as_written(
    text: str, key: str, expected: list[tuple[str, bool]]
) -> None:
    assert highlight(text, [key]) == expected


def test_hits_that_overlap_are_one() -> None:
    assert highlight("吾輩は猫", ["吾輩", "輩は", ""]) == [("吾輩は", True), ("猫", False)]


@settings(deadline=None)
@given(text=st.text(max_size=80), at=st.integers(0, 79), length=st.integers(1, 6))
def test_cutting_loses_nothing_and_marks_whenever_the_key_is_there(text: str, at: int, length: int) -> None:
    key = search_key(text)[at : at + length]
    segments = highlight(text, [key])
    assert "".join(segment for segment, _ in segments) == text
    assert any(hit for _, hit in segments) is bool(key)


@settings(deadline=None)
@given(text=st.text(max_size=60) | st.text(alphabet="ガラスおおたーヴァゝ々ｶﾞ株㈱国國 ", max_size=30))
def test_each_character_of_a_key_knows_its_place(text: str) -> None:
    for (key, places), wanted in (
        (places_of(text), search_key(text)),
        (joined(reading_pieces(text)), reading_key(text)),
    ):
        assert key == wanted
        assert len(places) == len(key)
        assert all(0 <= start < end <= len(text) for start, end in places)
        assert places == sorted(places)


def test_of_a_reading_the_looser_hit_is_marked_too() -> None:
    assert highlight("やまざき おおた", ["やまさき"], reading=True) == [
        ("やまざき", True),
        (" おおた", False),
    ]
    assert highlight("やまざき おおた", ["おた"], reading=True) == [("やまざき ", False), ("おおた", True)]
    assert highlight("やまざき", ["やまさき"]) == [("やまざき", False)]


def test_a_snippet_is_cut_around_the_first_hit() -> None:
    text = "あ" * 100 + "漱石" + "い" * 100
    assert snippet(text, ["漱石"], around=5) == [
        ("…あああああ", False),
        ("漱石", True),
        ("いいいいい", False),
        ("…", False),
    ]
    assert snippet("漱石の机", ["漱石"], around=5) == [("漱石", True), ("の机", False)]
    assert snippet("あ" * 100, ["漱石"], around=5) == [("あ" * 10 + "…", False)]
    assert snippet("", ["漱石"]) == []
