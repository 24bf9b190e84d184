"""The different cells behind something that was found in an import, with their counts."""

from __future__ import annotations

from flask import render_template

from gate.refusals import BadQuestion, NotFound
from imports.run.distinct_cells import SHOWN, distinct_cells
from imports.store import runs
from imports.store.sealed_source import Unopened
from models.registry import NOUNS
from views.imports.outcome import number_asked
from views.imports.pages import pages
from views.imports.problems import GONE
from views.imports.run_state import key, phase_of
from views.requests.current_actor import actor


@pages.get("/<run>/values")
def values(run: str) -> str:
    """Which texts were not understood, say, and how often each stands there."""
    found = runs.find(actor(), run)
    cause = number_asked("cause")
    if cause is None:
        raise NotFound
    phase = phase_of(found)
    try:
        told = distinct_cells(actor(), found, phase, cause, key())
    except Unopened as error:
        raise BadQuestion(GONE) from error
    return render_template(
        "imports/values.html", run=found, id=run, told=told, noun=NOUNS[found["noun"]], phase=phase, shown=SHOWN,
    )  # fmt: skip
