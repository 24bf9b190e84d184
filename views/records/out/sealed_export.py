"""Asking what an export is for, and sealing one that holds personal data: a passphrase, and an entry in the register."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask import Response, render_template, request, stream_with_context, url_for

from accounts.sign_in.passwords import words_about
from documents.cells import Cell
from documents.encrypted_zip import encrypted_zip
from documents.tables import About, csv_lines, write_workbook
from gate.store.clock import today
from models.data_classes import Words
from models.declaration import Noun
from models.vocabularies import terms
from policies.passphrases import SHORTEST, wrong_passphrase
from views.requests.current_actor import actor
from views.shared.leaving import attached
from views.shared.purposes import offered_purposes
from words import w
from workflows.data_release.releases import Taking, takes_out

CHOOSE: Words = ("一覧から選んでください。", "Choose from the list.")
XLSX_AT_MOST = 20_000
"""Rows of a sealed workbook: it is made in memory, so that nothing of it lies on a disk."""
ASKED = ("purpose", "personal", "sizes", "takeout_medium", "destination", "due_on")


def asked_of_export(errors: dict[str, Words]) -> dict[str, Any]:
    """What every page of an export asks, by its name in the template; what was typed stays, the passphrase does not."""
    return {
        "errors": {name: w(words) for name, words in errors.items()},
        "given": {name: request.form.get(name, "") for name in ASKED},
        "purposes": offered_purposes(),
        "mediums": [(code, w(words)) for code, words in terms("takeout_medium").items() if code != "paper"],
        "shortest": SHORTEST,
        "earliest": today(),
    }


def export_form(
    noun: Noun, errors: dict[str, Words], *, columns: str, scope: list[str], in_full: list[str], sizes: bool
) -> str:
    """The page of an export.

    Args:
        noun: what is exported.
        errors: what is wrong with what was sent.
        columns: which are proposed, `all` or `list`.
        scope: how much of the list leaves, masked; `in_full`: the same where personal data goes along.
        sizes: whether there are sizes, which can have columns of their own.
    """
    args: dict[str, Any] = request.args.to_dict()
    return render_template(
        "records/export.html",
        noun=noun,
        **asked_of_export(errors),
        columns=request.form.get("columns", columns),
        personal=takes_out(actor(), noun),
        scope=scope,
        in_full=in_full if in_full != scope else [],
        sizes=sizes,
        csv_url=url_for(f"{noun.name}.export_csv", **args),
        xlsx_url=url_for(f"{noun.name}.export_xlsx", **args),
        back_url=url_for(f"{noun.name}.index_view", **args),
    )


def wrong_in_takeout() -> dict[str, Words]:
    """What is wrong with the passphrase that was sent; it is read here and kept nowhere."""
    wrong = wrong_passphrase(
        request.form.get("passphrase", ""),
        request.form.get("again", ""),
        actor().login_id,
        words_about(actor().user),
    )
    return {"passphrase": wrong} if wrong else {}


def asked_takeout() -> Taking:
    """What was said of the takeout, for the register."""
    form = request.form
    return Taking(
        form.get("purpose", ""), form.get("takeout_medium", ""), form.get("destination", ""), form.get("due_on", "")
    )  # fmt: skip


def sealed_answer(
    name: str, form: str, heads: list[str], rows: Iterable[Sequence[Cell]], about: About | None = None
) -> Response:
    """The encrypted file as it is made, by that name; nothing of it lies on a disk."""
    parts: Iterator[bytes]
    if form == "csv":
        parts = (text.encode() for text in csv_lines(heads, rows))
    else:
        parts = _workbook(name, heads, rows, about)
    stream = stream_with_context(encrypted_zip(f"{name}.{form}", parts, request.form.get("passphrase", "")))
    return attached(stream, "application/zip", f"{name}.zip")


def _workbook(
    name: str, heads: list[str], rows: Iterable[Sequence[Cell]], about: About | None
) -> Iterator[bytes]:
    file = io.BytesIO()
    write_workbook(file, name, heads, rows, constant_memory=False, about=about)
    yield file.getvalue()
