"""Search keys: what a text is searched by, whatever way it was typed or printed.

`search_key` folds, character by character: NFKC (half-width, ①, ㈱, compatibility ideographs), case, Latin
accents (Shōwa -> showa), katakana to hiragana, small kana to large (葛ヶ谷 = 葛ケ谷, しやしん = しゃしん), ゐゑ to いえ,
ヴァ to ば, ゝ and 々 written out, old and variant kanji (`japanese.variants`), cp932's doubles (〜 ～, − －), every
dash and ー to one sign. Spaces, middle dots and quotation marks are dropped. Voicing is kept: は is not ば.

`reading_key` is for readings alone and goes further: voicing dropped and long vowels shortened, so that
やまさき finds やまざき and おおた finds オータ. A reading is indexed by both keys (`reading_keys`): the short one
alone would lose うめ in おうめ.

Everything but iteration marks and ヴ is folded without looking at its neighbours, so a part of a text always
has a key that is a part of the text's key; recall rests on that (tests/japanese/test_keys.py).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from operator import add

from japanese.readings import SMALL_TO_LARGE, to_hiragana, unvoiced, vowel_of
from japanese.variants import fold_variants

# A key of up to 2,500 characters keeps all its grams; declared fields are shorter. Past it recall is not promised.
GRAM_LIMIT = 5_000
QUERY_GRAM_LIMIT = 16
END = "\n"
"""Stands after a key's last character in its last token; no key holds it."""

# Marks that join the character before: accents, (half-width) voicing marks, variation selectors, vowels and finals of
# Hangul that is written in its parts.
_MARKS = (
    "\\u0300-\\u036f\\u3099\\u309a\\uff9e\\uff9f\\ufe00-\\ufe0f\\U000e0100-\\U000e01ef"
    "\\u1160-\\u11ff\\u314f-\\u3163\\uffc2-\\uffdc"
)
_CLUSTER = re.compile(f"[^{_MARKS}]?[{_MARKS}]+|.", re.DOTALL)
# A text without these is folded character by character: most texts, at a tenth of the time.
_NEIGHBOURLY = re.compile(f"[{_MARKS}々〻ゝゞヽヾヴゔ]")
_DROPPED = set("・･·•‧「」『』“”„\"'’‘`«»《》〈〉")
_SAME = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−─━ー﹣", "-"),
        **dict.fromkeys("〜～∼∿", "~"),
        "∥": "‖",
        "¦": "|",
        "¥": "\\",
        "、": ",",
        "。": ".",
        "〇": "0",
        "ゐ": "い",
        "ゑ": "え",
    }
)
_V_PAIRS = {"あ": "ば", "い": "び", "え": "べ", "お": "ぼ"}


@lru_cache(maxsize=65_536)
def _fold(cluster: str) -> str:
    """The key of one character with its marks; "" when it is dropped."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    text = to_hiragana(fold_variants(text)).translate(_SAME).translate(SMALL_TO_LARGE)
    return "".join(filter(None, map(_fold_one, text)))


class _Folded(dict[int, str]):
    """Character → its key, filled as characters are met: str.translate asks it at a fifth of the time of calls."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold(chr(code))
        return folded


_FOLDED = _Folded()


def _fold_one(char: str) -> str:
    category = unicodedata.category(char)
    if char in _DROPPED or category in {"Zs", "Zl", "Zp", "Cc", "Cf"} or _is_mark(char):
        return ""
    base = unicodedata.normalize("NFD", char)
    # Only Latin and the like lose their marks; が and й keep theirs.
    return base[0] if len(base) > 1 and base[0].isascii() else char


def _is_mark(char: str) -> bool:
    """A variation selector, or a mark that found no letter to join."""
    return (
        char in "\u3099\u309a"
        or "\u0300" <= char <= "\u036f"
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
    )


@dataclass(frozen=True)
class Piece:
    """Part of a key, and the part of the original [start, end) that it came from."""

    key: str
    start: int
    end: int


def pieces_of(text: str) -> list[Piece]:
    """The key of a text in pieces, each knowing where in the text it came from; dropped signs have none."""
    pieces: list[Piece] = []
    for found in _CLUSTER.finditer(text):
        folded = _fold(found.group())
        if not folded:
            continue
        before = pieces[-1].key[-1] if pieces else ""
        if folded in "々〻ゝゞ":
            folded = _repeated(folded, before)
        elif before == "ゔ" and folded[0] in _V_PAIRS:
            last = pieces.pop()
            pieces.append(Piece(last.key[:-1] + _V_PAIRS[folded[0]], last.start, found.end()))
            folded = folded[1:]
        if folded:
            pieces.append(Piece(folded, found.start(), found.end()))
    return [Piece(piece.key.replace("ゔ", "ぶ"), piece.start, piece.end) for piece in pieces]


def places_of(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The key of a text, and for each of its characters the part [start, end) of the text that it came from."""
    if not _NEIGHBOURLY.search(text):
        folded = [_FOLDED[ord(char)] for char in text]
        return "".join(folded), [(at, at + 1) for at, key in enumerate(folded) for _ in key]
    return joined(pieces_of(text))


def joined(pieces: list[Piece]) -> tuple[str, list[tuple[int, int]]]:
    """As places_of, of pieces."""
    return "".join(each.key for each in pieces), [(each.start, each.end) for each in pieces for _ in each.key]


def _repeated(mark: str, before: str) -> str:
    """What an iteration mark stands for. At the start nobody can know, so it is dropped."""
    if mark in "々〻" or not before:
        return before
    plain = unvoiced(before)
    return plain if mark == "ゝ" else unicodedata.normalize("NFC", plain + "\u3099")[0]


def search_key(text: str) -> str:
    """The key of a text (see the module). Two texts that a person would call the same have the same key."""
    if not _NEIGHBOURLY.search(text):
        return text.translate(_FOLDED)
    return "".join(piece.key for piece in pieces_of(text))


class _Unvoiced(dict[str, str]):
    """Character → as the looser key has it, filled as characters are met."""

    def __missing__(self, char: str) -> str:
        self[char] = plain = unvoiced(char)
        return plain


_HEARD = _Unvoiced({"ぢ": "し", "づ": "す", "を": "お"})
_LENGTHENED = {"お": "おう", "え": "えい", "う": "う", "あ": "あ", "い": "い", "": ""}
"""A vowel, and what only lengthens it: おう, おお, えい, ええ, うう, ああ, いい."""


def reading_key(text: str) -> str:
    """The looser key of a reading: no voicing, no long vowels, ぢづ as しす (じず unvoiced), を as お."""
    out, vowel = "", ""
    for char in search_key(text):
        plain = _HEARD[char]
        if char == "-" or plain in _LENGTHENED[vowel]:
            continue
        out += plain
        vowel = vowel_of(plain)
    return out


def reading_pieces(text: str) -> list[Piece]:
    """The looser key of a reading in pieces, each knowing where in the text it came from."""
    pieces: list[Piece] = []
    vowel = ""
    for piece in pieces_of(text):
        for char in piece.key:
            plain = _HEARD[char]
            if char == "-" or plain in _LENGTHENED[vowel]:
                continue
            pieces.append(Piece(plain, piece.start, piece.end))
            vowel = vowel_of(plain)
    return pieces


def reading_keys(text: str) -> tuple[str, ...]:
    """The keys that a reading is indexed by: exact first, then loose; one when they agree; none when empty."""
    return tuple(dict.fromkeys(key for key in (search_key(text), reading_key(text)) if key))


def grams(key: str) -> list[str]:
    """The tokens that an index holds for a key: its pairs, and its last character with END, each once, in order met.

    At most GRAM_LIMIT. Every character begins one of them, so that 猫 alone can be asked for by what a token begins with.
    """
    closed = key + END if key else ""
    return list(dict.fromkeys(map(add, closed, closed[1:])))[:GRAM_LIMIT]


def query_grams(key: str) -> list[str]:
    """The tokens that every record holding this key must have; at most QUERY_GRAM_LIMIT, the first met.

    They narrow; the substring of the key must still be verified. A key of one character has none: it is what a token
    begins with.
    """
    return list(dict.fromkeys(key[at : at + 2] for at in range(len(key) - 1)))[:QUERY_GRAM_LIMIT]
