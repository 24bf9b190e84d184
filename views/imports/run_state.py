"""What the pages of an import have in common: the key, the states in words, how far and how long."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import current_app, request

from imports.store.table import IMPORT, PHOTOGRAPHS
from models.data_classes import Words
from models.registry import NOUNS
from words import t, w

Document = dict[str, Any]

STATES: dict[str, Words] = {
    state.code: state.words for workflow in (PHOTOGRAPHS, IMPORT) for state in workflow.states
}
"""Every state's code → its words; where both have it, an import's."""


def key() -> bytes:
    """What sources are sealed with."""
    found: bytes = current_app.config["IMPORT_KEY"]
    return found


def uncompared(run: Document) -> list[str]:
    """What the signer could not compare: a line for each field, with its rows."""
    rows: dict[str, list[str]] = {}
    for row, names in run.get("signed", {}).get("uncompared", []):
        for each in names:
            rows.setdefault(each, []).append(str(row))
    found = []
    for each, those in rows.items():
        noun, _, name = each.partition(".")
        label, at = w(NOUNS[noun].fields[name].label), t("、", ", ").join(those)
        found.append(t(f"{label}: {at}行目", f"{label}: row {at}"))
    return found


def phase_of(run: Document) -> str:
    """Which fates a page tells of: the run's own where it has run, the trial's before, unless the address asks for one."""
    asked = request.args.get("phase", "")
    if asked in ("trial", "run"):
        return asked
    return "run" if "counts" in run or run["state"] in ("running", "stopped") else "trial"


def left(job: Document) -> Document:
    """Rows, rows a second, and seconds left of a job."""
    told = job.get("progress") or {}
    rows, total = int(told.get("rows", 0)), int(told.get("total", 0))
    begun: datetime = job.get("made_at") or datetime.now(UTC)
    at: datetime = told.get("at") or begun
    seconds = max(0.1, (at - begun).total_seconds())
    rate = rows / seconds
    return {
        "rows": rows,
        "total": max(rows, total),
        "rate": round(rate),
        "left": round((total - rows) / rate) if rate and total > rows else 0,
        "state": job.get("state", ""),
    }
