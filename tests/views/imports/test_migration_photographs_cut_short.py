"""A zip that lies there can always be gone on with or erased, whenever a process died; its end is told (S3, S4)."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest
from mongoengine.connection import get_db

from audit.disclosures import LedgerClosed
from imports.photographs import run as photograph_run
from imports.store.photograph_runs import count
from imports.store.record_writes import RunBatch, tell
from tests.views.imports.importing import run_of, work
from tests.views.imports.photographing import photographs, pictures, sent, two_of_seven, zipped
from tests.views.panel import Panel, Person

pytestmark = pytest.mark.usefixtures("no_imports")


def cut_short(panel: Panel, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """Work until the process dies behind this."""
    real = getattr(photograph_run, where)

    def dying(*told: Any) -> None:
        real(*told)
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(photograph_run, where, dying)
        with pytest.raises(SystemExit):
            work(panel)
    get_db()["jobs"].update_many({"state": "working"}, {"$set": {"until": run_of("photographs")["made_at"]}})


def told() -> set[str]:
    """What the ledger says of the zip."""
    return {
        each["action"]
        for each in get_db()["ledger"].find({"detail": {"$regex": str(run_of("photographs")["_id"])}})
    }


def gone() -> bool:
    """Whether the zip, its password and its names are erased, and nothing offers to erase them again."""
    run = run_of("photographs")
    kept = get_db()["import_sources.files"].count_documents({})
    return kept == 0 and "sealed" not in run and "erased_at" in run and run["state"] == "attached"


@pytest.mark.parametrize("where", ["count", "tell", "forget_file"])
def test_killed_at_its_end_it_ends_all_the_same(
    panel: Panel, shinjuku: Person, items: None, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    sent(shinjuku, zipped(pictures(2)))
    cut_short(panel, monkeypatch, where)
    work(panel)
    assert gone()
    assert (run_of("photographs")["came"], photographs("L-1")) == (2, 2)
    assert {"imported", "import_source_erased"} <= told()


def test_what_cannot_be_told_of_is_not_erased(
    panel: Panel, shinjuku: Person, items: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Law 6: the entry stands before the zip is gone, or the zip lies there still."""
    page = sent(shinjuku, zipped(pictures(1))).location
    shinjuku.post(f"{page}act", {"act": "stop"})

    def closed(about: RunBatch, kind: str, detail: str) -> None:
        if kind == "import_source_erased":
            raise LedgerClosed
        tell(about, kind, detail)

    with monkeypatch.context() as patched:
        patched.setattr(photograph_run, "tell", closed)
        assert shinjuku.post(f"{page}act", {"act": "give_up"}).status_code == 503
    assert get_db()["import_sources.files"].count_documents({}) == 1
    assert "sealed" in run_of("photographs")
    assert shinjuku.post(f"{page}act", {"act": "give_up"}).status_code == 302
    assert gone()


def test_killed_before_it_began_it_can_be_begun_or_given_up(
    panel: Panel, shinjuku: Person, items: None
) -> None:
    page = sent(shinjuku, zipped(pictures(1))).location
    get_db()["imports"].update_many({}, {"$set": {"state": "uploaded"}})
    get_db()["jobs"].delete_many({})
    shown = shinjuku.get(page).text
    assert "まだ始まっていません" in shown
    assert 'value="go_on"' in shown
    assert 'value="give_up"' in shown
    assert shinjuku.post(f"{page}act", {"act": "go_on"}).status_code == 302
    work(panel)
    assert gone()


def test_killed_while_it_is_given_up_it_can_be_given_up_again(
    panel: Panel, shinjuku: Person, items: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = sent(shinjuku, zipped(pictures(1))).location
    shinjuku.post(f"{page}act", {"act": "stop"})
    with monkeypatch.context() as patched:
        patched.setattr(photograph_run, "forget_file", Mock(side_effect=TypeError))
        assert shinjuku.post(f"{page}act", {"act": "give_up"}).status_code == 500
    assert not gone()
    assert 'value="give_up"' in shinjuku.get(page).text
    assert shinjuku.post(f"{page}act", {"act": "give_up"}).status_code == 302
    assert gone()
    assert shinjuku.post(f"{page}act", {"act": "give_up"}).status_code == 400


def test_whoever_is_at_work_stops_behind_the_photographs_in_hand(
    panel: Panel, shinjuku: Person, items: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, hand = two_of_seven(panel, shinjuku, monkeypatch)
    assert shinjuku.post(f"{page}act", {"act": "stop"}).status_code == 302
    while hand.step():
        pass
    assert (run_of("photographs")["state"], run_of("photographs")["done"]) == ("stopped", 4)


def test_what_is_at_work_is_not_begun_again_and_what_is_done_neither_begun_nor_stopped(
    panel: Panel, shinjuku: Person, items: None
) -> None:
    """The button was pressed twice, or on a page that was opened before."""
    page = sent(shinjuku, zipped(pictures(1))).location
    assert shinjuku.post(f"{page}act", {"act": "go_on"}).status_code == 400
    assert get_db()["jobs"].count_documents({}) == 1
    work(panel)
    for late in ("go_on", "stop"):
        assert shinjuku.post(f"{page}act", {"act": late}).status_code == 400
    assert run_of("photographs")["state"] == "attached"


def test_stopped_after_its_last_photograph_it_is_done(
    panel: Panel, shinjuku: Person, items: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = sent(shinjuku, zipped(pictures(2))).location

    def stopping(*counted: Any) -> None:
        count(*counted)
        assert shinjuku.post(f"{page}act", {"act": "stop"}).status_code == 302

    monkeypatch.setattr(photograph_run, "count", stopping)
    work(panel)
    assert gone()
