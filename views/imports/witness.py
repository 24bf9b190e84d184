"""The witness's page: the whole sample, each row of the file beside its record, and the signature under it (S3)."""

from __future__ import annotations

import re

from flask import render_template, request
from werkzeug.wrappers import Response

from gate.refusals import BadQuestion
from imports.run import sign_off
from imports.run.row_comparison import beside
from imports.store import runs
from models.data_classes import Words
from models.registry import NOUNS
from views.imports.acts import MEANWHILE
from views.imports.mapping_page import Given
from views.imports.pages import Document, pages, refused, to_page
from views.imports.run_state import key
from views.requests.current_actor import actor
from views.shared.purposes import offered_purposes
from words import t, w


@pages.get("/<run>/witness")
def witness(run: str) -> str | Response:
    """The rows of the sample at once."""
    found = runs.find(actor(), run)
    return _page(found, Given()) if found["state"] in sign_off.SIGN.from_ else to_page(found)


def _page(run: Document, given: Given, error: Words | None = None) -> str:
    sides = beside(actor(), run, "run", run["reconciled"]["sample"], key())
    sign_off.look_at(actor(), run, sides)
    return render_template(
        "imports/witness.html", run=run, id=str(run["_id"]), noun=NOUNS[run["noun"]], sides=sides, given=given,
        error=w(error) if error else "", may_sign=sign_off.may_sign(actor(), run), seen=given.getlist("seen"),
        purposes=offered_purposes(),
    )  # fmt: skip


@pages.post("/<run>/sign")
def sign(run: str) -> Response | tuple[str, int]:
    """The second person's sign-off, each row of the sample opened and marked."""
    found = runs.find(actor(), run)
    if found["state"] not in sign_off.SIGN.from_:
        return refused(found, MEANWHILE)
    seen = {int(each) for each in request.form.getlist("seen") if re.fullmatch(r"[0-9]{1,8}", each)}
    try:
        done = sign_off.sign(actor(), found, seen, request.form.get("remark", ""))
    except BadQuestion as error:
        return _page(found, request.form, error.words), 400
    if not done:
        return refused(found, MEANWHILE)
    return to_page(
        found, t("確認の署名をし、元データを消去しました。", "Signed off, and the source is erased.")
    )
