"""The imports, the upload of a file, and the page of one import as far as it has come."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit.events import note
from gate.reading.names import names_of
from gate.refusals import BadQuestion
from gate.store.hourly_limits import spend
from imports.formats.form import SheetError
from imports.mapping import source
from imports.mapping.mapping import IMPORTABLE
from imports.mapping.source import Look
from imports.run import opening
from imports.run.decisions import waiting
from imports.run.distinct_cells import first_values
from imports.run.outcomes import OUTCOMES
from imports.run.reconciliation import agrees
from imports.run.row_comparison import mapping_or_none
from imports.run.sign_off import has_witness, may_sign
from imports.store import runs
from imports.store.file_names import as_seen
from imports.store.table import IMPORT, JOBS, OPEN, STOPS, state_in
from jobs import queue
from models.declaration import Noun
from models.registry import NOUNS
from policies.verdict import may, reach
from views.imports.mapping_page import Given, mapping_parts
from views.imports.run_state import STATES, key, left, phase_of, uncompared
from views.requests.current_actor import actor
from words import t, w

pages = Blueprint("migration", __name__, url_prefix="/migration")
Document = dict[str, Any]
WORKING = frozenset(map(state_in, JOBS)) | {"ran"}
"""States that end by themselves: what ran is reconciled at once, and a page opened in between goes on asking."""
ASKS_FOR_WITNESS = ("tried", "reconciled")
"""States whose page says so where nobody could sign."""


def nouns() -> list[Noun]:
    """The nouns that this person may import into the own institution."""
    who = actor()
    return [
        NOUNS[each]
        for each in IMPORTABLE
        if may(who, each, "import", who.institution) and may(who, each, "create", who.institution)
    ]


@pages.get("/")
def index() -> str:
    """The imports within reach, the newest first, and the form for another."""
    return _index()


def _index(error: str = "") -> str:
    who = actor()
    known = [NOUNS[each] for each in IMPORTABLE if reach(who, each, "import")]
    found = runs.listed(who, known) if known else []
    if not known:
        runs.permit(who, NOUNS["item"], who.institution)  # says why not
    named = names_of(who, {each["made_by"] for each in found})
    return render_template(
        "imports/index.html",
        runs=[
            {
                "url": url_for("migration.show", run=str(each["_id"])),
                "at": each["made_at"],
                "file": each["file"]["name"],
                "noun": w(NOUNS[each["noun"]].label),
                "who": named.get(each["made_by"], each["made_by"]),
                "state": w(STATES[each["state"]]),
                "rows": (each.get("counts") or each.get("trial") or {}).get("rows", ""),
            }
            for each in found
        ],
        nouns=[(each.name, w(each.label)) for each in nouns()],
        mappings=[
            (str(each["_id"]), f"{each['name']} ({each['version']})") for noun in nouns() for each in runs.mappings(who, noun)
        ],
        error=error, given=request.form, photographs=bool(reach(who, "media", "import")),
    )  # fmt: skip


@pages.post("/")
def upload() -> Response | tuple[str, int]:
    """Keep a file and begin an import of it, with a proposed mapping or one that was stored."""
    who = actor()
    noun = next((each for each in nouns() if each.name == request.form.get("noun", "")), None)
    if noun is None:
        runs.permit(who, NOUNS["item"], who.institution, "create")
        raise BadQuestion(
            ("何の記録か、一覧から選んでください。", "Choose the kind of record from the list.")
        )
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _index(t("ファイルを選んでください。", "Choose a file.")), 400
    runs.permit(who, noun, who.institution)
    spend(who, "import", noun.name)
    stream, password = cast("Any", sent.stream), request.form.get("password", "")
    try:
        if opening.is_large(stream):
            stored = request.form.get("mapping", "")
            run, digest = opening.post(
                who, key(), stream, sent.filename, noun, password=password, stored=stored
            )
            _noted(noun, run, digest)
        else:
            run = source.begun(
                key(), stream, sent.filename, partial(_begin, noun),
                by=who.user, institution=who.institution, password=password,
            )  # fmt: skip
    except SheetError as error:
        return _index(w(error.words)), 400
    return redirect(url_for("migration.show", run=run))


def _begin(noun: Noun, kept: Document, look: Look) -> str:
    who = actor()
    told = {"file": kept, **opening.first_of(who, noun, look, request.form.get("mapping", ""))}
    run = runs.begin(who, noun, who.institution, told)
    _noted(noun, run, kept["sha256"])
    return run


def _noted(noun: Noun, run: str, digest: str) -> None:
    who = actor()
    note("import_uploaded", actor=who.user, institution=who.institution, noun=noun.name,
         detail=f"import={run} sha256={digest[:32]}")  # fmt: skip


@pages.get("/<run>/")
def show(run: str) -> str:
    """One import as far as it has come."""
    return page(runs.find(actor(), run))


def page(run: Document, error: str = "", given: Given | None = None) -> str:
    """The page of an import; `error` is what was wrong with the act just asked for, `given` the form that asked for it."""
    who = actor()
    noun = NOUNS[run["noun"]]
    mapping = mapping_or_none(run)
    job = queue.latest(str(run["_id"])) or {}
    look = _look(run) if run["state"] in OPEN else None
    people = names_of(who, {each["by"] for each in run["history"] if each["by"]})
    sent = given if given is not None else Given()
    return render_template(
        "imports/run.html",
        run=run, id=str(run["_id"]), noun=noun, error=error or _failure(run), state=w(STATES[run["state"]]),
        named={} if run.get("erased_at") or run["state"] in WORKING else first_values(who, run, phase_of(run), key()),
        given=sent, fates=[w(each) for each in OUTCOMES],
        working=run["state"] in WORKING, stops=STOPS,
        progress=left(job), job=job,
        agrees=agrees(run["reconciled"], run["counts"]) if "reconciled" in run else False,
        fields=_sums(noun, run), may_sign=may_sign(who, run), uncompared=uncompared(run),
        witnesses=run["state"] not in ASKS_FOR_WITNESS or has_witness(run, who.user),
        may_run=who.scope_of(run["institution"]) == "own"
        and any(may(who, noun.name, each, run["institution"]) for each in ("create", "edit")),
        may_export=bool(may(who, noun.name, "export", run["institution"])),
        people={each: people.get(each, each) for each in {*people, *(h["by"] for h in run["history"])}},
        states={code: w(words) for code, words in STATES.items()}, open=run["state"] in OPEN,
        waiting=waiting(run) if run["state"] == "reconciled" and not run.get("erased_at") else 0,
        same=_same(run) if run["state"] in OPEN else [], acts={act.name: act for act in IMPORT.acts}, **mapping_parts(run, noun, mapping, look, sent),
    )  # fmt: skip


def _same(run: Document) -> list[Document]:
    """The imports of the same file, each as the page names it."""
    return [
        {
            "url": url_for("migration.show", run=str(each["_id"])),
            "file": as_seen(actor(), each)["file"]["name"],
            "at": each["made_at"],
            "state": w(STATES[each["state"]]),
        }
        for each in runs.of_same_file(run)
    ]


def _failure(run: Document) -> str:
    """Why the last job of it could not go on. A trial falls back to the mapping."""
    failed = run["state"] in ("failed", "half_undone", "unread", "uploaded")
    return w(run["failure"]) if failed and run.get("failure") else ""


def _look(run: Document) -> Look | Any:
    """The file's head, or why it cannot be read as it is told to be."""
    try:
        return opening.look_at(key(), run, source.SAMPLED)
    except SheetError as error:
        return error.words


def _sums(noun: Noun, run: Document) -> list[Document]:
    return [
        {
            "label": w(noun.fields[name].label),
            "expected": expected,
            "stored": stored,
            "same": one == other,
            "sum": one,
        }
        for name, expected, stored, one, other in run.get("reconciled", {}).get("fields", [])
        if name in noun.fields
    ]


def refused(run: Document, words: Any) -> tuple[str, int]:
    """The page again, with what was wrong and all that was typed."""
    return page(run, w(words), request.form), 400


def to_page(run: Document, said: str = "") -> Response:
    """Back to the import's page, perhaps with a word."""
    if said:
        flash(said, "success")
    return redirect(url_for("migration.show", run=str(run["_id"])))
