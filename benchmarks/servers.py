"""The servers under measurement: gunicorn with each side's application, alike in every setting."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from engine.places import PROJECT

OWN = ("--worker-class", "engine.waiting.Worker")
"""Ours is served by the worker that it ships with (engine.services); the peers by gunicorn's own with threads."""
SIDES = {
    "ours": ("benchmarks.ours:application()", "/healthz"),
    "stock": ("benchmarks.stock.app:application()", "/admin/"),
    "django": ("benchmarks.django_admin.site:application()", "/admin/login/"),
    "floor": ("benchmarks.floor:application()", "/?skip=0"),
}
"""Side → what gunicorn loads, and an address that shows that it is up."""


@dataclass(frozen=True)
class Server:
    """One running gunicorn on loopback."""

    side: str
    port: int
    pid: int

    def peak_memory(self) -> int:
        """The most that any of its workers ever held in memory, in bytes."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return max(_peak(int(pid)) for pid in children)


def _peak(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024


@contextmanager
def serve(side: str, environ: Mapping[str, str], *, workers: int = 1) -> Iterator[Server]:
    """A side under gunicorn while the block lasts; all of them with as many workers and threads."""
    target, address = SIDES[side]
    port = free_port()
    command = [
        *(str(Path(sys.executable).parent / "gunicorn"), target, "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(workers), "--threads", "4", "--timeout", "600", "--keep-alive", "60"),
        *(OWN if side == "ours" else ()),
        *("--log-level", "error", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"),  # noqa: S108 - gunicorn's advice: heartbeats off the disk
    ]
    with subprocess.Popen(command, cwd=PROJECT, env=dict(environ)) as process:  # noqa: S603 - our own gunicorn
        try:
            wait_for(port, address, process)
            yield Server(side, port, process.pid)
        finally:
            process.terminate()


def free_port() -> int:
    """A port that no process listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers that address.

    Raises:
        RuntimeError: it ended, or a minute went by.
    """
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", address)
            if connection.getresponse().status < 500:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError("the server under measurement did not come up")
