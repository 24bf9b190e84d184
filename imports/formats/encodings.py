"""Which encoding a text is in: told by its marks, by what can be decoded whole, and else by what breaks least."""

from __future__ import annotations

import codecs
from typing import BinaryIO

SAMPLE = 4 << 20
_LOST = "\ufffd"


def encoding_of(binary: BinaryIO) -> str:
    """A key of ENCODINGS for an open file; it is read from where it stands, to its end at most.

    Hardly any Japanese text in cp932 is also UTF-8, so a file that is UTF-8 throughout is that. One that is neither
    throughout is what fewer of its characters are lost in.
    """
    start = binary.tell()
    head = binary.read(4096)
    binary.seek(start)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if nul := _by_nuls(head):
        return nul
    if b"\x1b$" in head:
        return "iso2022_jp"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := binary.read(1 << 20):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        binary.seek(start)
        return _least_lost(binary.read(SAMPLE))
    return "utf-8-sig"


def _by_nuls(head: bytes) -> str:
    """UTF-16 without its mark: every ASCII sign, and so every comma and line end, has a NUL beside it."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if even + odd < max(2, len(head) // 50):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _least_lost(sample: bytes) -> str:
    tried = [(_losses(sample, each), at, each) for at, each in enumerate(("cp932", "utf-8-sig", "euc_jp"))]
    return min(tried)[2]


def _losses(sample: bytes, encoding: str) -> int:
    text = sample.decode(encoding, "replace")
    # EUC-JP read as cp932 is a heap of half-width kana, which hardly anybody writes by the thousand.
    half = sum(text.count(chr(each)) for each in range(0xFF61, 0xFFA0)) if encoding == "cp932" else 0
    return text.count(_LOST) + (half if half * 4 > len(text) else 0)
