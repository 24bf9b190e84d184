"""Write judged batches to the store, two at a time, and record their results in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Self

from imports.run.batching import Judged

AT_ONCE = 2


class WriteLanes:
    """Send batches to the store on parallel threads.

    A batch that is stored but not yet recorded is stored again when the run continues: the write is idempotent.
    """

    def __init__(self, store: Callable[[Judged], None], keep: Callable[[Judged], None]) -> None:
        """Args:
        store: puts a batch in.
        keep: writes down what became of it; only after all batches before it are written down.
        """
        self._store, self._keep = store, keep
        self._under_way: deque[tuple[Judged, Future[None]]] = deque()
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._storing = self._open.enter_context(ThreadPoolExecutor(AT_ONCE, "storing"))
        self._keeping = self._open.enter_context(ThreadPoolExecutor(1, "keeping"))
        return self

    def __exit__(self, *_: object) -> None:
        """What was sent is waited for."""
        self._open.close()

    def send(self, judged: Judged) -> None:
        """Put a batch on its way."""
        stored = self._storing.submit(self._store, judged)
        before = self._under_way[-1][1] if self._under_way else None
        self._under_way.append((judged, self._keeping.submit(self._kept, judged, stored, before)))

    def arrived(self, *, all_but: int = 0) -> Iterator[Judged]:
        """Wait for the batches in their order, until no more than so many are under way.

        Raises:
            PyMongoError: the store did not answer; the batch and those after it are not in.
        """
        while len(self._under_way) > all_but:
            judged, kept = self._under_way.popleft()
            kept.result()
            yield judged

    def _kept(self, judged: Judged, stored: Future[None], before: Future[None] | None) -> None:
        if before is not None:
            before.result()  # after one that is not in none is written down, for a run goes on behind the last
        stored.result()
        self._keep(judged)
