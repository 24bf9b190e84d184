"""What a check of `flask doctor` says."""

from __future__ import annotations

from dataclasses import dataclass

from models.data_classes import Words


@dataclass(frozen=True)
class Finding:
    """One check: what was looked at, whether it is well, and what there is to say."""

    about: Words
    well: bool
    words: Words
    warns: bool = False
    """Whether it is only a warning: all else being well, the exit status stays 0."""

    @property
    def sign(self) -> str:
        """How the line begins."""
        return "!" if self.warns else "✓" if self.well else "✗"


def well(about: Words, told: str) -> Finding:
    """All is as it should be; the same in both languages."""
    return Finding(about, True, (told, told))
