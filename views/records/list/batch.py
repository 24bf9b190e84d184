"""Acts on several chosen records: each goes through the gate by itself, and the answer counts what was done."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_admin import expose
from markupsafe import Markup
from werkzeug.wrappers import Response

from gate.fields.kinds import kind_of
from gate.fields.validation import clean
from gate.lists.pending_changes import changeable, take_pending
from gate.reading.loading import load
from gate.reading.questions import Question
from gate.reading.references import label
from gate.reading.shown import Row, verdict_on
from gate.refusals import BadQuestion, Conflict, Invalid, NotFound, Refused
from gate.store.collections import key_of
from gate.writing.batch_undo import MINUTES, keep_undo, undo
from gate.writing.changes import Origin
from gate.writing.writing import Edit, patch_many, remove_many
from models.data_classes import Words
from models.declaration import Field, Noun
from policies.actor import Actor
from policies.effects import Effect
from policies.verdict import reach
from views.records.list.batch_change import asked_change, preview, values_of
from views.records.list.filters import list_url
from views.records.list.options import options
from views.records.list.questions import question_from
from views.requests.current_actor import actor
from views.shared.frame import forget_tallies
from words import t, w

AT_MOST = 200
BatchAction = tuple[str, str, bool, list[tuple[str, str, Markup]]]


def settable(who: Actor, noun: Noun) -> list[Field]:
    """Fields that a batch can set: vocabularies that this actor may edit wherever it may edit records."""
    institutions = reach(who, noun.name, "edit")
    return [
        field
        for field in noun
        if kind_of(field).has_terms
        and field.declared.filtered
        and institutions
        and all(verdict_on(who, field, "form", each).effect is Effect.EDIT for each in institutions)
    ]


def batch_actions(who: Actor, noun: Noun) -> list[BatchAction]:
    """What the bar offers: (name, label, whether it needs a reason, its inputs)."""
    found: list[BatchAction] = []
    if fields := settable(who, noun):
        inputs = [(field.name, w(field.label), options(field)) for field in fields]
        found.append(("set", t("まとめて設定", "Set for all"), False, inputs))
    if changeable(who, noun):
        found.append(("change", t("項目を変える(確認つき)", "Change a field (with preview)"), False, []))
    if reach(who, noun.name, "remove"):
        found.append(("remove", t("まとめて削除", "Remove all"), True, []))
    return found


def to_undo(noun: Noun) -> tuple[str, int, int] | None:
    """What this session set for many lately and may still take back: its id, how many records, for how many minutes."""
    kept = session.get("undo")
    if not kept or kept[0] != noun.name or session.get("undo_until", 0) < time.time():
        return None
    return kept[1], kept[2], MINUTES


def _named(noun: Noun, ids: list[str]) -> list[tuple[str, str]]:
    """The records by what this person may see of their names, with their addresses; those out of reach by nothing."""
    labels = label(actor(), noun, [key_of(noun, each) for each in ids])
    here = f"{noun.name}.details_view"
    return [(labels[each].label, url_for(here, id=each)) for each in ids if each in labels]


class BatchMixin:
    """`/batch/`, `/undo/`."""

    noun: Noun

    @expose("/batch/", methods=("POST",))
    def batch(self) -> Response | str:
        """Do it to each chosen record, and say how many it was done to and why not to the others."""
        question, act = question_from(self.noun, request.args), request.form.get("action", "")
        if act == "change":
            return preview(self.noun, asked_change(self.noun), self._meant(question))
        if act == "apply":
            return self._apply(request.form.get("id", ""))
        ids = list(dict.fromkeys(request.form.getlist("rowid")))
        if not ids or len(ids) > AT_MOST:
            raise BadQuestion(
                (f"1件から{AT_MOST}件までを選んでください。", f"Choose from 1 to {AT_MOST} records.")
            )
        changes = dict[str, str]()
        if act == "set":
            changes = {
                field.name: request.form[field.name]
                for field in settable(actor(), self.noun)
                if request.form.get(field.name)
            }
            if not changes:
                raise BadQuestion(("設定する値を選んでください。", "Choose the value to set."))
            if wrong := clean(self.noun, changes)[1]:
                raise BadQuestion(next(iter(wrong.values())))
            outcomes = self._set(ids, changes)
        elif act == "remove":
            reason = request.form.get("reason", "").strip()
            if not reason:
                raise BadQuestion(("削除の理由を入力してください。", "Please give the reason for removing."))
            outcomes = self._remove(ids, reason)
        else:
            raise BadQuestion(("その操作はありません。", "There is no such action."))
        forget_tallies()
        _report(outcomes, [self.noun.fields[name].label for name in changes])
        return redirect(list_url(self.noun, request.args))

    def _set(self, ids: list[str], changes: dict[str, Any]) -> Counter[str]:
        """Set it for each, and keep for some minutes how it is taken back."""
        rows, outcomes = self._loaded(ids)
        return outcomes + self._patched([Edit(row.id, row.revision, changes) for row in rows])

    def _meant(self, question: Question) -> Question:
        """The ticked records, or all that the list's own question finds."""
        if request.form.get("all"):
            return replace(question, after="", before="")
        ids = tuple(dict.fromkeys(request.form.getlist("rowid")))
        return replace(question, ids=ids or ("",), after="", before="")

    def _apply(self, id_: str) -> Response:
        """Do the change that was shown; what somebody saved since stays as they left it."""
        change, stands = take_pending(actor(), self.noun, id_)
        outcomes = Counter[str]()
        changed: list[tuple[str, int]] = []
        for at in range(0, len(stands), AT_MOST):
            some = stands[at : at + AT_MOST]
            before = values_of(actor(), self.noun, change.field, [record for record, _ in some])
            edits = [
                Edit(record, revision, {change.field: change.of(before[record])})
                for record, revision in some
                if record in before
            ]
            outcomes["refused"] += len(some) - len(edits)
            outcomes += self._patched(edits, changed)
        forget_tallies()
        _report(outcomes, [self.noun.fields[change.field].label])
        return redirect(list_url(self.noun, request.args))

    def _patched(self, edits: list[Edit], before: list[tuple[str, int]] | None = None) -> Counter[str]:
        """Make the edits, and keep for some minutes how they are taken back. `before`: those made in the same act."""
        outcomes, stands = Counter[str](), before if before is not None else []
        for edit, outcome in zip(
            edits, patch_many(actor(), self.noun, edits, origin=Origin.BATCH), strict=True
        ):
            if isinstance(outcome, int) and outcome != edit.revision:
                stands.append((edit.record, outcome))
            outcomes[_said(outcome)] += 1
        if stands:
            changes = {name for edit in edits for name in edit.changes}
            kept = keep_undo(actor(), self.noun, sorted(changes), stands)
            session["undo"], session["undo_until"] = (
                [self.noun.name, kept, len(stands)],
                time.time() + 60 * MINUTES,
            )
        return outcomes

    @expose("/undo/", methods=("POST",))
    def undo_batch(self) -> Response | str:
        """Set back what was set for many; where somebody edited one since, say which."""
        question_from(self.noun, request.args)
        id_ = request.form.get("id", "")
        outcome = undo(actor(), self.noun, id_)
        if (kept := session.get("undo")) and kept[1] == id_:
            session.pop("undo")
        forget_tallies()
        if outcome.done:
            flash(
                t(f"{outcome.done}件を元に戻しました。", f"{_records(outcome.done)} restored."),
                "success",
            )
        if not (outcome.since or outcome.refused or outcome.gone):
            return redirect(list_url(self.noun, request.args))
        return render_template(
            "records/undone.html",
            noun=self.noun,
            since=_named(self.noun, outcome.since),
            refused=_named(self.noun, outcome.refused),
            refused_in_all=len(outcome.refused),
            gone=outcome.gone,
            back_url=list_url(self.noun, request.args),
        )

    def _remove(self, ids: list[str], reason: str) -> Counter[str]:
        rows, outcomes = self._loaded(ids)
        asked = [(row.id, row.revision) for row in rows]
        removed = remove_many(actor(), self.noun, asked, reason, origin=Origin.BATCH)
        return outcomes + Counter(map(_said, removed))

    def _loaded(self, ids: list[str]) -> tuple[list[Row], Counter[str]]:
        """The records as they stand, and how many are out of reach."""
        rows, outcomes = [], Counter[str]()
        for id_ in ids:
            try:
                rows.append(load(actor(), self.noun, id_))
            except (Refused, NotFound):
                outcomes["refused"] += 1
        return rows, outcomes


def _said(outcome: object) -> str:
    """What came of one record; an error that is none of the gate's is raised."""
    match outcome:
        case Refused() | NotFound():
            return "refused"
        case Conflict():
            return "conflict"
        case Invalid():
            return "invalid"
        case Exception():
            raise outcome
    return "done"


def _report(outcomes: Counter[str], changed: list[Words]) -> None:
    """Show how many records were changed, or removed where no field was, and why others were not."""
    ja, en = ("・".join(each[0] for each in changed), ", ".join(each[1] for each in changed))
    count = outcomes["done"]
    if count and changed:
        flash(t(f"{count}件の{ja}を変更しました。", f"{en} changed for {_records(count)}."), "success")
    elif count:
        flash(t(f"{count}件を削除しました。", f"{_records(count)} removed."), "success")
    reasons: dict[str, Words] = {
        "refused": ("あなたの役割では許可されていません", "your role does not allow it"),
        "conflict": ("同時に更新されました", "somebody else changed them meanwhile"),
        "invalid": (
            "ほかの記録から参照されているか、値が正しくありません",
            "other records refer to them, or the value is not valid",
        ),
    }
    act = ("変更", "changed") if changed else ("削除", "removed")
    for outcome, why in reasons.items():
        if count := outcomes[outcome]:
            flash(
                t(
                    f"{count}件は{act[0]}できませんでした({why[0]})。",
                    f"{_records(count)} could not be {act[1]} ({why[1]}).",
                ),
                "error",
            )


def _records(count: int) -> str:
    return f"{count} record" if count == 1 else f"{count} records"
