"""How many large request bodies a web process reads at once, in all and from one client.

Reading a large body holds a thread for as long as it takes, so only some of the threads may do it: the others are
left for requests that are short. A client's address is taken as the deployment declares it (SHUZOKO_PROXY_HOPS).
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from threading import Lock
from typing import Any

SMALL = 64 * 1024
"""Bytes of a body that are waited for without a thread."""
MOST = 3
"""Large bodies at once in one process, of its sixteen threads."""
EACH = 2
"""Of these, from one client."""
CONNECTIONS = 200
"""Connections at once from one address in one process, of gunicorn's 1,000."""
LENGTH = re.compile(rb"^content-length:[ \t]*(\d+)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
UNSAID = re.compile(rb"^transfer-encoding:", re.IGNORECASE | re.MULTILINE)
EXPECTS = re.compile(rb"^expect:", re.IGNORECASE | re.MULTILINE)
FORWARDED = re.compile(rb"^x-forwarded-for:([^\r\n]*)", re.IGNORECASE | re.MULTILINE)


class BodySlots:
    """The places for large bodies of one process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken: Counter[str] = Counter()

    def take(self, client: str) -> bool:
        """Take a place if one is free for this client. "" is nobody in particular, and has no share of its own."""
        with self._lock:
            if self._taken.total() >= MOST or (client and self._taken[client] >= EACH):
                return False
            self._taken[client] += 1
            return True

    def give_back(self, client: str) -> None:
        """A body of this client's has been dealt with."""
        with self._lock:
            self._taken[client] -= 1
            self._taken += Counter()  # drops what has come to zero


def announced_length(head: bytes) -> int:
    """Bytes of a body that a head announces; 0 where it says nothing of it."""
    said = LENGTH.search(head)
    return int(said[1][:20]) if said else 0


def announces_large_body(head: bytes) -> bool:
    """Whether a thread would have to wait for the body: it is larger than SMALL, of a size that the head does not say,
    or sent only when it is asked for."""
    length = announced_length(head)
    return length > SMALL or bool(UNSAID.search(head)) or (length > 0 and bool(EXPECTS.search(head)))


def address_of(peer: Any, hops: str) -> str:
    """The address at the other end of a connection, or "" where it may be everybody's.

    Args:
        peer: what the socket says of the other end.
        hops: SHUZOKO_PROXY_HOPS as written. Where nobody wrote it, this machine's own address may be that of a proxy.
    """
    if not isinstance(peer, tuple) or hops.strip() not in ("", "0"):
        return ""
    address = str(peer[0])
    return "" if not hops.strip() and ipaddress.ip_address(address).is_loopback else address


def sender(head: bytes, peer: Any, hops: str) -> str:
    """The client of a request, as the deployment declares it; "" where it may be anybody."""
    number = int(hops) if hops.strip().isdecimal() else 0
    if not number:
        return address_of(peer, hops)
    named = b",".join(FORWARDED.findall(head)).decode("latin-1").split(",")
    if named != [""] and len(named) >= number:
        return named[-number].strip()[:60]
    return str(peer[0]) if isinstance(peer, tuple) else ""
