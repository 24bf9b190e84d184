"""A store whose disk runs full: the page says so, readiness says so, and with room again it goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from engine.places import PROJECT
from operations.disk import FULL
from tests.small_disk import INSIDE


def test_a_full_disk_is_called_one_and_is_got_over(tmp_path: Path) -> None:
    order = (
        f"mount -t tmpfs -o size=300m,mode=700 none '{tmp_path}' && "
        f"exec '{sys.executable}' -m tests.operations.full_disk '{tmp_path / 'var'}'"
    )
    kept = {name: value for name, value in os.environ.items() if name != "MONGODB_URI"}
    done = subprocess.run(
        [*INSIDE, "sh", "-c", order], cwd=PROJECT, env=kept, capture_output=True, text=True, check=False, timeout=300
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    before, full, *told, after = done.stdout.splitlines()
    assert full == "507 The disk is full"
    # The store may take no more, or have ended.
    assert any(each.partition(": ")[2] == FULL[1] for each in told), told
    assert any(each.startswith("disk: ") and "is full (" in each for each in told)
    assert before == after != full
