"""Small memories of one process: what was counted or read a moment ago and need not be asked for again.

One rule for all: an entry holds for so many seconds after it was put there, and where the memory is full the oldest goes.
No memory holds what somebody may do or see (law 8). What is remembered decides which questions are asked together, in what
stretches a page is fetched, or is a number that may be some seconds old; a role is read from the store at every request.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


@cache
def beside() -> ThreadPoolExecutor:
    """Threads of the process for what is asked of the store while the page goes on; made when first asked for, which is
    after a server has forked."""
    return ThreadPoolExecutor(8, "beside")


class Memory(Generic[K, V]):
    """Key → value, for a while. Threads may share it; another process has its own."""

    def __init__(self, *, most: int, seconds: float = math.inf) -> None:
        """`most`: so many entries. `seconds`: so long each holds."""
        self.most, self.seconds = most, seconds
        self._entries: dict[K, tuple[float, V]] = {}
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """What is kept there; None where nothing is, or its time is over."""
        found = self._entries.get(key)
        return None if found is None or self._is_over(found) else found[1]

    def put(self, key: K, value: V) -> V:
        """Keep a value, and give it back."""
        with self._lock:
            self._entries.pop(key, None)  # so that the order is that of putting
            if len(self._entries) >= self.most:
                del self._entries[next(iter(self._entries))]
            self._entries[key] = time.monotonic(), value
        return value

    def kept(self, key: K, make: Callable[[], V]) -> V:
        """What is kept there; made and kept where there is nothing."""
        found = self._entries.get(key)
        return self.put(key, make()) if found is None or self._is_over(found) else found[1]

    def kept_renewing(self, key: K, make: Callable[[], V]) -> V:
        """As kept; but what is over serves once more, while the new value is made beside the page."""
        found = self._entries.get(key)
        if found is None:
            return self.put(key, make())
        if self._is_over(found):
            self.put(key, found[1])  # no other thread makes it meanwhile; if making fails, in a while again
            beside().submit(lambda: self.put(key, make()))
        return found[1]

    def drop(self, key: K) -> None:
        """Forget what is kept there."""
        with self._lock:
            self._entries.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()

    def all_keys(self) -> list[K]:
        """The keys of all entries, those included whose time is over."""
        with self._lock:
            return list(self._entries)

    def _is_over(self, entry: tuple[float, V]) -> bool:
        return time.monotonic() - entry[0] > self.seconds
