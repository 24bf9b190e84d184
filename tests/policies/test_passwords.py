"""Which passwords are refused, and that nothing else is asked of them (S8; ASVS 6.2)."""

from __future__ import annotations

import pytest

from policies.passwords import weakness

COMMON = frozenset({"password", "qwertyuiopasdfg", "letmein"})
ABOUT = ("staff.shinjuku", "shinjuku", "新宿歴史博物館", "Shinjuku Historical Museum")


@pytest.mark.parametrize(
    "good",
    ["正しい馬と電池とホチキスの昔話", "蔵" + "あいうえおかきくけこさしすせそ", "correct horse battery", "aaaaaaaaaaaaaab", "0" * 14 + "1",
     "一二三四五六七八九十百千万億兆京" * 4, "収蔵" * 3 + "の品々を見てまわる"],
)  # fmt: skip
def test_no_rule_but_length_and_commonness(good: str) -> None:
    assert weakness(good, common=COMMON, about=ABOUT) is None


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("", "15"), ("あ" + "いうえおかきくけこさしす", "15"), ("correct horse", "15"), ("e\u0301bcdefghijklmn", "15"),
        ("x" * 100 + "y" * 157, "256"), ("password", "first"), ("ＰＡＳＳＷＯＲＤ", "first"), ("PassWordPassword", "first"),
        ("qwertyuiopasdfg", "first"), (" letmein ", "first"), ("a" * 30, "first"), ("abcabcabcabcabcabc", "first"),
        ("my staff.shinjuku secret", "login id"), ("ＳＨＩＮＪＵＫＵ is where I work", "login id"),
        ("わたしは新宿歴史博物館につとめています", "login id"),
    ],
)  # fmt: skip
def test_too_short_long_common_or_telling_is_refused_with_what_to_do(bad: str, why: str) -> None:
    said = weakness(bad, common=COMMON, about=ABOUT)
    assert said is not None
    assert why in said[1]


def test_beside_a_second_factor_eight_characters_will_do() -> None:
    assert weakness("horse7ab", second_factor=True, common=COMMON) is None
    assert weakness("horse7a", second_factor=True, common=COMMON)
    assert weakness("password", second_factor=True, common=COMMON)
    assert weakness("horse7ab", common=COMMON)
