"""The verdict on every value of a stored record, by one actor, noun and exit: before its disclosure, inside the gate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gate.reading.shown import Judged, Judgement, verdict_on
from models.data_classes import DataClass
from models.declaration import Field, Noun
from policies import masks
from policies.actor import Actor
from policies.effects import Effect
from policies.verdict import REVEALED, Ask, Verdict, judge

Document = dict[str, Any]
Plan = list[tuple[str, Field, Verdict, bool]]
"""For each field its name, declaration and verdict, and whether that shows the value in full."""


LEAVING = ("export", "print")
"""Exits that mask more than lists do."""


class Plans:
    """The verdicts of one actor, noun and exit, worked out once for each institution met.

    `leaves`: a further exit whose ceilings hold too, for a record that is only named in what leaves by it.
    """

    def __init__(
        self, actor: Actor, noun: Noun, exit_: str, names: Iterable[str], *, leaves: str = ""
    ) -> None:
        self.actor, self.noun, self.exit, self.leaves = actor, noun, exit_, leaves or exit_
        self.fields = [noun.fields[name] for name in names]
        self._plans: dict[Any, Plan] = {}

    def of(self, institution: Any) -> Plan:
        """What is shown of records of this institution, and how."""
        if institution not in self._plans:
            verdicts = ((each, self._verdict(each, institution)) for each in self.fields)
            self._plans[institution] = [
                (each.name, each, verdict, verdict.shown) for each, verdict in verdicts
            ]
        return self._plans[institution]

    def tells_empty(self, field_: Field, institution: Any) -> bool:
        """Whether a masked field that is empty may be left empty: in what leaves, for who sees in lists that it is."""
        # guard: empty-seen-in-lists
        return self.exit in LEAVING and verdict_on(self.actor, field_, "list", institution).shown

    def _verdict(self, field_: Field, institution: Any) -> Verdict:
        verdict = verdict_on(self.actor, field_, self.exit, institution)
        scope = self.actor.scope_of(institution)
        # guard: leaving-exit-ceiling
        if self.leaves == self.exit or scope is None:
            return verdict
        ask = Ask(field_.noun, field_.name, str(field_.data_class), self.leaves, institution)
        return min(verdict, judge(self.actor.role, ask, scope), key=lambda each: each.effect)


def judged(plans: Plans, document: Document) -> Judged:
    """What this actor may see of a stored document, not disclosed yet.

    The record must already be within reach; a record that is not yields only withheld values.
    """
    noun, institution, id_ = plans.noun, document.get("institution"), str(document["_id"])
    of = document.get
    values = {
        name: (field_, of(name), verdict)
        if whole
        else _judge(plans, field_, verdict, of(name), id_, institution)
        for name, field_, verdict, whole in plans.of(institution)
    }
    return Judged(noun, id_, institution or "", of("revision", 0), values)


def without_unread(record: Judged) -> Judged:
    """The record without the personal values that reading a form does not need: nothing of them is shown, so nothing is
    disclosed. A written date stays, because its form is read beside the stored one."""
    for name in record.discloses():
        field_, _, verdict = record.values[name]
        if not field_.is_written_date:
            record.values[name] = (field_, None, verdict)
    return record


def _judge(
    plans: Plans, field_: Field, verdict: Verdict, value: Any, id_: str, institution: Any
) -> Judgement:
    """What of a value that is not shown in full may be shown."""
    if _openable(plans, field_, verdict) and (field_.noun, id_, field_.name) in plans.actor.revealed:
        return field_, value, Verdict(Effect.SHOW, "revealed", REVEALED, verdict.mask)
    if verdict.effect is Effect.MASK:
        if value in (None, "", []) and plans.tells_empty(field_, institution):
            return field_, "", verdict
        # guard: shown-masked
        return field_, masks.apply(verdict.mask, value), verdict
    # guard: shown-withheld
    return field_, None, verdict


def _openable(plans: Plans, field_: Field, verdict: Verdict) -> bool:
    # guard: reveal-on-card-only
    return plans.exit == "detail" and may_be_opened(field_, verdict)


def may_be_opened(field_: Field, verdict: Verdict) -> bool:
    """Whether a reveal opens a field for the record's own page: never a list, an export or what is hidden."""
    return verdict.effect is Effect.MASK and field_.data_class is not DataClass.SECRET
