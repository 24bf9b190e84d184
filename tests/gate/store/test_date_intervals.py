"""Written dates in a list: found by interval, in order by their beginning, what is undated last, each record once."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from bson import ObjectId
from pymongo.database import Database

from gate.reading import listing
from gate.reading.listing import Page, list_page
from gate.reading.questions import Filter, Question
from gate.refusals import BadQuestion, Refused
from gate.store import counting, samples, windows
from gate.store.date_intervals import UNDATED, UnreadDate, intervals_of
from gate.writing.derived_values import derive_all, older
from gate.writing.writing import create, patch
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
    """An older store, read by a newer panel: the list by date opens with all others in it; `flask upgrade` brings these."""
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


MISREAD: dict[str, tuple[tuple[int, int, str], tuple[int, int, str]]] = {
    "1796–7": ((1796_07_01, 1796_07_31, "exact"), (1796_01_01, 1797_12_31, "exact")),
    "c.1823–4": ((1823_03_01, 1823_05_30, "about"), (1818_01_01, 1829_12_31, "about")),
    "1951–2, reworked 1957": ((1951_02_01, 1957_12_31, "exact"), (1951_01_01, 1957_12_31, "exact")),
    "1910-12": ((1910_12_01, 1910_12_31, "exact"), (1910_01_01, 1912_12_31, "uncertain")),
    "昭和63年度": ((1988_04_01, 1989_01_07, "exact"), (1988_04_01, 1989_03_31, "exact")),
    "明治45年(大正元年)": ((1912_07_30, 1912_07_30, "exact"), (1912_01_01, 1912_12_31, "exact")),
    "紀元2600年": ((2600_01_01, 2600_12_31, "exact"), (1940_01_01, 1940_12_31, "exact")),
}
"""As written → as a version before wrote it, and as it reads."""


def as_before(database: Database[dict[str, Any]], values: dict[str, Any]) -> dict[str, ObjectId]:
    """Records as a version wrote them that kept no origin of intervals: as written → id."""
    who, made = actor("staff.shinjuku"), {}
    for text, (earliest, latest, certainty) in values.items():
        made[text] = ObjectId(create(who, ITEM, "shinjuku", {"title": text, "period": {"text": text}}))
        period = {"text": text, "earliest": earliest, "latest": latest, "certainty": certainty}
        document = {"period": period}
        stood = intervals_of(ITEM, document)["period"]
        del stood["by"]
        update = {"period": period, "intervals": {"period": stood}}
        database["items"].update_one({"_id": made[text]}, {"$set": update})
    return made


def test_a_date_that_was_misread_is_read_again_as_an_edit(database: Database[dict[str, Any]]) -> None:
    """Law 9: its interval came from its text, so it follows the better reading; the history says so."""
    made = as_before(database, {text: before for text, (before, _) in MISREAD.items()})
    made |= as_before(database, {"光緒22年": (None, None, "uncertain")})
    assert ITEM in older()
    done = derive_all()
    assert done.reread == len(made)
    assert ITEM not in older()
    for text, (before, after) in {
        **MISREAD,
        "光緒22年": ((None, None, "uncertain"), (1896_01_01, 1896_12_31, "exact")),
    }.items():
        stored = database["items"].find_one({"_id": made[text]}) or {}
        names = ("earliest", "latest", "certainty")
        assert tuple(stored["period"][name] for name in names) == after, text
        assert (stored["intervals"]["period"]["from"], stored["intervals"]["period"]["to"]) == after[:2]
        told = stored["outbox"][-1]
        assert (stored["revision"], told["actor"], told["fields"]) == (2, "console", ["period"])
        assert tuple(told["before"]["period"][name] for name in names) == before
    assert derive_all().changed == 0


def test_bounds_that_somebody_gave_are_not_read_again(database: Database[dict[str, Any]]) -> None:
    """A source's own bounds, of an older version, and what a person decided today of an ambiguous date."""
    made = as_before(
        database,
        {
            "1896": (1896_01_01, 1896_01_01, "exact"),
            "1806-08": (1805_01_01, 1809_12_31, "about"),
            "c. 1863": (1858_01_01, 1868_01_01, "about"),
        },
    )
    given = {"text": "1910-12", "earliest": "1910-12-01", "latest": "1910-12-31", "certainty": "exact"}
    decided = ObjectId(
        create(actor("staff.shinjuku"), ITEM, "shinjuku", {"title": "決めた", "period": given})
    )
    ids = [*made.values(), decided]
    before = [each["period"] for each in database["items"].find({"_id": {"$in": ids}}).sort("_id")]
    assert derive_all().reread == 0
    assert [each["period"] for each in database["items"].find({"_id": {"$in": ids}}).sort("_id")] == before


def test_a_misread_date_is_still_known_after_something_else_was_edited(
    database: Database[dict[str, Any]],
) -> None:
    """The new panel is used before `flask upgrade` has run."""
    made = as_before(database, {"1796–7": MISREAD["1796–7"][0]})
    patch(actor("staff.shinjuku"), ITEM, str(made["1796–7"]), 1, {"maker": "某"})
    assert ITEM in older()
    assert derive_all().reread == 1


def test_what_is_written_and_not_understood_is_found_and_nothing_else(shelf: dict[str, str]) -> None:
    """The filter 「読めない年代」: not what has no date, nor 不明, which is understood."""
    question = Question(filters=(Filter("period", "unread", "1"),))
    rows = list_page(actor("staff.shinjuku"), ITEM, question, ["title"]).rows
    assert [row.id for row in rows] == [shelf["いつのことやら"]]
    for field, value in (("title", "1"), ("period", "0"), ("period", "")):
        asked = Question(filters=(Filter(field, "unread", value),))
        with pytest.raises(BadQuestion):
            list_page(actor("staff.shinjuku"), ITEM, asked, ["title"])
