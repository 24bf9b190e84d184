"""A contractor's window: from when until when, from where (S14).

Pure: the gate asks with the stored request, the moment and the address, anew for every request of the account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from policies import networks

Words = tuple[str, str]
JAPAN = timezone(timedelta(hours=9))
MINUTE = "%Y-%m-%dT%H:%M"
LONGEST = timedelta(days=366)
WIDEST = {4: 24, 6: 64}
"""The shortest prefix of a network that a request may name: an office's, not the world's."""


@dataclass(frozen=True)
class Window:
    """What was approved: times of Japan's clock as `YYYY-MM-DDTHH:MM`, the end left out; one address or network."""

    begins_at: str
    ends_at: str
    network: str

    def is_open(self, now: datetime, address: str) -> bool:
        """Whether the account may act at this moment from this address; what cannot be read is closed."""
        here = now.astimezone(JAPAN).strftime(MINUTE)
        return (
            bool(self.begins_at) and self.begins_at <= here < self.ends_at and within(address, self.network)
        )


def within(address: str, network: str) -> bool:
    """Whether an address lies in a network; unlike an institution's list, an empty or too wide one holds nobody."""
    return named_network(network) is not None and networks.within(address, [network])


def named_network(text: str) -> networks.Network | None:
    """The network that was written, one address being a network of one; None when it is none, or too wide."""
    try:
        found = networks.network(text, strict=False)
    except ValueError:
        return None
    return found if found.prefixlen >= WIDEST[found.version] else None


def wrong_window(begins_at: str, ends_at: str) -> Words | None:
    """What is wrong with a window as asked for; None when nothing is."""
    begins, ends = (datetime.strptime(each, MINUTE).replace(tzinfo=UTC) for each in (begins_at, ends_at))
    if ends <= begins:
        return ("終了は開始より後にしてください。", "The end must be after the beginning.")
    if ends - begins > LONGEST:
        return ("1年以内にしてください。", "At most one year, please.")
    return None
