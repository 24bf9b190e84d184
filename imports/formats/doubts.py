"""What a cell lost on its way: characters that no longer can be known, and values that a spreadsheet bent.

The row still comes in; where to look is told, so that somebody who has the paper card can mend it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from japanese.text import lost_characters
from models.data_classes import Words

GAIJI: Words = (
    "外字か、表示できない文字(〓など)があります。元の字を確かめてください。",
    "A character is missing here (gaiji, 〓); look up the original.",
)
QUESTION: Words = (
    "文字が「?」に化けた疑いがあります。元の字を確かめてください。",
    "A character seems to have been lost to “?”; look up the original.",
)
BENT: Words = (
    "表計算ソフトが日付や指数に変えた番号のようです(例: 1-2 → 1月2日)。元の番号に直してください。",
    "A spreadsheet seems to have bent this number into a date or exponent (1-2 → 2-Jan); give the original.",
)
_JAPANESE = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff0e\uff10-\uff1e\uff20-\uff9f"
# Japanese is written with ？; a half-width one in Japanese was, more often than not, another character.
_IN_JAPANESE = re.compile(f"[{_JAPANESE}]")
_SUSPECT = re.compile("[?〓\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd]")
_BENT = re.compile(
    r"(?:\d+(?:\.\d+)?E[+-]?\d+|\d{1,2}月\d{1,2}日|\d{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-\d{2,4}"
    r"|\d{4}[-/]\d{1,2}[-/]\d{1,2}(?: 00:00:00)?|#+|#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!))"
)


@dataclass(frozen=True)
class Doubted:
    """One cell to look at; `places` counts its characters from 1."""

    column: str
    reason: Words
    places: tuple[int, ...]


def suspected(rows: Iterable[dict[str, str]]) -> bool:
    """Whether any of these rows may have lost a character: most have not, and are looked through at once."""
    return bool(_SUSPECT.search("".join(chain.from_iterable(cells.values() for cells in rows))))


def doubts(cells: dict[str, str]) -> Iterator[Doubted]:
    """The cells of a row in which a character was lost, as far as it shows."""
    for column, cell in cells.items():
        if not _SUSPECT.search(cell):
            continue
        gaiji = tuple(each.position + 1 for each in lost_characters(cell) if each.trouble != "replacement")
        if gaiji:
            yield Doubted(column, GAIJI, gaiji)
        japanese = "?" in cell and "://" not in cell and _IN_JAPANESE.search(cell)
        marks = tuple(at for at, sign in enumerate(cell, 1) if sign == "?") if japanese else ()
        if marks:
            yield Doubted(column, QUESTION, marks)


def bent(number: str) -> bool:
    """Whether an accession number looks like what a spreadsheet makes of one: `2-Jan`, `1月2日`, `1.2E+05`, `#REF!`."""
    text = number.strip()
    return bool(_BENT.fullmatch(text)) and not _is_dated_number(text)


def _is_dated_number(text: str) -> bool:
    """`1906/13/45` is no date, so no spreadsheet made it."""
    if not re.match(r"\d{4}[-/]", text):
        return False
    try:
        datetime.strptime(re.sub("[-/ ].*", "", text), "%Y")  # noqa: DTZ007 - only whether it is one
        year, month, day = (int(each) for each in re.split("[-/]", text.split(maxsplit=1)[0]))
        datetime(year, month, day)  # noqa: DTZ001
    except ValueError:
        return True
    return False
