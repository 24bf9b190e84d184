"""Counts that are kept for all pages: after whatever was done they are what counting from scratch says (issue 14, 5.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId
from mongoengine.connection import get_db
from pymongo.errors import AutoReconnect

from audit.drain import drain
from audit.sealer import seal
from gate.counts import counted, groupings, kept
from gate.counts.counted import Recounting, counted_at, counted_by, due_groupings
from gate.counts.groupings import COMPLETED, GROUPINGS, STANDING, Grouping
from gate.reading.listing import group
from gate.reading.questions import Question
from gate.refusals import Refused
from gate.store import samples
from gate.writing import batch_undo
from gate.writing.changes import Origin
from gate.writing.writing import Edit, patch, patch_many, remove
from models.registry import NOUNS
from policies.work import JAPAN
from tests.imports.doing import PLAIN, begun, done, file
from tests.world import actor, item

pytestmark = pytest.mark.usefixtures("database", "_at_once")
ITEM = NOUNS["item"]
BOTH = frozenset({"shinjuku", "soseki"})
STAFF, MANAGER = "staff.shinjuku", "manager"


@pytest.fixture
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records enough to be worth a kept count, and no pause between two counts."""
    monkeypatch.setattr(counted, "FEW", -1)
    monkeypatch.setattr(counted, "LEAST_SECONDS", 0)
    monkeypatch.setattr(counted, "SHARE", 0)
    monkeypatch.setattr(samples, "ONE_IN", 2)
    monkeypatch.setattr(kept, "AT_ONCE", 1)


def worker() -> list[Grouping]:
    """What the worker does in a round; which groupings were due."""
    seal()
    drain()
    due, step = due_groupings(), Recounting()
    step.step()
    if step._under_way:
        step._under_way.result()
    return due


def shown(grouping: Grouping) -> Counter[tuple[Any, ...]]:
    """What pages add up: (institution, values, day, sums) → records."""
    found = counted.counted(grouping, BOTH)
    return Counter({(row.institution, row.values, row.day, row.sums): row.records for row in found})


def from_scratch(grouping: Grouping) -> Counter[tuple[Any, ...]]:
    """The same by reading every record, without the store's help."""
    records: Counter[tuple[Any, ...]] = Counter()
    pieces: Counter[tuple[Any, ...]] = Counter()
    for each in get_db()["items"].find({"institution": {"$in": sorted(BOTH)}}):
        day = each.get(grouping.day_of)
        if grouping.day_of and day is None:
            continue
        values = tuple(tuple(v) if isinstance(v := each.get(name), list) else v for name in grouping.by)
        key = (each["institution"], values, f"{day.astimezone(JAPAN):%Y-%m-%d}" if day else "")
        records[key] += 1
        pieces[key] += each.get("object_count") or 0
    return Counter({(*key, (pieces[key],) if grouping.sums else ()): n for key, n in records.items()})


def edits(made: list[str]) -> None:
    patch(actor(STAFF), ITEM, made[0], 1, {"rank": "A", "object_count": "7", "materials": "紙"})


def statuses(made: list[str]) -> None:
    patch(actor(STAFF), ITEM, made[0], 1, {"input_status": "done"})
    patch(actor(MANAGER), ITEM, made[0], 2, {"input_status": "sent_back", "check_comment": "寸法"})
    patch(actor(STAFF), ITEM, made[1], 1, {"input_status": "done"})


def batches(made: list[str]) -> None:
    edits_of = [Edit(each, 1, {"rank": "B"}) for each in made]
    assert patch_many(actor(STAFF), ITEM, edits_of, origin=Origin.BATCH) == [2] * len(made)


def undoing(made: list[str]) -> None:
    batches(made)
    id_ = batch_undo.keep_undo(actor(STAFF), ITEM, ["rank"], [(each, 2) for each in made])
    assert batch_undo.undo(actor(STAFF), ITEM, id_).done == len(made)


def removals(made: list[str]) -> None:
    remove(actor(STAFF), ITEM, made[0], 1, "重複")


def imports(folder: Path, *, undone: bool) -> Callable[[list[str]], None]:
    def imported(_made: list[str]) -> None:
        run = begun(file(folder, "no,title,maker,place\n1,壺,甲,棚\n2,皿,,棚\n"), PLAIN)
        done(run)
        assert get_db()["items"].count_documents({"accession_number": {"$in": ["1", "2"]}}) == 2
        if undone:
            worker()
            assert done(run, "undo")["state"] == "undone"

    return imported


@pytest.mark.parametrize(
    "what", ["edits", "statuses", "batches", "undoing", "removals", "imports", "undone imports"]
)
def test_after_every_act_the_kept_counts_are_those_from_scratch(what: str, tmp_path: Path) -> None:
    acts = {
        "edits": edits, "statuses": statuses, "batches": batches, "undoing": undoing, "removals": removals,
        "imports": imports(tmp_path, undone=False), "undone imports": imports(tmp_path, undone=True),
    }  # fmt: skip
    made = [item(STAFF, title=f"壺{n}") for n in range(3)] + [item("staff.soseki", rank="C")]
    worker()
    stood = counted_at(ITEM)
    acts[what](made[:3])
    assert worker() == list(GROUPINGS)
    for grouping in GROUPINGS:
        assert shown(grouping) == from_scratch(grouping)
    assert (counted_at(ITEM) or stood) > stood  # type: ignore[operator]


def test_where_nothing_was_written_nothing_is_counted_again_until_its_time_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = item(STAFF)
    worker()
    assert worker() == []
    edits([made])
    assert worker() == list(GROUPINGS)
    monkeypatch.setattr(counted, "LONGEST_SECONDS", 0)
    assert worker() == list(GROUPINGS)


def test_counting_takes_no_more_than_its_share_and_a_clock_set_back_does_not_hold_it_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = item(STAFF)
    worker()
    edits([made])
    monkeypatch.setattr(counted, "LEAST_SECONDS", 3_600)
    assert worker() == []
    ahead = datetime.now(UTC) + timedelta(days=1)
    get_db()["counts"].update_many({"at": {"$exists": True}}, {"$set": {"at": ahead}})
    assert worker() == list(GROUPINGS)


@pytest.mark.parametrize("at", ["insert_many", "update_one", "delete_many"])
def test_a_count_that_is_cut_short_leaves_the_one_before_and_the_next_is_whole(
    at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [item(STAFF), item(STAFF)]
    worker()
    stood = {each: shown(each) for each in GROUPINGS}
    edits(made)
    seal()
    drain()

    class Cut:
        def __getattr__(self, name: str) -> Any:
            if name == at:
                raise AutoReconnect("cut")
            return getattr(get_db()["counts"], name)

    with monkeypatch.context() as cutting:
        cutting.setattr(kept, "_counts", Cut)
        with pytest.raises(AutoReconnect):
            kept.recount(STANDING)
    assert shown(STANDING) == (from_scratch(STANDING) if at == "delete_many" else stood[STANDING])
    worker()
    kept.recount(STANDING)
    assert shown(STANDING) == from_scratch(STANDING)
    generations = get_db()["counts"].distinct("generation", {"grouping": STANDING.key})
    assert len(generations) == 2  # this one, and the one before for who is reading it


def test_a_worker_that_is_to_end_gives_up_a_count_before_its_next_range() -> None:
    made = [item(STAFF) for _ in range(3)]
    get_db()["items"].update_many({}, {"$set": {"drawn": True}})  # two ranges at least
    worker()
    stood = shown(STANDING)
    edits(made)
    asked = iter([False, True])
    with pytest.raises(kept.Stopped):
        kept.recount(STANDING, lambda: next(asked))
    assert next(asked, None) is None
    assert shown(STANDING) == stood != from_scratch(STANDING)


def test_a_count_that_comes_late_does_not_take_the_place_of_a_later_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = item(STAFF)
    real = groupings.count_from_scratch
    seen: list[Any] = []

    def overtaken(grouping: Grouping, **asked: Any) -> Any:
        rows = list(real(grouping, **asked))
        if not seen:
            seen.append(rows)
            edits([made])
            kept.recount(grouping)
        return rows

    monkeypatch.setattr(kept, "count_from_scratch", overtaken)
    kept.recount(STANDING)
    assert shown(STANDING) == from_scratch(STANDING)
    assert len(get_db()["counts"].distinct("generation", {"grouping": STANDING.key})) == 1


def test_a_reader_of_a_count_that_is_gone_reads_the_one_that_stands() -> None:
    made = item(STAFF)
    worker()
    old = kept.header_of(STANDING)
    for number in (1, 2, 3):
        patch(actor(STAFF), ITEM, made, number, {"rank": "ABC"[number - 1]})
        worker()
    kept._parts.clear()
    assert old is not None
    assert kept.read(old, BOTH, None, None) is None
    assert shown(STANDING) == from_scratch(STANDING)


def test_only_the_institutions_asked_for_and_the_days_asked_for_are_counted() -> None:
    ours, theirs = item(STAFF, input_status="done"), item("staff.soseki", input_status="done")
    for id_, day in (
        (ours, datetime(2026, 3, 31, 14, 59, tzinfo=UTC)),
        (theirs, datetime(2026, 3, 31, 15, tzinfo=UTC)),
    ):
        get_db()["items"].update_one({"_id": ObjectId(id_)}, {"$set": {"completed_at": day}})
    worker()
    of = {row.institution: row.day for row in counted.counted(COMPLETED, BOTH)}
    assert of == {"shinjuku": "2026-03-31", "soseki": "2026-04-01"}
    april = datetime(2026, 4, 1, tzinfo=JAPAN).date()
    assert [row.institution for row in counted.counted(COMPLETED, BOTH, since=april)] == ["soseki"]
    assert [row.institution for row in counted.counted(COMPLETED, BOTH, until=april)] == ["shinjuku"]
    assert [row.institution for row in counted.counted(STANDING, frozenset({"soseki"}))] == ["soseki"]


@pytest.mark.parametrize("few", [-1, 2_000])
def test_the_days_of_a_month_are_added_up_where_only_months_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    for day in (1, 2, 30):
        id_ = item(STAFF, input_status="done", object_count=str(day))
        moment = datetime(2026, 4, day, 3, tzinfo=UTC)
        get_db()["items"].update_one({"_id": ObjectId(id_)}, {"$set": {"completed_at": moment}})
    worker()
    monkeypatch.setattr(counted, "FEW", few)
    [row] = counted.counted(COMPLETED, BOTH, monthly=True)
    assert (row.day, row.records, row.sums) == ("2026-04-01", 3, (33,))
    assert len(counted.counted(COMPLETED, BOTH)) == 3


def test_few_of_many_are_counted_at_once_and_not_for_everybody_at_each_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of many records that stand there few may be done."""
    item(STAFF, input_status="done"), item(STAFF)
    worker()
    monkeypatch.setattr(counted, "FEW", 1)
    stood = kept.header_of(COMPLETED)
    item(STAFF, input_status="done")
    assert sum(row.records for row in counted.counted(COMPLETED, BOTH)) == 2
    assert sum(row.records for row in counted.counted(STANDING, BOTH)) == 2
    assert kept.header_of(COMPLETED) == stood


def test_a_kept_count_is_told_to_nobody_who_may_not_count() -> None:
    item(STAFF, rank="A")
    worker()
    assert counted_by(ITEM, "rank", BOTH) == {"A": 1}
    assert group(actor(STAFF), ITEM, Question(), "rank") == {"A": 1}
    assert group(actor(STAFF), ITEM, Question(institution="soseki"), "rank") == {}
    with pytest.raises(Refused):
        group(actor("librarian.kaizu"), ITEM, Question(), "rank")


def test_rows_of_a_grouping_as_it_was_declared_before_are_not_taken_for_its_own() -> None:
    item(STAFF, rank="A")
    kept.recount(replace(STANDING, by=("rank",)))
    assert kept.header_of(STANDING) is None
    assert shown(STANDING) == from_scratch(STANDING)


def test_every_grouping_counts_by_what_its_noun_declares() -> None:
    for each in GROUPINGS:
        known = {field.name for field in each.noun} | set(each.noun.document._fields)
        assert {*each.by, *each.sums, *filter(None, [each.day_of])} <= known
