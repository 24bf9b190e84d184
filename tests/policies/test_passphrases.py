"""What a passphrase of an encrypted file must be (S15)."""

import pytest

from policies.passphrases import wrong_passphrase

GOOD = "sunrise-over-7-hills"


@pytest.mark.parametrize(
    ("passphrase", "said"),
    [
        ("short-1", "12字以上"), ("x" * 200, "128字以下"), ("aaaaaaaaaaaaaaaa", "推測"), ("staff.shinjuku-2026", "推測"),
        ("正しい馬と電池とホチキス", "半角"), (f" {GOOD}", "半角"), ("tab\tin-the-middle", "半角"), ("", "12字以上"), ("password12345678", "推測"), ("shinjuku-2026-shinjuku", "推測"), ("qwertyuiopas", "推測"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_what_to_do(passphrase: str, said: str) -> None:
    wrong = wrong_passphrase(passphrase, passphrase, "staff.shinjuku", ("Historical Museum, Shinjuku",))
    assert wrong
    assert said in wrong[0]
    assert wrong[1]


def test_it_is_typed_twice() -> None:
    assert wrong_passphrase(GOOD, GOOD, "staff.shinjuku") is None
    assert wrong_passphrase(GOOD, GOOD + "x", "staff.shinjuku")
