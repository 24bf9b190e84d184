"""No page names another institution's staff, and none names anybody to a contractor (2A, 2.6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from bson import ObjectId

from gate.store.collections import records_of
from models.registry import NOUNS
from tests.views.panel import Panel
from tests.world import ACCOUNTS

PAGES = (
    "/admin/", "/admin/item/", "/admin/item/details/?id={item}", "/admin/item/edit/?id={item}", "/admin/item/print/?id={item}&purpose=report",
    "/admin/item/print-list/?purpose=report", "/admin/item/history/?id={item}", "/admin/media/details/?id={media}",
    "/admin/loan/details/?id={loan}", "/admin/exhibition/details/?id={exhibition}", "/admin/donor/details/?id={donor}",
    "/progress/", "/progress/plan/?year=2026&since=2026-01-01&until=2026-12-31", "/progress/check/", "/admin/takeout/new/",
    "/admin/work_request/new/", "/admin/handler/", "/admin/training/", "/admin/user/", "/admin/work_request/", "/migration/",
)  # fmt: skip
TOLD = {
    "contractor": set[str](),
    "staff.soseki": {"staff.sosekiの人", "contractorの人"},
    "staff.shinjuku": {"staff.shinjukuの人", "contractorの人"},
}


@pytest.fixture
def done(panel: Panel) -> Iterator[dict[str, str]]:
    """An item that one curator entered and the section's manager passed."""
    id_ = ObjectId(panel.ids["item"])
    by = {
        "created_by": "staff.shinjuku",
        "changed_by": "manager",
        "entered_by": "staff.shinjuku",
        "status_by": "manager",
    }
    sets = {name: panel.actor_id(login) for name, login in by.items()}
    items = records_of(NOUNS["item"])
    before = items.find_one({"_id": id_}) or {}
    items.update_one(
        {"_id": id_}, {"$set": {**sets, "input_status": "done", "completed_at": before["created_at"]}}
    )
    yield panel.ids
    items.replace_one({"_id": id_}, before)


@pytest.mark.parametrize("login", TOLD)
def test_no_page_names_another_institutions_people(panel: Panel, login: str, done: dict[str, str]) -> None:
    person, allowed, read = panel.person(login), {f"{login}の人", *TOLD[login]}, 0
    for path in PAGES:
        answer = person.get(path.format(**done))
        read += answer.status_code == 200
        named = {each for each in (f"{login}の人" for login in ACCOUNTS) if each in answer.text}
        assert named <= allowed, path
    assert read >= 8


def test_they_read_the_role_and_the_institution_instead(panel: Panel, done: dict[str, str]) -> None:
    path = f"/admin/item/details/?id={done['item']}"
    assert "学芸員・職員（歴史博物館）" in panel.person("contractor").get(path).text
    assert "Museum staff (Historical Museum)" in panel.person("staff.soseki", "en").get(path).text
    assert "staff.shinjukuの人" in panel.person("manager").get(path).text


def test_the_plans_chooser_offers_a_role_and_refuses_a_person(panel: Panel, done: dict[str, str]) -> None:
    contractor = panel.person("contractor")
    text = contractor.get("/progress/plan/").text
    chooser = text[text.index('name="person"') :].partition("</select>")[0]
    keys = re.findall(r'value="(as:[^"]+)"', chooser)
    assert keys, chooser
    assert contractor.get(f"/progress/plan/?person={keys[0]}").status_code == 200
    for id_ in (panel.actor_id("staff.shinjuku"), "zz"):
        assert contractor.get(f"/progress/plan/?person={id_}").status_code == 400
        assert contractor.get(f"/admin/item/?f.entered_by={id_}").status_code == 400
