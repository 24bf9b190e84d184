"""Photographs by file name: a zip in, matched to items by number and suffix or by a mapping file, in the background."""

from __future__ import annotations

from typing import Any, cast

from flask import Response as FlaskResponse
from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit.events import note
from gate.reading.names import names_of
from gate.refusals import BadQuestion
from gate.store.hourly_limits import spend
from imports.formats.form import SheetError
from imports.photographs import run as photograph_run
from imports.photographs.matching import said_in
from imports.photographs.run import GIVE_UP, GO_ON, KIND
from imports.store import runs, table
from jobs import queue
from models.registry import NOUNS
from policies.verdict import reach
from views.imports.acts import MEANWHILE
from views.imports.pages import pages
from views.imports.run_state import STATES, key, left
from views.requests.current_actor import actor
from views.requests.limits import PHOTOGRAPHS
from words import t, w

Document = dict[str, Any]
Answer = Response | tuple[str, int]
ACTS = ("stop", "go_on", "give_up")
SAID = STATES | {state.code: state.words for state in table.PHOTOGRAPHS.states}


@pages.get("/photographs/")
def photographs() -> str:
    """The form, and the zips that came before."""
    return _index()


def _index(error: str = "") -> str:
    who, media = actor(), NOUNS["media"]
    if not reach(who, media.name, "import"):
        runs.permit(who, media, who.institution)  # says why not
    found = runs.listed(who, [media])
    named = names_of(who, {each["made_by"] for each in found})
    return render_template(
        "imports/photographs.html", error=error, may=photograph_run.may_bring(who), largest=PHOTOGRAPHS // 1024**2,
        runs=[{**each, "id": str(each["_id"]), "who": named.get(each["made_by"], ""), "said": w(SAID[each["state"]])}
              for each in found],
    )  # fmt: skip


@pages.post("/photographs/")
def bring_photographs() -> Answer:
    """Keep a zip, and have its photographs brought to their items."""
    who = actor()
    photograph_run.permit(who)
    sent, told = request.files.get("file"), request.files.get("mapping")
    if sent is None or not sent.filename:
        return _index(t("zipを選んでください。", "Choose a zip.")), 400
    spend(who, "import", "media")
    try:
        said = said_in(cast("Any", told.stream)) if told is not None and told.filename else None
        password = request.form.get("password", "")
        run, digest = photograph_run.begun(
            who, key(), cast("Any", sent.stream), sent.filename, password, said
        )
    except SheetError as error:
        return _index(w(error.words)), 400
    note("import_uploaded", actor=who.user, institution=who.institution, noun="media",
         detail=f"import={run} sha256={digest[:32]}")  # fmt: skip
    photograph_run.go_on(who, run)
    return redirect(url_for("migration.photographs_of", run=run))


@pages.get("/photographs/<run>/")
def photographs_of(run: str) -> str:
    """How far a zip is, and what of it did not come."""
    return _page(runs.find(actor(), run, KIND))


def _page(run: Document, error: str = "") -> str:
    who = actor()
    failure = w(run["failure"]) if run["state"] == "failed" and run.get("failure") else ""
    return render_template(
        "imports/photographs_of.html", run=run, id=str(run["_id"]), state=w(SAID[run["state"]]), error=error or failure,
        progress=left(queue.latest(str(run["_id"])) or {}), working=run["state"] == "attaching",
        there=run["done"] - run["came"] - run["wrong"], may=who.scope_of(run["institution"]) == "own" and photograph_run.may_bring(who),
        acts={act.name: act for act in table.PHOTOGRAPHS.acts}, goes_on=run["state"] in GO_ON.from_,
        ends=run["state"] in GIVE_UP.from_ and not run.get("erased_at"),
        problems=[(name, w((ja, en))) for name, ja, en in run["problems"]],
        hints=[(name, w((ja, en))) for name, ja, en in run.get("hints", [])],
    )  # fmt: skip


@pages.post("/photographs/<run>/act")
def photographs_act(run: str) -> Answer:
    """Stop, go on, or give it up and erase the zip."""
    found = runs.own(actor(), run, KIND)
    photograph_run.permit(actor())
    asked = request.form.get("act", "")
    if asked not in ACTS:
        raise BadQuestion(("画面のボタンから操作してください。", "Use the buttons on the page."))
    if not _done(asked, found):
        return _page(runs.find(actor(), run, KIND), w(MEANWHILE)), 400
    return redirect(url_for("migration.photographs_of", run=run))


def _done(asked: str, found: Document) -> bool:
    """Whether it could be done as the import stands."""
    run = str(found["_id"])
    if asked == "stop":
        return photograph_run.stop(actor(), run)
    if asked == "go_on":
        return photograph_run.go_on(actor(), run)
    if not photograph_run.give_up(actor(), found):
        return False
    flash(
        t("zipを消去しました。付いた写真はそのままです。", "The zip is erased; what came stays."), "success"
    )
    return True


@pages.get("/photographs/<run>/progress")
def photographs_progress(run: str) -> FlaskResponse:
    """How far it is, for the bar."""
    found = runs.find(actor(), run, KIND, only=("state",))
    told = left(queue.latest(run) or {}) | {"import": found["state"], "words": w(SAID[found["state"]])}
    told["url"] = url_for("migration.photographs_of", run=run)
    return jsonify(told)
