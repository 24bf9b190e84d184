"""How far the input has come: counts of items by institution, rank and status, and what their cards still lack (S5).

Counts only. Every field that is counted by is put to policy first, and a withheld one is refused, not left out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from gate.counts.counted import counted
from gate.counts.groupings import STANDING
from gate.reading.questions import Question, agree, institutions
from gate.reading.shown import verdict_on
from gate.refusals import BadQuestion, Refused
from models.completeness import asked_of
from models.data_classes import Words
from models.registry import NOUNS
from models.vocabularies import terms
from policies.actor import Actor
from policies.verdict import may, reach

Document = dict[str, Any]
ITEM = NOUNS["item"]
RANK_GROUPS: dict[str, tuple[Words, tuple[str | None, ...]]] = {
    "AB": (("A・B", "A and B"), ("A", "B")),
    "CD": (("C・D", "C and D"), ("C", "D")),
    "none": (("ランクなし", "No rank"), (None, "")),
}
"""Group → its name and the ranks in it; together they are every item (S1: AB is important or valuable, CD the rest)."""
_GROUP_OF = {rank: group for group, (_, ranks) in RANK_GROUPS.items() for rank in ranks}
COUNTED = ("rank", "input_status", "object_count")
"""What the board counts by."""


@dataclass(frozen=True)
class Scope:
    """What of the collection a board is about; empty: all within reach."""

    institution: str = ""
    group: str = ""
    """A key of RANK_GROUPS."""


@dataclass
class Standing:
    """One institution's items of one group of ranks, by status: how many records (件) and pieces (点)."""

    institution: str
    group: str
    records: Counter[str] = field(default_factory=Counter)
    pieces: Counter[str] = field(default_factory=Counter)


@dataclass
class Completeness:
    """One institution's items of one type, and what their cards lack."""

    institution: str
    object_type: str
    records: int = 0
    whole: int = 0
    """Records that lack nothing that is asked of them."""
    lacking: Counter[str] = field(default_factory=Counter)
    """Field → records without it."""
    asked: tuple[str, ...] = ()
    """The fields that are asked, as far as this actor may know whether they are filled."""

    @property
    def filled(self) -> float:
        """The share of asked fields that are filled, from 0 to 1."""
        return 1 - self.lacking.total() / (self.records * len(self.asked)) if self.records else 0.0


def countable_institutions(
    actor: Actor, scope: Scope, by: tuple[str, ...], action: str = "read"
) -> frozenset[str]:
    """The institutions that a count by these fields covers.

    Raises:
        Refused: out of reach (403), or one of the fields is withheld somewhere within it (400).
        BadQuestion: no such group of ranks.
    """
    if scope.group:
        ranks_of(scope.group)
    covered = institutions(actor, ITEM, Question(institution=scope.institution))
    for institution in sorted(covered) if action != "read" else ():
        if not (verdict := may(actor, ITEM.name, action, institution)):
            raise Refused(verdict)
    for name in by:
        agree(actor, ITEM.fields[name], "count", covered)
    return covered


def ranks_of(group: str) -> tuple[str | None, ...]:
    """The ranks of a group.

    Raises:
        BadQuestion: there is no such group.
    """
    if group not in RANK_GROUPS:
        raise BadQuestion(("ランクを選び直してください。", "Choose the ranks again."))
    return RANK_GROUPS[group][1]


def exportable(actor: Actor, scope: Scope) -> bool:
    """Whether a board's figures may leave as a file: every institution in them must be one to export from."""
    within = {scope.institution} if scope.institution else reach(actor, ITEM.name, "read")
    return within <= reach(actor, ITEM.name, "export")


def match(covered: frozenset[str], scope: Scope) -> Document:
    """The store's filter for a scope that `countable_institutions` has agreed to."""
    where: Document = {"institution": {"$in": sorted(covered)}}
    if scope.group:
        where["rank"] = {"$in": list(ranks_of(scope.group))}
    return where


def group_of(rank: Any) -> str:
    """The group of a rank as it is stored."""
    return _GROUP_OF.get(rank, "none")


def count_by_status(actor: Actor, scope: Scope, *, action: str = "read") -> list[Standing]:
    """The board: for each institution and group of ranks its items by status.

    Raises:
        Refused, BadQuestion: as countable_institutions.
    """
    covered = countable_institutions(actor, scope, COUNTED, action)
    found: dict[tuple[str, str], Standing] = {}
    for row in counted(STANDING, covered, COUNTED[:2], now=action != "read"):
        group, status = group_of(row.values[0]), row.values[1]
        if scope.group in ("", group):
            standing = found.setdefault((row.institution, group), Standing(row.institution, group))
            standing.records[status or "not_started"] += row.records
            standing.pieces[status or "not_started"] += row.sums[0]
    order = list(RANK_GROUPS)
    return sorted(found.values(), key=lambda each: (each.institution, order.index(each.group)))


def completeness(actor: Actor, scope: Scope, *, action: str = "read") -> list[Completeness]:
    """For each institution and object type what its cards lack.

    Whether a field is filled tells of it: one that this actor may not see in full there is neither asked nor told.

    Raises:
        Refused, BadQuestion: as countable_institutions.
    """
    covered = countable_institutions(actor, scope, ("rank", "object_type"), action)
    told = {institution: _countable_fields(actor, institution) for institution in covered}
    found: dict[tuple[str, str], Completeness] = {}
    for row in counted(STANDING, covered, ("rank", "object_type", "lacks"), now=action != "read"):
        rank, object_type, lacked = row.values
        if scope.group not in ("", group_of(rank)):
            continue
        institution, kind = row.institution, object_type or ""
        if (institution, kind) not in found:
            asked = tuple(name for name in asked_of(kind) if name in told[institution])
            found[institution, kind] = Completeness(institution, kind, asked=asked)
        one = found[institution, kind]
        lacks = [name for name in lacked or () if name in told[institution]]
        one.records += row.records
        one.whole += 0 if lacks else row.records
        one.lacking.update({name: row.records for name in lacks})
    order = {code: at for at, code in enumerate(terms("object_type"))}
    return sorted(
        found.values(), key=lambda each: (each.institution, order.get(each.object_type, len(order)))
    )


def _countable_fields(actor: Actor, institution: str) -> frozenset[str]:
    """Return the fields of which this actor may count the filled ones in an institution."""
    return frozenset(each.name for each in ITEM if not each.is_system and verdict_on(actor, each, "count", institution).shown)  # fmt: skip
