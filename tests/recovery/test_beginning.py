"""`make run` on an empty store without the demonstration, and on a machine whose keys are gone."""

from __future__ import annotations

import http.cookiejar
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.places import PROJECT
from settings import keys
from tests.recovery.panel import Panel


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[Panel]:
    made = Panel.on_a_free_port(tmp_path / "var")
    yield made
    made.stop()


def test_production_begins_at_the_address_that_the_start_prints(panel: Panel) -> None:
    panel.told["SHUZOKO_DEMO"] = "0"
    said = panel.run()
    assert not (panel.var / "demo-accounts.csv").exists()
    address = re.search(r"first set-up \(good for 24 hours\): (\S+/setup/([a-z2-9-]{29}))", said)
    assert address, said
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    page = browser.open(address[1], timeout=30).read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    form = {
        "csrf_token": token[1], "token": address[2], "kind": "library", "code": "mihon", "name": "見本図書館",
        "login_id": "kanri", "display_name": "見本 花子",
    }  # fmt: skip
    sent = urllib.parse.urlencode(form).encode()
    done = browser.open(f"http://127.0.0.1:{panel.port}/setup/", data=sent, timeout=60).read().decode()
    assert f"http://127.0.0.1:{panel.port}/reset/" in done
    assert panel.stop() == 0

    panel.told.clear()  # what is set up stays as it is: no demonstration, and no such page again
    again = panel.run()
    assert "/setup/" not in again
    assert not (panel.var / "demo-accounts.csv").exists()
    assert panel.stop() == 0

    lost = keys.place(panel.var) / "pepper"
    lost.unlink()
    refused = subprocess.run(
        [sys.executable, "-m", "engine.supervise"], cwd=PROJECT, env=panel.environ, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
    assert refused.returncode == 1
    assert f"The keys in {keys.place(panel.var)} are not those of this store" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "Shuzoko is running" not in refused.stderr
    assert not lost.exists()
