"""The second half of sealing: what waits in `ledger` and `disclosures` goes into the chains, and on to the second place.

Killed at any point it goes on: an entry's `source` is what it was called while it waited, and the chain takes each
source once; what waits is deleted only after the chain has acknowledged it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from mongoengine.connection import get_db

from audit.chain import SITE, append, institutions
from audit.checkpoints import checkpoint
from audit.copies import kind_of, set_wrong, states
from audit.patrol import Patrol
from audit.place import Diverged, Place, copy
from audit.streams import is_unchanged

BATCH = 1_000
CHANGED = "changed while it waited"
"""What an entry of the chain says of itself that was not as it had been written when it was sealed."""
MANY = 10_000
Document = dict[str, Any]
Tell = Callable[[str, str], None]


def drain() -> int:
    """Move one batch of each waiting room into the chains; returns how many entries waited."""
    return sum(_room(name, as_entry) for name, as_entry in (("ledger", _act), ("disclosures", _disclosure)))


def _room(name: str, as_entry: Callable[[Document], Document]) -> int:
    room = get_db()[name]
    waiting = list(room.find().sort("_id", 1).limit(BATCH))
    chains: defaultdict[str, list[Document]] = defaultdict(list)
    # A batch is taken by id, and written down in the order of time.
    for each in sorted(waiting, key=lambda act: act["at"]):
        doubt = {} if is_unchanged(each) else {"doubt": CHANGED}
        chains[each.get("institution") or SITE].append({**as_entry(each), **doubt})
    for institution, new in chains.items():
        append(institution, new)
    if waiting:
        room.delete_many({"_id": {"$in": [each["_id"] for each in waiting]}})
    return len(waiting)


def _act(waiting: Document) -> Document:
    """A change of a record, or an event. The record is its subject too: one index follows a subject through all."""
    kept = {name: value for name, value in waiting.items() if name not in ("_id", "institution")}
    if "record" in kept:
        # With the seal: after a restore a record's next revision may bear a number that was given before.
        source = f"{waiting['_id']}:{kept.get('seal', '')[:16]}"
        return {"kind": "change", "source": source, "subjects": [kept["record"]], **kept}
    return {"kind": "event", "source": f"event:{waiting['_id']}", **kept}


def _disclosure(waiting: Document) -> Document:
    kept = {name: value for name, value in waiting.items() if name not in ("_id", "institution")}
    return {"kind": "disclosure", "source": f"disclosure:{waiting['_id']}", **kept, "action": "seen"}


def overdue(before: datetime) -> int:
    """How many entries have waited for the chain since before that time; counting ends at MANY."""
    rooms = ("ledger", "disclosures")
    return sum(get_db()[name].count_documents({"at": {"$lt": before}}, limit=MANY) for name in rooms)


def copy_all(place: Place, *, force: bool = False) -> int:
    """Bring the second place up to date, and sign the checkpoints that are due; what keeps a copy from it is remembered.

    Args:
        place: where to.
        force: sign one for every chain that has grown, due or not.

    Returns:
        How many entries were copied.

    Raises:
        Diverged: a chain does not go on where its copy ends; the others are copied first.
        OSError: the place cannot be written.
        ValueError: what stands at the end of a copy is no entry.
    """
    count = 0
    wrong = {each.institution for each in states() if each.wrong}
    first: Exception | None = None
    for institution in institutions():
        try:
            count += copy(place, institution)
            checkpoint(place, institution, force=force)
        except (Diverged, OSError, ValueError) as error:
            first = first or error
            set_wrong(institution, kind_of(error), error.number if isinstance(error, Diverged) else 0)
        else:
            if institution in wrong:
                set_wrong(institution, "")
    if first:
        raise first
    return count


def steps(place: Place, tell: Tell) -> list[Callable[[], int]]:
    """What the worker repeats. A second place that fails is told of once, and again when what it says changes.

    It does not stop the sealing: the entries wait in the chain until the place can be written again.
    """
    told = ""

    def copying() -> int:
        nonlocal told
        try:
            count, now = copy_all(place), ""
        except Diverged as error:
            count, now = 0, f"diverged {error}"
        except (OSError, ValueError) as error:
            count, now = 0, type(error).__name__
        if now != told:
            told = now
            tell(*_said(now))
        return count

    return [drain, copying, Patrol(place).step]


def _said(now: str) -> tuple[str, str]:
    if not now:
        return "台帳の写しがまた書けるようになりました", "the ledger's second place can be written again"
    return (
        f"台帳の写しに書けません({now})。flask audit verify で確かめてください",
        f"the ledger's second place cannot be written ({now}); look with flask audit verify",
    )
