"""The different cells behind something that was found in an import, with their counts."""

from __future__ import annotations

from flask import render_template

from gate import imports
from gate.refusals import BadQuestion, NotFound
from gate.sealed_source import Unopened
from migration.distinct import SHOWN, distinct_cells
from models.registry import NOUNS
from views.current_actor import actor
from views.migration.outcome import number_asked
from views.migration.pages import pages
from views.migration.problems import GONE
from views.migration.telling import key, phase_of


@pages.get("/<run>/values")
def values(run: str) -> str:
    """Which texts were not understood, say, and how often each stands there."""
    found = imports.find(actor(), run)
    cause = number_asked("cause")
    if cause is None:
        raise NotFound
    phase = phase_of(found)
    try:
        told = distinct_cells(actor(), found, phase, cause, key())
    except Unopened as error:
        raise BadQuestion(GONE) from error
    return render_template(
        "migration_values.html", run=found, id=run, told=told, noun=NOUNS[found["noun"]], phase=phase, shown=SHOWN,
    )  # fmt: skip
