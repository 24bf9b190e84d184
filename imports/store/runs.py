"""The imports themselves: what file, by which mapping, how far, by whom; and what became of each of its rows.

An import is one document, moved from state to state by conditional updates; its rows' outcomes lie beside it by batches,
each written once when its batch is in. No value of a record or a row is in them, except what imports.store.sealed_source seals.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId
from mongoengine.connection import get_db
from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from gate.refusals import NotFound, Refused
from imports.store.file_names import as_seen
from models.data_classes import Words
from models.declaration import Noun
from policies.actor import Actor
from policies.effects import Effect
from policies.verdict import Verdict, may, reach
from workflows.engine.table import Act

Document = dict[str, Any]
INDEXES = {
    "imports": [IndexModel([("institution", 1), ("_id", -1)]), IndexModel([("file.id", 1)])],
    "import_batches": [IndexModel([("run", 1), ("phase", 1), ("no", 1)], unique=True)],
    "import_mappings": [IndexModel([("institution", 1), ("name", 1), ("version", 1)], unique=True)],
}
LISTED = 100
HEAVY = dict.fromkeys(
    ("mapping", "sealed", "problems", "hints", "trial.causes", "counts.causes", "reconciled", "opened"), 0
)
"""What no list of imports shows."""
NOTHING_IN = ("uploaded", "trying", "tried", "undone")
"""States in which an import has brought nothing in, or nothing that is left."""
ELSEWHERE: Words = (
    "ほかの館の取込は、確認と署名だけができます。",
    "Of another institution's import you may look at what came in and sign it off, no more.",
)


def permit(actor: Actor, noun: Noun, institution: str, *more: str) -> None:
    """Let pass whoever may import there.

    Raises:
        Refused: no grant to import, or none for an act of `more`.
    """
    for action in ("import", *more):
        verdict = may(actor, noun.name, action, institution)
        if not verdict:
            raise Refused(verdict)


def begin(actor: Actor, noun: Noun, institution: str, told: Mapping[str, Any]) -> str:
    """A new import; its id. `told` is what is known of it: file, form, mapping, mode.

    Raises:
        Refused: as permit.
    """
    permit(actor, noun, institution)
    now = datetime.now(UTC)
    made = {
        "_id": ObjectId(), "institution": institution, "noun": noun.name, "made_by": actor.user, "made_at": now,
        "state": "uploaded", "history": [{"at": now, "by": actor.user, "state": "uploaded"}], **told,
    }  # fmt: skip
    get_db()["imports"].insert_one(made)
    return str(made["_id"])


def find(actor: Actor, run: str, kind: str = "", *, only: Iterable[str] = ()) -> Document:
    """An import within reach of this actor; of records, or of the kind named. `only` these of its fields, and a few more.

    Raises:
        NotFound: none, or out of reach. Refused: no grant to import there.
    """
    found = known(run, only)
    if found is None or found.get("kind", "") != kind or actor.scope_of(found["institution"]) is None:
        raise NotFound
    verdict = may(actor, found["noun"], "import", found["institution"])
    if not verdict:
        raise Refused(verdict)
    return as_seen(actor, found)


def own(actor: Actor, run: str, kind: str = "") -> Document:
    """An import of this actor's own institution: elsewhere one looks on and signs off, and changes nothing.

    Whoever chose what a column feeds would choose who may read it (imports.store.source_cells).

    Raises:
        NotFound: as find. Refused: as find, or another institution's.
    """
    found = find(actor, run, kind)
    if actor.scope_of(found["institution"]) != "own":
        raise Refused(Verdict(Effect.HIDE, "import-own", ELSEWHERE))
    return found


def known(run: str, only: Iterable[str] = ()) -> Document | None:
    """An import for the worker, which took it from the queue; `only` as in find."""
    if not ObjectId.is_valid(run):
        return None
    names = dict.fromkeys(("institution", "noun", "kind", "state", *only), 1) if only else None
    found: Document | None = get_db()["imports"].find_one({"_id": ObjectId(run)}, names)
    return found


def listed(actor: Actor, nouns: Iterable[Noun]) -> list[Document]:
    """The newest imports within reach, without what is long in them."""
    asked = [
        {"noun": noun.name, "institution": {"$in": sorted(institutions)}}
        for noun in nouns
        if (institutions := reach(actor, noun.name, "import"))
    ]
    if not asked:
        return []
    found = get_db()["imports"].find({"$or": asked}, HEAVY).sort("_id", -1).limit(LISTED)
    return [as_seen(actor, each) for each in found]


def of_same_file(run: Document) -> list[Document]:
    """Other imports of the very same bytes into the same records, of which something may be in; the newest first."""
    asked = {
        "_id": {"$ne": run["_id"]}, "institution": run["institution"], "noun": run["noun"],
        "file.sha256": run["file"]["sha256"], "state": {"$nin": list(NOTHING_IN)},
    }  # fmt: skip
    return list(get_db()["imports"].find(asked, HEAVY).sort("_id", -1).limit(LISTED))


def names_file(file: str) -> bool:
    """Whether an import names a stored file."""
    return get_db()["imports"].find_one({"file.id": file}, {"_id": 1}) is not None


def change(
    run: str,
    from_: Iterable[str],
    values: Mapping[str, Any],
    *,
    state: str = "",
    by: str = "",
    without: Iterable[str] = (),
    mark: str = "",
) -> bool:
    """Set what is known of an import, where it stands in one of these states; False where it does not.

    `state` moves it on, and `by` says who did; `without` what is to be known no longer; `mark`: as advance.
    """
    update: Document = {"$set": dict(values)}
    if mark:
        update["$addToSet"] = {"operations": mark}
    if without:
        update["$unset"] = dict.fromkeys(without, "")
    if state:
        update["$set"]["state"] = state
        update["$push"] = {"history": {"at": datetime.now(UTC), "by": by, "state": state}}
    done = get_db()["imports"].update_one({"_id": ObjectId(run), "state": {"$in": list(from_)}}, update)
    return bool(done.matched_count)


def advance(
    run: str, act: Act, values: Mapping[str, Any], *, by: str, without: Iterable[str] = (), mark: str = ""
) -> bool:
    """Let an import go on by an act of its table; False where it does not stand in one of the act's states.

    `mark`: the operation that the act belongs to (workflows.engine.operations).
    """
    return change(run, act.from_, values, state=act.to, by=by, without=without, mark=mark)


def bears(run: str, mark: str) -> bool:
    """Whether an import bears the mark of an operation."""
    return get_db()["imports"].find_one({"_id": ObjectId(run), "operations": mark}, {"_id": 1}) is not None


def unmark(run: str, mark: str) -> None:
    """Take it off."""
    get_db()["imports"].update_one({"_id": ObjectId(run)}, {"$pull": {"operations": mark}})


def keep_batch(run: str, phase: str, no: int, told: Mapping[str, Any]) -> None:
    """Write down what became of a batch; once: a batch that was done twice was done alike."""
    id_ = f"{run}:{phase}:{no:06d}"
    try:
        get_db()["import_batches"].insert_one({"_id": id_, "run": run, "phase": phase, "no": no, **told})
    except DuplicateKeyError:
        return


def batches(run: str, phase: str, *, only: Iterable[str] = (), start: int = 0) -> Iterator[Document]:
    """The batches of a phase in their order; `only` these of their fields."""
    names = dict.fromkeys(("no", *only), 1) if only else None
    no = start
    while True:
        asked = {"run": run, "phase": phase, "no": {"$gte": no, "$lt": no + 20}}
        found = list(get_db()["import_batches"].find(asked, names).sort("no", 1))
        yield from found
        if not found:
            return
        no = found[-1]["no"] + 1


def batch(run: str, phase: str, no: int, *, only: Iterable[str] = ()) -> Document | None:
    """One batch."""
    names = dict.fromkeys(("no", *only), 1) if only else None
    found: Document | None = get_db()["import_batches"].find_one({"_id": f"{run}:{phase}:{no:06d}"}, names)
    return found


def done_batches(run: str, phase: str) -> int:
    """How many batches of a phase are in; they are written in their order."""
    last = get_db()["import_batches"].find_one({"run": run, "phase": phase}, {"no": 1}, sort=[("no", -1)])
    return int(last["no"]) + 1 if last else 0


def first_reaching(run: str, phase: str, row: int) -> int:
    """The number of the first batch whose rows reach this one; beyond the last where none does. They are in order."""

    def last(no: int) -> int:
        found = batch(run, phase, no, only=("rows",))
        return int(found["rows"][-1]) if found and found["rows"] else 0

    return bisect_left(range(done_batches(run, phase)), row, key=last)


def forget_batches(run: str, phase: str) -> None:
    """Drop what a phase wrote, before it begins anew."""
    get_db()["import_batches"].delete_many({"run": run, "phase": phase})


def erase_sources(run: str) -> None:
    """Take the sealed rows out of every batch; outcomes and counts stay."""
    get_db()["import_batches"].update_many({"run": run}, {"$unset": {"source": "", "changes": ""}})


def keep_mapping(actor: Actor, noun: Noun, institution: str, name: str, text: str) -> int:
    """Store a mapping by name as its next version; the version that it became.

    Raises:
        Refused: as permit.
    """
    permit(actor, noun, institution)
    versions = get_db()["import_mappings"]
    while True:
        last = versions.find_one({"institution": institution, "name": name}, sort=[("version", -1)])
        if last and last["text"] == text:
            return int(last["version"])
        version = int(last["version"]) + 1 if last else 1
        try:
            versions.insert_one({
                "institution": institution, "noun": noun.name, "name": name, "version": version, "text": text,
                "made_by": actor.user, "made_at": datetime.now(UTC),
            })  # fmt: skip
        except DuplicateKeyError:
            continue  # another saved this version meanwhile
        return version


def name_version(run: str, text: str, version: int) -> None:
    """Say of an import which version its mapping has become, if it still has that one."""
    asked = {"_id": ObjectId(run), "mapping.text": text}
    get_db()["imports"].update_one(asked, {"$set": {"mapping.version": version}})


def mappings(actor: Actor, noun: Noun) -> list[Document]:
    """Every stored mapping within reach, the newest version of each name first."""
    institutions = sorted(reach(actor, noun.name, "import"))
    asked = {"institution": {"$in": institutions}, "noun": noun.name}
    return list(get_db()["import_mappings"].find(asked).sort([("name", 1), ("version", -1)]).limit(LISTED))


def mapping_named(actor: Actor, key: str) -> Document:
    """A stored mapping by its id.

    Raises:
        NotFound: none within reach.
    """
    found: Document | None = (
        get_db()["import_mappings"].find_one({"_id": ObjectId(key)}) if ObjectId.is_valid(key) else None
    )
    if found is None or not may(actor, found["noun"], "import", found["institution"]):
        raise NotFound
    return found
