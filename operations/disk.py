"""A full disk: how it is measured, and how the store and the system say it."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from pymongo.errors import PyMongoError

from models.data_classes import Words

LEAST = 64 * 1024**2
"""Bytes below which a disk counts as full: the store's log alone takes new space in pieces of 16 MB."""
LITTLE = 1024**3
"""Bytes below which it is spoken of."""
TWENTIETH, TENTH = 20, 10
"""Of a small disk it is these parts of its size instead."""
FULL: Words = (
    "ディスクがいっぱいで、保存できません。不要なファイルを消すか、ディスクを増やしてください。",
    "The disk is full, so nothing can be saved; remove what is not needed, or add space.",
)
_SAID = ("no space left on device", "disk full", "disk quota exceeded", "53100", "outofdiskspace")
_CODES = frozenset({14031})
"""MongoDB's own number for it."""


def says_full(error: BaseException | None) -> bool:
    """Whether an error of the store or of the system means that a disk is full."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    if isinstance(error, PyMongoError):
        return getattr(error, "code", None) in _CODES or any(each in str(error).lower() for each in _SAID)
    return False


@dataclass(frozen=True)
class Room:
    """What a disk holds in bytes: altogether, and still free for us."""

    size: int
    free: int

    @property
    def full(self) -> bool:
        """Whether next to nothing fits any more."""
        return self.free < min(LEAST, self.size // TWENTIETH)

    @property
    def scarce(self) -> bool:
        """Whether it will be full before long."""
        return self.free < min(LITTLE, self.size // TENTH)


def room(folder: Path) -> Room | None:
    """The disk of a folder, or of what it is to be made in; None where it cannot be asked."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        found = os.statvfs(folder)
    except OSError:
        return None
    return Room(found.f_blocks * found.f_frsize, found.f_bavail * found.f_frsize)


def is_full(folder: Path) -> bool:
    """Whether next to nothing fits there any more."""
    found = room(folder)
    return found is not None and found.full
