"""How many guesses a password or passphrase withstands, by zxcvbn's estimate (Wheeler 2016; decision 0013).

Estimated is what an attacker would try: width and case folded, and also with each run of one character written once, and
without the signs between words, because zxcvbn takes `aaabbbccc` or `-2026-` for that many unrelated characters.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable

ENOUGH, ENOUGH_WITH_CODE = 10.0, 6.0
"""Powers of ten. zxcvbn's score of 4 begins at the first, and of 2 at the second, which is for an account that is asked
for a code of its second factor too: eight random characters are estimated at 7.4 to 8."""
READ = 40
"""Characters that are estimated. What follows them can only add guesses; the time grows with the square of the length."""
LEET, LEET_READ = "@4({[<3690!1|7+$50%28", 12
"""Signs that zxcvbn reads as letters, and how many different ones are read: it tries every combination of their readings,
which takes 2.7 s for 72 characters of them, and 0.1 s for what is read here."""
OUR_WORDS = (
    "shuzoko", "収蔵庫", "パスワード", "ぱすわーど", "pasuwaado", "aikotoba", "合言葉", "博物館", "hakubutsukan", "美術館", "bijutsukan",
    "図書館", "toshokan", "資料館", "shiryokan", "記念館", "kinenkan", "収蔵資料", "学芸員", "gakugeiin", "司書", "museum", "library",
    "いろはにほへと", "いろはにほへとちりぬるを", "irohanihoheto", "あいうえおかきくけこ", "aiueokakikukeko",
)  # fmt: skip
"""Words that somebody would try first at a Japanese museum or library, and that zxcvbn's English lists do not have."""
A_RUN = 0.6
"""What a run of one character adds, as a power of ten: how long it is, of four lengths that are likely."""
FEW, _USUAL_LOSS = 4, 0.2
"""So many signs between words are one of six usual ones, which is 0.2 less than the power of ten that any character is."""
_SIGN = re.compile(r"[\W_]")
_APART = re.compile(r"[\W_]+")
_RUN = re.compile(r"(.)\1+", re.DOTALL)


def folded(text: str) -> str:
    """A password or name as it is compared: width and case folded, without space around it."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def guesses(text: str, about: Iterable[str] = ()) -> float:
    """The guesses that a text withstands, as a power of ten.

    Args:
        text: as typed.
        about: the words of its person and institution, as people write them: they are tried first, whole and in parts.
    """
    plain = folded(text)
    words = _words(about)
    once, runs = _RUN.subn(r"\1", _read(plain))
    close, signs = _SIGN.subn("", _read(plain))
    return min(
        _estimate(_read(plain), words),
        _estimate(once, words) + runs * A_RUN,
        _estimate(close, words) + signs - _USUAL_LOSS * min(signs, FEW),
    )


def _words(about: Iterable[str]) -> list[str]:
    found = [folded(each) for each in about]
    parts = [part for each in found for part in _APART.split(each)]
    # The shorter the list before a word, the fewer guesses it counts for: what is theirs comes first.
    return [each for each in dict.fromkeys([*found, *parts, *map(folded, OUR_WORDS)]) if len(each) > 1]


def _read(plain: str) -> str:
    seen: set[str] = set()
    for place, each in enumerate(plain[:READ]):
        seen |= {each} & set(LEET)
        if len(seen) > LEET_READ:
            return plain[:place]
    return plain[:READ]


def _estimate(plain: str, words: list[str]) -> float:
    # Loaded when one is first chosen: its lists are 30,000 passwords and as many words. Its parts, not `zxcvbn()`, which
    # keeps the words of the last caller in a dictionary that all threads share.
    from zxcvbn.matching import RANKED_DICTIONARIES, build_ranked_dict, omnimatch
    from zxcvbn.scoring import most_guessable_match_sequence

    if not plain:
        return 0.0
    matches = omnimatch(plain, {**RANKED_DICTIONARIES, "user_inputs": build_ranked_dict(words)})
    return math.log10(most_guessable_match_sequence(plain, matches)["guesses"])
