"""Totals: exact for whoever reads them, whatever was counted before."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest
from bson import ObjectId
from pymongo.database import Database

from gate.reading.listing import count, list_page
from gate.reading.questions import Filter, Question
from gate.store import counting, samples, windows
from models.registry import NOUNS
from tests.world import actor, item

ITEM = NOUNS["item"]


def total(**asked: Any) -> int:
    return list_page(actor("staff.soseki"), ITEM, Question(**asked), ["title"], size=5).total


def test_a_question_asked_again_is_counted_anew(database: Database[dict[str, Any]]) -> None:
    """What was found before serves only to size what is fetched: another process may have written meanwhile."""
    asked: dict[str, Any] = {"filters": (Filter("title", "is", "火鉢"),)}
    made = item("staff.soseki", title="火鉢")
    before = total(**asked)
    database["items"].insert_one({"_id": ObjectId(), "institution": "soseki", "title": "火鉢", "revision": 1})
    assert total(**asked) == before + 1
    database["items"].delete_one({"_id": ObjectId(made)})
    assert total(**asked) == before


def test_a_count_of_before_however_wrong_leaves_nothing_out(
    database: Database[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "FEW", 3)
    database["items"].delete_many({})
    same: dict[str, Any] = {"institution": "soseki", "input_status": "done", "revision": 1}
    many = [{"_id": ObjectId(), "accession_number": f"C-{n}", "title": f"火鉢{n}", **same} for n in range(12)]
    database["items"].insert_many(many[:1])
    asked: dict[str, Any] = {"filters": (Filter("input_status", "is", "done"),), "sort": "title"}
    assert total(**asked) == 1
    database["items"].insert_many(many[1:])
    page = list_page(actor("staff.soseki"), ITEM, Question(**asked), ["title"], size=50)
    assert page.total == 12
    assert {row.id for row in page.rows} == {str(each["_id"]) for each in many}


@pytest.mark.usefixtures("database")
def test_nothing_of_a_question_stays_in_memory_but_a_number() -> None:
    """Law 5: a search's words are not kept where a dump of the process would show them."""
    total(text="平山正次郎")
    kept = counting._before.all_keys()
    assert kept
    assert all(isinstance(each, bytes) and len(each) == 16 for each in kept)


def test_of_very_many_nobody_counts_the_first_ten_thousand(
    database: Database[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Among a million that takes the engine half a second; what the sample leaves in doubt is counted."""
    monkeypatch.setattr(samples, "ONE_IN", 2)
    monkeypatch.setattr(counting, "COUNT_CAP", 30)
    asked = Mock(wraps=counting._count)
    monkeypatch.setattr(counting, "_count", asked)
    for many, told, counted in ((20, 20, 1), (400, 31, 0)):
        database["items"].delete_many({})
        ids = [ObjectId() for _ in range(many)]
        same: dict[str, Any] = {"institution": "soseki", "revision": 1, "title": "火鉢"}
        database["items"].insert_many(
            {"_id": each, "accession_number": str(each), "drawn": samples.is_drawn(each), **same}
            for each in ids
        )
        samples.forget_samples()
        counting.forget_counts()
        asked.reset_mock()
        assert (total(), asked.call_count) == (told, counted)
        counting.forget_counts()
        assert (count(actor("staff.soseki"), ITEM), asked.call_count) == (told, 2 * counted)  # the rail's
    database["items"].delete_many({"_id": {"$in": ids[3:]}})
    assert total() == 3  # all of it stands on the page, whatever was counted a while ago
    assert count(actor("staff.soseki"), ITEM) == 3
    samples.forget_samples()
