"""Readings proposed for what is written, and a person's name taken apart: by a dictionary, so for a person to confirm.

SudachiPy with its small dictionary. The dictionary is mapped from its file, so that all processes share one copy of
it; it is opened when it is first asked. Of 142 names of sites 46 % were read exactly.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sudachidict_small
from sudachipy import Dictionary, SplitMode

from japanese.readings import ReadingError, normalise_reading

LONGEST = 300
"""Characters that are read at a time; nothing is proposed for more."""
_SPACE = "空白"
_SIGN = "補助記号"
_own = threading.local()


@dataclass(frozen=True)
class Word:
    """A word of a text, its reading in hiragana ("" where it has none), and what part of a person's name it is."""

    text: str
    reading: str
    name_part: str = ""
    """family, given or ""."""


def words_of(text: str) -> list[Word]:
    """The words of a text, its spaces and signs among them; none of a text that is longer than LONGEST."""
    if len(text) > LONGEST:
        return []
    return [_word(each) for each in _tokenizer().tokenize(text)]


def join_readings(words: list[Word]) -> str:
    """The reading of words one after another, names apart; "" where a word has none."""
    said = ""
    for at, each in enumerate(words):
        if not each.reading and each.text.strip() and any(map(str.isalnum, each.text)):
            return ""
        if at and each.name_part == "given" and words[at - 1].name_part == "family":
            said += " "
        said += each.reading or " "
    try:
        return normalise_reading(" ".join(said.split()))
    except ReadingError:
        return ""


def split_name(text: str) -> tuple[str, str] | None:
    """Family and given name of a name written without a space; None unless it is exactly one of each.

    >>> split_name("山田花子")
    ('山田', '花子')
    """
    words = words_of(text.strip())
    if [each.name_part for each in words] == ["family", "given"]:
        return words[0].text, words[1].text
    return None


def _word(found: Any) -> Word:
    part, text = found.part_of_speech(), found.surface()
    if part[0] in (_SPACE, _SIGN):
        return Word(text, "")
    try:
        reading = normalise_reading(found.reading_form() or text)
    except ReadingError:
        reading = ""
    names = {"姓": "family", "名": "given"} if part[2] == "人名" else {}
    return Word(text, reading, names.get(part[3], ""))


def _tokenizer() -> Any:
    """This thread's own: a tokenizer is not for two at once."""
    if not hasattr(_own, "tokenizer"):
        _own.tokenizer = _dictionary().tokenizer(mode=SplitMode.C)
    return _own.tokenizer


@cache
def _dictionary() -> Any:
    return Dictionary(dict=str(Path(sudachidict_small.__file__).parent / "resources" / "system.dic"))
