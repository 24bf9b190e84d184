"""Match donors of legacy rows: found, created, or held for a person to decide. A name alone never merges two."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Table
from datetime import datetime
from hashlib import sha256
from typing import Any

from gate.fields.validation import clean
from gate.refusals import Invalid
from gate.store.numbering import catch_up, next_number
from gate.writing import pipeline
from gate.writing.changes import Change
from imports.mapping.donor_rule import DONOR_FIELDS, DonorRule, Told
from imports.mapping.mapping import Mapping
from imports.store.filling import Filling
from imports.store.matching import Ambiguous, Donors, permit
from imports.store.record_writes import RunBatch, id_of, insert, mark_of
from imports.validation.row_validation import Checked, Problem
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor

Document = dict[str, Any]
NEW = "new"
AMBIGUOUS: Words = (
    "同じ名の寄贈者がいますが、同じ人か決められません。寄贈者番号の列を足すか、住所を書いてください。",
    "There is a donor of this name, but whether it is the same person cannot be told; add the donor's number or address.",
)
NO_SUCH: Words = ("この番号の寄贈者はいません。", "There is no donor of this number.")
NOT_MADE: Words = (
    "この寄贈者はまだ登録されていません。先に登録するか、新しく作る設定にしてください。",
    "This donor is not there yet; enter them first, or let the import make them.",
)


class DonorMatcher:
    """Match the donors of one import, or create them. A trial creates none, but remembers them for later rows."""

    def __init__(
        self, run: str, began: datetime, mapping: Mapping, actor: Actor, institution: str, *, trial: bool,
        decided: Table[int, Any] | None = None,
    ) -> None:  # fmt: skip
        """`decided`: row → whom a person says it means: NEW, or the id of a donor whom it could mean."""
        self.run, self.began, self.trial = run, began, trial
        self.rules = _rules(mapping)
        self._sources = mapping.sources
        self.institution = institution
        self._decided = decided or {}
        self._taken: list[Any] = []
        self._donors = (
            Donors(actor, institution, donor_parts(self.rules.values()), run) if self.rules else None
        )
        self._filling: Filling | None = None

    def go_on_as(self, actor: Actor) -> None:
        """What follows is done by the rights of this moment (law 8).

        Raises:
            Refused: as `permitted`.
        """
        self._filling = permitted(actor, self.rules, self.institution)

    def taken(self) -> list[Any]:
        """Ids of the donors made since this was last asked."""
        found, self._taken = self._taken, []
        return found

    def match_donors(self, each: Checked) -> Problem | None:
        """Put the donor's id among the row's values; a problem where the row is to be held, `wrong` where refused."""
        for name, told in each.donors.items():
            rule = self.rules[name]
            column = "・".join(self._sources(rule.columns))
            assert self._donors is not None  # noqa: S101 - there is a rule
            try:
                found = self._donors.match(told.number, told.name, told.address)
            except Ambiguous as error:
                found = self._decided.get(each.row.number)
                if found != NEW and found not in error.ids:
                    return Problem(each.row.number, column, AMBIGUOUS)
                # Three rows of one new donor are one person, as in a run; begun anew, the one who was made is met.
                found = self._donors.made(told.name, told.address) if found == NEW else found
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
        assert self._filling is not None  # noqa: S101 - a rule that makes donors
        assert self._donors is not None  # noqa: S101 - asked before
        id_ = id_of(self.run, self.began, row, "donor:" + sha256(repr(told).encode()).hexdigest())
        values = {field: said for name, field in DONOR_FIELDS.items() if (said := getattr(told, name))}
        kept, wrong = clean(noun, values)
        # One by one, and numbered by the row: cut short, the same row makes the same donor again.
        batch = RunBatch(self.run, row, self._filling.actor.user, noun, self.institution)
        while True:
            # A trial takes no number: numbers are not given back.
            number = "-" if self.trial or wrong else next_number(noun, self.institution)
            values_ = {**kept, noun.number: number}
            change = Change(
                self.institution, kept=values_, wrong=dict(wrong), id=id_, beside=mark_of(self.run, row)
            )
            made = self._filling.batch([change], at=self.began)
            pipeline.check(made)
            made.raise_first()
            if self.trial or not insert(batch, made, values):
                break
            catch_up(noun, self.institution)  # the number was typed by somebody meanwhile
        self._donors.add(change.after)
        self._taken.append(id_)
        return id_


def permitted(actor: Actor, rules: Table[str, DonorRule], institution: str) -> Filling | None:
    """Return what creates the donors of these rules; None where they create none.

    Raises:
        Refused: donors may not be known or made by this actor there, or a field not filled that a rule fills.
    """
    if rules:
        permit(actor, institution, donor_parts(rules.values()))
    # A donor is made of a name; by its number alone one is only found.
    told = {part for rule in rules.values() if rule.create and "name" in rule.told for part in rule.told}
    if not told:
        return None
    names = sorted(DONOR_FIELDS[part] for part in {*told, "number"})
    return Filling(actor, NOUNS["donor"], institution, names, "create")


def donor_parts(rules: Iterable[DonorRule]) -> frozenset[str]:
    """Return the parts of a donor that these rules fill."""
    return frozenset(part for rule in rules for part in rule.told)


def check(actor: Actor, mapping: Mapping, institution: str) -> None:
    """Refuse before the first row what would be refused at some row.

    Raises:
        Refused: as `permitted`.
    """
    permitted(actor, _rules(mapping), institution)


def _rules(mapping: Mapping) -> dict[str, DonorRule]:
    return {name: rule for name, rule in mapping.rules.items() if isinstance(rule, DonorRule)}
