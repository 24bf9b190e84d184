"""The whole panel as `make run` starts it, in a folder of its own, and a person at it who saves."""

from __future__ import annotations

import csv
import http.cookiejar
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from engine import processes
from engine.places import PROJECT, places_for

NAMES = ("postgres", "gateway", "web", "worker", "sealer")


@dataclass
class Panel:
    """`make run` on a free port; `var` holds its store and keys."""

    var: Path
    port: int
    supervisor: subprocess.Popen[bytes] | None = None
    log: list[Path] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    """Further settings of the environment."""

    @classmethod
    def on_a_free_port(cls, var: Path) -> Panel:
        with socket.create_server(("127.0.0.1", 0)) as free:
            return cls(var, free.getsockname()[1])

    @property
    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "MONGODB_URI"}
        return {**kept, "SHUZOKO_VAR": str(self.var), "PORT": str(self.port), **self.told}

    def run(self) -> str:
        """Start it and wait until it serves; what it said."""
        log = self.var.parent / f"run-{len(self.log)}.log"
        self.log.append(log)
        with log.open("w") as out:
            self.supervisor = subprocess.Popen(
                [sys.executable, "-m", "engine.supervise"],
                cwd=PROJECT,
                env=self.environ,
                stdout=out,
                stderr=out,
            )
        child = self.supervisor
        ready = processes.wait_until(lambda: "Ctrl-C" in log.read_text() or child.poll() is not None, 120)
        assert ready, log.read_text()
        assert child.poll() is None, log.read_text()
        return log.read_text()

    def stop(self) -> int:
        if self.supervisor is None:
            return 0
        self.supervisor.terminate()
        return self.supervisor.wait(timeout=60)

    def pid(self, name: str) -> int | None:
        return processes.leader(places_for(self.var, self.environ).lock(name))

    def serves(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(answer.read() == b"ok\n")
        except OSError:
            return False

    def password(self, login_id: str) -> str:
        with (self.var / "demo-accounts.csv").open(newline="") as file:
            return next(row["password"] for row in csv.DictReader(file) if row["login_id"] == login_id)


class Person:
    """Somebody with a browser's cookies, and nothing else of a browser."""

    def __init__(self, panel: Panel, login_id: str) -> None:
        self.base = f"http://127.0.0.1:{panel.port}"
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
        self.token = _token(self.get("/login"))
        self.post("/login", login_id=login_id, password=panel.password(login_id))
        self.token = _token(self.get("/admin/item/new/"))

    def get(self, path: str) -> str:
        with self.opener.open(self.base + path, timeout=30) as answer:
            return str(answer.read().decode())

    def post(self, path: str, **form: str) -> str:
        """The address that the answer led to; an answer that is no success raises."""
        data = urllib.parse.urlencode({"csrf_token": self.token, **form}).encode()
        with self.opener.open(self.base + path, data=data, timeout=30) as answer:
            return str(answer.url)

    def saves(self, title: str) -> str | None:
        """Enter an item; its id once the panel has acknowledged it, None where it did not."""
        try:
            arrived = self.post("/admin/item/new/", title=title)
        except (OSError, urllib.error.URLError):
            return None
        found = re.search(r"/details/\?id=([0-9a-f]{24})$", arrived)
        return found[1] if found else None


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]
