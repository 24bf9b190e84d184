"""Whether what runs still answers: asked again and again, so that the supervisor restarts what only seems to live.

A process that was stopped (SIGSTOP), hangs in a lock or waits for a disk that is gone holds its lock file like a healthy
one. Each is asked in a thread of its own: one that says nothing does not delay the others.
"""

import http.client
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from engine import ferretdb, postgres, processes
from engine.messages import EngineError
from engine.places import Places
from engine.services import WILDCARDS, Address

SECONDS = 30.0
"""After so long without an answer a process is restarted (SHUZOKO_WATCH_SECONDS)."""
TIMES = 3
"""And after so many questions at least: a supervisor that slept itself has missed no answer."""
STARTING = 180.0
"""So long a program may take from its start to its first answer, on a machine that is busy."""
PULSE = 2.0
"""So many times `seconds` a sign of life of the worker or the sealer may be old: each gives one every five seconds."""


def seconds_of(environ: Mapping[str, str]) -> float:
    """SHUZOKO_WATCH_SECONDS, or SECONDS.

    Raises:
        EngineError: it is no number of at least one second.
    """
    written = environ.get("SHUZOKO_WATCH_SECONDS") or str(int(SECONDS))
    if not (written.isascii() and written.isdecimal() and 0 < int(written) < 100_000):
        raise EngineError(
            f"SHUZOKO_WATCH_SECONDS={written} は使えません。1以上の秒数にしてください。",
            f"SHUZOKO_WATCH_SECONDS={written} cannot be used; give a number of seconds, 1 or more.",
        )
    return float(written)


class Watch:
    """One program that is asked whether it answers."""

    def __init__(self, lock: Path, answers: Callable[[float], bool], seconds: float) -> None:
        """Args:
        lock: the program's; while no process holds it, nothing is asked.
        answers: whether it answers within so many seconds.
        seconds: the longest silence.
        """
        self.lock = lock
        self.seconds = seconds
        self._answers = answers
        self._answered = False
        self._since: float | None = None
        self._times = 0
        self._round = 0
        self._turn = threading.Lock()
        threading.Thread(target=self._ask, daemon=True).start()

    @property
    def silent(self) -> bool:
        """Whether it has said nothing for too long."""
        with self._turn:
            longest = self.seconds if self._answered else max(self.seconds, STARTING)
            return (
                self._since is not None and self._times >= TIMES and time.monotonic() - self._since > longest
            )

    def begin(self) -> None:
        """It has been started again: what it did not say before no longer counts."""
        with self._turn:
            self._since, self._times, self._answered = None, 0, False
            self._round += 1

    def _ask(self) -> None:
        pause = self.seconds / 6
        while True:
            asked, began = self._round, time.monotonic()
            runs = processes.is_running(self.lock)
            stopped = runs and processes.is_stopped(self.lock)
            fine = not runs or (not stopped and self._answers(pause))
            with self._turn:
                if asked == self._round:
                    self._since = None if fine else self._since or began
                    self._times = 0 if fine else self._times + 1
                    # One that was stopped is not starting.
                    self._answered = self._answered or stopped or (runs and fine)
            time.sleep(pause)


def web_answers(where: Address, seconds: float) -> bool:
    """Whether the web application says anything at all."""
    host = "127.0.0.1" if where.host in WILDCARDS - {"::"} else "::1" if where.host == "::" else where.host
    talk: http.client.HTTPConnection
    if where.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        # It is ourselves that we ask, and the name on the certificate is the public one.
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        talk = http.client.HTTPSConnection(host, where.port, timeout=seconds, context=context)
    else:
        talk = http.client.HTTPConnection(host, where.port, timeout=seconds)
    try:
        talk.request("GET", "/livez")
        talk.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        talk.close()
    return True


def postgres_answers(places: Places) -> Callable[[float], bool]:
    """Whether PostgreSQL takes connections."""
    return lambda seconds: postgres.answers(places, seconds)


def store_answers(uri: str) -> Callable[[float], bool]:
    """Whether the store answers a question."""
    return lambda seconds: ferretdb.answers(uri, int(seconds * 1_000))


def pulse_file(places: Places, name: str = "worker") -> Path:
    """Where the worker or the sealer leaves its sign of life: the seconds since this machine's start, as every process
    counts them."""
    return places.home / f"{name}.pulse"


def leave_pulse(places: Places, name: str = "worker") -> None:
    """It lives. Nothing where no supervisor made the folder."""
    if places.home.is_dir():
        pulse_file(places, name).write_text(f"{time.monotonic():.0f}")


def has_pulse(places: Places, seconds: float, name: str = "worker") -> bool:
    """Whether its last sign of life is young enough; so is none at all, for it may have just begun."""
    try:
        last = float(pulse_file(places, name).read_text())
    except (OSError, ValueError):
        return True
    return time.monotonic() - last < max(seconds * PULSE, 15)
