"""What makes a password too easy to guess. No rule about its composition, and none about its age (NIST SP 800-63B)."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable

from policies.guessing import ENOUGH, ENOUGH_WITH_CODE, folded, guesses

Words = tuple[str, str]

SHORTEST = 15
SHORTEST_WITH_CODE = 8
"""Where a second factor is asked for as well."""
# guard: longest
LONGEST = 256
TELLING = 3
"""A login id or name of fewer characters may stand in a password: it would be there by chance."""
_UNIT = 4
"""A password that only repeats so few characters is one of those few characters."""


def weakness(
    password: str,
    *,
    second_factor: bool = False,
    common: frozenset[str] = frozenset(),
    about: Collection[str] = (),
    words: Iterable[str] = (),
) -> Words | None:
    """What is wrong with a new password, and what to do; None when nothing is.

    Args:
        password: as typed.
        second_factor: whether a code is asked for beside it.
        common: passwords that are guessed first, folded.
        about: the login id and the institution's names and code, as people write them: none may stand in it.
        words: other words of the account and its institution: they count as guessed first.
    """
    length = len(unicodedata.normalize("NFKC", password))
    shortest = SHORTEST_WITH_CODE if second_factor else SHORTEST
    plain = folded(password)
    # The commonest first: who typed one shall not be told to make it a little longer.
    if plain in common or _unit(plain) in common or len(_unit(plain)) < min(_UNIT + 1, len(plain)):
        return (
            "とてもよく使われるパスワードか、同じ文字の繰り返しです。ほかの言葉にしてください。",
            "This password is among those guessed first, or repeats itself. Choose other words.",
        )
    # guard: shortest
    if length < shortest:
        return (f"{shortest}字以上にしてください。", f"At least {shortest} characters, please.")
    if length > LONGEST or len(password) > LONGEST:
        return (f"{LONGEST}字までにしてください。", f"At most {LONGEST} characters, please.")
    # guard: telling
    if any(len(name) >= TELLING and name in plain for name in map(folded, about)):
        return (
            "ログインIDや館の名称を含まないパスワードにしてください。",
            "Leave the login id and the institution's name out of the password.",
        )
    enough = ENOUGH_WITH_CODE if second_factor else ENOUGH
    if guesses(_unit(plain), [*about, *words]) < enough:
        return (
            "推測されやすいパスワードです。キーの並び、年月日、自分や館の名称を避け、関係のない言葉をいくつか続けてください。",
            "This password is easily guessed. Avoid rows of keys, dates, and names of yours or the institution's; put several "
            "unrelated words together.",
        )
    return None


def _unit(text: str) -> str:
    """The shortest text whose repetition a text is; the text itself where it repeats nothing."""
    return text[: (text + text).find(text, 1)] if text else ""
