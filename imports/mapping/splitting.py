"""One cell that holds several names, or one name that is stored in two fields."""

from __future__ import annotations

import re

NAME, READING = "name", "reading"
"""What of a person stands whole in one column."""


def names(text: str, signs: str) -> list[str]:
    """Several names in a cell, divided by any of the signs or by a line's end; each once, in order."""
    parts = re.split(f"[{re.escape(signs)}\n\r]+", text)
    return list(dict.fromkeys(each for part in parts if (each := part.strip().strip("\u3000"))))


def split_name(target: str) -> tuple[str, str]:
    """The two fields that a whole name, or its reading, is divided into."""
    return ("surname", "firstname") if target == NAME else ("surname_reading", "firstname_reading")
