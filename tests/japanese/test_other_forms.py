"""What is written in several forms is found by each of them, and only by them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.store.search_keys import text_keys
from japanese.keys import search_key
from japanese.other_forms import forms_beside, question_key
from japanese.queries import highlight, query_terms

FOUND = [
    ("isbn", "978-4-00-310103-2", "ISBN 9784003101032"),
    ("isbn", "9784003101032", "4-00-310103-0"),
    ("isbn", "9784003101032", "4003101030"),
    ("isbn", "4-00-310103-0", "978-4-00-310103-2"),
    ("isbn", "4-06-519993-X", "406519993X"),
    ("telephone", "0584-55-9999", "0584559999"),
    ("telephone", "0584559999", "0584-55-9999"),
    ("telephone", "0584-55-9999", "(0584)55-9999"),
    ("telephone", "0584-55-9999", "55-9999"),
    ("telephone", "03-1234-5678(内線12) / 090-1111-2222", "09011112222"),
    ("telephone", "+81-3-1234-5678", "03-1234-5678"),
    ("text", "〒503-0653 岐阜県", "5030653"),
    ("text", "5030653 岐阜県", "〒503-0653"),
    ("number", "K-01987", "K01987"),
    ("number", "K01987", "K-01987"),
    ("number", "民-01987", "民01987"),
    ("number", "2020-1-5", "2020-1-5"),
    ("number", "2020-1-5", "202015"),
    ("text", "コンピュータ博物館", "コンピューター博物館"),
    ("text", "コンピューター博物館", "コンピュータ博物館"),
    ("text", "サーバ", "サーバー"),
    ("text", "サーバー室", "サーバ室"),
    ("text", "ダイアモンド", "ダイヤモンド"),
    ("text", "ダイヤモンド", "ダイアモンド"),
    ("text", "ギリシア", "ギリシャ"),
    ("reading", "だいあもんど", "ダイアモンド"),
    ("text", "二十世紀の美術", "20世紀"),
    ("text", "20世紀", "二十世紀"),
    ("text", "昭和二〇年八月", "昭和20年8月"),
    ("text", "한글", "\u1112\u1161\u11ab\u1100\u1173\u11af"),
    ("text", "\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),
]
APART = [
    ("number", "2020-15", "2020-1-5"),
    ("number", "1-23", "12-3"),
    ("text", "ビル", "ビール"),
    ("text", "鯖", "サーバー"),
    ("text", "土産 みやげ", "みあげ"),
    ("text", "五十嵐", "50嵐"),
]


def _finds(kind: str, text: str, typed: str) -> bool:
    keys = text_keys(kind, text)
    return all(any(each in key for key in keys) for each in query_terms(typed).included)


@pytest.mark.parametrize(("kind", "text", "typed"), FOUND)
def test_each_form_finds_the_other(kind: str, text: str, typed: str) -> None:
    assert query_terms(typed).included
    assert _finds(kind, text, typed)


@pytest.mark.parametrize(("kind", "text", "typed"), APART)
def test_what_is_another_thing_is_not_found(kind: str, text: str, typed: str) -> None:
    assert not _finds(kind, text, typed)


def test_a_hit_is_marked_whichever_form_was_asked_for() -> None:
    assert highlight("電話0584-55-9999まで", query_terms("0584559999").included)[1] == ("0584-55-9999", True)
    assert highlight("二十世紀", query_terms("20世紀").included) == [("二十世紀", True)]


words = st.sampled_from(
    [
        "K-01987",
        "コンピューター",
        "二十世紀",
        "ダイアモンド",
        "503-0653",
        "猫",
        "の",
        "図",
        "2020-1-5",
        "サーバー",
        "、",
    ]
)


@settings(deadline=None)
@given(before=st.lists(words, max_size=4), asked=words, after=st.lists(words, max_size=4))
def test_a_whole_word_is_found_wherever_it_stands(before: list[str], asked: str, after: list[str]) -> None:
    """Between words that are set apart from it: what two of them make together may be another word."""
    text = " / ".join([*before, asked, *after])
    key = question_key(asked)
    assert any(key in each for each in (search_key(text), *forms_beside(search_key(text))))


def test_long_texts_keep_only_the_places_that_have_another_form() -> None:
    text = "長い解説" * 500 + "二十世紀" + "長い解説" * 500
    assert sum(map(len, forms_beside(search_key(text)))) < 60
