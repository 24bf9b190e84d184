"""Photographs by file name from the screen: a zip in the background, resumable, what did not come listed (S1, S3)."""

from __future__ import annotations

from typing import Any

import pytest
from mongoengine.connection import get_db

from imports.photographs.matching import Result
from imports.store.photograph_runs import count
from tests.views.imports.importing import run_of, work, worker
from tests.views.imports.importing import sent as sent_rows
from tests.views.imports.photographing import WHERE, photographs, pictures, sent, two_of_seven, zipped
from tests.views.listening import Asked
from tests.views.panel import Panel, Person, picture, upload

pytestmark = pytest.mark.usefixtures("no_imports")


def test_a_zip_comes_to_its_items_and_is_erased(panel: Panel, shinjuku: Person, items: None) -> None:
    raw = zipped(
        pictures(3)
        | {"L-2-3.png": picture(), "L-9.png": picture(), "L-2_1.png": b"none", "読んで.txt": b"x"},
    )
    answer = sent(shinjuku, raw)
    assert answer.status_code == 302
    page = answer.location
    assert "写真を付けています" in shinjuku.get(page).text
    assert shinjuku.get(f"{page}progress").json["import"] == "attaching"  # type: ignore[index]
    work(panel)
    shown = shinjuku.get(page).text
    assert photographs("L-1") == 3
    run = run_of("photographs")
    assert (run["state"], run["total"], run["done"], run["came"], run["wrong"]) == ("attached", 7, 7, 3, 4)
    for name, said in (
        ("L-9.png", "この番号の資料がありません"),
        ("L-2_1.png", "画像として"),
        ("L-2-3.png", "どちらの写真か"),
    ):
        assert name in shown
        assert said in shown
    assert get_db()["import_sources.files"].count_documents({}) == 0
    told = {each["action"] for each in get_db()["ledger"].find({"detail": {"$regex": str(run["_id"])}})}
    assert {"import_uploaded", "imported", "import_source_erased"} <= told
    assert "＊＊＊.zip" in shinjuku.get(WHERE).text
    get_db()["imports"].delete_many({})
    sent(shinjuku, raw)
    work(panel)
    assert (run_of("photographs")["came"], photographs("L-1")) == (0, 3)  # none comes twice


def test_it_goes_on_where_it_stopped_and_counts_each_once(
    panel: Panel, shinjuku: Person, items: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _ = two_of_seven(panel, shinjuku, monkeypatch)
    assert run_of("photographs")["done"] == 2
    count(
        str(run_of("photographs")["_id"]), 0, [Result("once more.png", True)] * 2
    )  # as if the same were done by two
    assert (run_of("photographs")["done"], run_of("photographs")["came"]) == (2, 2)
    assert shinjuku.post(f"{page}act", {"act": "stop"}).status_code == 302
    work(panel)
    assert run_of("photographs")["state"] == "stopped"
    assert "続きから取り込む" in shinjuku.get(page).text
    assert shinjuku.post(f"{page}act", {"act": "go_on"}).status_code == 302
    hand = worker(panel)
    assert hand.step()  # this one dies here
    del hand
    get_db()["jobs"].update_many({"state": "working"}, {"$set": {"until": run_of("photographs")["made_at"]}})
    work(panel)
    run = run_of("photographs")
    assert (run["state"], run["done"], run["came"], photographs("L-1")) == ("attached", 7, 7, 7)


def test_one_damaged_photograph_keeps_no_other_out(panel: Panel, shinjuku: Person, items: None) -> None:
    names = pictures(3)
    spoiled = names["写真/L-1_1.png"]
    raw = zipped(names)
    assert raw.count(spoiled) == 1
    answer = sent(shinjuku, raw.replace(spoiled, spoiled[:-1] + b"!"))
    assert answer.status_code == 302
    work(panel)
    assert (run_of("photographs")["state"], photographs("L-1")) == ("attached", 2)
    assert [each[0] for each in run_of("photographs")["problems"]] == ["L-1_1.png"]


def test_a_password_and_a_mapping_file_are_kept_sealed(panel: Panel, shinjuku: Person, items: None) -> None:
    raw = zipped({"DSC1.png": picture(), "DSC2.png": picture((9, 9))}, "secret-secret")
    assert sent(shinjuku, raw).status_code == 400
    assert sent(shinjuku, raw, password="wrong-wrong").status_code == 400
    assert get_db()["import_sources.files"].count_documents({}) == 0
    mapping = "ファイル名,資料番号\r\nDSC1.png,L-2\r\n".encode("cp932")
    assert sent(shinjuku, raw, password="secret-secret", mapping=upload(mapping, "m.csv")).status_code == 302
    assert b"secret-secret" not in run_of("photographs")["sealed"]
    assert "secret-secret" not in str({**run_of("photographs"), "sealed": b""})
    work(panel)
    assert photographs("L-2") == 1
    assert [each[0] for each in run_of("photographs")["problems"]] == ["DSC2.png"]


def test_a_right_that_was_taken_away_stops_it(panel: Panel, shinjuku: Person, items: None) -> None:
    page = sent(shinjuku, zipped(pictures(2))).location
    get_db()["users"].update_one({"login_id": "staff.shinjuku"}, {"$set": {"disabled": True}})
    work(panel)
    get_db()["users"].update_one({"login_id": "staff.shinjuku"}, {"$unset": {"disabled": ""}})
    assert run_of("photographs")["state"] == "failed"
    assert photographs("L-1") == 0
    assert "アカウントが使えません" in shinjuku.get(page).text
    assert shinjuku.post(f"{page}act", {"act": "give_up"}).status_code == 302
    assert run_of("photographs")["state"] == "attached"
    assert get_db()["import_sources.files"].count_documents({}) == 0


def test_who_may_not_sees_and_does_none_of_it(
    panel: Panel, shinjuku: Person, soseki: Person, items: None
) -> None:
    page = sent(shinjuku, zipped(pictures(1))).location
    for login in ("contractor", "admin", "auditor"):
        person = panel.person(login)
        assert sent(person, zipped(pictures(1))).status_code == 403
        assert person.get(page).status_code in (403, 404)
    assert soseki.get(page).status_code in (403, 404)
    assert soseki.post(f"{page}act", {"act": "stop"}).status_code in (403, 404)
    manager = panel.person("manager")
    assert manager.get(page).status_code == 200
    assert manager.post(f"{page}act", {"act": "stop"}).status_code == 403
    other = page.replace("/photographs", "")
    for rest in ("", "rows", "row?row=1", "record.pdf", "progress", "mapping.toml", "held", "problems"):
        assert shinjuku.get(other + rest).status_code == 404  # it is no import of records


@pytest.mark.parametrize(
    "form",
    [{}, {"file": b""}, {"file": b"PK\x03\x04xx"}, {"file": b"no zip"}, {"file": zipped({"a.txt": b"x"})},
     {"file": zipped({"a.png": b"x"}), "mapping": b"a,b\r\n1,2\r\n"}],
    ids=["nothing", "empty", "broken", "none", "no picture", "no columns"],
)  # fmt: skip
def test_bad_input_is_told_and_kept_nowhere(panel: Panel, shinjuku: Person, form: dict[str, bytes]) -> None:
    names = {"file": "a.zip", "mapping": "m.csv"}
    files = {field: upload(raw, names[field]) for field, raw in form.items()}
    assert shinjuku.post(WHERE, files).status_code == 400
    assert get_db()["imports"].count_documents({}) == 0
    assert get_db()["import_sources.files"].count_documents({}) == 0
    for bad in ("x", "0" * 24):
        assert shinjuku.get(f"{WHERE}{bad}/").status_code == 404
        assert shinjuku.post(f"{WHERE}{bad}/act", {"act": "stop"}).status_code == 404


def test_only_who_is_signed_in_may_send_more_than_a_form_holds(panel: Panel, shinjuku: Person) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\n'
    body, kind = head + b"x" * 42_000_000 + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"
    stranger = panel.app.test_client()
    answer = stranger.post(WHERE, data=body, content_type=kind, buffered=True)
    assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/login")
    answer = shinjuku.client.post(WHERE, data=body, content_type=kind, buffered=True)
    assert answer.status_code == 400  # no token: it was read, and is no form of ours


def told_of_a_long_one(person: Person, megabytes: int) -> str:
    """What is said of a zip whose length alone is sent."""
    long = {"CONTENT_LENGTH": str(megabytes * 1024**2)}
    kind = "multipart/form-data; boundary=b"
    answer = person.client.post(WHERE, content_type=kind, environ_overrides=long, buffered=True)
    assert answer.status_code == 413
    return answer.text


def test_how_much_may_be_sent_is_told_of_who_asks_before_anything_is_read(
    panel: Panel, shinjuku: Person
) -> None:
    """A zip is large only for whoever may bring one; for anybody else it is a form as any other."""
    assert "一度に送れるのは400MBまで" in told_of_a_long_one(shinjuku, 500)
    assert "一度に送れるのは4MBまで" in told_of_a_long_one(panel.person("contractor"), 42)


@pytest.mark.parametrize(
    ("noun", "which", "told"),
    [("institutions", {"_id": "shinjuku"}, {"networks": ["198.51.100.0/24"]}),
     ("roles", {"code": "staff"}, {"second_factor": "required"})],
    ids=["another network", "no second factor"],
)  # fmt: skip
def test_who_would_not_be_let_in_sends_no_more_than_a_form(
    panel: Panel, shinjuku: Person, noun: str, which: dict[str, str], told: dict[str, Any]
) -> None:
    """A password alone, or one typed elsewhere, fills no disk (S7)."""
    before = list(get_db()[noun].find(which))
    get_db()[noun].update_many(which, {"$set": told})
    try:
        assert "一度に送れるのは64KBまで" in told_of_a_long_one(shinjuku, 42)
    finally:
        for each in before:
            get_db()[noun].replace_one({"_id": each["_id"]}, each)
    assert "一度に送れるのは400MBまで" in told_of_a_long_one(shinjuku, 500)


def test_more_that_did_not_come_than_are_listed_is_said_and_long_names_are_cut(
    panel: Panel, shinjuku: Person, items: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imports.store.photograph_runs.PROBLEMS_AT_MOST", 2)
    page = sent(shinjuku, zipped({f"{'x' * 300}{at}.png": picture() for at in range(3)})).location
    work(panel)
    assert [len(name) for name, _, _ in run_of("photographs")["problems"]] == [200, 200]
    assert "はじめの2枚です" in shinjuku.get(page).text


def test_lists_and_polls_load_nothing_long(
    panel: Panel, shinjuku: Person, items: None, listening: Asked
) -> None:
    """A page that waits asks every second or two, for hours; an import may be megabytes long."""
    zip_ = sent(shinjuku, zipped(pictures(1))).location
    rows = sent_rows(shinjuku)

    def fields(path: str) -> list[dict[str, int]]:
        listening.commands.clear()
        assert shinjuku.get(path).status_code == 200
        return [each.fields for each in listening.commands if each[:2] == ("find", "imports")]

    for polled in (f"{zip_}progress", f"{rows}progress"):
        assert fields(polled) == [dict.fromkeys(("institution", "noun", "kind", "state"), 1)]
    for listed in (WHERE, "/migration/"):
        assert [each.keys() >= {"sealed", "problems", "mapping"} for each in fields(listed)] == [True]
