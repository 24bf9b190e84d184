"""Exports and prints need a purpose; personal data leaves in full only sealed and registered (S15, S17)."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
import pyzipper
from bson import ObjectId
from mongoengine.connection import get_db

from tests.spreadsheet import rows_in
from tests.views.panel import DONOR, Panel, Person

PASSPHRASE = "sunrise-over-7-hills"
SENT = {
    "purpose": "notice", "personal": "1", "passphrase": PASSPHRASE, "again": PASSPHRASE, "takeout_medium": "usb",
    "destination": "印刷業者", "due_on": "2099-03-31",
}  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_taken_out(panel: Panel) -> None:
    get_db()["takeouts"].delete_many({"_id": {"$ne": ObjectId(panel.ids["takeout"])}})
    for name in ("disclosures", "ledger"):
        get_db()[name].delete_many({})


def opened(data: bytes, passphrase: str = PASSPHRASE) -> tuple[str, bytes]:
    with pyzipper.AESZipFile(io.BytesIO(data)) as file:
        file.setpassword(passphrase.encode())
        name = file.namelist()[0]
        return name, file.read(name)


def test_without_a_purpose_nothing_is_exported(shinjuku: Person) -> None:
    for sent in ({}, {"purpose": "nothing"}, {"purpose": ""}):
        answer = shinjuku.post("/admin/item/export/csv/", sent)
        assert answer.status_code == 400
        assert "一覧から選んでください" in answer.text
    assert get_db()["ledger"].find_one({"action": "exported"}) is None
    assert shinjuku.post("/admin/item/export/csv/", {"purpose": "report"}).mimetype == "text/csv"
    told = get_db()["ledger"].find_one({"action": "exported"})
    assert told
    assert told["detail"] == "report"


@pytest.mark.parametrize(
    "path", ["/admin/donor/print/?id={donor}", "/admin/donor/print-list/?institution=shinjuku"]
)
def test_without_a_purpose_nothing_is_printed(panel: Panel, shinjuku: Person, path: str) -> None:
    target = path.format(**panel.ids)
    page = shinjuku.get(target)
    assert "印刷の目的" in page.text
    assert DONOR["name"] not in page.text
    assert get_db()["disclosures"].find_one({"exit": "print"}) is None
    assert DONOR["name"] in shinjuku.get(f"{target}&purpose=notice").text
    told = get_db()["disclosures"].find_one({"exit": "print", "noun": "donor"})
    assert told
    assert told["purpose"] == "notice"


def test_personal_data_leaves_sealed_and_registered(panel: Panel, shinjuku: Person) -> None:
    answer = shinjuku.post("/admin/donor/export/csv/?institution=shinjuku", SENT)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    for value in (DONOR["name"], DONOR["telephone"], PASSPHRASE):
        assert value.encode() not in answer.data
    name, data = opened(answer.data)
    assert name.startswith("寄贈者・寄託者_歴史博物館_20")
    assert name.endswith(".csv")
    assert DONOR["name"] in data.decode("utf-8-sig")
    assert DONOR["telephone"] in data.decode("utf-8-sig")
    with pytest.raises(RuntimeError):
        opened(answer.data, "another-passphrase-1")
    entry = get_db()["takeouts"].find_one({"exported": True})
    assert entry
    assert entry["taken_by"] == panel.actor_id("staff.shinjuku")
    assert (entry["purpose"], entry["records"], entry["takeout_medium"], entry["encrypted"], entry["exported"]) == (
        "notice", get_db()["donors"].count_documents({"institution": "shinjuku"}), "usb", True, True,
    )  # fmt: skip
    disclosed = get_db()["disclosures"].find_one({"exit": "takeout"})
    assert disclosed
    assert disclosed["purpose"] == "notice"
    assert panel.ids["donor"] in disclosed["subjects"]
    assert {"name", "telephone", "address"} <= set(disclosed["fields"])


def test_a_passphrase_is_kept_nowhere(shinjuku: Person) -> None:
    shinjuku.post("/admin/donor/export/csv/", SENT)
    held = "".join(str(list(get_db()[name].find())) for name in get_db().list_collection_names())
    assert PASSPHRASE not in held
    refused = shinjuku.post("/admin/donor/export/csv/", {**SENT, "due_on": ""})
    assert refused.status_code == 400
    assert PASSPHRASE not in refused.text


def test_a_sealed_workbook_touches_no_disk(
    shinjuku: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    answer = shinjuku.client.post(
        "/admin/donor/export/xlsx/", data={**SENT, "csrf_token": shinjuku.token}, buffered=False
    )
    chunks = []
    for each in answer.response:
        chunks.append(each if isinstance(each, bytes) else each.encode())
        written += list(tmp_path.rglob("*"))
    name, data = opened(b"".join(chunks))
    assert name.startswith("寄贈者・寄託者_歴史博物館_20")
    assert name.endswith(".xlsx")
    rows = rows_in(data)
    assert any(DONOR["name"] in row for row in rows)
    assert written == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"passphrase": "short", "again": "short"}, "12字以上"), ({"again": "another"}, "二つのパスフレーズ"),
        ({"passphrase": "正しい馬と電池とホチキスの話", "again": "正しい馬と電池とホチキスの話"}, "半角"),
        ({"purpose": ""}, "一覧から選んでください"), ({"due_on": ""}, "期限を入力"), ({"due_on": "2001-01-01"}, "持ち出した日より後"),
        ({"destination": ""}, "入力してください"), ({"takeout_medium": "brain"}, "選"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_leaves(
    shinjuku: Person, change: dict[str, Any], said: str
) -> None:
    answer = shinjuku.post("/admin/donor/export/csv/", {**SENT, **change})
    assert answer.status_code == 400
    assert said in answer.text
    assert get_db()["takeouts"].count_documents({"exported": True}) == 0
    assert get_db()["disclosures"].find_one({"exit": "takeout"}) is None


@pytest.mark.parametrize(
    ("login_id", "path"),
    [
        ("manager", "/admin/donor/export/csv/?institution=shinjuku"), ("contractor", "/admin/item/export/csv/"),
        ("staff.soseki", "/admin/donor/export/csv/?institution=shinjuku"), ("admin", "/admin/donor/export/csv/"),
        ("auditor", "/admin/donor/export/csv/"), ("librarian.kaizu", "/admin/donor/export/csv/"),
    ],
)  # fmt: skip
def test_nobody_takes_out_what_is_not_theirs(panel: Panel, login_id: str, path: str) -> None:
    assert panel.person(login_id).post(path, SENT).status_code == 403
    assert get_db()["takeouts"].count_documents({"exported": True}) == 0


def test_a_role_without_the_register_takes_nothing_out(panel: Panel, shinjuku: Person) -> None:
    asked = {"code": "staff", "institution": "section"}
    role = get_db()["roles"].find_one(asked)
    assert role
    without = {**role["actions"], "takeout": {"own": ["read"]}}
    get_db()["roles"].update_one(asked, {"$set": {"actions": without}, "$inc": {"revision": 1}})
    try:
        assert shinjuku.post("/admin/donor/export/csv/", SENT).status_code == 403
        assert "個人情報を省かずに" not in shinjuku.get("/admin/donor/export/").text
    finally:
        get_db()["roles"].replace_one({"_id": role["_id"]}, {**role, "revision": role["revision"] + 2})


def test_another_houses_people_stay_masked_in_what_is_taken_out(panel: Panel, shinjuku: Person) -> None:
    """A takeout covers only the institutions for which the role takes out."""
    name, data = opened(shinjuku.post("/admin/donor/export/csv/", SENT).data)
    text = data.decode("utf-8-sig")
    assert DONOR["name"] in text
    assert "人太郎" not in text
    assert "D-SOSE" not in text
    assert name


def test_the_register_is_settled_and_not_rewritten(panel: Panel, shinjuku: Person) -> None:
    shinjuku.post("/admin/donor/export/csv/", SENT)
    entry = get_db()["takeouts"].find_one({"exported": True})
    assert entry
    path = f"/admin/takeout/edit/?id={entry['_id']}"
    form = shinjuku.form(path)
    form["destination"] = "別の相手"
    assert "変えられません" in shinjuku.post(path, form).text
    form = shinjuku.form(path)
    form["returned_on"] = "2099-03-01"
    assert "合わせて" in shinjuku.post(path, form).text
    form["settled_as"] = "erased"
    assert shinjuku.post(path, form).status_code == 302
    stored = panel.stored("takeout", str(entry["_id"])) or {}
    assert (stored["returned_on"], stored["settled_as"], stored["destination"]) == (
        "2099-03-01",
        "erased",
        "印刷業者",
    )
    assert (
        shinjuku.post(
            f"/admin/takeout/delete/?id={entry['_id']}", {"revision": "2", "reason": "x"}
        ).status_code
        == 403
    )


def test_what_is_past_its_day_is_shown_at_the_start(panel: Panel, shinjuku: Person) -> None:
    shinjuku.post("/admin/donor/export/csv/", SENT)
    assert "期限を過ぎた持出し" not in shinjuku.get("/admin/").text
    get_db()["takeouts"].update_many(
        {"exported": True}, {"$set": {"taken_on": "2026-01-01", "due_on": "2026-02-01"}}
    )
    page = shinjuku.get("/admin/").text
    assert "期限を過ぎた持出し" in page
    assert "期限を過ぎた持出し" in panel.person("manager").get("/admin/").text
    assert "期限を過ぎた持出し" not in panel.person("librarian.kaizu").get("/admin/").text
    from views.home.reminders import overdue_filter

    listed = shinjuku.get(f"/admin/takeout/?{overdue_filter()}").text
    assert "2026-02-01" in listed
    get_db()["takeouts"].update_many({"exported": True}, {"$set": {"returned_on": "2026-02-01"}})
    assert "2026-02-01" not in shinjuku.get(f"/admin/takeout/?{overdue_filter()}").text


def test_the_page_offers_personal_data_only_to_who_may_take_it_out(panel: Panel, shinjuku: Person) -> None:
    assert "個人情報を省かずに" in shinjuku.get("/admin/donor/export/").text
    assert "個人情報を省かずに" not in shinjuku.get("/admin/takeout/export/").text
    assert panel.person("contractor").get("/admin/item/export/").status_code == 403
