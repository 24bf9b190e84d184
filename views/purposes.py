"""The purposes that people choose from, in the reader's language, wherever one is asked for or told."""

from __future__ import annotations

from gate.loading import PURPOSES
from views.words import w


def purpose_words(code: str) -> str:
    """What a purpose of the ledger is called; "" when there was none."""
    return w(PURPOSES[code]) if code in PURPOSES else code
