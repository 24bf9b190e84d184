"""The order of texts: JIS X 4061 (reading and notation, basic kanji), and numbers by their value (S6)."""

from __future__ import annotations

from random import Random

import pytest

from japanese.order import LAST, LONGEST, order_key

ORDERS = {
    "gojuon": "あい アイス あう かあと カード かき かぎ がき はは ばば ぱぱ ひ",
    "voicing before size, size before script": "さと さど さとう サトウ ざとう さとうや さとおや",
    "long, small, large": "ハート はあと はっか はつか ひゃく ひやく",
    "iteration marks": "すゝき すずき すすきの すずむし",
    "classes of signs": "!注 2号 10号 alpha Beta あ ン 亜鉛 安政",
    "accession numbers": "1999.1 1999.1.1 1999.2 1999.10 2000 A-9 A-10 Ａ-１１ B-1",
    "zeros before a number": "K-1 K-01 K-001 K-2 K-10",
    "accents and capitals": "cafe Cafe café cafes Cafeteria",
    "kanji by JIS X 0208": "亜 愛 安 一 右 雨 永 王",
    "rare kanji behind": "腕 丼 龠 𪛖",
    "titles with numbers": "第2号 第10号 第100号",
}


def test_words_stand_by_their_first() -> None:
    words = ["New York", "Newark", "York"]
    assert sorted(words[::-1], key=lambda each: order_key([each])) == words


@pytest.mark.parametrize("name", ORDERS)
def test_texts_stand_as_in_a_dictionary(name: str) -> None:
    ordered = ORDERS[name].split()
    mixed = list(ordered)
    Random(4061).shuffle(mixed)
    assert sorted(mixed, key=lambda each: order_key([each])) == ordered
    assert sorted(mixed, key=lambda each: order_key([each]).encode()) == ordered  # as the store compares


@pytest.mark.parametrize(
    ("one", "other"),
    [("夏目 漱石", "夏目漱石"), ("「坊っちゃん」", "坊っちゃん"), ("1 000", "1 000"), ("Ｋ－５５", "K-55"), ("髙﨑", "高崎"), ("人々", "人人"),
     ("ﾅﾂﾒ", "ナツメ")],
)  # fmt: skip
def test_what_is_only_written_otherwise_stands_together(one: str, other: str) -> None:
    assert order_key([one]).split("\t")[0] == order_key([other]).split("\t")[0]


def test_the_first_of_two_parts_decides_before_the_second() -> None:
    names = [("あき", "よしこ"), ("あきやま", "あい"), ("あきよし", "こ"), ("やま", "あや"), ("やまあ", "や")]
    assert sorted(names[::-1], key=order_key) == names


def test_what_is_read_alike_stands_by_how_it_is_written() -> None:
    written = ["川上", "河上"]
    assert sorted(written, key=lambda each: order_key(["かわかみ"], each)) == ["河上", "川上"]
    assert order_key(["かわかみ"], "川上") < order_key(["かわぎし"], "亜")


def test_nothing_stands_behind_everything() -> None:
    assert order_key(["", ""]) == LAST
    assert all(order_key([each]) < LAST for each in ("ん", "龠", "𪛖", "\U0010ffff", "힣", "～", "？"))


def test_a_key_is_short_enough_for_an_index_whatever_the_text() -> None:
    for text in ("漢" * 500, "ガ" * 500, "1 " * 250, "é" * 500, "ー" * 500, "\ud7a3" * 500):
        assert len(order_key([text], text).encode()) < 2_700, text[:1]
        assert order_key([text]) == order_key([text[:LONGEST]])
