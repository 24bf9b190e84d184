"""The supervision of institutions on the screen: refused at the field, and set right with a button (2A, 2.9)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gate.store.collections import records_of
from models.registry import NOUNS
from tests.views.panel import Panel, filled_in

INSTITUTIONS = NOUNS["institution"]
NEW = {"code": "annex", "name": "新館", "standing": "museum"}
REPAIR = "/admin/institution/repair/"


@pytest.fixture(autouse=True)
def _as_before(panel: Panel) -> Iterator[None]:
    before = list(records_of(INSTITUTIONS).find({}))
    yield
    for each in before:
        records_of(INSTITUTIONS).replace_one({"_id": each["_id"]}, each)
    records_of(INSTITUTIONS).delete_many({"_id": {"$nin": [each["_id"] for each in before]}})


def test_a_new_institution_stands_under_its_makers_section(panel: Panel) -> None:
    admin = panel.person("admin")
    form = admin.form("/admin/institution/new/")
    assert (form["supervisor"], form["supervisor.typed"]) == ("section", "文化観光課")
    for name, value in NEW.items():
        form[name] = value
    saved = admin.post("/admin/institution/new/", form)
    assert saved.status_code == 302
    assert admin.get(saved.location).status_code == 200


@pytest.mark.parametrize("words", ["", "annex", "ない課", "歴史博物館"])
def test_what_would_detach_it_is_refused_at_the_field_and_stays(panel: Panel, words: str) -> None:
    admin = panel.person("admin")
    form = admin.form("/admin/institution/new/")
    for name, value in {**NEW, "supervisor.typed": words}.items():
        form[name] = value
    answer = admin.post("/admin/institution/new/", form)
    assert answer.status_code == 400
    assert 'href="#f-supervisor"' in answer.text
    assert filled_in(answer.text)["supervisor.typed"] == words
    assert panel.stored("institution", "annex") is None


def test_a_detached_institution_is_named_on_the_list_and_set_right_with_a_button(panel: Panel) -> None:
    admin = panel.person("admin")
    assert REPAIR not in admin.get("/admin/institution/").text
    records_of(INSTITUTIONS).update_one({"_id": "soseki"}, {"$set": {"supervisor": None}})
    assert "漱石山房記念館" not in admin.get("/admin/institution/").text
    assert REPAIR in admin.get("/admin/institution/").text
    page = admin.get(REPAIR)
    assert "漱石山房記念館" in page.text
    assert "だれも閲覧できません" in page.text
    assert admin.post(REPAIR, {"code": "soseki"}).status_code == 302
    assert "漱石山房記念館" in admin.get("/admin/institution/").text
    assert admin.post(REPAIR, {"code": "soseki"}).status_code == 400
    assert "直すところはありません" in admin.get(REPAIR).text


@pytest.mark.parametrize("login", ["manager", "staff.soseki", "auditor", "librarian.kaizu"])
def test_the_repair_is_for_administrators(panel: Panel, login: str) -> None:
    assert panel.person(login).get(REPAIR).status_code == 403
