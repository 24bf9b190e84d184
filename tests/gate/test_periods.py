"""Written dates in a list: found by interval, in order by their beginning, what is undated last, each record once."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from bson import ObjectId
from pymongo.database import Database

from gate import counting, listing, samples, windows
from gate.listing import Page, list_page
from gate.periods import UNDATED, UnreadDate, intervals_of
from gate.questions import Filter, Question
from gate.refusals import BadQuestion, Refused
from gate.writing import create, patch
from models.registry import NOUNS
from policies.effects import Effect
from tests.world import actor

ITEM = NOUNS["item"]
WRITTEN = (
    "縄文時代中期", "江戸時代後期", "天保3年", "1832", "明治30年", "明治30年頃", "1897-1902", "大正末期", "R8.7.2",
    "19世紀末", "明治30年以前", "昭和20年以後", "不明", "", "いつのことやら",
)  # fmt: skip


@pytest.fixture
def shelf(database: Database[dict[str, Any]]) -> dict[str, str]:
    """One item of each way of writing a date: as written → id."""
    database["items"].delete_many({})
    who = actor("staff.shinjuku")
    return {
        text: create(who, ITEM, "shinjuku", {"title": f"火鉢 {text}", "period": {"text": text}})
        for text in WRITTEN
    }


def found(shelf: dict[str, str], typed: str) -> set[str]:
    question = Question(filters=(Filter("period", "overlaps", typed),))
    ids = {row.id for row in list_page(actor("staff.shinjuku"), ITEM, question, ["title"]).rows}
    return {text for text, id_ in shelf.items() if id_ in ids}


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("明治30年", {"明治30年", "明治30年頃", "1897-1902", "19世紀末", "明治30年以前"}),
        ("1903年", set()),
        ("江戸後期", {"江戸時代後期", "天保3年", "1832", "明治30年以前"}),
        ("縄文時代", {"縄文時代中期", "明治30年以前"}),
        ("R8.7.2", {"R8.7.2", "昭和20年以後"}),
        ("大正15年以後", {"大正末期", "R8.7.2", "昭和20年以後"}),
        ("不明", {"不明", "", "いつのことやら"}),
    ],
)
def test_what_overlaps_the_interval_typed_is_found_and_nothing_else(
    shelf: dict[str, str], typed: str, wanted: set[str]
) -> None:
    """S6: by an era, a part of an age, a year, a day."""
    assert found(shelf, typed) == wanted


def test_the_interval_follows_the_edit(shelf: dict[str, str]) -> None:
    patch(actor("staff.shinjuku"), ITEM, shelf["天保3年"], 1, {"period": {"text": "昭和3年"}})
    assert "天保3年" not in found(shelf, "江戸後期")
    assert "天保3年" in found(shelf, "1928")
    patch(actor("staff.shinjuku"), ITEM, shelf["天保3年"], 2, {"period": {"text": ""}})
    assert "天保3年" in found(shelf, "不明")


def test_what_nobody_understands_is_said_to_be_so(shelf: dict[str, str]) -> None:
    with pytest.raises(UnreadDate):
        found(shelf, "いつのことやら")
    for field in ("title", "rank", "nothing"):
        with pytest.raises(BadQuestion):
            list_page(
                actor("staff.shinjuku"),
                ITEM,
                Question(filters=(Filter(field, "overlaps", "1897"),)),
                ["title"],
            )


@pytest.mark.parametrize(
    "question", [Question(filters=(Filter("period", "overlaps", "1897"),)), Question(sort="period")]
)
def test_a_withheld_date_is_neither_filtered_nor_sorted_by(shelf: dict[str, str], question: Question) -> None:
    """Law 2: who sees no date learns it by no order and no interval."""
    who = actor("staff.shinjuku")
    blind = {"own": {**who.role.effects["item"]["own"], "field:period": Effect.HIDE}}
    role = replace(who.role, effects={**who.role.effects, "item": blind}, judged={})
    with pytest.raises(Refused) as refused:
        list_page(replace(who, role=role), ITEM, replace(question, institution="shinjuku"), ["title"])
    assert refused.value.status == 400


def walk(way: str, edge: str = "", **asked: Any) -> list[Page]:
    pages = []
    while True:
        asked[way] = edge
        question = Question(**asked)
        pages.append(list_page(actor("staff.shinjuku"), ITEM, question, ["title"], size=7))
        edge = getattr(pages[-1], way)
        if not edge:
            return pages


@pytest.mark.parametrize("few", [0, 1_000])
@pytest.mark.parametrize("descending", [False, True])
def test_a_walk_by_date_shows_each_record_once_what_is_undated_last(
    database: Database[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, descending: bool, few: int
) -> None:
    monkeypatch.setattr(windows, "FEW", few)
    monkeypatch.setattr(samples, "ONE_IN", 10)
    if not few:
        for room in (counting, listing):
            monkeypatch.setattr(room, "COUNT_CAP", 50)  # as among very many
    samples.forget_samples()
    counting.forget_counts()
    dice = Random(5)
    documents: list[dict[str, Any]] = []
    for n in range(120):
        period = dice.choice((None, {"earliest": None, "latest": None}, {"earliest": None, "latest": 19111231}, *(
            {"earliest": year * 10_000 + 101, "latest": year * 10_000 + 1231} for year in (-300, 1832, 1897, 1897, 1923)
        )))  # fmt: skip
        one = {"_id": ObjectId(), "institution": "shinjuku", "revision": 1, "accession_number": f"W-{n}",
               "title": f"火鉢{n}", "period": period}  # fmt: skip
        documents.append({**one, "intervals": intervals_of(ITEM, one), "drawn": samples.is_drawn(one["_id"])})
    database["items"].delete_many({})
    database["items"].insert_many(documents)

    def place(one: dict[str, Any]) -> tuple[bool, int, Any]:
        at = one["intervals"]["period"]["at"]
        turned = -1 if descending else 1
        return at == UNDATED, 0 if at == UNDATED else turned * at, turned * int(str(one["_id"]), 16)

    wanted = [str(each["_id"]) for each in sorted(documents, key=place)]
    asked: Any = {"sort": "period", "descending": descending}
    forwards = walk("after", **asked)
    assert [row.id for page in forwards for row in page.rows] == wanted
    backwards = walk("before", edge=forwards[-1].rows[-1].id, **asked)
    assert [row.id for page in reversed(backwards) for row in page.rows] == wanted[:-1]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("text", ["", "火鉢"])
def test_records_of_before_there_were_intervals_stop_no_list(
    shelf: dict[str, str],
    database: Database[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    descending: bool,
    text: str,
) -> None:
    """An older store, read by a newer panel: the list by date opens with all others in it; `flask derive` brings these."""
    monkeypatch.setattr(windows, "FEW", 0)
    samples.forget_samples()
    counting.forget_counts()
    older = [ObjectId(shelf["1832"]), ObjectId(shelf["不明"])]
    database["items"].update_many({"_id": {"$in": older}}, {"$unset": {"intervals": ""}})
    database["items"].update_many({}, [{"$set": {"drawn": True, "keys.grams": {"$concatArrays": [
        "$keys.grams", {"$map": {"input": "$keys.grams", "in": {"$concat": ["*", "$$this"]}}},
    ]}}}])  # fmt: skip
    pages = walk("after", sort="period", descending=descending, text=text)
    found = [row.id for page in pages for row in page.rows]
    assert len(found) == len(set(found))
    assert set(shelf.values()) - set(map(str, older)) <= set(found)
