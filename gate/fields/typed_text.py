"""What was typed, as plain text: the first step of every kind's reader."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from models.data_classes import Words
from models.declaration import Field

_WINDOWS = {
    chr(byte): bytes([byte]).decode("cp1252")
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
"""Control characters that are Windows' quotation marks and dashes, taken for Latin-1 on their way: as browsers read them."""
_BREAKS = {"\x0b": "\n", "\x0c": "\n"}
"""What a word processor and a page's end put between lines."""
MEANT = _WINDOWS | _BREAKS
"""Control character → the character that it stands in for; all others are left out."""
# Control characters, marks that turn the direction of writing, byte order marks, halves of characters.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")

SAID_AT_MOST = 60
"""Characters of a refused text that its message repeats."""


class Wrong(ValueError):
    """What was typed cannot be stored."""

    def __init__(self, words: Words, said: str = "") -> None:
        """`said`: what was typed, for the person who typed it alone; lists of causes and logs tell the words only."""
        super().__init__(words[1])
        self.words = words
        self.said = said if len(said) <= SAID_AT_MOST else f"{said[:SAID_AT_MOST]}…"

    @property
    def named(self) -> Words:
        """The words with what was typed before them."""
        if not self.said:
            return self.words
        return (
            f"「{self.said}」は登録できません。{self.words[0]}",
            f"“{self.said}” cannot be stored. {self.words[1]}",
        )


def plain(raw: Any) -> str:
    """Text without control characters and outer space; one that stands in for another character is that."""
    if raw is None:
        return ""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise Wrong(("文字で入力してください。", "Please enter text."))
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)  # a spreadsheet's 12 arrives as 12.0
    text = str(raw)
    # What is printable throughout holds none of them; asking is ten times as quick as looking for each.
    # guard: control
    return (text if text.isprintable() else CONTROL.sub(_meant, text)).strip()


def _meant(found: re.Match[str]) -> str:
    return MEANT.get(found[0], "")


def folded(raw: Any) -> str:
    """Plain text with full-width letters and digits made half-width, as a barcode reader through an IME types them."""
    text = plain(raw)
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def short_enough(field: Field, text: str) -> str:
    if field.max_length and len(text) > field.max_length:
        raise Wrong((
            f"{field.max_length}字までで入力してください(今は{len(text)}字)。",
            f"At most {field.max_length} characters, please ({len(text)} now).",
        ))  # fmt: skip
    return text
