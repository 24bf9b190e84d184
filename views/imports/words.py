"""The words of a file for one vocabulary: all of them, with their counts, to be decided one by one or at once."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from gate.refusals import NotFound
from imports.formats.form import SheetError
from imports.mapping import source
from imports.mapping.mapping import MappingError
from imports.proposals.file_words import Word, shown_words, vocabularies, words_of_file
from imports.proposals.mapping_edits import with_words
from imports.run import opening
from imports.run.row_comparison import mapping_or_none
from imports.store import runs
from imports.store.table import OPEN
from japanese.keys import search_key
from models.registry import NOUNS
from models.vocabularies import offered
from views.imports.acts import MAP, MEANWHILE
from views.imports.pages import pages
from views.imports.run_state import key
from views.requests.current_actor import actor
from words import t, w

Document = dict[str, Any]
AT_ONCE = 100
"""Words of one page."""


@pages.get("/<run>/words/<field>")
def words(run: str, field: str) -> str:
    """The words, those that nobody has decided first."""
    return _page(runs.own(actor(), run), field)


@pages.post("/<run>/words/<field>")
def decide_words(run: str, field: str) -> Response | tuple[str, int] | str:
    """Look for words, keep what was decided of those on the page, or decide all that are open at once."""
    found = runs.own(actor(), run)
    asked = request.form.get("then", "")
    if asked == "search":
        return _page(found, field)
    told = dict(zip(request.form.getlist("word"), request.form.getlist("term"), strict=False))
    if asked == "all":
        told = {
            each.said: request.form.get("every", "")
            for each in _matching(_words(found, field))
            if not each.code
        }
    try:
        text = with_words(found["mapping"]["text"], field, told)
    except MappingError as error:
        return _page(found, field, w(error.words)), 400
    mapping = {key: value for key, value in found["mapping"].items() if key != "guessed"}
    changed = {"mapping": {**mapping, "version": 0, "text": text}, "failure": None}
    if not runs.advance(run, MAP, changed, by=actor().user):
        return _page(found, field, w(MEANWHILE)), 400
    if asked == "back":
        return redirect(url_for("migration.show", run=run))
    return _page(runs.own(actor(), run), field, said=t("言葉の対応を保存しました。", "The words are saved."))


def _words(run: Document, field: str) -> list[Word]:
    mapping = mapping_or_none(run)
    if mapping is None or field not in vocabularies(mapping) or run["state"] not in OPEN:
        raise NotFound
    try:
        rows = opening.look_at(key(), run, source.SAMPLED).rows
    except SheetError:
        rows = []
    found = shown_words(actor(), run, field, words_of_file(run, key(), mapping, rows).words(field))
    if found is None:
        abort(403)
    return sorted(found, key=lambda each: bool(each.code))


def _matching(found: list[Word]) -> list[Word]:
    """Those that the search finds. It is POSTed: a word may be about a person."""
    asked = search_key(request.form.get("find", ""))
    only = request.form.get("only") == "open"
    return [each for each in found if asked in search_key(each.said) and not (only and each.code)]


def _page(run: Document, field: str, error: str = "", said: str = "") -> str:
    every = _words(run, field)
    found = _matching(every)
    pages_ = max(1, -(-len(found) // AT_ONCE))
    page = min(max(int(said_) if (said_ := request.form.get("page", "1")).isdecimal() else 1, 1), pages_)
    noun = NOUNS[run["noun"]]
    return render_template(
        "imports/words.html", run=run, id=str(run["_id"]), noun=noun, field=noun.fields[field], error=error, said=said,
        words=found[(page - 1) * AT_ONCE : page * AT_ONCE], count=len(found), kinds=len(every), page=page, pages=pages_,
        open=sum(not each.code for each in every), counted="trial" in run, given=request.form,
        terms=[(code, w(label)) for code, label in offered(noun.fields[field].declared.vocabulary, run["institution"]).items()],
    )  # fmt: skip
