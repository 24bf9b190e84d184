"""The inspection pack of a fiscal year and the incident pack: one button, a PDF and its data (S20, S22)."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from mongoengine.connection import get_db

from audit.chain import chain, id_of
from audit.place import copy
from gate.store.clock import bounds_of_year
from tests.views.panel import DONOR, MASKED, Panel, Person, sealed
from tests.world import PASSWORD
from views.oversight.packs import second_place, years

WHEN = {"since": "2026-01-01T00:00", "until": "2099-01-01T00:00"}


def files(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {each.filename: file.read(each) for each in file.infolist()}


def data_of(found: dict[str, bytes]) -> Any:
    return json.loads(next(data for name, data in found.items() if name.endswith(".json")))


@pytest.fixture(scope="module", autouse=True)
def a_past(panel: Panel) -> None:
    """Something to report: a record seen, an export, a refusal, a takeout; sealed into a chain of its own, and copied."""
    with panel.app.app_context():
        place = second_place()
    shutil.rmtree(place.of("shinjuku"), ignore_errors=True)
    chain().delete_many({"institution": "shinjuku"})
    shinjuku = Person(panel.app)
    assert shinjuku.sign_in("staff.shinjuku", PASSWORD).status_code == 302
    shinjuku.get(f"/admin/donor/details/?id={panel.ids['donor']}")
    shinjuku.post("/admin/item/export/csv/", {"purpose": "report"})
    shinjuku.get("/admin/patron/")
    sealed()
    copy(place, "shinjuku")


def inspected(person: Person, institution: str = "shinjuku") -> dict[str, bytes]:
    answer = person.post("/audit/inspection", {"year": str(years()[0]), "institution": institution})
    assert (answer.status_code, answer.mimetype) == (200, "application/zip"), answer.text[:300]
    return files(answer.data)


PARTS = {
    "roles", "role_changes", "accounts", "account_changes", "locks", "disclosures_by_purpose", "disclosures_by_person", "left",
    "takeouts", "work", "handlers", "trainings", "lacking", "removals", "erasures", "chain",
}  # fmt: skip


def test_the_inspection_of_a_year_is_one_button(panel: Panel) -> None:
    found = inspected(panel.person("auditor"))
    name = f"inspection-shinjuku-{years()[0]}"
    assert found[f"{name}.pdf"].startswith(b"%PDF-")
    told = data_of(found)
    assert set(told["parts"]) == PARTS
    assert {f"{each}.csv" for each in PARTS - {"erasures", "chain"}} <= set(found)
    parts = told["parts"]
    assert any("学芸員・職員" in row[0] for row in parts["roles"]["rows"])
    assert any("staff.shinjuku" in " ".join(row) for row in parts["accounts"]["rows"])
    assert any(
        row[0] == "staff.shinjukuの人" and row[1] == "寄贈者・寄託者"
        for row in parts["disclosures_by_person"]["rows"]
    )
    assert any("書き出し" in row[2] and "報告・統計" in row[4] for row in parts["left"]["rows"])
    assert any("学芸 担当" in row for row in parts["handlers"]["rows"])
    assert parts["takeouts"]["rows"]
    assert parts["work"]["rows"]
    head = get_db()["chain"].find_one({"institution": "shinjuku"}, sort=[("_id", -1)])
    assert head
    facts = list(parts["chain"]["facts"].values())
    assert head["hash"] in facts
    assert facts[-1] == f"{head['number']:,}件すべて書かれたときのままです。"


def test_the_inspection_says_where_a_chain_is_not_as_it_was_written(panel: Panel) -> None:
    key = {"_id": id_of("shinjuku", 2)}
    entry = chain().find_one(key)
    assert entry
    chain().update_one(key, {"$set": {"action": "signed_out"}})
    try:
        told = data_of(inspected(panel.person("auditor")))["parts"]
    finally:
        chain().replace_one(key, entry)
    assert list(told["chain"]["facts"].values())[-1].startswith("異常: 2番")


def test_a_pack_holds_no_value_of_a_record(panel: Panel) -> None:
    """Law 5: opaque ids, names of fields and of accounts."""
    account = panel.actor_id("staff.shinjuku")
    for found, there in (
        (inspected(panel.person("auditor")), "staff.shinjuku"),
        (files(panel.person("auditor").post("/audit/incident", {**WHEN, "account": account}).data), panel.ids["donor"]),
    ):  # fmt: skip
        everything = b"".join(data for name, data in found.items() if not name.endswith(".pdf")).decode()
        assert there in everything
        for value in (*DONOR.values(), *MASKED):
            assert value not in everything, value


def test_what_a_role_does_not_show_is_said_to_be_withheld(panel: Panel) -> None:
    parts = data_of(inspected(panel.person("manager")))["parts"]
    assert "見られません" in parts["accounts"]["said"]
    assert "見られません" in parts["roles"]["said"]
    assert parts["handlers"]["rows"]


def test_the_incident_of_an_account(panel: Panel) -> None:
    account = panel.actor_id("staff.shinjuku")
    answer = panel.person("auditor").post("/audit/incident", {**WHEN, "account": account})
    told = data_of(files(answer.data))["parts"]
    assert any(row[1] == panel.ids["donor"] for row in told["seen"]["rows"])
    assert told["left"]["rows"]
    assert told["sign_ins"]["rows"]
    assert any(panel.ids["donor"] in row[4] for row in told["disclosures"]["rows"])
    assert {row[0] for row in told["heads"]["rows"]} == {"section", "shinjuku", "soseki"}


def test_the_incident_of_a_record(panel: Panel) -> None:
    answer = panel.person("auditor").post("/audit/incident", {**WHEN, "subject": panel.ids["donor"]})
    told = data_of(files(answer.data))["parts"]
    assert any(row[1] == "staff.shinjukuの人" for row in told["disclosures"]["rows"])
    assert "seen" not in told


@pytest.mark.parametrize(
    ("login_id", "institution", "status"),
    [
        ("auditor", "kaizu", 403), ("auditor", "nowhere", 403), ("auditor.kaizu", "kaizu", 200),
        ("auditor.kaizu", "shinjuku", 403), ("staff.shinjuku", "shinjuku", 403), ("contractor", "section", 403),
        ("admin", "section", 403),
    ],
)  # fmt: skip
def test_whose_year_may_be_inspected(panel: Panel, login_id: str, institution: str, status: int) -> None:
    sent = {"year": str(years()[0]), "institution": institution}
    assert panel.person(login_id).post("/audit/inspection", sent).status_code == status


def test_another_governments_account_tells_nothing(panel: Panel) -> None:
    account = panel.actor_id("staff.shinjuku")
    answer = panel.person("auditor.kaizu").post("/audit/incident", {**WHEN, "account": account})
    told = data_of(files(answer.data))["parts"]
    assert not any(part["rows"] for name, part in told.items() if name != "heads")
    assert {row[0] for row in told["heads"]["rows"]} == {"kaizu"}


@pytest.mark.parametrize(
    "sent",
    [
        {}, {**WHEN}, {**WHEN, "account": "x", "subject": "y"}, {"since": "きのう", "until": "2026-01-01T00:00", "account": "x"},
        {"since": "2026-02-01T00:00", "until": "2026-01-01T00:00", "account": "x"},
    ],
)  # fmt: skip
def test_a_malformed_incident_is_refused(panel: Panel, sent: dict[str, str]) -> None:
    assert panel.person("auditor").post("/audit/incident", sent).status_code == 400


@pytest.mark.parametrize("year", ["", "1999", "zzz", "2026; drop"])
def test_a_malformed_year_is_refused(panel: Panel, year: str) -> None:
    sent = {"year": year, "institution": "shinjuku"}
    assert panel.person("auditor").post("/audit/inspection", sent).status_code == 400


def test_a_fiscal_year_begins_in_april_in_japan() -> None:
    since, until = bounds_of_year(2026)
    assert since == datetime(2026, 3, 31, 15, tzinfo=UTC)
    assert until == datetime(2027, 3, 31, 15, tzinfo=UTC)


def test_making_a_pack_is_itself_an_entry(panel: Panel) -> None:
    inspected(panel.person("auditor"))
    told = {"action": "inspected", "institution": "shinjuku"}
    assert get_db()["ledger"].find_one(told) or get_db()["chain"].find_one(told)
