"""The ledgers as an auditor may read them: names of fields and opaque ids, of the institutions within reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId

from audit import reading
from audit.chain import SITE
from audit.events import note
from audit.reading import Sight
from gate.reading.references import label
from gate.refusals import BadQuestion, Refused
from gate.store.collections import records_of
from models.data_classes import Words
from models.registry import NOUNS
from oversight import alarm_notices
from oversight import alarms as audit_alarms
from oversight.alarms import Alarm
from policies.actor import Actor
from policies.verdict import may, reach

Document = dict[str, Any]
SHOWN_AT_MOST = 100
OPERATED = ("user", "role", "institution")
KINDS: dict[str, Words] = {
    "change": ("登録・更新・削除", "Changes"),
    "disclosure": ("個人情報の閲覧", "Personal data viewed"),
    "event": ("その他の操作", "Other acts"),
    "segment": ("復元", "Restores"),
}


@dataclass(frozen=True)
class Asked:
    """What is asked of the ledgers. Empty texts ask for everything; times are moments, the later one left out."""

    since: datetime
    until: datetime
    account: str = ""
    noun: str = ""
    subject: str = ""
    kind: str = ""
    after: str = ""


@dataclass(frozen=True)
class Trail:
    """A page of entries, newest first; `names` are account id → name as this actor may see it."""

    entries: list[Document]
    names: dict[str, str]
    after: str
    """Id to continue from; empty on the last page."""


@dataclass(frozen=True)
class Seen:
    """Whose records an account saw in a time, the last seen first."""

    sights: list[Sight]
    name: str


def houses(actor: Actor) -> frozenset[str]:
    """The institutions of whose ledgers this actor may read something."""
    return frozenset().union(*(reach(actor, noun, "audit") for noun in NOUNS))


def trail(actor: Actor, asked: Asked) -> Trail:
    """Entries of the ledgers, SHOWN_AT_MOST at a time; that they were read is itself an entry.

    Raises:
        Refused: no ledger is within reach.
        BadQuestion: an unknown kind or noun, or a page that is none.
    """
    where = _where(actor, asked)
    if asked.after:
        older = reading.older_than(asked.after, where)
        if older is None:
            raise BadQuestion((
                "ページの指定が正しくありません。先頭から開き直してください。",
                "The page is malformed; start again from the first.",
            ))  # fmt: skip
        where = {"$and": [where, older]}
    found = reading.newest(where, SHOWN_AT_MOST + 1)
    shown = found[:SHOWN_AT_MOST]
    _noted(actor, asked, "ledger_read")
    after = shown[-1]["_id"] if len(found) > SHOWN_AT_MOST else ""
    return Trail(shown, _names(actor, {each.get("actor", "") for each in shown}), after)


def seen_by(actor: Actor, asked: Asked) -> Seen:
    """Whose records `asked.account` saw between `since` and `until`.

    Raises:
        Refused: no ledger is within reach.
    """
    where = scope(actor)
    _noted(actor, asked, "ledger_read")
    found = reading.seen_by(asked.account, asked.since, asked.until, where)
    return Seen(found, _names(actor, {asked.account}).get(asked.account, asked.account))


def alarms(actor: Actor, since: datetime, until: datetime) -> tuple[list[Alarm], dict[str, str]]:
    """The alarms of the institutions within reach and of nobody's names, newest first, and the names of the accounts concerned.

    Raises:
        Refused: no ledger is within reach.
    """
    scope(actor)
    found = audit_alarms.alarms([*sorted(houses(actor)), SITE], since, until)
    now = datetime.now(UTC)
    if until >= now and actor.behind is None:
        alarm_notices.looked_at(actor.user, now)
    return found, _names(actor, {each.actor for each in found})


def unseen_alarms(actor: Actor) -> int:
    """How many alarms of the institutions within reach came since this actor last looked; 0 for who audits nothing."""
    audited = houses(actor)
    return alarm_notices.count_unseen(actor.user, [*audited, SITE], datetime.now(UTC)) if audited else 0


def accounts(actor: Actor) -> list[tuple[str, str]]:
    """Opaque id and name of the accounts that may stand in the ledgers within reach, to choose from."""
    asked = {"institution": {"$in": sorted(houses(actor))}}
    keys = [each["_id"] for each in records_of(NOUNS["user"]).find(asked, {"_id": 1}).limit(1_000)]
    named = label(actor, NOUNS["user"], keys)
    return sorted(((id_, each.label) for id_, each in named.items() if each.open), key=lambda each: each[1])


def scope(actor: Actor) -> Document:
    """What of the ledgers this actor may read: entries of a noun by the right to audit it, or to see its history."""
    audited = houses(actor)
    if not audited:
        raise Refused(may(actor, "item", "audit", actor.institution))
    nouns: defaultdict[frozenset[str], list[str]] = defaultdict(list)
    nouns[audited].append("")
    for noun in NOUNS:
        nouns[reach(actor, noun, "history" if noun in OPERATED else "audit") & audited].append(noun)
    known = [
        {"institution": {"$in": sorted(those)}, "noun": {"$in": names + [None] * ("" in names)}}
        for those, names in nouns.items()
        if those
    ]
    # What happened before anybody's institution was known: addresses that were refused, and nobody's name.
    known.append({"institution": SITE})
    return {"$or": known}


def _where(actor: Actor, asked: Asked) -> Document:
    where: Document = {"at": {"$gte": asked.since, "$lt": asked.until}}
    chosen: tuple[tuple[str, Container[str]], ...] = ((asked.kind, KINDS), (asked.noun, NOUNS))
    if any(name and name not in names for name, names in chosen):
        raise BadQuestion(("種類を一覧から選んでください。", "Choose the kind from the list."))
    for name, value in (
        ("actor", asked.account), ("noun", asked.noun), ("subjects", asked.subject), ("kind", asked.kind),
    ):  # fmt: skip
        if value:
            where[name] = value
    return {"$and": [where, scope(actor)]}


def _noted(actor: Actor, asked: Asked, kind: str) -> None:
    told = asked.subject or asked.account or asked.kind
    note(kind, actor=actor.user, institution=actor.institution, noun=asked.noun, detail=told)


def _names(actor: Actor, users: set[str]) -> dict[str, str]:
    keys = [ObjectId(each) for each in users if ObjectId.is_valid(each)]
    return {key: each.label for key, each in label(actor, NOUNS["user"], keys).items() if each.open}
