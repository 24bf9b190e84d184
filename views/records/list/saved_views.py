"""Questions to ask again: views saved by name, for oneself or the institution, and what one searched for lately."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from gate.lists.saved_views import NAME_AT_MOST, View, drop_view, save_view
from gate.lists.storable_questions import require_storable
from gate.reading.loading import KEPT_HOURS, forget_questions, recent_questions
from gate.reading.questions import MASKED, Question
from gate.refusals import BadQuestion, Refused
from models.data_classes import Words
from models.declaration import Field, Noun
from policies.saved import keeps_views
from views.records.list.filters import list_to, list_url, said, without
from views.records.list.open_view import at_hand, opened, opened_here
from views.records.list.questions import address_of, asked_question, is_personal, question_from
from views.requests.current_actor import actor
from words import t, w


@dataclass(frozen=True)
class Offered:
    """A view as the list's menu and the page of views name it."""

    id: str
    name: str
    url: str
    house: str
    colour: str
    current: bool
    conditions: str | None = ""
    """None: it cannot be asked any more."""
    removable: bool = False


class SaveMixin:
    """`/views/`."""

    noun: Noun
    columns: Callable[[], list[Field]]

    @expose("/views/")
    def views_page(self) -> str:
        """The question in force, to be saved; the views that there are; what was searched for lately."""
        question, noun = question_from(self.noun, request.args), self.noun
        rest, told = without(request.args, "after", "before"), _storable(noun, question)
        return render_template(
            "records/saved_views.html",
            noun=noun,
            conditions=said(noun, told),
            left_out=told != question,
            wrong=_wrong(noun, told),
            name_at_most=NAME_AT_MOST,
            kept_hours=KEPT_HOURS,
            own_columns=noun.name in g.account.columns,
            house=w(g.account.house.name) if keeps_views(actor()) else "",
            views=[_in_full(noun, each) for each in at_hand(noun)],
            searches=[
                (_in_words(noun, asked, posted=True), address_of(noun, asked, id_))
                for id_, asked in recent_questions(actor(), noun)
            ],
            action=list_to(noun, "views_page", rest),
            back_url=list_url(noun, rest),
        )

    @expose("/views/", methods=("POST",))
    def change_views(self) -> Response:
        """Save the question in force, take a view away, or forget what was searched for."""
        question, noun, form = question_from(self.noun, request.args), self.noun, request.form
        act = form.get("act")
        if act == "save":
            columns = [each.name for each in self.columns()] if form.get("columns") else None
            told, name = _storable(noun, question), form.get("name", "")
            id_ = save_view(actor(), noun, name, told, columns, for_house=form.get("whose") == "house")
            flash(t("条件を保存しました。", "The view is saved."), "success")
            return redirect(url_for(f"{noun.name}.index_view", view=id_))
        if act == "drop":
            gone = opened(noun, form.get("id", ""))
            drop_view(actor(), gone)
            flash(t("保存した条件を消しました。", "The view is removed."), "success")
            here = opened_here(noun)
            again = without(request.args, "view") if here and here.id == gone.id else request.args
            return redirect(list_to(noun, "views_page", again))
        if act == "forget":
            forget_questions(actor(), noun)
            flash(t("最近の検索を消しました。", "Your recent searches are cleared."), "success")
            return redirect(list_to(noun, "views_page", without(request.args, "query")))
        raise BadQuestion(("その操作はありません。", "There is no such action."))


def offered_views(noun: Noun) -> list[Offered]:
    """The views of the list's menu: those that can still be asked."""
    return [_offered(noun, each) for each in at_hand(noun) if _still(noun, dict(each.asked))]


def _offered(noun: Noun, view: View, **more: Any) -> Offered:
    house = g.account.houses.get(view.house)
    return Offered(
        view.id,
        view.name,
        url_for(f"{noun.name}.index_view", view=view.id),
        w(house.name) if house else "",
        house.colour if house else "",
        request.args.get("view") == view.id,
        **more,
    )


def _in_full(noun: Noun, view: View) -> Offered:
    theirs = not view.house or (view.house == actor().institution and keeps_views(actor()))
    return _offered(
        noun,
        view,
        conditions=_in_words(noun, dict(view.asked)),
        removable=theirs,
    )


def _in_words(noun: Noun, asked: Mapping[str, str], *, posted: bool = False) -> str | None:
    """A kept question in words; None where it cannot be asked any more."""
    question = _still(noun, asked, posted=posted)
    return t("、", ", ").join(said(noun, question)) if question else None


def _still(noun: Noun, asked: Mapping[str, str], *, posted: bool = False) -> Question | None:
    """A kept question; None where it cannot be asked any more: a field or a term has gone since."""
    try:
        question = asked_question(noun, asked, posted=posted)
    except BadQuestion:
        return None
    return None if _wrong(noun, question, refused=False) else question


def _wrong(noun: Noun, question: Question, *, refused: bool = True) -> Words | None:
    """Why the question would not be answered now. `refused`: also where it is only this person who is not answered."""
    try:
        require_storable(actor(), noun, question)
    except BadQuestion as wrong:
        return wrong.words
    except Refused as wrong:
        return wrong.verdict.reason if refused else None
    return None


def _storable(noun: Noun, question: Question) -> Question:
    """Return the part of a question that may be stored: no words that may name a person, no masked form, no page."""
    return replace(
        question,
        text="" if is_personal(noun) else question.text,
        filters=tuple(each for each in question.filters if each.operator != MASKED),
        after="",
        before="",
    )
