"""`show()`: the one place that makes what leaves the gate, its disclosure written first (law 6).

What left is of a type that only this module makes (gate.reading.shown), so no reading can forget the ledger;
tests/architecture/test_showing.py holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from gridfs import GridOut

from audit.disclosures import Receipt, disclose
from gate.reading.shown import Cells, File, Judged, Row
from models.data_classes import PERSONAL
from models.declaration import Field, Noun
from policies.actor import Actor


@dataclass(frozen=True, slots=True)
class Act:
    """One act of showing: who looks at what kind of record, by which exit, at how much at once, and what for."""

    actor: Actor
    noun: Noun
    exit: str
    breadth: str
    """record, list_page, batch or document (audit.disclosures.BREADTHS)."""
    purpose: str = ""
    institution: str = ""
    """In whose ledger the entry stands; empty: the actor's own institution."""


def show(act: Act, records: Sequence[Judged], *, confirms: str = "") -> list[Row]:
    """The records as rows that may leave the gate; one entry for all of them, where anything personal is in full.

    Args:
        act: the act of showing.
        records: what was judged for it, its references resolved.
        confirms: a field whose value the asker knew; that a record has it is told by finding it, or none.

    Raises:
        LedgerClosed: the disclosure could not be written; nothing is shown.
    """
    told: dict[str, set[str]] = {each.id: {confirms} for each in records} if confirms else {}
    for each in records:
        if fields := each.discloses():
            told.setdefault(each.id, set()).update(fields)
    receipt = disclose_act(act, told, {confirms} - {""})
    return [Row(receipt, each) for each in records]


def show_file(act: Act, record: str, field: Field, opened: Callable[[], GridOut]) -> File:
    """A record's file as it may be served; opened only once the disclosure stands.

    Raises:
        LedgerClosed: as show. And what `opened` raises.
    """
    receipt = disclose_act(act, {record: {field.name}} if field.data_class in PERSONAL else {})
    return File(receipt, field, record, opened())


def show_cells(
    act: Act, subject: str, rows: Sequence[Mapping[str, str]], opened: Mapping[str, set[str]]
) -> list[Cells]:
    """Rows of a legacy file, of which `opened` names the columns that may be shown, with the personal fields in each.

    Raises:
        LedgerClosed: as show.
    """
    told = {
        name for column, fields in opened.items() for name in fields if any(row.get(column) for row in rows)
    }
    receipt = disclose_act(act, {subject: told} if told else {})
    return [Cells(receipt, act.noun.name, subject, row, opened) for row in rows]


def disclose_act(act: Act, told: Mapping[str, Collection[str]], fields: Iterable[str] = ()) -> Receipt:
    """Write the entry of an act; none where nothing is told.

    Args:
        act: the act of showing.
        told: record → names of its personal fields that are shown in full.
        fields: more names, told whether or not there is a record.

    Raises:
        LedgerClosed: it could not be written.
    """
    return disclose(
        actor=act.actor.user,
        institution=act.institution or act.actor.institution,
        noun=act.noun.name,
        exit_=act.exit,
        breadth=act.breadth,
        subjects=told,
        fields=set(fields).union(*told.values()),
        purpose=act.purpose,
    )
