"""The registers on the screens: reminders on the first page, and the list of who lacks a training (S19, S21)."""

from __future__ import annotations

import pytest
from mongoengine.connection import get_db

from tests.views.panel import Panel
from views.records import handler


@pytest.mark.parametrize("login_id", ["manager", "admin"])
def test_who_sees_to_the_registers_is_reminded(panel: Panel, login_id: str) -> None:
    page = panel.person(login_id).get("/admin/").text
    assert "漱石山房記念館に取扱責任者がいません" in page
    assert "研修の期限を過ぎた取扱者が1名います" in page
    english = panel.person(login_id, "en").get("/admin/").text
    assert "has no responsible person" in english


@pytest.mark.parametrize("login_id", ["staff.shinjuku", "auditor", "contractor", "librarian.kaizu"])
def test_others_are_not(panel: Panel, login_id: str) -> None:
    assert "取扱責任者がいません" not in panel.person(login_id).get("/admin/").text


def test_the_list_of_who_lacks_a_training(panel: Panel) -> None:
    manager = panel.person("manager")
    assert "学芸 担当" in manager.get("/admin/handler/lapsed/").text
    fresh = panel.make(
        "training", "shinjuku", held_on="2099-01-01", subject="予定", attended=[panel.ids["handler"]]
    )
    assert "学芸 担当" in manager.get("/admin/handler/lapsed/").text  # one that is only planned is none
    assert fresh
    assert "学芸 担当" not in panel.person("librarian.kaizu").get("/admin/handler/lapsed/").text
    assert panel.person("contractor").get("/admin/handler/lapsed/").status_code == 403


def test_a_list_that_ends_before_its_end_says_how_many_are_left(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("学芸 二番", "学芸 三番"):
        panel.make("handler", "shinjuku", name=name, standing="handler", begins_on="2020-04-01", ends_on="2099-01-01")  # fmt: skip
    manager = panel.person("manager")
    try:
        assert "名います" not in manager.get("/admin/handler/lapsed/").text
        monkeypatch.setattr(handler, "AT_MOST", 1)
        assert "ほかに2名います" in manager.get("/admin/handler/lapsed/").text
    finally:
        get_db()["handlers"].delete_many({"name": {"$in": ["学芸 二番", "学芸 三番"]}})
    assert "ほかに" not in manager.get("/admin/handler/lapsed/").text


def test_the_list_of_who_lacks_a_training_leads_nowhere_else(panel: Panel) -> None:
    """No button of it acts on all handlers, and an empty one does not say that there are none."""
    page = panel.person("manager").get("/admin/handler/lapsed/").text
    assert "学芸 担当" in page
    for elsewhere in ("print-list", "/export/", "sort=", "/batch/"):
        assert elsewhere not in page
    nobody = panel.person("librarian.kaizu").get("/admin/handler/lapsed/").text
    assert "期限を過ぎた人はいません" in nobody
    assert "まだありません" not in nobody


def test_a_training_names_its_handlers(panel: Panel) -> None:
    page = panel.person("manager").get(f"/admin/training/details/?id={panel.ids['training']}").text
    assert "学芸 担当" in page
