"""The content check: what waits for it, a fair sample of what passed it, passing and sending back, and what lies still."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from hashlib import blake2b
from heapq import nsmallest

from gate.reading.listing import Page, list_page
from gate.reading.questions import Filter, Question
from gate.reading.shown import Row, verdict_on
from gate.refusals import BadQuestion
from gate.store.clock import today
from gate.store.collections import records_of
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import reach
from progress.counts import ITEM, Scope, countable_institutions, match, ranks_of
from workflows.content_check.table import CHECK
from workflows.engine.acts import perform
from workflows.engine.table import Act

COLUMNS = (
    "accession_number",
    "title",
    "rank",
    "institution",
    "entered_by",
    "status_at",
    "check_comment",
    "revision",
)
AT_MOST = 100
"""Records of a sample, and lines of each list."""
_STALE_DAYS = NOUNS["institution"].fields["stale_days"]


def queue(actor: Actor, scope: Scope, size: int = 20) -> Page:
    """The records that wait for their check, the longest waiting first.

    Raises:
        Refused, BadQuestion: as list_page.
    """
    return _listed(actor, scope, (Filter("input_status", "is", "awaiting_check"),), size)


def stale(actor: Actor, scope: Scope, size: int = 20) -> Page:
    """The drafts in which nothing was changed for so many days, as the actor's institution set it."""
    last = today() - timedelta(days=stale_days(actor))
    asked = (Filter("input_status", "is", "in_progress"), Filter("changed_at", "to", last.isoformat()))
    return _listed(actor, scope, asked, size)


def stale_days(actor: Actor) -> int:
    """After how many days without a change a draft is called stale."""
    found = records_of(NOUNS["institution"]).find_one({"_id": actor.institution}, {"stale_days": 1}) or {}
    days = int(found.get("stale_days") or _STALE_DAYS.default)
    return min(days, _STALE_DAYS.maximum or days)


def sample(actor: Actor, scope: Scope, size: int, draw: int) -> list[str]:
    """Ids of so many done records, each as likely as any other; the same draw gives the same ones while they stand.

    Each record has its own place in a draw, whatever other records there are: what is sent back makes room for one.

    Raises:
        Refused, BadQuestion: as countable_institutions; not 1 to AT_MOST records.
    """
    if not 1 <= size <= AT_MOST:
        raise BadQuestion((f"1件から{AT_MOST}件までにしてください。", f"Choose from 1 to {AT_MOST} records."))
    covered = countable_institutions(actor, scope, ("rank", "input_status"))
    where = match(covered, scope) | {"input_status": "done"}
    key = str(draw).encode()
    ids = (each["_id"].binary for each in records_of(ITEM).find(where, {"_id": 1}))
    drawn = nsmallest(size, ids, key=lambda id_: blake2b(id_, digest_size=8, key=key).digest())
    return [id_.hex() for id_ in drawn]


def sampled(actor: Actor, scope: Scope, ids: list[str]) -> Page:
    """The records of a sample, as far as they still stand as done."""
    return _listed(actor, scope, (Filter("input_status", "is", "done"),), AT_MOST, tuple(ids))


def decide(actor: Actor, record: str, revision: int, act: str, answers: Mapping[str, str]) -> Act:
    """Do one of the check's acts, such as to pass a record or send it back, on the revision that was looked at; the act.

    Raises:
        NotFound, Refused, Invalid, Conflict: as workflows.engine.acts.perform.
    """
    return perform(actor, CHECK, record, revision, act, answers)


def institutions_counting_sent_back(actor: Actor) -> frozenset[str]:
    """Return the institutions where this person edits and sees who entered a record and its status."""
    fields = [ITEM.fields[name] for name in ("entered_by", "input_status")]
    return frozenset(
        each
        for each in reach(actor, ITEM.name, "edit")
        if all(verdict_on(actor, field, "count", each).shown for field in fields)
    )


def sent_back_to(actor: Actor) -> int:
    """How many records that this person entered were sent back to them, as far as they are told of it."""
    within = institutions_counting_sent_back(actor)
    if not within:
        return 0
    where = {"entered_by": actor.user, "input_status": "sent_back", "institution": {"$in": sorted(within)}}
    return records_of(ITEM).count_documents(where, limit=1_000)


def sent_back_records(actor: Actor, size: int = 5) -> list[Row]:
    """The first of those records, the longest waiting first, with what is to be mended."""
    asked = (Filter("input_status", "is", "sent_back"), Filter("entered_by", "is", actor.user))
    return _listed(actor, Scope(), asked, size).rows


def _listed(
    actor: Actor, scope: Scope, filters: tuple[Filter, ...], size: int, ids: tuple[str, ...] | None = None
) -> Page:
    if ids == ():
        return Page([], 0, capped=False, after="", before="")
    if scope.group:
        ranks = [each for each in ranks_of(scope.group) if each]
        filters += (Filter("rank", "any", ",".join(ranks)) if ranks else Filter("rank", "empty", "1"),)
    question = Question(scope.institution, filters=filters, sort="status_at", ids=ids or ())
    return list_page(actor, ITEM, question, COLUMNS, size=size)
