"""The procedure of a work request: decided by another person, watched at the door, reported from the ledger (S14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from audit.reading import acts_of
from gate.reading.loading import find_document, load
from gate.reading.names import names_of
from gate.reading.shown import Row
from models.registry import NOUNS
from policies.actor import Actor
from policies.work import JAPAN, MINUTE
from workflows.engine.acts import perform
from workflows.work_requests.table import WORK

Document = dict[str, Any]
NOUN = NOUNS["work_request"]
REPORTED_AT_MOST = 2_000


@dataclass(frozen=True)
class Report:
    """A work report (作業報告書): the request, and what its contractor's sessions did, oldest first."""

    row: Row
    acts: list[Document]
    names: dict[str, str]
    whole: bool
    """False where there were more acts than a report holds."""


def decide(actor: Actor, record: str, revision: int, act: str, note: str) -> None:
    """Approve, refuse, withdraw or finish a request; it holds for the account's next request in every process.

    Raises:
        NotFound, Refused, Invalid, Conflict: as workflows.engine.acts.perform.
    """
    perform(actor, WORK, record, revision, act, {"note": note})


def enter(actor: Actor, record: str, who: str) -> None:
    """Write down that somebody of the contractor entered the machine room now, seen by this person.

    Raises:
        NotFound, Refused, Invalid: as workflows.engine.acts.perform.
    """
    perform(actor, WORK, record, None, "enter", {"who": who})


def leave(actor: Actor, record: str, passage: str) -> None:
    """Write down that they left now. To say it twice changes nothing.

    Raises:
        NotFound, Refused, Invalid: as workflows.engine.acts.perform; no such entry.
    """
    perform(actor, WORK, record, None, "leave", {"passage": passage})


def report(actor: Actor, record: str, purpose: str) -> Report:
    """The request as it may be printed, and the acts of its contractor's account within its window.

    Raises:
        NotFound, Refused: out of reach, or no grant to print.
        LedgerClosed: the disclosure could not be written.
    """
    document = find_document(actor, NOUN, record, "print")
    row = load(actor, NOUN, record, exit_="print", purpose=purpose)
    begins, ends = (
        datetime.strptime(document[name], MINUTE).replace(tzinfo=JAPAN).astimezone(UTC)
        for name in ("begins_at", "ends_at")
    )
    begins = max(begins, document.get("decided_at") or begins)
    ends = min(ends, document.get("closed_at") or ends)
    approved = document.get("decided_at") and document["work_status"] in ("approved", "withdrawn", "finished")
    acts = acts_of(document["contractor"], begins, ends, REPORTED_AT_MOST + 1) if approved else []
    names = names_of(actor, [document["contractor"]])
    return Report(row, acts[:REPORTED_AT_MOST], names, len(acts) <= REPORTED_AT_MOST)
