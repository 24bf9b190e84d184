"""Imports that could not go on: what is half in is finished as it began or undone, and is never lost (S3)."""

from __future__ import annotations

import pytest
from bson import ObjectId
from mongoengine.connection import get_db

from imports.run import batching
from imports.work import Work
from tests.views.imports.importing import act, run_of, sent, work, worker
from tests.views.panel import Panel, Person

pytestmark = pytest.mark.usefixtures("no_imports")

UNDO = 'value="undo"'


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of one row, so that a small file has several."""
    monkeypatch.setattr(batching, "SIZE", 1)


def there() -> list[str]:
    found = get_db()["items"].find({"accession_number": {"$regex": "^L-"}})
    return sorted(each["accession_number"] for each in found)


def begun(panel: Panel, person: Person) -> str:
    """The page of a run that was tried and begun, and that no worker has taken up."""
    page = sent(person)
    act(person, page, "trial")
    work(panel)
    act(person, page, "run", sure="1")
    return page


def steps(panel: Panel, count: int) -> Work:
    """So many of the worker's steps; it goes on with what it has in hand."""
    hand = worker(panel)
    for _ in range(count):
        assert hand.step()
    return hand


def until(hand: Work, state: str) -> None:
    """As many of the worker's steps as it takes."""
    while run_of()["state"] != state:
        assert hand.step()


@pytest.fixture
def half_in(panel: Panel, shinjuku: Person, one_by_one: None) -> str:
    """A run whose first rows are in when the account that began it is disabled."""
    page = begun(panel, shinjuku)
    hand = steps(panel, 1)
    user = {"login_id": "staff.shinjuku"}
    get_db()["users"].update_one(user, {"$set": {"disabled": True}})
    while hand.step():
        pass
    get_db()["users"].update_one(user, {"$unset": {"disabled": ""}})
    assert run_of()["state"] == "failed"
    return page


def test_what_is_half_in_keeps_its_mapping_and_its_source(
    panel: Panel, shinjuku: Person, half_in: str
) -> None:
    assert there() == ["L-001", "L-003"]
    shown = shinjuku.get(half_in).text
    assert "アカウントが使えません" in shown
    assert "続きから取り込む" in shown
    assert UNDO in shown
    assert "列の対応" not in shown
    assert "元データを消去する" not in shown
    text = shinjuku.get(f"{half_in}mapping.toml").text
    assert shinjuku.post(f"{half_in}mapping", {"text": text, "mode": "create"}).status_code == 400
    assert shinjuku.post(f"{half_in}form", {"encoding": "utf-8"}).status_code == 400
    assert act(shinjuku, half_in, "trial").status_code == 400
    assert act(shinjuku, half_in, "erase").status_code == 400
    assert run_of()["state"] == "failed"
    assert get_db()["import_sources.files"].count_documents({}) == 1


def test_what_is_half_in_goes_on_from_where_it_stopped(panel: Panel, shinjuku: Person, half_in: str) -> None:
    assert act(shinjuku, half_in, "run", sure="1").status_code == 302
    work(panel)
    assert there() == ["L-001", "L-003", "L-004"]
    assert run_of()["state"] == "reconciled"


def test_what_is_half_in_is_undone(panel: Panel, shinjuku: Person, half_in: str) -> None:
    assert act(shinjuku, half_in, "undo", sure="1").status_code == 302
    work(panel)
    assert there() == []
    assert run_of()["state"] == "undone"
    assert UNDO not in shinjuku.get(half_in).text
    assert "元データを消去する" in shinjuku.get(half_in).text


def test_a_trial_that_failed_leads_back_to_the_mapping(panel: Panel, shinjuku: Person) -> None:
    """Nothing is in: there is nothing to go on with, and nothing to undo."""
    page = sent(shinjuku)
    act(shinjuku, page, "trial")
    get_db()["users"].update_one({"login_id": "staff.shinjuku"}, {"$set": {"disabled": True}})
    work(panel)
    get_db()["users"].update_one({"login_id": "staff.shinjuku"}, {"$unset": {"disabled": ""}})
    shown = shinjuku.get(page).text
    assert "アカウントが使えません" in shown
    assert "列の対応" in shown
    assert "続きから取り込む" not in shown
    assert UNDO not in shown
    assert act(shinjuku, page, "run", sure="1").status_code == 400
    assert act(shinjuku, page, "undo", sure="1").status_code == 400
    act(shinjuku, page, "trial")
    work(panel)
    assert "アカウントが使えません" not in shinjuku.get(page).text
    assert run_of()["state"] == "tried"


def test_an_undoing_that_failed_can_only_be_undone_further(
    panel: Panel, shinjuku: Person, half_in: str
) -> None:
    act(shinjuku, half_in, "undo", sure="1")
    get_db()["users"].update_one({"login_id": "staff.shinjuku"}, {"$set": {"disabled": True}})
    work(panel)
    get_db()["users"].update_one({"login_id": "staff.shinjuku"}, {"$unset": {"disabled": ""}})
    shown = shinjuku.get(half_in).text
    assert "取消の途中" in shown
    assert UNDO in shown
    assert "続きから取り込む" not in shown
    assert act(shinjuku, half_in, "run", sure="1").status_code == 400
    assert act(shinjuku, half_in, "undo", sure="1").status_code == 302
    work(panel)
    assert there() == []


def test_stopped_by_hand_it_offers_to_go_on_or_to_undo_and_no_other_mapping(
    panel: Panel, shinjuku: Person, one_by_one: None
) -> None:
    page = begun(panel, shinjuku)
    steps(panel, 1)
    assert act(shinjuku, page, "stop").status_code == 302
    work(panel)
    assert run_of()["state"] == "stopped"
    assert act(shinjuku, page, "stop").status_code == 400
    shown = shinjuku.get(page).text
    assert "続きから取り込む" in shown
    assert UNDO in shown
    assert "列の対応" not in shown
    text = shinjuku.get(f"{page}mapping.toml").text
    assert shinjuku.post(f"{page}mapping", {"text": text, "mode": "create"}).status_code == 400
    assert act(shinjuku, page, "run", sure="1").status_code == 302
    work(panel)
    assert there() == ["L-001", "L-003", "L-004"]


def test_a_run_whose_worker_died_at_its_very_end_is_reconciled(panel: Panel, shinjuku: Person) -> None:
    page = begun(panel, shinjuku)
    hand = worker(panel)
    until(hand, "ran")
    assert run_of()["state"] == "ran"  # its job is not put away yet, and its holder never comes back
    get_db()["jobs"].update_many({}, {"$set": {"until": run_of()["made_at"]}})
    shown = shinjuku.get(page).text
    assert UNDO in shown  # no worker may ever come back
    work(panel)
    assert run_of()["state"] == "reconciled"
    assert UNDO in shinjuku.get(page).text


def test_an_import_whose_worker_never_came_back_is_undone_all_the_same(
    panel: Panel, shinjuku: Person
) -> None:
    page = begun(panel, shinjuku)
    hand = worker(panel)
    until(hand, "ran")
    assert act(shinjuku, page, "undo", sure="1").status_code == 302
    get_db()["jobs"].update_many({"state": "working"}, {"$set": {"until": run_of()["made_at"]}})
    work(panel)
    assert there() == []
    assert run_of()["state"] == "undone"


def test_a_page_opened_between_the_run_and_its_reconciling_goes_on_asking(
    panel: Panel, shinjuku: Person
) -> None:
    """Found in the browser on a busy machine: it stood still for ever, for nothing on it told that more was to come."""
    page = begun(panel, shinjuku)
    hand = worker(panel)
    until(hand, "ran")
    assert f'data-progress="{page}progress" data-state="ran"' in shinjuku.get(page).text
    while hand.step():
        pass
    assert "data-progress" not in shinjuku.get(page).text


def test_an_undoing_is_stopped_and_goes_on(panel: Panel, shinjuku: Person, one_by_one: None) -> None:
    """2A 3.13: what is undone stays undone, and the ledger is told of each removal once."""
    page = begun(panel, shinjuku)
    work(panel)
    made = {str(each["_id"]) for each in get_db()["items"].find({"accession_number": {"$regex": "^L-"}})}
    assert act(shinjuku, page, "undo", sure="1").status_code == 302
    hand = steps(panel, 1)
    assert "止める" in shinjuku.get(page).text
    assert act(shinjuku, page, "stop").status_code == 302
    while hand.step():
        pass
    assert run_of()["state"] == "half_undone"
    left = there()
    assert 0 < len(left) < 3
    shown = shinjuku.get(page).text
    assert "取消を止めました。取り消した分はそのままで" in shown
    assert "続きから取り消す" in shown
    assert "続きから取り込む" not in shown
    assert act(shinjuku, page, "undo", sure="1").status_code == 302
    until(hand, "undone")
    assert there() == []
    told = [
        each
        for entry in get_db()["ledger"].find({"action": "import_removed", "noun": "item"})
        for each in entry["subjects"]
    ]
    assert sorted(each for each in told if each in made) == sorted(made)
    assert (
        get_db()["items"].count_documents({"_id": {"$in": [ObjectId(each) for each in made]}}) == 0
    )  # no tombstone either
