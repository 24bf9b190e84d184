"""The panel under gunicorn with two processes, seeded by its own command, and a real Chromium."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from pymongo import MongoClient

from engine.places import PROJECT
from tests.browser.people import Served, Street
from tests.serving import beside, environment, serving

SIZES = ("--items", "120", "--donors", "12", "--patrons", "6", "--books", "6", "--media", "4")


@pytest.fixture(scope="package")
def served(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The panel, served as `make run` serves it, on a free port and a database of its own."""
    uri, name = beside(database_uri, "browser")
    var = tmp_path_factory.mktemp("served")
    environ = environment(uri, var)
    flask = [sys.executable, "-m", "flask", "--app", "app"]
    seeded = subprocess.run(
        [*flask, "seed", "demo", *SIZES],
        cwd=PROJECT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert seeded.returncode == 0, seeded.stdout + seeded.stderr
    log = var / "access.log"
    told = ("--access-logfile", str(log), "--access-logformat", "%(p)s %(U)s %(s)s")
    with serving({**environ, "WEB_CONCURRENCY": "2"}, *told) as web:
        yield Served(f"http://127.0.0.1:{web.port}", _passwords(var), log)
    with MongoClient[dict[str, object]](uri) as client:
        client.drop_database(name)


def _passwords(var: Path) -> dict[str, str]:
    with (var / "demo-accounts.csv").open(encoding="utf-8", newline="") as file:
        return {row["login_id"]: row["password"] for row in csv.DictReader(file)}


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A real Chromium, told to keep to itself."""
    found = shutil.which("chromium")
    assert found, "chromium is missing: apt-get install chromium"
    expect.set_options(timeout=10_000)  # a machine with other work is slow, and not wrong
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def _all(served: Served, chromium: Browser) -> Street:
    return Street(served, chromium)


@pytest.fixture
def street(_all: Street) -> Iterator[Street]:
    """Windows for this test's people; whatever a page asked of another host or complained of fails the test."""
    _all.faults.clear()
    yield _all
    for context in _all.browser.contexts:
        context.close()
    assert _all.faults == []
