"""Undoing a run as a whole, last batch first; what somebody edited since stays as it is, and is listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from imports.run.outcomes import IMPORTED, UPDATED
from imports.run.running import Progress
from imports.store import runs
from imports.store.record_writes import RunBatch, in_batches, tell
from imports.store.revert_import import marked, numbered, put_back, remove_new
from imports.store.table import IMPORT
from models.declaration import Noun
from models.registry import NOUNS
from policies.actor import Actor

Document = dict[str, Any]
KEPT_SHOWN = 500


def steps(run: Document, who: Callable[[], Actor]) -> Iterator[Progress]:
    """Batch by batch, as often as it takes: what is taken back already is met as gone.

    Raises:
        Refused: no grant to remove or edit there any more.
    """
    id_, noun, institution = str(run["_id"]), NOUNS[run["noun"]], run["institution"]
    progress = Progress(total=int(run.get("counts", {}).get("rows", 0)))
    kept: set[Any] = set()
    made: list[Any] = []
    last = runs.done_batches(id_, "run")
    for no in reversed(range(last)):
        batch = runs.batch(id_, "run", no, only=("rows", "fates", "records", "revisions", "made"))
        if batch is None:
            continue
        actor = who()
        new = [
            record
            for record, outcome in zip(batch["records"], batch["fates"], strict=True)
            if outcome == IMPORTED
        ]
        kept |= remove_new(actor, noun, institution, id_, new)
        zipped = zip(batch["records"], batch["revisions"], batch["fates"], strict=True)
        changed = [(record, revision) for record, revision, outcome in zipped if outcome == UPDATED]
        if changed:
            kept |= put_back(actor, noun, institution, id_, changed)
        made += batch["made"]
        progress.rows += len(batch["rows"])
        yield progress
    if "counts" not in run:
        kept |= _cut_short(who(), noun, institution, id_)
    # Of a batch that was cut short only the mark tells whom it made; of one that another import changed, only the batch.
    made += marked(NOUNS["donor"], institution, id_)[0]
    kept_donors = _donors(who, institution, id_, list(dict.fromkeys(made))) - kept
    stayed = [
        *_named(noun, institution, kept),
        *_named(NOUNS["donor"], institution, kept_donors),
    ]
    told = {"stayed": stayed[:KEPT_SHOWN], "stayed_count": len(kept) + len(kept_donors)}
    runs.advance(id_, IMPORT.act("undone"), told, by=who().user)
    tell(
        RunBatch(id_, 0, who().user, noun, institution),
        "import_undone",
        f"stayed={len(kept) + len(kept_donors)}",
    )
    yield progress


def _cut_short(actor: Actor, noun: Noun, institution: str, run: str) -> set[Any]:
    """Take back what is in of batches that nobody came to write down."""
    new, changed = marked(noun, institution, run)
    kept = set().union(*(remove_new(actor, noun, institution, run, ids) for ids in in_batches(new)))
    return kept.union(*(put_back(actor, noun, institution, run, those) for those in in_batches(changed)))


def _donors(who: Callable[[], Actor], institution: str, run: str, made: list[Any]) -> set[Any]:
    """Donors whom the import made go after the items that named them."""
    kept: set[Any] = set()
    for ids in in_batches(made):
        kept |= remove_new(who(), NOUNS["donor"], institution, run, ids)
    return kept


def _named(noun: Noun, institution: str, ids: set[Any]) -> list[list[str]]:
    return [[noun.name, id_, number] for id_, number in numbered(noun, institution, ids)]
