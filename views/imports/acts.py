"""What is done to an import: how its file is read, its mapping, trying, running, stopping, undoing, signing off."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Response as FlaskResponse
from flask import jsonify, request, url_for
from werkzeug.wrappers import Response

from gate.refusals import BadQuestion, Refused
from imports.formats.form import Form, SheetError
from imports.mapping import source
from imports.mapping.mapping import MappingError, mapping_of
from imports.mapping.year_bounds import widened
from imports.proposals.mapping_edits import with_order
from imports.run import donor_matching, opening, sign_off
from imports.run.running import prepared
from imports.store import runs
from imports.store.jobs import start
from imports.store.table import IMPORT, STOPS
from jobs import queue
from models.data_classes import Words
from models.registry import NOUNS
from policies.verdict import may
from views.imports.pages import pages, refused, to_page
from views.imports.run_state import STATES, key, left
from views.requests.current_actor import actor
from words import t, w

SAME_FILE = (
    "同じ中身のファイルが、すでに取り込まれています。それでも取り込むなら、印をつけてください。",
    "The same file has been imported already. Tick the box to import it again.",
)

Document = dict[str, Any]
MAP = IMPORT.act("map")
STOPPED: dict[str, Words] = {
    "uploaded": (
        "試しの取込を止めました。何も登録していません。",
        "The trial is stopped; nothing was stored.",
    ),
    "stopped": ("止めました。登録済みの分はそのままです。", "Stopped. What was imported stays."),
    "half_undone": (
        "取消を止めました。取り消した分はそのままで、続きから取り消せます。",
        "Undoing is stopped. What is undone stays undone; it can go on from where it stopped.",
    ),
}
"""State in which a stopped import stands → what is said of it."""
Answer = Response | tuple[str, int]
MEANWHILE = (
    "ほかの人が先に進めました。いまの状態です。",
    "Somebody else changed it meanwhile; this is its current state.",
)


@pages.post("/<run>/form")
def form(run: str) -> Answer:
    """Read the file another way than was detected."""
    found = runs.own(actor(), run)
    try:
        asked = Form(
            kind=found["form"]["kind"],
            encoding=request.form.get("encoding", ""),
            delimiter=request.form.get("delimiter", ""),
            sheet=request.form.get("sheet", ""),
            header_row=_whole("header_row"),
            header_rows=_whole("header_rows"),
        )
        if found["file"]["size"] > opening.LARGE:
            if not opening.read_again(actor(), run, asked):
                return refused(found, MEANWHILE)
            return to_page(found)
        look = source.look(key(), found["file"], asked)
    except SheetError as error:
        return refused(found, error.words)
    told = {"form": look.form.as_document(), "header": look.header, "failure": None}
    told |= opening.guessed_again(found, look)
    if not runs.advance(run, MAP, told, by=actor().user):
        return refused(found, MEANWHILE)
    return to_page(found)


def _whole(name: str) -> int:
    text = request.form.get(name, "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,2}", text) else 0


@pages.post("/<run>/act")
def act(run: str) -> Answer:
    """Try, run, stop, undo, erase the source, or say how dates are meant."""
    found = runs.own(actor(), run)
    asked = request.form.get("act", "")
    doing = {
        "trial": begin_trial,
        "run": _run,
        "stop": _stop,
        "undo": _undo,
        "erase": _erase,
        "order": _order,
        "propose": _propose,
        "widen": _widen,
    }.get(asked)
    if doing is None:
        raise BadQuestion(("画面のボタンから操作してください。", "Use the buttons on the page."))
    return doing(found)


def begin_trial(found: Document) -> Answer:
    if wrong := _impossible(found):
        return refused(found, wrong)
    return _begun(found, "try", {"failure": None})


def _begun(found: Document, act: str, told: Document) -> Answer:
    """An act that sets a job to work."""
    institution = found["institution"]
    if not start(str(found["_id"]), IMPORT.act(act), told, by=actor().user, institution=institution):
        return refused(found, MEANWHILE)
    return to_page(found)


def _run(found: Document) -> Answer:
    if wrong := _impossible(found):
        return refused(found, wrong)
    sure = request.form.get("sure") == "1"
    if found.get("trial", {}).get("causes") and not sure:
        said = ("指摘を確かめて、印をつけてください。", "Review the findings, and tick the box.")
        return refused(found, said)
    if found["state"] == "tried" and not sure and runs.of_same_file(found):
        return refused(found, SAME_FILE)
    # A run that was stopped or failed may go on only with what it had: the batches that are in were judged by it.
    return _begun(found, "run", {})


def _impossible(found: Document) -> Any:
    """Why it cannot even begin; None where it can.

    Raises:
        Refused: a right is missing.
    """
    try:
        read = mapping_of(found["mapping"]["text"])
        if misfit := read.misfit(found.get("header", [])):
            return misfit
        if unfilled := read.unfilled(updating=found["mode"] == "update"):
            ja, en = zip(*(each.label for each in unfilled), strict=True)
            return (
                f"必須の項目に入る列がありません: {'、'.join(ja)}",
                f"No column fills these required fields: {', '.join(en)}",
            )
        prepared(actor(), read, found["institution"], found["mode"])
        donor_matching.check(actor(), read, found["institution"])
    except (MappingError, SheetError) as error:
        return error.words
    return None


def _order(found: Document) -> Answer:
    """The order of a column's days, chosen by a person."""
    return _mapped(found, lambda text, field: with_order(text, field, request.form.get("order", "")))


def _widen(found: Document) -> Answer:
    """That 1 January as the end of a period means the whole year, agreed by a person."""
    return _mapped(found, widened)


def _mapped(found: Document, changed: Callable[[str, str], str]) -> Answer:
    """What a person said of a field's dates: it stands in the mapping, and the trial is to be repeated."""
    old = found["mapping"]
    try:
        text = changed(old["text"], request.form.get("field", ""))
    except MappingError as error:
        return refused(found, error.words)
    told = {"mapping": {**old, "version": 0, "text": text}, "failure": None}
    if not runs.advance(str(found["_id"]), MAP, told, by=actor().user):
        return refused(found, MEANWHILE)
    said = t(
        "日付の読み方を対応表に書きました。もう一度試してください。",
        "How dates are read stands in the mapping; please try again.",
    )
    return to_page(found, said)


def _propose(found: Document) -> Answer:
    """A new first mapping, by the headings and cells that the file has as it is read now."""
    try:
        look = opening.look_at(key(), found, source.SAMPLED)
    except SheetError as error:
        return refused(found, error.words)
    told = {"mapping": opening.guessed(NOUNS[found["noun"]], look), "failure": None}
    if not runs.advance(str(found["_id"]), MAP, told, by=actor().user):
        return refused(found, MEANWHILE)
    return to_page(found, t("見出しと値から提案し直しました。", "Proposed again from headings and values."))


def _stop(found: Document) -> Answer:
    id_, act = str(found["_id"]), STOPS.get(found["state"])
    # The import first: what would follow a run that has just ended is not to be stopped in its place.
    if act is None or not runs.advance(id_, act, {"failure": None}, by=actor().user):
        return refused(found, MEANWHILE)
    queue.ask_to_stop(id_)
    return to_page(found, w(STOPPED[act.to]))


def _undo(found: Document) -> Answer:
    for action in ("remove", "edit"):
        verdict = may(actor(), found["noun"], action, found["institution"])
        if not verdict:
            raise Refused(verdict)
    if request.form.get("sure") != "1":
        return refused(found, ("取り消すことを確かめて、印をつけてください。", "Tick the box to undo it."))
    return _begun(found, "undo", {})


def _erase(found: Document) -> Answer:
    if found["state"] not in sign_off.ERASE.from_:
        return refused(found, ("いまは消去できません。", "It cannot be erased now."))
    sign_off.erase(actor(), found)
    return to_page(found, t("元データを消去しました。", "The source is erased."))


@pages.get("/<run>/progress")
def progress(run: str) -> FlaskResponse:
    """How far the job in hand is, for the bar."""
    found = runs.find(actor(), run, only=("state",))
    job = queue.latest(run) or {}
    told = left(job) | {"import": found["state"], "words": w(STATES[found["state"]])}
    told["url"] = url_for("migration.show", run=run)
    return jsonify(told)
