"""One record: the card, on the screen and on paper, and its history."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask_admin import expose

from audit.events import ACTIONS
from gate.card.histories import history
from gate.reading.loading import load, permitted
from gate.reading.shown import Row, Shown
from models.declaration import Noun
from policies.effects import Effect
from policies.verdict import may
from views.records.card.photographs import pictures
from views.records.card.uses import used_by
from views.requests.current_actor import actor
from views.shared.leaving import left, take_turn
from views.shared.purposes import given_purpose, offered_purposes, purpose_page
from words import t, w

UNTOLD = ("create", "remove", "password", "factor_on", "factor_off")
"""Acts of whose fields a history tells no former value."""


def sections_of(noun: Noun, row: Row) -> list[tuple[str, list[Shown]]]:
    """The card: label of each section → its fields as shown."""
    found = [
        (w(section.label), [each for each in row if each.field.declared.section == section.name])
        for section in noun.sections
    ]
    return [(label, fields) for label, fields in found if fields]


class RecordMixin:
    """`/details/`, `/history/`, `/print/`."""

    noun: Noun
    detail_template = "records/detail.html"

    def _more(self, row: Row) -> dict[str, Any]:  # noqa: ARG002 - for a noun whose card has more on it
        """What a noun's own card has beside its fields."""
        return {}

    @expose("/details/")
    def details_view(self) -> str:
        """The record as a card."""
        return self._card()

    def _card(self, **said: Any) -> str:
        """The card again, with what is said of an act that was tried on it."""
        row = load(actor(), self.noun, request.args.get("id", ""))
        return render_template(
            self.detail_template,
            **self._more(row),
            **said,
            noun=self.noun,
            row=row,
            sections=sections_of(self.noun, row),
            images=pictures(actor(), self.noun, row),
            buttons=self._buttons(row),
            back_url=url_for(f"{self.noun.name}.index_view"),
            history_url=self._if("history", row, "history_view"),
            reveal_url=url_for(f"{self.noun.name}.reveal_view", id=row.id),
            purposes=offered_purposes(),
            revealable=self._revealable(row),
            uses=used_by(actor(), self.noun, row),
        )

    def _if(self, action: str, row: Row, endpoint: str) -> str | None:
        allowed = may(actor(), self.noun.name, action, row.institution)
        return url_for(f"{self.noun.name}.{endpoint}", id=row.id) if allowed else None

    def _buttons(self, row: Row) -> list[tuple[str, str, str]]:
        found = [
            (t("編集", "Edit"), self._if("edit", row, "edit_view"), "primary"),
            (t("印刷", "Print"), self._if("print", row, "print_card"), "plain"),
            (t("閲覧記録", "Access log"), self._if("audit", row, "seen_view"), "plain"),
            (t("削除", "Remove"), self._if("remove", row, "delete_view"), "danger"),
        ]
        return [(label, url, kind) for label, url, kind in found if url]

    def _revealable(self, row: Row) -> set[str]:
        if not may(actor(), self.noun.name, "reveal", row.institution):
            return set()
        return {each.field.name for each in row if each.verdict.effect is Effect.MASK}

    @expose("/history/")
    def history_view(self) -> str:
        """Who changed what and when."""
        id_ = request.args.get("id", "")
        entries: list[Any] = [
            (entry.at, entry.who, w(ACTIONS.get(entry.action, (entry.action, entry.action))),
             [(w(each.field.label), each if entry.action not in UNTOLD else None) for each in entry.before], entry.reason,
             entry.before)
            for entry in history(actor(), self.noun, id_)
        ]  # fmt: skip
        row = load(actor(), self.noun, id_)
        back = url_for(f"{self.noun.name}.details_view", id=id_)
        return render_template(
            "records/history.html", noun=self.noun, row=row, entries=entries, back_url=back
        )

    @expose("/print/")
    def print_card(self) -> str:
        """The card without the frame, to print."""
        id_, purpose = request.args.get("id", ""), given_purpose()
        permitted(actor(), self.noun, id_, "print")
        if not purpose:
            return purpose_page(self.noun, f"{self.noun.name}.details_view")
        take_turn("print", self.noun.name)
        row = load(actor(), self.noun, id_, exit_="print", purpose=purpose)
        left("printed", self.noun.name, f"{row.id} {purpose}")
        return render_template(
            "records/print_card.html",
            noun=self.noun,
            row=row,
            sections=sections_of(self.noun, row),
            images=pictures(actor(), self.noun, row),
        )
