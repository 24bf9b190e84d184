"""Keeping programs running: started again when they end, ended and started again when they say nothing."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from engine import processes, resolve, watching
from engine.messages import EngineError, console, say
from engine.places import PROJECT, Places
from engine.watching import Watch

LONGEST_DELAY = 60.0
STEADY = 30.0


@dataclass
class Pauses:
    """Growing pauses between the starts of one program; from the shortest again once it ran for STEADY seconds."""

    delay: float = 0.0
    began: float = 0.0
    ended: float = 0.0

    def over(self) -> bool:
        """Whether it may be started now. Called as long as it does not run."""
        now = time.monotonic()
        if not self.began:
            return True
        if not self.ended:
            self.ended = now
            if now - self.began > STEADY:
                self.delay = 0.0
        return now >= self.ended + self.delay

    def begin(self) -> None:
        """It is being started."""
        self.delay = min(max(0.5, self.delay * 2), LONGEST_DELAY)
        self.began, self.ended = time.monotonic(), 0.0


@dataclass
class Service:
    """One supervised program: started when its lock is free, later each time that it ends soon after its start."""

    name: str
    command: list[str]
    places: Places
    answers: Callable[[float], bool]
    seconds: float
    pauses: Pauses = field(default_factory=Pauses)
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.watch = Watch(self.lock, self.answers, self.seconds)

    @property
    def lock(self) -> Path:
        return self.places.lock(self.name)

    def keep(self) -> None:
        """Starts it when it does not run and its pause is over; ends it first when it has said nothing for too long."""
        if processes.is_running(self.lock):
            if not self.watch.silent:
                return
            say(
                f"{self.name} が{self.seconds:.0f}秒答えないため、起動し直します",
                f"{self.name} has not answered for {self.seconds:.0f} s; starting it again",
            )
            processes.stop(self.lock, signal.SIGTERM, seconds=5)
        if not self.pauses.over():
            return
        if self.pauses.began:
            say(f"{self.name} が止まったため、再び起動します", f"{self.name} ended; starting it again")
        self.pauses.begin()
        watching.pulse_file(self.places, self.name).unlink(missing_ok=True)
        processes.launch(self.lock, self.command, None, os.environ, cwd=PROJECT)
        self.watch.begin()


class Store:
    """The processes of our own store, kept as the services are."""

    def __init__(self, engine: resolve.Engine, seconds: float) -> None:
        self.engine = engine
        self.pauses = Pauses(began=time.monotonic())
        asked = {
            "postgres": watching.postgres_answers(engine.places),
            "gateway": watching.store_answers(engine.uri),
            "mongod": watching.store_answers(engine.uri),
        }
        self.watches = {
            name: Watch(engine.places.lock(name), asked[name], seconds) for name in engine.processes()
        }
        self.ended_last = ""

    def keep(self) -> None:
        """Starts what does not run, after growing pauses; ends first what has said nothing for too long."""
        self._end_silent()
        if self.engine.is_up() or not self.pauses.over():
            return
        say("データベースが止まったため、再び起動します", "the database ended; starting it again")
        self.pauses.begin()
        try:
            resolve.start(self.engine.places.var, os.environ)
        except EngineError as error:
            console.print(str(error), style="bold red")
        for watch in self.watches.values():
            watch.begin()

    def _end_silent(self) -> None:
        silent = [name for name, watch in self.watches.items() if watch.silent]
        if not silent:
            return
        # What is behind the gateway comes first. A gateway that says nothing even after its restart is not the cause.
        first = "postgres" if silent == ["gateway"] == [self.ended_last] else silent[0]
        stopped = [name for name in silent if processes.is_stopped(self.watches[name].lock)]
        for name in dict.fromkeys([first, *stopped]):
            self._end(name)

    def _end(self, name: str) -> None:
        seconds = self.watches[name].seconds
        say(
            f"データベース({name})が{seconds:.0f}秒答えないため、起動し直します",
            f"the database ({name}) has not answered for {seconds:.0f} s; starting it again",
        )
        processes.stop(
            self.watches[name].lock, signal.SIGINT if name == "postgres" else signal.SIGTERM, seconds=10
        )
        self.ended_last = name
