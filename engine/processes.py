"""Processes that outlive the command which started them, each alive exactly as long as its lock is held.

A started process inherits an open, locked file. The kernel lets the lock go when the last process that holds it
ends, however it ends: no pid file can go stale, and a number used again is never mistaken for ours.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.messages import EngineError

LOG_BYTES_KEPT = 10_000_000

# Those this process started: kept so that they are reaped, for a dead child without a parent's wait stays a zombie.
_children: list[subprocess.Popen[bytes]] = []
_counting = threading.Lock()


def reap() -> None:
    """Collects those of our children that have ended."""
    with _counting:
        _children[:] = [child for child in _children if child.poll() is None]


def _adopt(child: subprocess.Popen[bytes]) -> None:
    with _counting:
        _children.append(child)


def is_running(lock: Path) -> bool:
    """Whether a process started under this lock is alive."""
    reap()
    try:
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def holders(lock: Path) -> list[int]:
    """The process ids (as this machine counts) that hold the lock's file open, lowest first."""
    try:
        wanted = lock.stat()
    except FileNotFoundError:
        return []
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            files = [os.stat(f"{folder}/fd/{name}") for name in os.listdir(f"{folder}/fd") if int(name) > 2]
        except OSError:
            continue
        if any((file.st_dev, file.st_ino) == (wanted.st_dev, wanted.st_ino) for file in files):
            found.append(int(folder.name))
    return sorted(pid for pid in found if pid != os.getpid())


@dataclass(frozen=True)
class Seen:
    """A process as the kernel describes it: its state (one letter), its parent, and when it began (ticks since boot)."""

    pid: int
    state: str
    parent: int
    began: int


def leader(lock: Path) -> int | None:
    """The one to signal among a lock's holders: the one that began the others. None when none runs."""
    return first_of([found for pid in holders(lock) if (found := _seen(pid))])


def first_of(family: Sequence[Seen]) -> int | None:
    """Of processes that hold one lock, the oldest whose parent is none of them.

    One that is dying does not count: its parent may be gone already. Nor does the order of their numbers, which begin
    again from the lowest once they have reached the highest.
    """
    living = [each for each in family if each.state not in "ZXx"]
    pids = {each.pid for each in living}
    heads = [each for each in living if each.parent not in pids]
    return min(heads, key=lambda each: each.began).pid if heads else None


def is_stopped(lock: Path) -> bool:
    """Whether what runs under this lock was stopped by a signal (SIGSTOP) or a debugger: it lives and does nothing."""
    found = _seen(leader(lock) or 0) if is_running(lock) else None
    return found is not None and found.state in "Tt"


def _seen(pid: int) -> Seen | None:
    try:
        # The name stands in brackets and may hold anything.
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return Seen(pid, words[0], int(words[1]), int(words[19]))


def launch(
    lock: Path,
    command: Sequence[str],
    log: Path | None,
    environ: Mapping[str, str],
    cwd: Path | None = None,
    through: Sequence[str] = (),
) -> subprocess.Popen[bytes]:
    """Starts a command in a session of its own, holding the lock.

    `log` None leaves its output on ours; `through` is a filter that its output passes on the way to the log.
    Raises EngineError when something already runs under the lock.
    """
    descriptor = _take(lock)
    output = None
    try:
        if log is not None:
            output = _open_log(log)
            output = _filtered(through, output) if through else output
        child = subprocess.Popen(  # noqa: S603 - a fixed command of ours, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=dict(environ),
            cwd=cwd,
            pass_fds=(descriptor,),
            start_new_session=True,
        )
    finally:
        os.close(descriptor)
        if output is not None:
            os.close(output)
    _adopt(child)
    return child


def rotate(log: Path) -> None:
    """Moves what a log holds beside it once it is long: never more than twice LOG_BYTES_KEPT stays.

    Its writer has it open for appending, so it goes on at the new beginning; a line written in between may be lost.
    """
    if log.exists() and log.stat().st_size > LOG_BYTES_KEPT:
        shutil.copyfile(log, log.with_suffix(".log.1"))
        log.with_suffix(".log.1").chmod(0o600)
        os.truncate(log, 0)


def _open_log(log: Path) -> int:
    rotate(log)
    return os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def _filtered(through: Sequence[str], output: int) -> int:
    """Starts a filter that writes to `output` and ends with its input; returns where to write to it."""
    reading, writing = os.pipe()
    _adopt(subprocess.Popen(through, stdin=reading, stdout=output, stderr=output, start_new_session=True))  # noqa: S603 - ours
    os.close(reading)
    os.close(output)
    return writing


def _take(lock: Path) -> int:
    """The lock's file, open and locked. Tries again for a moment: a passing `is_running` holds it for an instant."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    until = time.monotonic() + 1
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() > until:
                os.close(descriptor)
                raise EngineError(
                    f"この場所では既に動いています({lock.stem})。それを使うか、先に止めてください。",
                    f"It is already running here ({lock.stem}); use that one, or stop it first.",
                ) from None
            time.sleep(0.01)


def stop(lock: Path, first: signal.Signals, seconds: float = 30) -> None:
    """Asks the leader to end, waits until nothing holds the lock, and kills what is left after `seconds`.

    One that was stopped by a signal cannot hear: it is killed at once.
    """
    until = time.monotonic() + seconds
    if not is_stopped(lock):
        # A holder may end while they are looked through: then the next look finds the leader.
        wait_until(lambda: ask(lock, first) or not is_running(lock), seconds)
        if wait_until(lambda: not is_running(lock), until - time.monotonic()):
            return
    for left in holders(lock):
        _signal(left, signal.SIGKILL)
    wait_until(lambda: not is_running(lock), 5)


def ask(lock: Path, number: signal.Signals) -> bool:
    """Sends the leader a signal; False when none runs."""
    pid = leader(lock) if is_running(lock) else None
    if pid is not None:
        _signal(pid, number)
    return pid is not None


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def wait_until(ready: Callable[[], bool], seconds: float, pause: float = 0.03) -> bool:
    """Asks until the answer is yes, or for so many seconds; returns the last answer."""
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            return False
        time.sleep(pause)
    return True


@contextmanager
def held(lock: Path) -> Iterator[None]:
    """Holds the lock for this process itself; EngineError when another process holds it."""
    descriptor = _take(lock)
    try:
        yield
    finally:
        os.close(descriptor)


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Waits for its turn: set-up and start are done by one command at a time."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
