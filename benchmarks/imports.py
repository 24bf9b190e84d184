"""An import as an operator runs it: `flask import items` of a legacy ledger, validated, searchable and in the ledger."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from engine.places import PROJECT
from tests.imports.legacy import MAPPING, ledger

ROWS = 70_000


def set_up(environ: Mapping[str, str]) -> None:
    """Institutions, roles and accounts, and no record: where a museum stands on the day of its migration."""
    none = [each for noun in ("items", "donors", "patrons", "books", "media") for each in (f"--{noun}", "0")]
    command = [sys.executable, "-m", "flask", "--app", "app", "seed", "demo", *none]
    subprocess.run(command, cwd=PROJECT, env=dict(environ), capture_output=True, check=True)  # noqa: S603 - our own


def measured(environ: Mapping[str, str], rows: int) -> tuple[int, float, int]:
    """Rows, seconds of the whole command, and the most memory that its process held, in bytes.

    Raises:
        RuntimeError: not every row went in.
    """
    # Its donor's number belongs to nobody here; every other column is read.
    plain = MAPPING.replace('acquisition_source = { donor = { number = "寄贈者番号" } }\n', "")
    with tempfile.TemporaryDirectory() as folder:
        file, mapping = Path(folder) / "ledger.csv", Path(folder) / "mapping.toml"
        file.write_bytes(ledger(rows, 0).raw)
        mapping.write_text(plain, encoding="utf-8")
        words = ["import", "items", str(file), "--mapping", str(mapping), "--institution", "soseki"]
        began = time.monotonic()
        command = [sys.executable, "-c", _MEASURED, *words]
        done = subprocess.run(  # noqa: S603 - our own command
            command, cwd=PROJECT, env=dict(environ), capture_output=True, text=True, check=False
        )
        seconds = time.monotonic() - began
    if done.returncode:
        raise RuntimeError(f"the import ended with {done.returncode}: {done.stderr[-500:]}")
    return rows, seconds, int(done.stdout.split()[-1]) * 1024


_MEASURED = """
import resource, sys
from flask.cli import FlaskGroup
from app import create_app
try:
    FlaskGroup(create_app=create_app).main(sys.argv[1:], standalone_mode=False)
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
