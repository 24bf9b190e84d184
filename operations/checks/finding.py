"""What a check says."""

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
    """Whether it is only a warning: all else being well, doctor's exit status stays 0 and /readyz answers 200."""

    @property
    def sign(self) -> str:
        """How its line begins."""
        return "!" if self.warns else "✓" if self.well else "✗"


def well(about: Words, ja: str, en: str = "") -> Finding:
    """All is as it should be."""
    return Finding(about, True, (ja, en or ja))


def wrong(about: Words, ja: str, en: str) -> Finding:
    """Something is to be done now."""
    return Finding(about, False, (ja, en))


def warning(about: Words, ja: str, en: str) -> Finding:
    """Something is to be done soon, or to be known."""
    return Finding(about, True, (ja, en), warns=True)
