"""A picture file as it came, and what can be wrong with its build, whatever its format."""

from __future__ import annotations

from mmap import mmap
from typing import IO

Raw = bytes | mmap
"""A whole file, in memory or mapped."""
BLOCK = 1 << 20


class Damaged(Exception):
    """Cut short, or not built as its format says."""


class Pages(Exception):
    """Several pictures in one file; `count` says how many."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def copy(raw: Raw, start: int, end: int, out: IO[bytes]) -> None:
    """Write a part of a file, a block at a time."""
    for at in range(start, end, BLOCK):
        out.write(raw[at : min(at + BLOCK, end)])
