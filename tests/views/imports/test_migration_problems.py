"""The rows that did not come in leave as every export does: for a purpose, and personal data only by the register (S15, S17)."""

from __future__ import annotations

import io
from typing import Any

import pytest
import pyzipper
from mongoengine.connection import get_db

from tests.spreadsheet import rows_in
from tests.views.imports.importing import LEGACY, act, sent, work
from tests.views.panel import Panel, Person, upload

pytestmark = pytest.mark.usefixtures("no_imports")

FULL = {
    "purpose": "report", "personal": "1", "passphrase": "kagami-tansu-7-otogi-19", "again": "kagami-tansu-7-otogi-19",
    "takeout_medium": "usb", "destination": "市史編さん室", "due_on": "2099-04-30",
}  # fmt: skip


@pytest.fixture
def tried(panel: Panel, shinjuku: Person) -> str:
    """The page of an import after its trial, two rows of which cannot come in."""
    page = sent(shinjuku, LEGACY.replace("絵葉書", "絵葉書" * 400))
    act(shinjuku, page, "trial")
    work(panel)
    return page


def opened(raw: bytes) -> tuple[list[list[Any]], list[str]]:
    with pyzipper.AESZipFile(io.BytesIO(raw)) as packed:
        packed.setpassword(FULL["passphrase"].encode())
        names = packed.namelist()
        return rows_in(packed.read(names[0])), names


def register() -> list[dict[str, Any]]:
    return list(get_db()["takeouts"].find({"content": {"$regex": "登録できなかった行"}}))


def test_without_more_no_column_of_a_person_goes_along(panel: Panel, shinjuku: Person, tried: str) -> None:
    before = get_db()["disclosures"].count_documents({})
    assert shinjuku.get(f"{tried}problems").status_code == 200
    assert shinjuku.post(f"{tried}problems", {}).status_code == 400  # what for?
    answer = shinjuku.post(f"{tried}problems", {"purpose": "report"})
    assert answer.status_code == 200
    head, *rows = rows_in(answer.data)
    assert [row[1] for row in rows] == ["3", "4"]
    assert "年代" in head
    assert not set(head) & {"寄贈者", "寄贈者住所", "備考"}
    assert "苗字" not in str(rows)
    assert register() == []
    assert get_db()["disclosures"].count_documents({}) == before
    told = get_db()["ledger"].find_one({"action": "exported"}, sort=[("_id", -1)])
    assert told is not None
    assert "report" in told["detail"]


def test_in_full_they_are_sealed_and_registered_before_they_leave(
    panel: Panel, shinjuku: Person, tried: str
) -> None:
    for lacking in ("purpose", "passphrase", "takeout_medium", "destination", "due_on"):
        assert shinjuku.post(f"{tried}problems", {**FULL, lacking: ""}).status_code == 400, lacking
    assert shinjuku.post(f"{tried}problems", {**FULL, "again": "another-horse-3"}).status_code == 400
    assert register() == []
    answer = shinjuku.post(f"{tried}problems", FULL)
    assert answer.status_code == 200
    (head, *rows), names = opened(answer.data)
    assert names[0].endswith(".xlsx")
    assert [row[1] for row in rows] == ["3", "4"]
    at = head.index("寄贈者住所")
    assert rows[1][at] == "東京都港区芝1-1"
    (entry,) = register()
    assert (entry["records"], entry["destination"], entry["encrypted"]) == (2, "市史編さん室", True)
    told = get_db()["disclosures"].find_one(sort=[("_id", -1)])
    assert told is not None
    assert (told["exit"], told["purpose"]) == ("takeout", "report")
    assert "address" in told["fields"]
    again = shinjuku.post("/migration/", {
        "noun": "item", "file": upload(answer.data, "back.zip"), "password": FULL["passphrase"],
    })  # fmt: skip
    assert again.status_code == 302
    assert "寄贈者住所" in shinjuku.get(again.location).text
    get_db()["takeouts"].delete_one({"_id": entry["_id"]})


def test_every_row_comes_back_with_all_its_cells_whatever_the_first_one_lacks(
    panel: Panel, shinjuku: Person
) -> None:
    """S3: the columns are those of all rows, not those of the first that was kept out."""
    text = "資料番号,資料名,寄贈者,寄贈者住所\r\nL-001,火鉢,,\r\nL-002,壺\r\nL-003,皿,,,余り\r\n"
    page = sent(shinjuku, text)
    act(shinjuku, page, "trial")
    work(panel)
    (head, *rows), _ = opened(shinjuku.post(f"{page}problems", FULL).data)
    assert head[2:] == ["資料番号", "資料名", "寄贈者", "寄贈者住所", "列E"]
    assert [row[1:] for row in rows] == [
        ["3", "L-002", "壺", "", "", ""],
        ["4", "L-003", "皿", "", "", "余り"],
    ]
    get_db()["takeouts"].delete_many({"content": {"$regex": "登録できなかった行"}})


def test_whoever_may_not_take_out_gets_nothing_in_full(panel: Panel, tried: str) -> None:
    """The section's manager witnesses a museum's import; what leaves in full leaves by that museum alone."""
    manager = panel.person("manager")
    assert 'name="personal"' not in manager.get(f"{tried}problems").text
    assert manager.post(f"{tried}problems", FULL).status_code == 403
    assert register() == []
    answer = manager.post(f"{tried}problems", {"purpose": "report"})
    assert "苗字" not in str(rows_in(answer.data))


def test_a_role_without_the_grant_gets_none_in_full_even_at_home(
    panel: Panel, shinjuku: Person, tried: str
) -> None:
    role = {"code": "staff", "institution": "section"}
    stored = get_db()["roles"].find_one(role)
    assert stored is not None
    actions = {**stored["actions"], "donor": {
        scope: [each for each in those if each != "takeout"] for scope, those in stored["actions"]["donor"].items()
    }}  # fmt: skip
    get_db()["roles"].update_one(role, {"$set": {"actions": actions}})
    try:
        (head, *rows), _ = opened(shinjuku.post(f"{tried}problems", FULL).data)
    finally:
        get_db()["roles"].update_one(role, {"$set": {"actions": stored["actions"]}})
        get_db()["takeouts"].delete_many({"content": {"$regex": "登録できなかった行"}})
    assert "寄贈者住所" not in head
    assert "苗字" not in str(rows)


def test_once_the_source_is_gone_that_is_said(panel: Panel, shinjuku: Person, tried: str) -> None:
    assert act(shinjuku, tried, "erase").status_code == 302
    answer = shinjuku.post(f"{tried}problems", FULL)
    assert answer.status_code == 400
    assert "元データはもうありません" in answer.text
    assert 'value="市史編さん室"' in answer.text  # what was typed stays
    assert register() == []
