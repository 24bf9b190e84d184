"""/settings/vocabularies/NAME/file: terms from a CSV or XLSX, with what would come of each row shown first."""

from __future__ import annotations

import json
from typing import Any, cast

from flask import flash, redirect, render_template, request, url_for

from gate.refusals import BadQuestion, Refused
from imports.formats.form import SheetError
from imports.formats.sheet import opened_in
from models.registry import NOUNS
from models.vocabularies import VOCABULARIES
from policies.verdict import may
from views.requests.current_actor import actor
from views.settings.vocabularies import Answer, institution_asked, pages, vocabulary_named
from vocabularies.from_file import AT_MOST, KNOWN, NEW, RENAMED, WRONG, Line, columns_in, looked_at, store
from words import t, w

TERM = NOUNS["term"]
BECOMES = {
    NEW: ("加える", "New"),
    KNOWN: ("すでにある", "There already"),
    RENAMED: ("呼び方を変える", "Renamed"),
    WRONG: ("取り込めない", "Not taken"),
}


@pages.get("/<name>/file")
def choose(name: str) -> str:
    """Choose a file."""
    return _page(name, [], "")


@pages.post("/<name>/file")
def take(name: str) -> Answer:
    """Look at a file, or store what was looked at."""
    vocabulary_named(name)
    chosen = _permitted()
    if "rows" in request.form:
        done = list(store(actor(), name, chosen, _sent(request.form["rows"])))
        wrong = [each for each in done if each.becomes == WRONG]
        made, renamed = (sum(each.becomes == one for each in done) for one in (NEW, RENAMED))
        flash(
            t(
                f"{made}語を加え、{renamed}語の呼び方を変えました。",
                f"{made} terms added, {renamed} renamed.",
            ),
            "success",
        )
        if wrong:
            return _page(name, wrong, "", stored=True), 400
        return redirect(url_for(".show", name=name, institution=chosen))
    try:
        return _page(name, looked_at(actor(), name, chosen, _read()), "")
    except SheetError as error:
        return _page(name, [], w(error.words)), 400


def _permitted() -> str:
    chosen = institution_asked()
    if not (verdict := may(actor(), TERM.name, "create", chosen)):
        raise Refused(verdict)
    return chosen


def _read() -> list[Line]:
    """The rows of the file that was sent.

    Raises:
        SheetError: it is no table of terms.
    """
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise SheetError("ファイルを選んでください。", "Choose a file.")
    with opened_in(cast("Any", sent.stream)) as sheet:
        columns = columns_in(sheet.header)
        if lacking := {"label", "label_en"} - set(columns):
            said = {"label": ("日本語", "Japanese"), "label_en": ("英語", "English")}
            raise SheetError(
                f"見出しに「{'」「'.join(said[each][0] for each in sorted(lacking))}」の列がありません。",
                f"The header lacks the column “{'”, “'.join(said[each][1] for each in sorted(lacking))}”.",
            )
        found: list[Line] = []
        for row in sheet.rows():
            if len(found) >= AT_MOST:
                raise SheetError(
                    f"一度に取り込めるのは{AT_MOST}行までです。分けてください。",
                    f"At most {AT_MOST} rows at once; divide the file.",
                )
            cells = {each: row.cells.get(column, "").strip()[:200] for each, column in columns.items()}
            found.append(Line(row.number, cells["label"], cells["label_en"], cells.get("code", "")))
    return found


def _sent(text: str) -> list[Line]:
    """The rows as the preview sends them back.

    Raises:
        BadQuestion: they are not what a preview sends.
    """
    try:
        return [
            Line(int(number), str(ja)[:200], str(en)[:200], str(code)[:80])
            for number, ja, en, code in json.loads(text)[:AT_MOST]
        ]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadQuestion(("ファイルを選び直してください。", "Choose the file again.")) from error


def _page(name: str, lines: list[Line], error: str, *, stored: bool = False) -> str:
    vocabulary_named(name)
    chosen = _permitted()
    rows = [
        [each.number, each.label, each.label_en, each.code]
        for each in lines
        if each.becomes in (NEW, RENAMED)
    ]
    return render_template(
        "settings/file.html",
        name=name,
        known=VOCABULARIES[name],
        institution=chosen,
        lines=[(each, w(BECOMES[each.becomes]), w(each.why)) for each in lines],
        rows=json.dumps(rows, ensure_ascii=False) if rows and not stored else "",
        count=len(rows),
        error=error,
        stored=stored,
    )
