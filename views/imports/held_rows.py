"""Rows that a run held back: a person says of each, or of all of a cause, what is to become of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from audit.events import note
from gate.reading.references import label
from gate.refusals import Refused
from imports.run.decisions import (
    CHOICES,
    DECIDE,
    DONOR,
    REFUSE,
    TOLD_BY,
    UPDATE,
    allowed,
    held,
    record_decisions,
)
from imports.run.donor_matching import NEW
from imports.run.row_comparison import mapping_or_none
from imports.run.shown_source import held_cells
from imports.store import runs
from models.data_classes import Words
from models.registry import NOUNS
from policies.verdict import may
from views.imports.acts import MEANWHILE
from views.imports.pages import pages, to_page
from views.imports.run_state import key
from views.requests.current_actor import actor
from words import t, w

Document = dict[str, Any]
Given = MultiDict[str, str]
PAGE = 50
SAID: dict[str, Words] = {
    NEW: ("新しい寄贈者として登録する", "Make a new donor of them"),
    UPDATE: ("いまの記録を、この行で更新する", "Update the record by this row"),
    REFUSE: ("登録しない", "Leave the row out"),
}
"""Choice → what it does."""
LONGEST_REASON = 300


@pages.get("/<run>/held")
def held_rows(run: str) -> str:
    """The rows that wait, by cause, with what can be decided of each."""
    return _page(runs.find(actor(), run), Given())


def _page(run: Document, given: Given, error: str = "") -> str:
    after = request.args.get("after", "")
    start = int(after) if after.isdecimal() and len(after) < 9 else 0
    counts = dict.fromkeys(CHOICES, 0)
    rows: list[Document] = []
    for batch in runs.batches(str(run["_id"]), "run", only=TOLD_BY):
        waits = held(batch)
        for row, cause in sorted(waits.items()):
            counts[cause] += 1
            if row > start and len(rows) <= PAGE:
                rows.append({"row": row, "cause": cause, "batch": batch["no"]})
    mine = actor().scope_of(run["institution"]) == "own" and run["state"] in DECIDE.from_
    more = rows[PAGE - 1]["row"] if len(rows) > PAGE else None
    return render_template(
        "imports/held.html", run=run, id=str(run["_id"]), noun=NOUNS[run["noun"]], error=error, given=given,
        rows=_shown(run, rows[:PAGE]), more=more, after=start, may_decide=mine, longest=LONGEST_REASON,
        groups=[
            {"at": at, "cause": w(cause), "count": counts[cause], "choices": _choices(CHOICES[cause])}
            for at, cause in enumerate(CHOICES) if counts[cause]
        ],
    )  # fmt: skip


def _choices(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(code, w(SAID[code])) for code in codes]


def _shown(run: Document, rows: list[Document]) -> list[Document]:
    """Of each row its number and what it says of a donor, as far as this reader may see it; disclosed first."""
    mapping = mapping_or_none(run)
    if mapping is None or not rows:
        return []
    asked = [(each["row"], each["cause"], each["batch"]) for each in rows]
    waiting = held_cells(actor(), run, mapping, asked, key())
    labels = label(actor(), NOUNS["donor"], {id_ for each in waiting for id_ in each.donors})
    return [
        {
            "row": each.row,
            "cause": w(each.cause),
            "cells": [(column, cell) for column, cell in each.cells.items() if cell is None or cell],
            "choices": [
                *(_same_as(id_, labels[str(id_)].label) for id_ in each.donors),
                *_choices(CHOICES[each.cause]),
            ],
        }
        for each in waiting
    ]


def _same_as(donor: Any, name: str) -> tuple[str, str]:
    return f"{DONOR}{donor}", t(f"{name} と同じ人", f"The same as {name}")


@pages.post("/<run>/held")
def decide(run: str) -> Response | tuple[str, int]:
    """Write down what was decided, and have it done."""
    found = runs.own(actor(), run)
    for action in ("create", "edit"):
        verdict = may(actor(), found["noun"], action, found["institution"])
        if not verdict:
            raise Refused(verdict)
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    decided = {batch["no"]: _decided(batch, reason) for batch in runs.batches(run, "run", only=TOLD_BY)}
    every = [each for those in decided.values() for each in those.values()]
    if not every:
        return _again(found, ("判断を選んでください。", "Choose what to do with them."))
    if not reason and any(each["as"] == REFUSE for each in every):
        return _again(found, ("登録しない理由を書いてください。", "Say why they are left out."))
    try:
        taken = record_decisions(actor(), found, mapping_or_none(found), decided, key())
    except Refused as refusal:
        return _again(found, refusal.verdict.reason)
    if not taken:
        return _again(found, MEANWHILE)
    note("import_held_decided", actor=actor().user, institution=found["institution"], noun=found["noun"],
         detail=f"import={run} rows={len(every)}")  # fmt: skip
    return to_page(
        found, t(f"{len(every):,}行の判断を受け付けました。", f"{len(every):,} decisions are recorded.")
    )


def _again(run: Document, words: Words) -> tuple[str, int]:
    return _page(run, request.form, w(words)), 400


def _decided(batch: Document, reason: str) -> dict[int, Document]:
    """Row → decision: its own choice, else that for all of its cause."""
    found = {}
    for row, cause in held(batch).items():
        whole = request.form.get(f"all.{list(CHOICES).index(cause)}", "")
        choice = request.form.get(f"row.{row}", "") or whole
        if choice and allowed(cause, choice):
            found[row] = {"as": choice, "by": actor().user, "at": datetime.now(UTC)}
            if choice == REFUSE:
                found[row]["reason"] = reason
    return found
