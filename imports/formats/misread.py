"""A text that is read in another encoding than its bytes tell, or that is no text at all: said before it is used."""

from __future__ import annotations

import io
import unicodedata
from typing import BinaryIO

from imports.formats.encodings import encoding_of
from imports.formats.form import ENCODINGS
from models.data_classes import Words

SAMPLED = 65_536
"""Bytes."""
SOME, ONE_IN = 3, 50
"""From so many unreadable characters on, where they are more than one in so many, it is hardly a text."""
NO_TEXT: Words = (
    "文字として読めないところが多くあります。表ではないファイルか、壊れたファイルのようです。元のファイルを確かめてください。",
    "Much of this cannot be read as text. The file seems to be no table, or damaged; check it where it came from.",
)


def misread(binary: BinaryIO, encoding: str) -> list[Words]:
    """What to say of a file that is about to be read in this encoding; it is left at its beginning."""
    binary.seek(0)
    sample = binary.read(SAMPLED)
    binary.seek(0)
    if len(sample) == SAMPLED:
        sample = sample[: sample.rfind(b"\n") + 1] or sample  # no character is cut in two
    text = sample.decode(encoding, "replace")
    likely = encoding_of(io.BytesIO(sample))
    if likely != encoding and sample.decode(likely, "replace") != text:
        ja, en = ENCODINGS[likely]
        chosen, said = ENCODINGS[encoding]
        return [(
            f"文字化けしているようです。ファイルの中身は「{ja}」とみられますが、「{chosen}」で読んでいます。値の見本を確かめてください。",
            f"This seems to be misread: its bytes look like {en}, and it is read as {said}. Check the samples of its values.",
        )]  # fmt: skip
    strange = sum(map(_is_strange, text))
    return [NO_TEXT] if strange >= SOME and strange * ONE_IN > len(text) else []


def _is_strange(each: str) -> bool:
    return each == "\ufffd" or (each not in "\t\r\n\f" and unicodedata.category(each) in ("Cc", "Cn"))
