"""The panel served as `make run` serves it: real gunicorn, its own processes, a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from engine import processes, services
from engine.places import PROJECT


@dataclass(frozen=True)
class Process:
    """gunicorn's master: where it listens and where it writes what it says."""

    port: int
    pid: int
    log: Path


def beside(uri: str, suffix: str) -> tuple[str, str]:
    """The address and the name of a database beside the one that the address names."""
    parts = urlsplit(uri)
    name = f"{parts.path.strip('/')}_{suffix}"
    return urlunsplit(parts._replace(path=f"/{name}")), name


def free_port() -> int:
    """One that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def environment(uri: str, var: Path) -> dict[str, str]:
    """What the processes of a deployment are told: its store, its folder, a free port."""
    port = str(free_port())
    return {**os.environ, "MONGODB_URI": uri, "SHUZOKO_VAR": str(var), "HOST": "127.0.0.1", "PORT": port}


@contextmanager
def serving(environ: dict[str, str], *more: str, app: str = "app:create_app()") -> Iterator[Process]:
    """Serve until the end of the block. `more`: further arguments of gunicorn. `app`: another one in its place.

    Raises:
        AssertionError: it did not listen within a minute, with what it said.
    """
    where = services.address(environ)
    command = [app if each == "app:create_app()" else each for each in services.web(where, environ)]
    log = Path(environ["SHUZOKO_VAR"]) / "web.log"
    with log.open("w") as said:
        web = subprocess.Popen([*command, *more], cwd=PROJECT, env=environ, stdout=said, stderr=said)
    try:
        assert processes.wait_until(lambda: answers(f"{where.url}healthz"), 60), log.read_text()
        yield Process(where.port, web.pid, log)
    finally:
        web.terminate()
        web.wait(timeout=30)


def answers(url: str) -> bool:
    """Whether an address answers without an error."""
    try:
        urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own http address
    except OSError:
        return False
    return True
