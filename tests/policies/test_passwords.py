"""Which passwords are refused, and that nothing else is asked of them (S8; ASVS 6.2)."""

from __future__ import annotations

from time import thread_time

import pytest

from policies.guessing import guesses
from policies.passwords import weakness

COMMON = frozenset({"password", "qwertyuiopasdfg", "letmein"})
ABOUT = ("staff.shinjuku", "shinjuku", "新宿歴史博物館", "Shinjuku Historical Museum")


@pytest.mark.parametrize(
    "good",
    ["正しい馬と電池とホチキスの昔話", "correct horse battery", "@4380({[<316!1|0$5",
     "一二三四五六七八九十百千万億兆京" * 4, "収蔵" * 3 + "の品々を見てまわる"],
)  # fmt: skip
def test_no_rule_but_length_and_how_easily_it_is_guessed(good: str) -> None:
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


@pytest.mark.parametrize(
    "guessed",
    ["password12345678", "123456789012345", "qwertyuiopasdfgh", "1qaz2wsx3edc4rfv", "aaaaaaaaaaaaaab", "aaabbbcccdddeee",
     "Password123!Password", "ｐ＠ｓｓｗ０ｒｄ１２３４５６７８", "2001040120010401", "museum2024museum", "いろはにほへとちりぬるをわかよ", "蔵あいうえおかきくけこさしすせそ",
     "tanaka123456789", "田中花子田中花子1234567", "staff2024shinjuku", "shinjuku-2026-shinjuku"],
)  # fmt: skip
def test_what_is_easily_guessed_is_refused_with_the_persons_and_the_institutions_words(guessed: str) -> None:
    said = weakness(guessed, about=ABOUT, words=("田中花子", "tanaka@example.jp"))
    assert said is not None
    assert "guessed" in said[1] or "login id" in said[1]


def test_a_name_alone_is_told_apart_by_whose_it_is() -> None:
    """The same password is as good for somebody of another name."""
    assert weakness("kitagawa utamaro 1753") is None
    assert weakness("kitagawa utamaro 1753", words=("Kitagawa Utamaro",))


@pytest.mark.parametrize(
    "long", ["@4380({[<316!1|0$5+7%2" * 12, "19" * 128, "あ" * 256, "password" * 32, "p@ssw0rd!" * 28],
)  # fmt: skip
def test_the_estimate_of_the_longest_costs_little(long: str) -> None:
    """zxcvbn alone takes seconds for it, with the interpreter's lock held."""
    guesses("loads its lists")
    began = thread_time()
    guesses(long)
    assert thread_time() - began < 0.5
