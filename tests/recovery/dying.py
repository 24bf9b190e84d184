"""A real process that is killed (SIGKILL, its own) at the nth command to the store or write to a disk.

Three ways: before a command is sent, while it is under way, and after it was acknowledged. The processes are forked by
a server that has imported everything and connected to nothing, because a MongoClient does not survive a fork.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import mongoengine
from pymongo import monitoring

from accounts.sign_in import passwords
from accounts.sign_in.attempt import attempt
from audit.drain import copy_all, drain
from audit.place import Place
from audit.sealer import seal
from tests.world import PEPPER, hash_cheaply

WAYS = ("before", "under way", "after")
UNDER_WAY = 0.0004
"""Seconds after a command was sent: most take about a millisecond."""

_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(["tests.recovery.dying"])


@dataclass(frozen=True)
class Death:
    """When a process is to die: at which of its commands, and in which way."""

    nth: int
    way: str


@dataclass(frozen=True)
class Told:
    """What a process did before its end: the command it was killed at, and its answer where it lived to give one."""

    command: str
    answer: Any = None
    lived: bool = False


class _Watch(monitoring.CommandListener):
    """Counts the commands, tells each, and kills at the one that is due."""

    def __init__(self, death: Death, pipe: Connection) -> None:
        self.death, self.pipe, self.count = death, pipe, 0
        self.armed = False

    def reached(self, what: str) -> None:
        self.count += 1
        if self.count == self.death.nth:
            self.pipe.send(("command", what))
            if self.death.way == "before":
                _die()
            elif self.death.way == "under way":
                threading.Timer(UNDER_WAY, _die).start()

    def done(self) -> None:
        if self.count == self.death.nth and self.death.way == "after":
            _die()

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if self.armed:
            self.reached(f"{event.command_name} {event.command.get(event.command_name)}")

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:  # noqa: ARG002 - pymongo calls it so
        if self.armed:
            self.done()

    def failed(self, event: monitoring.CommandFailedEvent) -> None:  # noqa: ARG002
        """A command that failed was not acknowledged."""


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def run(act: Callable[..., Any], uri: str, death: Death, *given: Any) -> Told:
    """Let a process of its own do `act(*given)`, dying as said; what it told."""
    ours, theirs = _server.Pipe()
    process = _server.Process(target=_live, args=(theirs, act, uri, death, given))
    process.start()
    theirs.close()
    command, answer, lived = "", None, False
    try:
        while True:
            kind, said = ours.recv()
            if kind == "command":
                command = said
            else:
                answer, lived = said, True
    except EOFError:
        pass
    process.join(timeout=60)
    assert process.exitcode in ((0, -signal.SIGKILL) if lived else (-signal.SIGKILL,)), process.exitcode
    return Told(command, answer, lived)


def _live(pipe: Connection, act: Callable[..., Any], uri: str, death: Death, given: tuple[Any, ...]) -> None:
    watch = _Watch(death, pipe)
    mongoengine.connect(
        host=uri, alias="default", tz_aware=True, uuidRepresentation="standard", event_listeners=[watch]
    )
    mongoengine.get_connection().admin.command("ping")
    real = os.fsync

    def fsync(fd: Any) -> None:
        watch.reached("fsync")
        real(fd)
        watch.done()

    os.fsync = fsync
    watch.armed = True
    answer = act(*given)
    pipe.send(("answer", answer))
    pipe.close()


def signs_in(login_id: str, password: str, address: str) -> str:
    """One attempt: right, wrong or locked. A hash has another cost than the stored ones, so that a right one is renewed."""
    hash_cheaply()
    passwords.COST = 5
    outcome = attempt(login_id, password, pepper=PEPPER, address=address)
    return "right" if outcome.user else "locked" if outcome.locked else "wrong"


def seals(folder: Path, key: bytes) -> int:
    """Move everything that waits into the chains and on to the second place."""
    moved = 0
    while now := seal() + drain() + copy_all(Place(folder, key), force=True):
        moved += now
    return moved
