"""What is told after a save, and where it leads: the record's card, or the form for the next one."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from gate.card.same_files import same_files
from gate.fields.stored_otherwise import notices
from gate.forms.last_made import number_of
from models.data_classes import Words
from models.declaration import Noun
from views.records.form.aids import near, why_near
from views.records.form.beginnings import pinned
from views.records.form.kept_files import forget_sent
from views.requests.current_actor import actor
from views.shared.frame import forget_tallies
from words import t, w

SAVED: Words = ("保存しました。", "Saved.")


def saved(
    noun: Noun,
    id_: str,
    institution: str,
    values: dict[str, Any],
    before: dict[str, Any],
    *,
    new: bool,
    done: Words,
) -> Response:
    """Tell what was saved and how, and go on.

    Args:
        values: field → as typed, of what the form held.
        before: field → as it was.
        done: what is said of it.
    """
    forget_tallies()
    forget_sent(noun)
    # A new institution is within its maker's reach with the next request.
    told = new and not noun.is_institution
    number = number_of(actor(), noun, id_) if told else ""
    onward = bool(request.form.get("_next") or request.form.get("_act_next"))
    if onward and number:
        label = f"{w(noun.fields[noun.number].label)} {number}"
        tell_of(w(done), label, url_for(f"{noun.name}.details_view", id=id_), "success")
    else:
        flash(w(done), "success")
    for each in notices(noun, values, before):
        flash(w(each), "notice")
    if told:
        _tell_number(noun, values, number)
        _tell_near(noun, id_, institution)
    if any(each.filename for each in request.files.values()):
        _hint_at_same_files(noun, id_)
    if onward:
        asked: dict[str, Any] = {"institution": request.form.get("institution") or None, "from": id_}
        return redirect(url_for(f"{noun.name}.create_view", pin=pinned() or None, **asked))
    return redirect(url_for(f"{noun.name}.details_view", id=id_))


def tell_of(said: str, name: str, url: str, category: str) -> None:
    """Tell on the next page of a record, with a link to it (layout.html)."""
    message: Any = {"said": said, "label": name, "url": url}
    flash(message, category)


def _tell_number(noun: Noun, values: dict[str, Any], number: str) -> None:
    """The number that the form showed beforehand may be on paper by now: another one is told apart from the rest."""
    foreseen = request.form.get("_foreseen", "")
    if foreseen and number and not values.get(noun.number) and number != foreseen:
        flash(
            t(
                f"表示していた番号 {foreseen} はほかの記録が先に使ったので、{number} を付けました。紙に書いた番号を直してください。",
                f"The number shown, {foreseen}, was taken by another record first, so this one is {number}. Correct it on paper.",
            ),
            "notice",
        )


def _tell_near(noun: Noun, id_: str, institution: str) -> None:
    """Records that may be the same, unless the form has told of them already."""
    told = set(request.form.get("_near", "").split(","))
    for each in near(noun, institution, id_):
        if each.reference.id not in told:
            said = t(
                f"同じ記録かもしれません({why_near(each)}):", f"It may be the same record ({why_near(each)}):"
            )
            url = url_for(f"{noun.name}.details_view", id=each.reference.id)
            tell_of(said, each.reference.label, url, "notice")


def _hint_at_same_files(noun: Noun, id_: str) -> None:
    if same := same_files(actor(), noun, id_):
        labels = t("、", ", ").join(each.label for each in same)
        flash(
            t(
                f"同じファイルがすでに登録されています: {labels}。要らなければ、どちらかを削除してください。",
                f"The same file is stored already: {labels}. Remove one of them if it is not needed.",
            ),
            "notice",
        )
