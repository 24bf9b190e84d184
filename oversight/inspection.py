"""What an inspection of a fiscal year is shown, and what an incident's report is made of (S20, S22).

Opaque ids, names of fields and names of accounts; no value of a record. Every part is asked of policy like any page: what
the asker may not read is None, and the paper says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.accounts import role_of
from audit import reading
from audit.chain import Head, head
from audit.events import note
from gate.reading.listing import export_rows
from gate.reading.names import names_of
from gate.reading.questions import Filter, Question
from gate.reading.shown import Row
from gate.refusals import Refused
from gate.store.clock import bounds_of_year, today
from gate.store.collections import records_of
from models.data_classes import Words
from models.registry import NOUNS
from oversight.registers import Lacking, of_house
from oversight.trail import houses, scope
from policies.actor import Actor
from policies.verdict import may
from policies.work import JAPAN
from roles.grants import in_plain_words
from roles.rights import top_of

Document = dict[str, Any]
LISTED_AT_MOST = 20_000
LOCKS = (
    "sign_in_failed", "code_wrong", "locked_out", "account_locked", "outside_locked", "address_locked", "network_refused",
    "unlocked", "refused",
)  # fmt: skip
LEFT = ("exported", "printed", "taken_out")


@dataclass(frozen=True)
class RoleHeld:
    """A role as it stands now: what it may do in plain words, and how many accounts of the institution hold it."""

    name: Words
    kind: str
    holders: int
    may: list[Words]


@dataclass(frozen=True)
class Inspection:
    """One institution in one fiscal year (April to March). A part that is None is withheld from who asks."""

    institution: str
    year: int
    since: datetime
    until: datetime
    head: Head
    waiting: int
    names: dict[str, str]
    roles: list[RoleHeld] | None
    role_changes: list[Document] | None
    accounts: list[Row] | None
    account_changes: list[Document] | None
    locks: list[Document]
    disclosures: list[Document]
    """Counted: account, noun, exit, purpose, acts, subjects (each act counts its own)."""
    left: list[Document]
    removals: list[Document]
    takeouts: list[Row] | None
    work: list[Row] | None
    handlers: list[Row] | None
    trainings: list[Row] | None
    lacking: Lacking | None


@dataclass(frozen=True)
class Incident:
    """What the ledgers know of an account or a subject between two moments."""

    account: str
    subject: str
    since: datetime
    until: datetime
    heads: dict[str, Head]
    entries: list[Document]
    whole: bool
    sights: list[reading.Sight]
    names: dict[str, str] = field(default_factory=dict)


def inspect(actor: Actor, institution: str, year: int) -> Inspection:
    """Gather the inspection of an institution's fiscal year; that it was gathered is itself an entry.

    Raises:
        Refused: this actor may not read the ledgers of that institution.
    """
    if institution not in houses(actor):
        raise Refused(may(actor, "item", "audit", institution))
    since, until = bounds_of_year(year)
    top = top_of(institution)
    within: Document = {"institution": institution, "at": {"$gte": since, "$lt": until}}
    counted = reading.counted(within, scope(actor))
    note("inspected", actor=actor.user, institution=institution, detail=str(year))
    roles = bool(may(actor, "role", "history", top))
    users = bool(may(actor, "user", "history", institution))
    found = {
        "role_changes": _entries(actor, {**within, "institution": {"$in": [institution, top]}, "noun": "role", "kind": "change"}),
        "account_changes": _entries(actor, {**within, "noun": "user", "kind": "change"}),
        "locks": _entries(actor, {**within, "action": {"$in": list(LOCKS)}}),
        "left": _entries(actor, {**within, "action": {"$in": list(LEFT)}}),
        "removals": _entries(actor, {**within, "kind": "change", "action": "remove"}),
    }  # fmt: skip
    people = {each.get("actor", "") for those in found.values() for each in those} | {
        each["actor"] for each in counted
    }
    first, last = (each.astimezone(JAPAN).strftime("%Y-%m-%d") for each in (since, until))
    return Inspection(
        institution, year, since, until, head(institution), reading.waiting(institution), names_of(actor, people - {""}),
        roles=_roles(top, institution) if roles else None,
        role_changes=found["role_changes"] if roles else None,
        accounts=_rows(actor, "user", institution) if users else None,
        account_changes=found["account_changes"] if users else None,
        locks=found["locks"], disclosures=counted, left=found["left"], removals=found["removals"],
        takeouts=_rows(actor, "takeout", institution, _days("taken_on", first, last)),
        work=_within_year(_rows(actor, "work_request", institution), first, last),
        handlers=_rows(actor, "handler", institution),
        trainings=_rows(actor, "training", institution, _days("held_on", first, last)),
        lacking=of_house(institution, min(_day_before(until), str(today())))
        if may(actor, "handler", "read", institution) and may(actor, "training", "read", institution)
        else None,
    )  # fmt: skip


def incident(
    actor: Actor, since: datetime, until: datetime, *, account: str = "", subject: str = ""
) -> Incident:
    """What the ledgers within reach know of an account, or of a record, in a time; reading it is itself an entry.

    Raises:
        Refused: no ledger is within reach.
    """
    where = scope(actor)
    of: Document = {"at": {"$gte": since, "$lt": until}}
    of |= {"actor": account} if account else {"subjects": subject}
    note("incident_reported", actor=actor.user, institution=actor.institution, detail=account or subject)
    entries = reading.all_of(of, where, LISTED_AT_MOST + 1)
    sights = reading.seen_by(account, since, until, where) if account else []
    people = {each.get("actor", "") for each in entries} | {account}
    return Incident(
        account, subject, since, until, {each: head(each) for each in sorted(houses(actor))},
        entries[:LISTED_AT_MOST], len(entries) <= LISTED_AT_MOST, sights, names_of(actor, people - {""}),
    )  # fmt: skip


def _entries(actor: Actor, of: Document) -> list[Document]:
    return reading.all_of(of, scope(actor), LISTED_AT_MOST)


def _roles(top: str, institution: str) -> list[RoleHeld]:
    found = []
    for each in records_of(NOUNS["role"]).find({"institution": {"$in": [top, institution]}}).sort("code", 1):
        held = records_of(NOUNS["user"]).count_documents({"institution": institution, "role": each["_id"]})
        said = in_plain_words(each.get("actions", {}), each.get("effects", {}))
        found.append(RoleHeld(role_of(each).name, each.get("role_kind", ""), held, said))
    return found


def _days(name: str, first: str, last: str) -> tuple[Filter, ...]:
    """From the first day up to the last, itself left out."""
    return (Filter(name, "from", first), Filter(name, "to", _before(last)))


def _before(day: str) -> str:
    return f"{day[:4]}-03-31" if day.endswith("-04-01") else day


def _day_before(until: datetime) -> str:
    return _before(until.astimezone(JAPAN).strftime("%Y-%m-%d"))


def _rows(actor: Actor, noun: str, institution: str, filters: tuple[Filter, ...] = ()) -> list[Row] | None:
    """The records of an institution as this actor's list shows them; None where the noun is withheld."""
    if not may(actor, noun, "read", institution):
        return None
    columns = [each.name for each in NOUNS[noun] if each.declared.listed] + MORE.get(noun, [])
    question = Question(institution=institution, filters=filters)
    return list(export_rows(actor, NOUNS[noun], question, columns, exit_="list", purpose="inspection"))


MORE = {"work_request": ["network", "decided_by", "decided_at"]}
"""What the paper holds beside the columns of a list; nothing of it is personal."""


def _within_year(rows: Iterable[Row] | None, first: str, last: str) -> list[Row] | None:
    """Those whose window touches the year."""
    if rows is None:
        return None
    return [
        each
        for each in rows
        if str(each["begins_at"].value or "") < last and str(each["ends_at"].value or "") > first
    ]
