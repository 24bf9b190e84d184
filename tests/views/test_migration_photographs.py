"""Photographs by file name from the screen: a zip in the background, resumable, what did not come listed (S1, S3)."""

from __future__ import annotations

import io
from typing import Any
from unittest.mock import Mock

import pytest
import pyzipper
from mongoengine.connection import get_db
from werkzeug.test import TestResponse

from gate import imports
from gate.photograph_runs import count
from migration import photograph_run
from migration.photographs import Result
from models.registry import NOUNS
from tests.views.importing import run_of, work, worker
from tests.views.panel import Panel, Person, picture, upload

pytestmark = pytest.mark.usefixtures("no_imports")

WHERE = "/migration/photographs/"


@pytest.fixture
def items(panel: Panel) -> None:
    for number in ("L-1", "L-2", "L-2-3"):
        panel.make("item", "shinjuku", accession_number=number, title="壺")


def zipped(names: dict[str, bytes], password: str = "") -> bytes:
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES if password else None) as packed:
        if password:
            packed.setpassword(password.encode())
        for name, content in names.items():
            packed.writestr(name, content)
    return out.getvalue()


def pictures(count: int) -> dict[str, bytes]:
    return {f"写真/L-1_{at}.png": picture((8 + at, 8)) for at in range(count)}


def sent(person: Person, raw: bytes, **more: Any) -> TestResponse:
    return person.post(WHERE, {"file": upload(raw, "写真.zip"), **more})


def photographs(number: str) -> int:
    found = get_db()["items"].find_one({"accession_number": number})
    assert found is not None
    return len(found.get("photographs", []))


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
    assert (run["state"], run["total"], run["done"], run["came"], run["wrong"]) == ("attached", 6, 6, 3, 3)
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
    assert "写真.zip" in shinjuku.get(WHERE).text
    get_db()["imports"].delete_many({})
    sent(shinjuku, raw)
    work(panel)
    assert (run_of("photographs")["came"], photographs("L-1")) == (0, 3)  # none comes twice


def test_it_goes_on_where_it_stopped_and_counts_each_once(
    panel: Panel, shinjuku: Person, items: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photograph_run, "AT_ONCE", 2)
    page = sent(shinjuku, zipped(pictures(7))).location
    hand = worker(panel)
    assert hand.step()
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
    assert stranger.post(WHERE, data=body, content_type=kind, buffered=True).status_code == 413
    answer = shinjuku.client.post(WHERE, data=body, content_type=kind, buffered=True)
    assert answer.status_code == 400  # no token: it was read, and is no form of ours


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


def test_more_that_did_not_come_than_are_listed_is_said_and_long_names_are_cut(
    panel: Panel, shinjuku: Person, items: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gate.photograph_runs.PROBLEMS_AT_MOST", 2)
    page = sent(shinjuku, zipped({f"{'x' * 300}{at}.png": picture() for at in range(3)})).location
    work(panel)
    assert [len(name) for name, _, _ in run_of("photographs")["problems"]] == [200, 200]
    assert "はじめの2枚です" in shinjuku.get(page).text


def test_lists_and_polls_load_nothing_long(panel: Panel, shinjuku: Person, items: None) -> None:
    sent(shinjuku, zipped(pictures(1)))
    (listed,) = imports.listed(panel.actor("staff.shinjuku"), [NOUNS["media"]])
    assert not {"sealed", "problems"} & set(listed)
    polled = imports.find(panel.actor("staff.shinjuku"), str(listed["_id"]), "photographs", only=("state",))
    assert set(polled) == {"_id", "institution", "noun", "kind", "state"}
