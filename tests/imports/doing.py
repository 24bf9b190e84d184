"""An import from file to fate, as a command or the worker does it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from accounts.console import console
from gate.writing.writing import create
from imports.mapping import source
from imports.mapping.mapping import Mapping, mapping_of
from imports.store import runs
from imports.validation.row_validation import Problem
from imports.work import Work
from models.registry import NOUNS
from policies.actor import Actor

KEY = b"a key for tests"
ITEM = NOUNS["item"]
PLAIN = (
    "noun = 'item'\n[fields]\naccession_number = 'no'\ntitle = 'title'\nmaker = 'maker'\nlocation = 'place'\n"
)
GIVEN = "noun = 'item'\n[fields]\naccession_number = 'no'\ntitle = 'title'\n" + (
    "acquisition_source = { donor = { name = 'donor', address = 'address' } }\n"
)
Document = dict[str, Any]


def file(folder: Path, text: str, name: str = "rows.csv") -> Path:
    """A file of that text."""
    path = folder / name
    path.write_text(text, encoding="utf-8-sig")
    return path


def made(**values: Any) -> str:
    """A new item of soseki."""
    return create(console("soseki"), ITEM, "soseki", {"title": "壺", **values})


def begun(
    path: Path, mapping: Mapping | str, house: str = "soseki", actor: Actor | None = None, **told: Any
) -> str:
    """A file kept and an import of it begun; its id."""
    read = mapping_of(mapping) if isinstance(mapping, str) else mapping

    def begin(kept: Document, look: source.Look) -> str:
        form = look.form.as_document()
        about = {"file": kept, "form": form, "mapping": {"text": read.text}, "mode": "create", **told}
        return runs.begin(actor or console(house), read.noun, house, about)

    with path.open("rb") as binary:
        return source.begun(KEY, binary, path.name, begin, by="console", institution=house, rows=1)


def done(
    run: str, kind: str = "run", by: str = "console", until: Callable[[Work], bool] | None = None
) -> Document:
    """The job done to its end, or until the test has enough; the import's document afterwards."""
    state = {"trial": "trying", "run": "running", "reconcile": "reconciling", "undo": "undoing"}[kind]
    assert runs.change(run, ["uploaded", "tried", "ran", "reconciled", "reconciling"], {}, state=state, by=by)
    work = Work(KEY)
    job = work.own(kind, run)
    while work.one(job) and work.busy:
        if until and until(work):
            break
    return known(run)


def known(run: str) -> Document:
    """The import's document."""
    found = runs.known(run)
    assert found is not None
    return found


def problems(run: str, phase: str = "run") -> list[Problem]:
    """Everything told of its rows."""
    return [
        Problem(row, column, tuple(batch["causes"][cause]), fatal, tuple(places))
        for batch in runs.batches(run, phase)
        for row, column, cause, fatal, places in batch["problems"]
    ]


def fates(run: str, phase: str = "run") -> dict[int, int]:
    """Row → fate."""
    return {
        row: fate
        for batch in runs.batches(run, phase)
        for row, fate in zip(batch["rows"], batch["fates"], strict=True)
    }
