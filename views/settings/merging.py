"""/settings/vocabularies/NAME/merge: a term merged into another, with what it would change told first; and taken back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for

from gate.refusals import Conflict, Invalid, NotFound
from models.registry import NOUNS
from models.vocabularies import VOCABULARIES
from views.requests.current_actor import actor
from views.settings.vocabularies import CHANGED, Answer, institution_asked, pages, vocabulary_named
from vocabularies.merging import begin_merge, begin_undo, to_merge
from vocabularies.usage import about, usage
from words import t, w


@pages.get("/<name>/merge")
def merge(name: str) -> str:
    """Which term takes its place; once chosen, how many records will bear it."""
    return _page(name, request.args.get("term", ""), request.args.get("into", ""), "")


@pages.post("/<name>/merge")
def begin(name: str) -> Answer:
    """Merge."""
    vocabulary_named(name)
    gone, into = request.form.get("term", ""), request.form.get("into", "")
    sent = request.form.get("revision", "0")
    try:
        begin_merge(
            actor(), gone, into, int(sent) if sent.isdecimal() and sent.isascii() and len(sent) < 10 else 0
        )
    except Invalid as error:
        return _page(name, gone, into, w(next(iter(error.errors.values())))), 400
    except Conflict:
        return _page(name, gone, into, w(CHANGED)), 409
    flash(
        t(
            "まとめました。記録は順に変わります(この画面に件数を表示します)。",
            "Merged. The records follow; this page shows how many.",
        ),
        "success",
    )
    return redirect(url_for(".show", name=name, institution=request.form.get("institution") or None))


@pages.post("/<name>/unmerge")
def undo(name: str) -> Answer:
    """Take a merge back."""
    vocabulary_named(name)
    institution = institution_asked()
    try:
        begin_undo(actor(), request.form.get("merge", ""))
    except Invalid as error:
        flash(w(next(iter(error.errors.values()))), "error")
    else:
        flash(
            t(
                "取り消しました。その後に直された記録はそのままにして、ほかを元の語に戻します。",
                "Undone. Records whose field was edited since stay; all others get their term back.",
            ),
            "success",
        )
    return redirect(url_for(".show", name=name, institution=institution))


def _page(name: str, gone: str, into: str, error: str) -> str:
    vocabulary_named(name)
    found = to_merge(actor(), gone)
    if found.vocabulary != name:
        raise NotFound
    choices = [(id_, code, w(label)) for id_, code, label in found.targets]
    chosen = next((label for id_, _, label in choices if id_ == into), "")
    counts = usage(actor(), name, found.institution)
    return render_template(
        "settings/merge.html",
        name=name,
        known=VOCABULARIES[name],
        institution=found.institution,
        term=gone,
        into=into if chosen else "",
        revision=found.revision,
        label=found.label,
        choices=choices,
        chosen=chosen,
        affected=[
            (w(NOUNS[each.of.noun].label), about(each.records[found.code]))
            for each in counts
            if each.countable
        ],
        hidden=[w(NOUNS[each.of.noun].label) for each in counts if not each.countable],
        error=error,
    )
