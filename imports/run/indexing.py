"""Building the indexes that an import left for its end: a step a second, while everything else goes on.

The import builds them itself when it has come to its end. What broke off leaves them owed in the store, and the worker
builds them when nothing else is in hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait

from gate.store.bulk_indexes import anybody_owes, forget_postponed, owing, postpone_indexes, take_on
from gate.store.collections import absent_indexes, make_indexes, record_indexes
from jobs import queue

STEP = 1.0
_builder = ThreadPoolExecutor(1, "indexes")
"""One thread for the process: whoever waited for it may be stopped, and need not wait to its end."""


def building() -> Iterator[None]:
    """Build what lacks; a step a second until it is there.

    Raises:
        PyMongoError: the store is away; what is owed stays owed.
    """
    under_way = _builder.submit(make_indexes, record_indexes())
    while wait((under_way,), STEP).not_done:
        yield
    under_way.result()


def build_postponed(run: str) -> Iterator[None]:
    """Build what this import owes, if it owes any; raises as building."""
    if debts := owing([run]):
        yield from building()
        forget_postponed(debts)


class Indexing:
    """The worker's side: what is owed by imports that are no longer at work."""

    def __init__(self, *, unsure: bool) -> None:
        """`unsure`: look once which indexes lack, as a worker does that begins on a store it does not know."""
        self._unsure = unsure
        self._steps: Iterator[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether it is at it."""
        return self._steps is not None

    def step(self) -> int:
        """A second of it; 0 when nothing is owed."""
        if self._unsure:
            if absent_indexes(record_indexes()) and not anybody_owes():
                postpone_indexes("start")
            self._unsure = False
        if self._steps is None:
            debts = owing()
            if not debts or any(queue.is_open(each) for each in debts):
                return 0
            self._steps = _paying(debts)
        try:
            next(self._steps)
        except StopIteration:
            self._steps = None
        except BaseException:
            self._steps = None
            raise
        return 1


def _paying(debts: dict[str, object]) -> Iterator[None]:
    take_on(debts, queue.LEASE)
    for _ in building():
        take_on(debts, queue.LEASE)
        yield
    forget_postponed(debts)
