"""`flask …` as an operator runs it: a process of its own, on a store with the small demo."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from tests.serving import beside

PROJECT = Path(__file__).resolve().parents[2]
FLASK = str(Path(sys.executable).parent / "flask")


@dataclass(frozen=True)
class Site:
    """A deployment: its database, its var, and its command line."""

    database: Database[dict[str, object]]
    uri: str
    var: Path

    def environ(self, **more: str) -> dict[str, str]:
        """What its processes see."""
        settings = {"MONGODB_URI": self.uri, "SHUZOKO_VAR": str(self.var), "LC_ALL": "C.UTF-8"}
        return {**os.environ, **settings, **more}

    def flask(self, *words: str, typed: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [FLASK, *words], cwd=PROJECT, env=self.environ(**environ), input=typed, capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip

    def passwords(self) -> dict[str, str]:
        """Login id → password, of the file."""
        with (self.var / "demo-accounts.csv").open(encoding="utf-8", newline="") as file:
            return {row["login_id"]: row["password"] for row in csv.DictReader(file)}


@pytest.fixture(scope="package")
def site(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A store of its own, filled by `flask seed --if-empty`."""
    uri, _ = beside(database_uri, "commands")
    with MongoClient[dict[str, object]](uri, tz_aware=True) as client:
        site = Site(client.get_default_database(), uri, tmp_path_factory.mktemp("site"))
        done = site.flask("seed", "--if-empty", SHUZOKO_DEMO="1")
        assert done.returncode == 0, done.stderr
        yield site
        client.drop_database(site.database.name)
