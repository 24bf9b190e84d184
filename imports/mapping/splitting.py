"""One cell that holds several names."""

from __future__ import annotations

import re


def names(text: str, signs: str) -> list[str]:
    """Several names in a cell, divided by any of the signs or by a line's end; each once, in order."""
    parts = re.split(f"[{re.escape(signs)}\n\r]+", text)
    return list(dict.fromkeys(each for part in parts if (each := part.strip().strip("\u3000"))))
