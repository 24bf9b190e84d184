"""Where passwords are hashed: one at a time in each process, and on no more than half of the machine's cores.

A hash takes a fifth of a second of one core by design. A flood of sign-ins would otherwise take every core and every
thread there is; so few may wait, and who comes beyond them is told to come back in a moment. (A thread of lower priority is
no way: while it waits for its turn it may hold the interpreter's lock, and the whole process waits with it.)
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

from gate.refusals import Busy

P = ParamSpec("P")
T = TypeVar("T")

PLACES = 9
"""One being hashed and eight waiting, of a process's sixteen threads (engine.services): seven answer everything else.

So a whole office that comes in the morning waits in line for two seconds or so, and none of them types the password again. More of them
would wait too long: those of all processes share the slots, at a fifth of a second each.
"""
EACH = PLACES - 1
"""How many of them one network address may hold: whatever comes from it, one is left for everybody else."""
KEPT_SECONDS = 4.0
"""How long a known device waits for the place that is kept for them. Nobody else can take it, so few ever wait."""
RETRY_SECONDS = 3

_places = threading.BoundedSemaphore(PLACES)
_kept = threading.BoundedSemaphore(1)
_by_comer: Counter[str] = Counter()
_counting = threading.Lock()
_held = threading.local()
_slots: Path | None = None


def keep_slots_in(folder: Path) -> None:
    """Set the folder of lock files by which the processes of this deployment share the slots; no other account may write to it.

    In a shared folder, any account of the machine could hold the slots, and with them block every sign-in.
    """
    global _slots  # noqa: PLW0603 - of the process, as the places are
    _slots = folder


@contextmanager
def place(comer: str = "") -> Iterator[None]:
    """Hold one of this process's places for a sign-in, from before its attempt is counted until it is answered.

    `comer`: the network address that it comes from (policies.networks.origin); empty for who has signed in already.

    Raises:
        Busy: all are taken, or as many as one address may hold; nothing has been counted.
    """
    if getattr(_held, "place", False):
        yield  # a step within a step that has its place already
        return
    if not _may_hold(comer):
        raise Busy(RETRY_SECONDS)
    try:
        if not _places.acquire(blocking=False):
            raise Busy(RETRY_SECONDS)
        try:
            with _holding():
                yield
        finally:
            _places.release()
    finally:
        _leaves(comer)


@contextmanager
def kept_place() -> Iterator[None]:
    """Hold the place that is kept for known devices (accounts.sign_in.devices), waiting for it in turn.

    Raises:
        Busy: it did not become free in KEPT_SECONDS; nothing has been counted.
    """
    if not _kept.acquire(timeout=KEPT_SECONDS):
        raise Busy(RETRY_SECONDS)
    try:
        with _holding():
            yield
    finally:
        _kept.release()


@contextmanager
def _holding() -> Iterator[None]:
    _held.place = True
    try:
        yield
    finally:
        _held.place = False


def _may_hold(comer: str) -> bool:
    with _counting:
        if comer and _by_comer[comer] >= EACH:
            return False
        _by_comer[comer] += 1
        return True


def _leaves(comer: str) -> None:
    with _counting:
        _by_comer[comer] -= 1
        if not _by_comer[comer]:
            del _by_comer[comer]


def in_turn(hashing: Callable[P, T], *args: P.args, **more: P.kwargs) -> T:
    """Do the work of one hash behind those that wait already, and give back what it gives."""

    def at_its_core() -> T:
        with _core():
            return hashing(*args, **more)

    return _executor().submit(at_its_core).result()


@contextmanager
def _core() -> Iterator[None]:
    """One hash for each two cores: processes that share a slot wait for one another, and killed ones hold nothing."""
    if _slots is None:
        yield  # a process by itself
        return
    slot = os.getpid() % max(1, (os.cpu_count() or 1) // 2)
    _slots.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(_slots / str(slot), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


_executors: dict[int, ThreadPoolExecutor] = {}
_opening = threading.Lock()


def _executor() -> ThreadPoolExecutor:
    # By process: a thread does not survive the fork that makes a web worker.
    here = os.getpid()
    with _opening:
        if here not in _executors:
            # guard: hashing
            _executors[here] = ThreadPoolExecutor(1, "hashing")
        return _executors[here]
