"""Pages found by windows: whatever the sample, each record once and in order, forwards and back."""

from __future__ import annotations

from concurrent.futures import Future
from random import Random
from typing import Any

import pytest
from bson import ObjectId
from pymongo.database import Database

from gate.fields.sort_keys import order_of
from gate.reading import listing
from gate.reading.listing import Page, list_page
from gate.reading.questions import Filter, Question
from gate.store import counting, memory, samples, windows
from gate.store.memory import beside
from gate.store.search_keys import keys_of
from models.registry import NOUNS
from tests.world import actor

ITEM = NOUNS["item"]
COLUMNS = ["accession_number", "title", "input_status"]


@pytest.fixture(autouse=True)
def shelf(database: Database[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """300 items of two museums with ten titles between them, and windows from the first record on."""
    monkeypatch.setattr(windows, "FEW", 0)
    monkeypatch.setattr(samples, "ONE_IN", 10)
    samples.forget_samples()
    counting.forget_counts()
    dice = Random(7)  # the same every time
    documents: list[dict[str, Any]] = [
        {"_id": ObjectId(), "institution": dice.choice(("shinjuku", "soseki")), "revision": 1,
         "accession_number": f"W-{dice.getrandbits(32):010d}", "title": f"火鉢{dice.randrange(10)}",
         "input_status": dice.choice(("done", "done", "done", "in_progress"))}
        for _ in range(300)
    ]  # fmt: skip
    documents = [
        {
            **each,
            "keys": keys_of(ITEM, each),
            "sort_keys": order_of(ITEM, each),
            "drawn": samples.is_drawn(each["_id"]),
        }
        for each in documents
    ]
    database["items"].delete_many({})
    database["items"].insert_many(documents)
    return documents


def walk(way: str, **asked: Any) -> list[Page]:
    """All pages one after another: `after` from the first, or `before` back from the last."""
    who, found = actor("staff.shinjuku"), []
    edge = asked.pop("edge", "")
    while True:
        question = Question(**asked, **{way: edge})
        found.append(list_page(who, ITEM, question, COLUMNS, size=40))
        edge = getattr(found[-1], way)
        if not edge:
            return found


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", ["", "title", "accession_number"])
@pytest.mark.parametrize("filters", [(), (Filter("input_status", "is", "in_progress"),)])
def test_a_walk_shows_every_record_once_in_order(
    shelf: list[dict[str, Any]], sort: str, descending: bool, filters: tuple[Filter, ...]
) -> None:
    wanted = sorted(
        (each for each in shelf if not filters or each["input_status"] == "in_progress"),
        key=lambda each: (each.get(sort, ""), each["_id"]),
        # With no order asked the newest stand first.
        reverse=descending if sort else not descending,
    )
    asked: dict[str, Any] = {"sort": sort, "descending": descending, "filters": filters}
    forwards = walk("after", **asked)
    assert [row.id for page in forwards for row in page.rows] == [str(each["_id"]) for each in wanted]
    last = forwards[-1].rows[-1].id
    backwards = walk("before", edge=last, **asked)
    assert [row.id for page in reversed(backwards) for row in page.rows] == [
        str(each["_id"]) for each in wanted[:-1]
    ]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", ["", "title"])
def test_a_walk_while_records_come_in_shows_every_one_that_was_there_once(
    database: Database[dict[str, Any]], shelf: list[dict[str, Any]], sort: str, descending: bool
) -> None:
    """Ten titles between three hundred records, and as many new ones on every page that is turned."""
    dice, who, edge = Random(11), actor("staff.shinjuku"), ""
    found: list[str] = []
    for turned in range(100):
        page = list_page(who, ITEM, Question(sort=sort, descending=descending, after=edge), COLUMNS, size=20)
        found += [row.id for row in page.rows]
        edge = page.after
        if not edge:
            break
        database["items"].insert_many(
            each | {"institution": "shinjuku", "revision": 1, "sort_keys": order_of(ITEM, each)}
            for n in range(2)
            for each in [{"accession_number": f"N-{turned}-{n}", "title": f"火鉢{dice.randrange(10)}"}]
        )  # fmt: skip
    assert not edge
    assert len(found) == len(set(found))
    assert {str(each["_id"]) for each in shelf} <= set(found)


@pytest.mark.parametrize("sort", ["", "title"])
@pytest.mark.parametrize(("text", "held"), [("火鉢7", "火鉢7"), ("鉢", "火鉢"), ("火鉢 -火鉢3", "火鉢")])
def test_a_walk_over_what_words_find_leaves_nothing_out(
    shelf: list[dict[str, Any]], text: str, held: str, sort: str
) -> None:
    wanted = {
        str(each["_id"])
        for each in shelf
        if held in each["title"] and not (" " in text and "3" in each["title"])
    }
    pages = walk("after", text=text, sort=sort)
    found = [row.id for page in pages for row in page.rows]
    assert len(found) == len(set(found))
    assert set(found) == wanted


def test_a_record_newer_than_the_sample_is_on_the_first_page(database: Database[dict[str, Any]]) -> None:
    list_page(actor("staff.shinjuku"), ITEM, Question(), COLUMNS)
    newest = database["items"].insert_one(
        {"institution": "shinjuku", "revision": 1, "accession_number": "W-new", "title": "新着"}
    )
    page = list_page(actor("staff.shinjuku"), ITEM, Question(), COLUMNS)
    assert page.rows[0].id == str(newest.inserted_id)


def test_a_search_asked_again_finds_what_came_in_since_and_looks_its_sample_up_once(
    database: Database[dict[str, Any]], shelf: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Any] = []
    look_up = samples._look_up

    def counted(*given: Any) -> Any:
        looked.append(given)
        return look_up(*given)

    monkeypatch.setattr(samples, "_look_up", counted)
    before = list_page(actor("staff.shinjuku"), ITEM, Question(text="火鉢"), COLUMNS)
    newest = {
        "_id": ObjectId(),
        "institution": "shinjuku",
        "revision": 1,
        "accession_number": "W-new",
        "title": "火鉢",
    }
    database["items"].insert_one({**newest, "keys": keys_of(ITEM, newest)})
    page = list_page(actor("staff.shinjuku"), ITEM, Question(text="火鉢"), COLUMNS)
    assert [page.rows[0].id, page.total] == [str(newest["_id"]), before.total + 1]
    assert len(looked) == 1
    assert "火鉢" not in repr(samples._found)


def test_a_window_reads_no_more_than_it_must(
    database: Database[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    real = windows._find

    def find(*args: Any, **options: Any) -> Any:
        asked.append(args[1])
        return real(*args, **options)

    monkeypatch.setattr(windows, "_find", find)
    list_page(actor("staff.shinjuku"), ITEM, Question(sort="accession_number"), COLUMNS, size=10)
    assert database["items"].count_documents(asked[0]) < 150


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("institution", ["shinjuku", "soseki"])
def test_a_museum_entered_before_or_after_another_is_listed_without_walking_past_the_others_records(
    database: Database[dict[str, Any]],
    shelf: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    institution: str,
    descending: bool,
) -> None:
    """Issue 14, 5.4: whichever was entered first, a page reads about as many records as it shows."""
    museums = ("shinjuku", "soseki")
    for at, each in enumerate(sorted(shelf, key=lambda each: each["_id"])):
        database["items"].update_one(
            {"_id": each["_id"]}, {"$set": {"institution": museums[2 * at // len(shelf)]}}
        )
    samples.forget_samples()
    monkeypatch.setattr(
        counting, "COUNT_CAP", 100
    )  # more than that, so that a page is all of an institution's
    monkeypatch.setattr(listing, "COUNT_CAP", 100)
    read: list[int] = []
    real = windows._find

    def find(of: Any, where: Any, order: Any, limit: int, hint: str | None) -> Any:
        found = real(of, where, order, limit, hint)
        if hint == "_id_":
            # Walking reads all records between the two ends of the page, whoever's they are.
            newest = database["items"].find_one(sort=order)
            assert newest is not None
            ends = sorted(each["_id"] for each in (newest, *found))
            read.append(database["items"].count_documents({"_id": {"$gte": ends[0], "$lte": ends[-1]}}))
        else:
            read.append(database["items"].count_documents(where))
        return found

    with monkeypatch.context() as watching:
        watching.setattr(windows, "_find", find)
        page = list_page(
            actor("staff.shinjuku"), ITEM, Question(institution, descending=descending), COLUMNS, size=10
        )
    assert len(page.rows) == 10
    assert sum(read) < 100
    wanted = sorted(
        (str(each["_id"]) for each in database["items"].find({"institution": institution}, {"_id": 1})),
        reverse=not descending,
    )
    walked = walk("after", institution=institution, descending=descending)
    assert [row.id for page in walked for row in page.rows] == wanted


def test_a_sample_that_is_old_serves_once_more_while_it_is_drawn_anew(
    shelf: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, database: Database[dict[str, Any]]
) -> None:
    """Nobody waits for it: among a million it takes longer than the page."""
    both = frozenset({"shinjuku", "soseki"})
    first = samples.sample(ITEM, "title", both)
    database["items"].update_many({"drawn": True}, {"$set": {"title": "皿"}})
    monkeypatch.setattr(samples._samples, "seconds", 0)
    anew: list[Future[Any]] = []

    class Beside:
        def submit(self, *asked: Any) -> None:
            anew.append(beside().submit(*asked))

    monkeypatch.setattr(memory, "beside", Beside)
    assert samples.sample(ITEM, "title", both) == first
    monkeypatch.undo()
    anew[0].result()
    assert [value for value, _ in samples.sample(ITEM, "title", both)] == ["皿"]
