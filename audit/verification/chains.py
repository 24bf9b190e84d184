"""Verification: is every entry where it was written, and as it was written? The second place bears witness.

Against somebody who owns the store, the hashes and the signing key, only the second place can speak; so an entry must
be there too, the same to the byte. What is found first is named, because all that follows it hangs on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Any

from audit.canonical import digest
from audit.chain import WIDTH, Head, chain, entries, id_of, institutions
from audit.checkpoints import every, is_signed, origin, public_key
from audit.place import Place, copied, line
from audit.segments import opened_in
from audit.streams import Gaps
from audit.verification.sealed_values import forged_revision, not_as_sealed

Document = dict[str, Any]
Words = tuple[str, str]
Tell = Callable[[int], None]
See = Callable[[Document], None]
GRACE = timedelta(seconds=60)
"""So long an entry may wait for its copy."""
BATCH = 1_000

WRONG: dict[str, Words] = {
    "missing": ("この番号の記載がありません", "there is no entry of this number"),
    "number": ("番号の順に並んでいません", "it does not stand where its number belongs"),
    "prev": ("前の記載につながりません", "it does not follow the entry before it"),
    "hash": ("書き換えられています", "it was changed"),
    "copy": ("第二の保管場所の記載と違います", "the second place has another entry here"),
    "cut": ("末尾が切り取られています。第二の保管場所には残っています", "the tail was cut; the second place has it"),
    "uncopied": ("第二の保管場所にまだありません(flask audit seal)", "it is not in the second place yet (flask audit seal)"),
    "checkpoint": ("署名つきの控えと合いません", "a signed checkpoint says otherwise"),
    "signature": ("控えの署名が正しくありません", "a checkpoint's signature is not right"),
    "values": ("記録の履歴が書き換えられています", "the history in the record was changed"),
    "revision": ("記録の履歴からこの版が失われています", "the record's history lacks this revision"),
    "forged": ("台帳にない履歴が記録に足されています", "a history has a revision that the ledger does not know"),
    "waited": ("封緘を待つあいだに消された記載があります", "entries were deleted while they waited for the sealer"),
    "doubt": ("封緘を待つあいだに書き換えられた記載です", "it was changed while it waited for the sealer"),
    "alien": ("どの館の台帳にも属さない記載があります", "there is an entry that belongs to no chain"),
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """The first entry of a chain that is not as it was written. `wrong` is a key of WRONG; `what` names it further."""

    number: int
    wrong: str
    what: str = ""


@dataclass(frozen=True)
class Report:
    """A chain that was looked at: how far it is good, where segments begin, and what is wrong, if anything."""

    institution: str
    good: Head = field(default_factory=Head)
    finding: Finding | None = None
    segments: list[int] = field(default_factory=list)


def verify(place: Place, tell: Tell = lambda _: None, see: See = lambda _: None) -> Iterator[Report]:
    """Look at every chain that the store or the second place knows, and for what belongs to none.

    Args:
        place: the second place.
        tell: called with the number of entries looked at since the last call, for a progress bar.
        see: called with each entry that is good, but those whose records a restore took back.
    """
    whole = True
    gaps = Gaps(
        place.folder
    )  # before the chains: what moves on between the two looks is seen twice, and not missed
    for institution in sorted({*institutions(), *place.institutions()}):
        report = verify_chain(place, institution, tell, gaps, see)
        whole = whole and report.finding is None
        yield report
    # A chain that was not read to its end says nothing of what is missing behind it.
    for stream, number in gaps.missing() if whole else ():
        yield Report("?", Head(), Finding(number, "waited", stream))
    in_shape = {"_id": {"$not": {"$regex": f"^.+:[0-9]{{{WIDTH}}}$"}}}
    if alien := chain().find_one(in_shape, {"_id": 1}):
        yield Report("?", Head(), Finding(0, "alien", str(alien["_id"])))
    if revision := forged_revision():
        yield Report(revision["institution"] or "?", Head(), Finding(0, "forged", revision["_id"]))


def verify_chain(
    place: Place,
    institution: str,
    tell: Tell = lambda _: None,
    gaps: Gaps | None = None,
    see: See = lambda _: None,
) -> Report:
    """Look at one chain, its copy, its checkpoints and the histories that it seals; `gaps` sees each entry, `see` as in verify."""
    try:
        promised = _promised(place, institution)
    except _Forged as error:
        return Report(institution, Head(), Finding(error.number, error.wrong))
    segments = opened_in(institution)
    rolled_back = [each.rolled_back for each in segments]
    report = Report(institution, segments=[each.number for each in segments])
    good, looked = Head(), list[Document]()
    for entry, other in zip_longest(entries(institution), copied(place, institution)):
        wrong = _compared(institution, good, entry, other) or _kept(promised, entry)
        if not wrong:
            good = Head(entry["number"], entry["hash"])
            looked.append(entry)
            if gaps is not None:
                gaps.see(entry)
            if not any(entry["number"] in each for each in rolled_back):
                see(entry)
        if wrong or len(looked) == BATCH:
            if found := not_as_sealed(looked, rolled_back):
                return replace(report, good=good, finding=Finding(*found))
            tell(len(looked))
            looked = []
        if wrong:
            return replace(report, good=good, finding=Finding(good.number + 1, wrong))
    if found := not_as_sealed(looked, rolled_back):
        return replace(report, good=good, finding=Finding(*found))
    tell(len(looked))
    cut = [number for number in promised if number > good.number]
    return replace(report, good=good, finding=Finding(good.number + 1, "cut") if cut else None)


def _compared(institution: str, good: Head, entry: Document | None, other: bytes | None) -> str:
    """What is wrong with the entry after `good`, held against its place in the chain and its copy; "" when nothing."""
    if entry is None:
        # guard: second-place
        return "cut"
    number = good.number + 1
    if (entry.get("_id"), entry.get("number")) != (id_of(institution, number), number):
        return "missing" if str(entry["_id"]) > id_of(institution, number) else "number"
    if entry.get("prev") != good.hash:
        return "prev"
    try:
        if digest(entry) != entry.get("hash"):
            return "hash"
    except (TypeError, ValueError):
        return "hash"  # a kind of value that no entry holds
    # guard: changed-while-waiting
    if "doubt" in entry:
        return "doubt"
    if other is None:
        at = entry.get("at")
        fresh = isinstance(at, datetime) and datetime.now(UTC) - at <= GRACE
        return "" if fresh else "uncopied"
    # guard: verify
    return "" if line(entry) == other else "copy"


class _Forged(Exception):
    """A checkpoint that cannot be believed."""

    def __init__(self, number: int, wrong: str) -> None:
        super().__init__(wrong)
        self.number = number
        self.wrong = wrong


def _promised(place: Place, institution: str) -> dict[int, str]:
    """Number → hash, as the checkpoints of both places promise."""
    promised: dict[int, str] = {}
    public = public_key(place)
    try:
        for each in every(place, institution):
            number, hash_ = each.head.number, each.head.hash
            if not is_signed(each, public):
                raise _Forged(number, "signature")
            if each.origin != origin(institution) or promised.get(number, hash_) != hash_:
                raise _Forged(number, "checkpoint")
            promised[number] = hash_
    except ValueError as error:
        raise _Forged(0, "checkpoint") from error
    return promised


def _kept(promised: dict[int, str], entry: Document) -> str:
    return "" if promised.get(entry["number"], entry["hash"]) == entry["hash"] else "checkpoint"
