"""A program of ours run as a child process with limits, so that whatever a hostile file does to a parser it does there.

The child has no environment, no key and no store, so much memory and so many seconds; it may write to its pipe alone. The
standard library only: a child imports this file too.
"""

from __future__ import annotations

import resource
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from typing import IO

LONGEST_LINE = 64 << 20
"""Bytes."""
_BLOCK = 1 << 16


class ChildFailed(Exception):
    """The child ended by a signal (its memory or seconds were over, or a parser broke), or was silent for too long."""


def confine(*, memory: int, seconds: float) -> None:
    """In the child: bound it from here on, before it has read anything.

    Args:
        memory: bytes beyond what the program itself takes.
        seconds: of work by the processor's clock; waiting for who reads its answer is none.
    """
    with open("/proc/self/statm", encoding="ascii") as file:
        taken = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + memory, taken + memory))
    whole = int(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole))
    signal.setitimer(signal.ITIMER_PROF, seconds)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def lines_of(program: str, given: IO[bytes], *arguments: str, patience: float) -> Iterator[Iterator[bytes]]:
    """Run a program on a file and read its answer line by line, within the block; then the child is gone.

    Args:
        program: path of a Python program that needs the standard library only.
        given: its standard input, at any place; it is not to be read elsewhere meanwhile.
        arguments: its arguments.
        patience: seconds by the clock to wait for the next piece of its answer, while it is waited for.

    Raises:
        ChildFailed: while reading.
    """
    with _as_file(given) as file:
        child = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-I", "-S", program, *arguments],
            stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/",
        )  # fmt: skip
        try:
            yield _lines(child, patience)
        finally:
            child.kill()
            if child.stdout:
                child.stdout.close()
            child.wait()


@contextmanager
def _as_file(given: IO[bytes]) -> Iterator[IO[bytes]]:
    """The same bytes as a file that a child can be given: one of the system's, and written out."""
    try:
        given.fileno()  # a spooled file goes to the disk by this
        given.flush()
    except (OSError, AttributeError):
        given.seek(0)
        with tempfile.TemporaryFile() as file:
            copyfileobj(given, file)
            file.flush()
            yield file
    else:
        yield given


def _lines(child: subprocess.Popen[bytes], patience: float) -> Iterator[bytes]:
    pipe = child.stdout
    if pipe is None:  # it was asked for
        raise ChildFailed
    rest = b""
    parts: list[bytes] = []
    with selectors.DefaultSelector() as waiting:
        waiting.register(pipe, selectors.EVENT_READ)
        until = time.monotonic() + patience
        while True:
            if not waiting.select(max(0.0, until - time.monotonic())):
                raise ChildFailed
            block = pipe.read1(_BLOCK)  # type: ignore[attr-defined]
            if not block:
                break
            until = time.monotonic() + patience
            if b"\n" not in block:
                parts.append(block)
                if sum(map(len, parts)) > LONGEST_LINE:
                    raise ChildFailed
                continue
            whole = b"".join([*parts, block]).split(b"\n")
            rest = whole.pop()
            parts = [rest] if rest else []
            yield from whole
            until = time.monotonic() + patience
    if parts or child.wait() != 0:
        raise ChildFailed


def program_beside(module_file: str, name: str) -> str:
    """The path of a program that lies beside a module."""
    return str(Path(module_file).resolve().parent / name)
