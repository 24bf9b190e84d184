"""Masks: the right form, and nothing where a value cannot be parsed (design, "The policy model")."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies import masks
from policies.ceilings import Rules
from policies.masks import HIDDEN, MASKS, apply
from policies.rules import RULES

RIGHT = [
    ("last_digits", "090-1234-5678", "***-****-5678"),
    ("last_digits", "03-1234-5678", "***-****-5678"),
    ("last_digits", "０３（１２３４）５６７８", "***-****-5678"),
    ("last_digits", "+81 90 1234 5678", "***-****-5678"),
    ("last_digits", "03-1234-5678（内線12）", "***-****-5678"),
    ("last_digits", "03-1234-5678 ext. 9999", "***-****-5678"),
    ("last_digits", "03-1234-5678 / 090-1111-2222", "***-****-5678"),
    ("last_digits", "03-1234-5678 090-1111-2222", "***-****-5678"),
    ("to_ward", "東京都新宿区市谷本村町1-1", "東京都新宿区＊＊＊＊"),
    ("to_ward", "新宿区馬場下町１", "新宿区＊＊＊＊"),
    ("to_ward", "神奈川県横浜市中区山手町9", "神奈川県横浜市中区＊＊＊＊"),
    ("to_ward", "名古屋市中村区名駅1", "名古屋市中村区＊＊＊＊"),
    ("to_ward", "岐阜県海津市南濃町一区", "岐阜県海津市＊＊＊＊"),
    ("to_ward", "海津市海津町高須515", "海津市＊＊＊＊"),
    ("to_ward", "三重県四日市市諏訪町", "三重県四日市市＊＊＊＊"),
    ("to_ward", "愛知県蒲郡市港町17-17", "愛知県蒲郡市＊＊＊＊"),
    ("to_ward", "東京都町田市原町田1", "東京都町田市＊＊＊＊"),
    ("to_ward", "八王子市高尾山地区1", "八王子市＊＊＊＊"),
    ("to_ward", "福島県西白河郡矢吹町1", "福島県西白河郡矢吹町＊＊＊＊"),
    ("to_ward", "東京都西多摩郡檜原村467", "東京都西多摩郡檜原村＊＊＊＊"),
    ("family_name", "山田 花子", "山田 ＊＊＊＊"),
    ("family_name", "山田　花子", "山田 ＊＊＊＊"),
    ("family_name", "𠮷田 﨑子", "𠮷田 ＊＊＊＊"),
    ("family_name", "佐々木 一", "佐々木 ＊＊＊＊"),
    ("year_only", "1975-03-09", "1975-**-**"),
    ("mail_domain", "hanako@example.jp", "****@example.jp"),
    ("presence", "何か", HIDDEN),
]

UNREADABLE = [
    ("last_digits", "1234"),
    ("last_digits", "内線 22"),
    ("last_digits", "なし"),
    ("last_digits", "0901234567890123456789"),
    ("to_ward", "内藤町1番地"),
    ("to_ward", "山田太郎方 新宿区"),
    ("to_ward", "5th Avenue, New York"),
    ("to_ward", "〒162-0045"),
    ("to_ward", "不明"),
    ("family_name", "山田花子"),
    ("family_name", "山田 花子 様"),
    ("family_name", "Andrew Carnegie"),
    ("family_name", "アンドリュー カーネギー"),
    ("family_name", "ゴルドン 太郎"),
    ("year_only", "1975"),
    ("year_only", "昭和50年3月9日"),
    ("year_only", "1975-03-09 花子"),
    ("mail_domain", "hanako"),
    ("mail_domain", "@example.jp"),
    ("mail_domain", "hanako@山田.jp"),
    ("made_up", "何か"),
    ("", "何か"),
]


@pytest.mark.parametrize(("mask", "value", "masked"), RIGHT)
def test_a_mask_shows_the_right_part(mask: str, value: str, masked: str) -> None:
    assert apply(mask, value) == masked


@pytest.mark.parametrize(("mask", "value"), UNREADABLE)
def test_what_cannot_be_parsed_shows_nothing_at_a_fixed_width(mask: str, value: str) -> None:
    assert apply(mask, value) == HIDDEN


@pytest.mark.parametrize("empty", [None, "", [], {}])
@pytest.mark.parametrize("mask", MASKS)
def test_an_empty_value_looks_like_a_hidden_one(mask: str, empty: Any) -> None:
    assert apply(mask, empty) == HIDDEN


@given(st.sampled_from(sorted(MASKS)), st.text(max_size=60))
def test_no_mask_raises_or_gives_the_value_back(mask: str, value: str) -> None:
    masked = apply(mask, value)
    assert masked == HIDDEN or masked != value


@given(st.sampled_from(["last_digits", "presence", "year_only"]), st.text(min_size=9, max_size=60))
def test_a_masks_width_does_not_tell_the_values_length(mask: str, value: str) -> None:
    assert len(apply(mask, value)) in (len(HIDDEN), len("***-****-0000"), len("0000-**-**"))


def test_a_rule_that_names_no_mask_stops_the_start() -> None:
    with pytest.raises(ValueError, match="no such mask: initals_only"):
        Rules(masks={"name": "initals_only"})


def test_every_mask_is_asked_for_in_its_own_form() -> None:
    """A form that a mask shows names itself when it is typed: whatever stands on the list can be searched."""
    values = {"last_digits": "090-1234-5678", "to_ward": "東京都新宿区早稲田南町7", "family_name": "夏目 鏡子",
              "year_only": "1975-03-09", "mail_domain": "hanako@Example.jp"}  # fmt: skip
    assert set(values) == set(masks.ASKED) == set(masks.HINTS)
    for mask, value in values.items():
        form = masks.apply(mask, value.lower() if mask == "mail_domain" else value)
        assert form in masks.asked(mask, form)
        assert form in masks.asked(mask, value)
    used = {mask for rules in RULES.values() for mask in rules.masks.values()}
    assert used - set(masks.ASKED) == {"presence"}
