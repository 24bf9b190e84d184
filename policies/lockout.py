"""How many wrong sign-ins are borne, and for how long the door then stays shut (S9). Pure rules; accounts.lockout counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

FEWEST, MOST = 3, 100
"""Attempts that an institution may allow. NIST SP 800-63B bears at most 100 in a row."""
NAMES = 20
"""Login ids that one network address may have failed with at a time. A museum is one address, with many people behind
it: so names are counted there, not attempts, and who gets in is taken off the count."""
NAMES_LAST = timedelta(minutes=15)
"""From its first failed name on, an address is counted for so long."""
DAY = timedelta(hours=24)
LONGEST = timedelta(hours=8)
"""No lock lasts longer, or it would be the lock that keeps people from their work."""


@dataclass(frozen=True)
class Limits:
    """What an institution allows its accounts."""

    attempts: int = 5
    cool_off: timedelta = timedelta(minutes=15)

    @classmethod
    def of(cls, attempts: object, minutes: object) -> Limits:
        """An institution's limits from its stored fields; what is missing or no number is ours, and all is bounded."""
        kept = cls()
        if isinstance(attempts, int):
            kept = cls(min(max(attempts, FEWEST), MOST), kept.cool_off)
        if isinstance(minutes, int) and minutes > 0:
            kept = cls(kept.attempts, timedelta(minutes=min(minutes, int(LONGEST.total_seconds() // 60))))
        return kept

    @property
    def ladder(self) -> tuple[timedelta, ...]:
        """How long the first lock of a day lasts, the second, and so on: each twice the one before, up to LONGEST."""
        steps = [self.cool_off]
        while steps[-1] < LONGEST:
            steps.append(min(steps[-1] * 2, LONGEST))
        return tuple(steps)
