"""The list: columns, tabs of institutions, filters, order and pages, each offered only where the gate would answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request
from flask_admin import expose
from werkzeug.datastructures import MultiDict

from gate.fields.kinds import kind_of
from gate.fields.sort_keys import ordered_by
from gate.lists.pending_changes import changeable
from gate.reading.listing import PAGE, Page, list_page
from gate.reading.questions import Question
from gate.reading.shown import verdict_on
from gate.refusals import Refused
from gate.store.date_intervals import UnreadDate
from models.data_classes import Words
from models.declaration import Field, Noun
from policies.actor import Actor
from policies.verdict import may, reach
from views.records.list.batch import batch_actions, to_undo
from views.records.list.columns import ColumnMixin
from views.records.list.filters import chips, filters, list_to, list_url, masked_filters, without
from views.records.list.list_rows import list_rows
from views.records.list.lookups import may_look_up
from views.records.list.open_view import opened_here
from views.records.list.questions import question_from
from views.records.list.saved_views import offered_views
from views.requests.addresses import address
from views.requests.current_actor import actor
from views.requests.errors import Page as ErrorPage
from views.shared.frame import about
from words import t, w


@dataclass(frozen=True)
class Column:
    """A column of a list; `sort_url` only where sorting by it would be answered."""

    name: str
    label: Words
    kind: str
    sort_url: str | None = None
    sorted: str = ""


@dataclass(frozen=True)
class Pager:
    """The page as the template shows it, but for its rows."""

    total_text: str
    first_url: str | None
    previous_url: str | None
    next_url: str | None


class ListMixin(ColumnMixin):
    """`/`: the list, and the ledger to print."""

    noun: Noun

    def places(self) -> list[tuple[str, str]]:
        """Further pages of this noun, (label, address), that its list leads to."""
        return []

    @expose("/")
    def index_view(self) -> str | ErrorPage:
        """A page of the list; a refused question is answered with its reason and what would be allowed."""
        question = question_from(self.noun, request.args)
        fields = self.columns()
        try:
            page = list_page(actor(), self.noun, question, [each.name for each in fields], size=PAGE)
        except UnreadDate as unread:
            return self._list(question, fields, None, {"reason": unread.words}), 400
        except Refused as refusal:
            if refusal.status != 400:
                raise
            return self._list(question, fields, None, _refused(self.noun, refusal)), 400
        return self._list(question, fields, page, None)

    def _list(
        self, question: Question, fields: list[Field], page: Page | None, refused: dict[str, Any] | None
    ) -> str:
        who, noun = actor(), self.noun
        covered = _covered(who, noun, question)
        args, batch = request.args, batch_actions(who, noun)
        columns = [_column(noun, each, question, covered, args) for each in fields if _stands(each, args)]
        found = page.rows if page else []
        pictures, finding = thumbnails(noun, found), bool(question.text) and any(each.found for each in found)
        record_url = address(f"{noun.name}.details_view")
        return render_template(
            "records/list.html",
            noun=noun,
            page=_pager(noun, page, args),
            columns=columns,
            # Written before: what a template was given lies about after the page until rubbish is looked for.
            rows=list_rows(
                noun, found, columns, record_url, choosing=bool(batch), pictures=pictures, finding=finding
            ),
            pictured=pictures is not None,
            institutions=_tabs(noun, question, args),
            filters=filters(who, noun, question, covered) + masked_filters(who, noun, question, covered),
            asked_institution=question.institution,
            lookup_url=address(f"{noun.name}.lookup_view") if may_look_up(who, noun) else None,
            chips=chips(noun, question, args),
            views=offered_views(noun),
            view=opened_here(noun),
            views_url=list_to(noun, "views_page", without(args, "after", "before")),
            columns_url=list_to(noun, "columns_page", without(args, "after", "before")),
            search_text=question.text,
            finding=finding,
            search_action=address(f"{noun.name}.search"),
            search_method="post",
            batch=batch,
            changeable=changeable(who, noun) if batch else (),
            batch_url=list_to(noun, "batch", args),
            undo=to_undo(noun),
            undo_url=list_to(noun, "undo_batch", args),
            create_url=address(f"{noun.name}.create_view") if reach(who, noun.name, "create") else None,
            export_url=_export(who, noun, args),
            print_url=list_to(noun, "print_list", args) if reach(who, noun.name, "print") else None,
            more_places=self.places(),
            empty_text=_empty(noun),
            clear_url=address(f"{noun.name}.index_view"),
            refused=refused,
        )


def _stands(field: Field, args: MultiDict[str, str]) -> bool:
    """Whether a field has a column: the picture itself stands first, so that one saying that there is one would say it
    twice; and under one institution's tab its name need not stand in every row."""
    return not field.is_picture and not (field.name == "institution" and args.get("institution"))


def _covered(who: Actor, noun: Noun, question: Question) -> list[str]:
    return [question.institution] if question.institution else sorted(reach(who, noun.name, "read"))


def _pager(noun: Noun, page: Page | None, args: MultiDict[str, str]) -> Pager:
    if page is None:
        return Pager("", None, None, None)
    rest = without(args, "after", "before")
    unit = w(noun.counted)
    said = t(f"約 {about(page.total)}{unit}", f"{about(page.total)} {unit}") if page.capped else (
        t(f"{page.total:,}{unit}", f"{page.total:,} {unit}")
    )  # fmt: skip
    return Pager(
        said,
        list_url(noun, rest) if page.before else None,
        list_url(noun, {**rest, "before": page.before}) if page.before else None,
        list_url(noun, {**rest, "after": page.after}) if page.after else None,
    )


def _column(
    noun: Noun, field: Field, question: Question, covered: list[str], args: MultiDict[str, str]
) -> Column:
    asked = ordered_by(noun, field) if field.declared.sorted else []
    if not asked or not all(_answered(each, "sort", covered) for each in asked):
        return Column(field.name, field.label, kind_of(field).name)
    now = ("desc" if question.descending else "asc") if question.sort == field.name else ""
    wanted = {**without(args, "after", "before", "sort", "desc"), "sort": field.name}
    if now == "asc":
        wanted["desc"] = "1"
    return Column(field.name, field.label, kind_of(field).name, list_url(noun, wanted), now)


def _answered(field: Field, exit_: str, covered: list[str]) -> bool:
    return all(verdict_on(actor(), field, exit_, each).shown for each in covered)


def _tabs(noun: Noun, question: Question, args: MultiDict[str, str]) -> list[tuple[str, str, bool, str]]:
    houses = g.account.houses
    # A section supervises and keeps no records of these kinds: its tab would always be empty.
    keep = (
        code
        for code in reach(actor(), noun.name, "read")
        if houses[code].standing != "section" or noun.kept_by_sections
    )
    within = sorted(keep, key=lambda code: code != actor().institution)
    if len(within) < 2 or noun.is_institution:
        return []
    # A stored query carries its own institution: choosing another starts from the list.
    rest = without(args, "after", "before", "institution", "query")
    every = (
        {**rest, "institution": ""} if "view" in rest else rest
    )  # a saved view may name an institution itself
    everything = [(t("すべて", "All"), list_url(noun, every), not question.institution, "")]
    return everything + [
        (w(houses[code].name), list_url(noun, {**rest, "institution": code}), question.institution == code,
         houses[code].colour)
        for code in within
    ]  # fmt: skip


def _export(who: Actor, noun: Noun, args: MultiDict[str, str]) -> str | None:
    if not reach(who, noun.name, "export"):
        return None
    return list_to(noun, "export_page", without(args, "after", "before", "sort", "desc"))


def _empty(noun: Noun) -> Words:
    if request.args:
        return (
            "条件に合う記録はありません。条件を外すか、言葉を変えてください。",
            "No record matches. Remove a condition, or try other words.",
        )
    return (
        f"{noun.label[0]}はまだありません。「登録」から入力するか、まとめて取り込んでください。",
        f"There are no {noun.label[1].lower()} yet. Enter one, or import them together.",
    )


def _refused(noun: Noun, refusal: Refused) -> dict[str, Any]:
    house = g.account.houses.get(refusal.narrower)
    rest = without(request.args, "after", "before", "institution")
    narrower = (
        list_url(noun, {**rest, "institution": refusal.narrower}) if house and "query" not in rest else None
    )
    label = t(f"{house.name[0]}だけで探す", f"Only {house.name[1]}") if house else ""
    return {"reason": refusal.verdict.reason, "narrower_url": narrower, "narrower_label": label}


def thumbnails(noun: Noun, rows: list[Any]) -> dict[str, str | None] | None:
    """Record id → address of its small picture, where the role opens files; None where the noun has no pictures."""
    picture = next((each.name for each in noun if each.is_picture), None)
    if picture is None:
        return None
    return {
        row.id: address(f"{noun.name}.file", {"id": row.id, "field": "thumbnail"})
        if may(actor(), noun.name, "file", row.institution) and picture in row.values and row[picture].value
        else None
        for row in rows
    }
