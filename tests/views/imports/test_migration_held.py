"""Rows that a run held back: a person decides each, or all of a cause; what became of them is counted as any row's (S3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from bson import ObjectId
from mongoengine.connection import get_db

from accounts.console import console
from gate.writing.writing import patch
from imports.mapping import source
from imports.run import batching, decisions
from imports.run.outcomes import HELD, IMPORTED, REFUSED, UPDATED
from imports.store.decisions import write_decisions
from imports.store.sealed_source import opened
from models.registry import NOUNS
from tests.views.imports.importing import act, run_of, sent, work
from tests.views.panel import Panel, Person

ROWS = (
    "資料番号,資料名,寄贈者,寄贈者住所\r\n"
    "L-11,火鉢,高浜 清,\r\n"
    "L-12,短冊,高浜 清,\r\n"
    "L-13,絵葉書,高浜 清,\r\n"
    "L-14,扇子,,\r\n"
    "L-90,硯(新),,\r\n"
)


@pytest.fixture(autouse=True)
def _no_giver(no_imports: None) -> Iterator[None]:
    yield
    get_db()["donors"].delete_many({"name": "高浜 清"})


@pytest.fixture
def donor(panel: Panel) -> str:
    return panel.make("donor", "shinjuku", name="高浜 清", address="東京都新宿区戸山9")


@pytest.fixture
def page(panel: Panel, shinjuku: Person, donor: str) -> str:
    """A run with three rows of a donor who may be the one that is there, and one whose number is taken."""
    panel.make("item", "shinjuku", accession_number="L-90", title="硯")
    found = sent(shinjuku, ROWS)
    act(shinjuku, found, "trial")
    work(panel)
    act(shinjuku, found, "run", sure="1")
    work(panel)
    assert fates() == {2: HELD, 3: HELD, 4: HELD, 5: IMPORTED, 6: REFUSED}
    return found


def fates() -> dict[int, int]:
    batches = get_db()["import_batches"].find({"phase": "run"})
    return {row: fate for each in batches for row, fate in zip(each["rows"], each["fates"], strict=True)}


def items() -> dict[str, dict[str, Any]]:
    found = get_db()["items"].find({"accession_number": {"$regex": "^L-"}})
    return {each["accession_number"]: each for each in found}


def test_each_row_goes_the_way_that_was_chosen(panel: Panel, shinjuku: Person, page: str, donor: str) -> None:
    assert "判断を待つ行" in shinjuku.get(page).text
    shown = shinjuku.get(f"{page}held").text
    assert f'value="donor:{donor}"' in shown
    assert "高浜 清 と同じ人" in shown
    chosen = {
        "row.2": f"donor:{donor}",
        "row.3": "new",
        "row.4": "refuse",
        "row.6": "update",
        "reason": "別の館へ移管",
    }
    assert shinjuku.post(f"{page}held", chosen).status_code == 302
    assert "保留の行を処理中" in shinjuku.get(page).text
    work(panel)
    assert fates() == {2: IMPORTED, 3: IMPORTED, 4: REFUSED, 5: IMPORTED, 6: UPDATED}
    found = items()
    assert set(found) == {"L-11", "L-12", "L-14", "L-90"}
    assert str(found["L-11"]["acquisition_source"]) == donor
    assert str(found["L-12"]["acquisition_source"]) != donor
    assert get_db()["donors"].count_documents({"name": "高浜 清"}) == 2
    assert found["L-90"]["title"] == "硯(新)"
    run = run_of()
    assert run["state"] == "reconciled"
    assert run["counts"]["fates"][HELD] == 0
    assert run["reconciled"]["differing"] == []
    assert "一致しています" in shinjuku.get(page).text
    assert "判断を待つ行" not in shinjuku.get(page).text
    batch = get_db()["import_batches"].find_one({"phase": "run"}) or {}
    told_of = batch["decisions"][run["sheet"]]
    assert told_of["4"]["reason"] == "別の館へ移管"
    assert told_of["2"]["by"] == panel.actor_id("staff.shinjuku")
    told = list(get_db()["ledger"].find({"detail": {"$regex": str(run["_id"])}}))
    subjects = {each for entry in told if entry["action"] == "import_created" for each in entry["subjects"]}
    assert {str(found["L-11"]["_id"]), str(found["L-12"]["_id"])} <= subjects
    assert {"import_held_decided", "import_decided"} <= {each["action"] for each in told}


def test_all_of_a_cause_are_decided_at_once_but_for_a_row_of_its_own(
    panel: Panel, shinjuku: Person, page: str, donor: str
) -> None:
    sent_ = {"all.0": "refuse", "row.3": f"donor:{donor}", "reason": "確認できず"}
    assert shinjuku.post(f"{page}held", sent_).status_code == 302
    work(panel)
    assert fates() == {2: REFUSED, 3: IMPORTED, 4: REFUSED, 5: IMPORTED, 6: REFUSED}
    assert "人の判断を待つ行を見る(1行)" in shinjuku.get(page).text  # the taken number still waits


def test_what_was_decided_is_undone_with_the_rest(
    panel: Panel, shinjuku: Person, page: str, donor: str
) -> None:
    shinjuku.post(f"{page}held", {"all.0": "new", "all.1": "update"})
    work(panel)
    assert set(items()) == {"L-11", "L-12", "L-13", "L-14", "L-90"}
    assert get_db()["donors"].count_documents({"name": "高浜 清"}) == 2
    assert act(shinjuku, page, "undo", sure="1").status_code == 302
    work(panel)
    assert {number: each["title"] for number, each in items().items()} == {"L-90": "硯"}
    left = get_db()["donors"].find({"name": "高浜 清"})
    assert [str(each["_id"]) for each in left] == [donor]


def test_deciding_twice_does_it_once(panel: Panel, shinjuku: Person, page: str, donor: str) -> None:
    """Killed behind the store and before its fates are written, the job begins anew."""
    before = get_db()["import_batches"].find_one({"phase": "run"}) or {}
    shinjuku.post(f"{page}held", {"all.0": "new"})
    work(panel)
    first = {number: each["_id"] for number, each in items().items()}
    lost = {name: before[name] for name in ("fates", "records", "revisions", "problems", "causes", "made")}
    undone = {f"decisions.{run_of()['sheet']}.{row}.done": False for row in (2, 3, 4)}
    get_db()["import_batches"].update_one({"_id": before["_id"]}, {"$set": lost | undone})
    get_db()["imports"].update_one({}, {"$set": {"state": "deciding"}})
    get_db()["jobs"].update_one(
        {"kind": "decide"}, {"$set": {"state": "waiting", "until": run_of()["made_at"]}}
    )
    work(panel)
    assert run_of()["state"] == "reconciled"
    assert {number: each["_id"] for number, each in items().items()} == first
    assert get_db()["donors"].count_documents({"name": "高浜 清"}) == 2
    assert fates()[2] == IMPORTED


def test_what_cannot_be_done_is_said_and_what_was_chosen_stays(
    panel: Panel, shinjuku: Person, page: str
) -> None:
    assert shinjuku.post(f"{page}held", {}).status_code == 400
    answer = shinjuku.post(f"{page}held", {"row.2": "refuse", "row.3": "new"})
    assert answer.status_code == 400
    assert "登録しない理由" in answer.text
    assert answer.text.count(" selected") >= 2
    for odd in ("update", "donor:x", f"donor:{'0' * 25}", "fly"):
        assert shinjuku.post(f"{page}held", {"row.2": odd}).status_code == 400
    stranger = panel.make("donor", "shinjuku", name="別人 太郎")
    assert shinjuku.post(f"{page}held", {"row.2": f"donor:{stranger}"}).status_code == 302
    work(panel)
    assert fates()[2] == HELD  # no candidate: it still waits
    get_db()["donors"].delete_one({"_id": ObjectId(stranger)})


def test_a_witness_sees_that_rows_wait_and_decides_none(panel: Panel, page: str) -> None:
    manager = panel.person("manager")
    shown = manager.get(f"{page}held").text
    assert "<select" not in shown.split('id="main"')[-1].replace("language", "")
    assert "高浜 清" not in shown
    assert manager.post(f"{page}held", {"all.0": "new"}).status_code == 403
    assert fates()[2] == HELD


def test_a_record_that_was_edited_after_the_decision_is_held_again(
    panel: Panel, shinjuku: Person, page: str
) -> None:
    """Law 3: what was decided was decided of the record as it stood."""
    assert shinjuku.post(f"{page}held", {"all.1": "update"}).status_code == 302
    patch(console("shinjuku"), NOUNS["item"], str(items()["L-90"]["_id"]), 1, {"maker": "乾山"})
    work(panel)
    assert fates()[6] == HELD
    assert (items()["L-90"]["title"], items()["L-90"]["maker"]) == ("硯", "乾山")
    assert "もう一度決めてください" in shinjuku.get(f"{page}held").text
    assert shinjuku.post(f"{page}held", {"row.6": "update"}).status_code == 302
    work(panel)
    assert fates()[6] == UPDATED
    assert (items()["L-90"]["title"], items()["L-90"]["maker"]) == ("硯(新)", "乾山")


def test_of_two_who_decide_at_once_the_first_is_done_and_the_second_is_told(
    panel: Panel, shinjuku: Person, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both read the run before either had taken it; the second writes last, and changes nothing of what the first chose."""
    first = panel.person("staff.shinjuku")
    answers: list[int] = []

    def overtaken(*told: Any) -> None:
        if not answers:
            answers.append(0)
            answers[0] = first.post(f"{page}held", {"row.2": "new"}).status_code
        write_decisions(*told)

    monkeypatch.setattr(decisions, "write_decisions", overtaken)
    second = shinjuku.post(f"{page}held", {"row.2": "refuse", "row.3": "refuse", "reason": "確認できず"})
    assert (answers, second.status_code) == ([302], 400)
    work(panel)
    assert fates() == {2: IMPORTED, 3: HELD, 4: HELD, 5: IMPORTED, 6: REFUSED}
    batch = get_db()["import_batches"].find_one({"phase": "run"}) or {}
    assert list(batch["decisions"]) == [run_of()["sheet"]]


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of one row, so that a small file has several."""
    monkeypatch.setattr(batching, "SIZE", 1)


def test_a_decision_that_is_refused_is_written_nowhere_and_what_was_typed_stays(
    panel: Panel, shinjuku: Person, one_by_one: None, page: str
) -> None:
    """A later batch is refused: of the earlier ones no sheet is left behind, which no import names and nobody erases."""
    shown = {"effects.item.own.field:title": "show"}
    get_db()["roles"].update_many({"code": "staff"}, {"$set": shown})
    try:
        answer = shinjuku.post(
            f"{page}held", {"row.2": "refuse", "row.6": "update", "reason": "別の館へ移管"}
        )
    finally:
        get_db()["roles"].update_many({"code": "staff"}, {"$unset": shown})
    assert answer.status_code == 400
    assert answer.text.count(" selected") >= 2
    assert 'value="別の館へ移管"' in answer.text
    assert run_of()["state"] == "reconciled"
    assert get_db()["import_batches"].count_documents({"decisions": {"$exists": True}}) == 0


def test_what_is_not_to_be_decided_now_is_told_so_and_written_nowhere(
    panel: Panel, shinjuku: Person, page: str
) -> None:
    """The page was opened before somebody began to undo the import."""
    get_db()["imports"].update_one({}, {"$set": {"state": "undoing"}})
    assert shinjuku.post(f"{page}held", {"row.2": "new"}).status_code == 400
    assert not [each for each in get_db()["import_batches"].find() if any(each.get("decisions", {}).values())]


def test_only_batches_whose_rows_are_shown_are_unsealed_and_each_once(
    panel: Panel, shinjuku: Person, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsealed: list[str] = []

    def noted(key: bytes, about: str, raw: bytes) -> Any:
        unsealed.append(about)
        return opened(key, about, raw)

    monkeypatch.setattr(source, "opened", noted)
    shinjuku.get(f"{page}held")
    assert len(unsealed) == 1
    shinjuku.get(f"{page}held?after=6")
    assert len(unsealed) == 1
