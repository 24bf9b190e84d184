"""Donors in a legacy row: found, made, or held for a person to decide. Nobody is merged on a name alone."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from gate.importing import MARK, Batch, id_of, insert
from gate.matching import Ambiguous, Donors
from gate.numbering import next_number
from gate.preparing import Preparing
from gate.refusals import Invalid, Refused
from migration.checking import Checked, Problem
from migration.mapping import Mapping
from migration.rules import Giver, Told
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor

Document = dict[str, Any]
AMBIGUOUS: Words = (
    "同じ名の寄贈者がいますが、同じ人か決められません。寄贈者番号の列を足すか、住所を書いてください。",
    "There is a donor of this name, but whether it is the same person cannot be told; add the donor's number or address.",
)
NO_SUCH: Words = ("この番号の寄贈者はいません。", "There is no donor of this number.")
NOT_MADE: Words = (
    "この寄贈者はまだ登録されていません。先に登録するか、新しく作る設定にしてください。",
    "This donor is not there yet; enter them first, or let the import make them.",
)


class Givers:
    """The donors of one import. On trial nobody is made: who would be is remembered for the rows that follow."""

    def __init__(
        self, run: str, began: datetime, mapping: Mapping, actor: Actor, institution: str, *, trial: bool
    ) -> None:
        self.run, self.began, self.trial = run, began, trial
        self.rules = {name: rule for name, rule in mapping.rules.items() if isinstance(rule, Giver)}
        self.made = 0
        self._taken: list[Any] = []
        self.actor, self.institution = actor, institution
        self._donors = Donors(actor, institution, run) if self.rules else None
        self._preparing: Preparing | None = None

    def taken(self) -> list[Any]:
        """Ids of the donors made since this was last asked."""
        found, self._taken = self._taken, []
        return found

    def settle(self, each: Checked) -> Problem | None:
        """Put the donor's id among the row's values; a problem where the row is to be held, `wrong` where refused."""
        for name, told in each.giver.items():
            rule = self.rules[name]
            column = "・".join(rule.columns)
            assert self._donors is not None  # noqa: S101 - there is a rule
            try:
                found = self._donors.match(told.number, told.name, told.address)
            except Ambiguous:
                return Problem(each.row.number, column, AMBIGUOUS)
            except KeyError:
                each.wrong[name] = NO_SUCH
                continue
            if found is None and not rule.create:
                each.wrong[name] = NOT_MADE
                continue
            try:
                each.kept[name] = found if found is not None else self._make(each.row.number, told)
            except Invalid as error:
                each.wrong[name] = next(iter(error.errors.values()))
        return None

    def _make(self, row: int, told: Told) -> Any:
        noun = NOUNS["donor"]
        id_ = id_of(self.run, self.began, row, "donor:" + sha256(repr(told).encode()).hexdigest())
        values = {
            "name": told.name, "name_reading": told.reading, "address": told.address, "postcode": told.postcode,
            "telephone": told.telephone, "standing": told.standing,
        }  # fmt: skip
        values = {name: value for name, value in values.items() if value}
        if self._preparing is None:
            names = [*values, "donor_number"]
            self._preparing = Preparing(self.actor, noun, self.institution, names, "create")
        kept, wrong = self._preparing.cleaned(values)
        # A trial takes no number: numbers are not given back.
        kept[noun.number] = told.number or (
            "-" if self.trial or wrong else next_number(noun, self.institution)
        )
        document = self._preparing.document(kept, wrong, id_, self.began)
        document[MARK] = {"run": self.run, "row": row}
        if not self.trial:
            # One by one, and numbered by the row: cut short, the same row makes the same donor again.
            batch = Batch(self.run, row, self.actor.user, noun, self.institution)
            if insert(batch, [document], values):
                raise Invalid({noun.number: NO_SUCH})
        assert self._donors is not None  # noqa: S101 - asked before
        self._donors.add(document)
        self.made += 1
        self._taken.append(id_)
        return id_


def check(actor: Actor, mapping: Mapping, institution: str) -> None:
    """Refuse before the first row what would be refused at some row.

    Raises:
        Refused: donors may not be read or made by this actor there.
    """
    rules = [rule for rule in mapping.rules.values() if isinstance(rule, Giver)]
    if rules:
        Donors(actor, institution)
        if any(rule.create for rule in rules):
            Preparing(actor, NOUNS["donor"], institution, ["name", "address", "donor_number"], "create")


__all__ = ["AMBIGUOUS", "Givers", "Refused", "check"]
