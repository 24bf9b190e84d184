"""Columns of one's own: chosen, ordered, used by list, ledger and export, and never more than the person may see."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from mongoengine.connection import get_db

from models.registry import NOUNS
from tests.pictures import prepare_pictures
from tests.views.panel import MASKED, RESTRICTED, Panel, Person, heads

HERE = "/admin/item/columns/"


@pytest.fixture(autouse=True)
def _as_declared(panel: Panel) -> Iterator[None]:
    yield
    get_db()["users"].update_many({}, {"$unset": {"columns": "", "views": ""}})


def keep(person: Person, *names: str, noun: str = "item") -> None:
    answer = person.post(f"/admin/{noun}/columns/", {"act": "keep", "column": list(names)})
    assert (answer.status_code, answer.location) == (302, f"/admin/{noun}/")


def test_the_list_the_ledger_and_the_export_show_the_chosen_columns_in_their_order(shinjuku: Person) -> None:
    keep(shinjuku, "location", "title", "acquisition_date")
    wanted = ["資料番号", "収蔵場所", "資料名", "受入年月日"]
    page = shinjuku.get("/admin/item/").text
    assert heads(page) == wanted
    assert RESTRICTED in page
    assert heads(shinjuku.get("/admin/item/print-list/?purpose=report").text) == wanted
    form = shinjuku.get("/admin/item/export/").text
    assert 'value="list" checked' in form
    sent = {"purpose": "report", "columns": "list"}
    assert shinjuku.post("/admin/item/export/csv/", sent).text.splitlines()[0].lstrip("\ufeff") == ",".join(
        wanted
    )
    assert (
        len(shinjuku.post("/admin/item/export/csv/", {"purpose": "report"}).text.splitlines()[0].split(","))
        > 20
    )


def test_one_persons_columns_are_nobody_elses_and_can_be_reset(shinjuku: Person, soseki: Person) -> None:
    declared = heads(shinjuku.get("/admin/item/").text)
    keep(shinjuku, "title")
    assert heads(soseki.get("/admin/item/").text) == declared
    assert len(heads(shinjuku.get("/admin/loan/").text)) > 2
    assert shinjuku.post(HERE, {"act": "reset"}).status_code == 302
    assert heads(shinjuku.get("/admin/item/").text) == declared


def test_without_a_script_a_column_moves_by_its_buttons_and_nothing_is_kept_yet(shinjuku: Person) -> None:
    sent = {"order": ["title", "rank", "period"], "column": ["title", "period"], "up": "period"}
    page = shinjuku.post(HERE, sent).text
    order = re.findall(r'name="order" value="(\w+)"', page)
    assert order[:3] == ["title", "period", "rank"]
    assert re.findall(r'name="column" value="(\w+)" checked', page) == ["title", "period"]
    assert re.findall(r'name="(\w+)" value="(\w+)" autofocus', page) == [("up", "period")]
    assert not (get_db()["users"].find_one({"login_id": "staff.shinjuku"}) or {}).get("columns")
    down = shinjuku.post(HERE, {**sent, "up": "", "down": "title"}).text
    assert re.findall(r'name="order" value="(\w+)"', down)[:3] == ["rank", "title", "period"]
    assert re.findall(r'name="(\w+)" value="(\w+)" autofocus', down) == [("down", "title")]


def test_only_what_the_person_may_see_in_lists_is_offered(panel: Panel, shinjuku: Person) -> None:
    """Law 1: the store of restricted places is not offered to who never sees it, nor taken from them."""
    contractor = panel.person("contractor")
    assert 'value="location"' in shinjuku.get(HERE).text
    for name in (
        "location",
        "keys",
        "password_hash",
        "intervals",
        "accession_number",
        "nothing",
        "$where",
        "",
    ):
        assert shinjuku.post(HERE, {"act": "keep", "column": ["title", name]}).status_code == (
            302 if name == "location" else 400
        )
    for person in (contractor, panel.person("auditor")):
        page = person.get(HERE)
        assert page.status_code == 200
        offered = re.findall(r'name="order" value="(\w+)"', page.text)
        assert "title" in offered
        assert "location" not in offered
        assert person.post(HERE, {"act": "keep", "column": ["location"]}).status_code == 400


def test_a_column_that_a_role_loses_is_gone_from_the_next_page(panel: Panel, shinjuku: Person) -> None:
    """Law 8: what was chosen while it could be seen is no grant."""
    get_db()["users"].update_one(
        {"login_id": "auditor"}, {"$set": {"columns": {"item": ["location", "title", "keys"]}}}
    )
    page = panel.person("auditor").get("/admin/item/").text
    assert heads(page) == ["資料番号", "資料名"]
    assert RESTRICTED not in page


def test_a_masked_column_stays_masked(soseki: Person) -> None:
    keep(soseki, "name", "telephone", "address", noun="donor")
    page = soseki.get("/admin/donor/?institution=shinjuku").text
    assert "電話" in "".join(heads(page))
    assert not [each for each in MASKED if each in page]


def test_columns_chosen_while_a_view_with_its_own_is_open_are_seen(shinjuku: Person) -> None:
    """The view's would stand over them: what was chosen would seem lost."""
    saved = {"act": "save", "name": "題だけ", "columns": "1"}
    keep(shinjuku, "title")
    view = shinjuku.post("/admin/item/views/?f.object_type=document&sort=title", saved).location
    asked = view.partition("?")[2]
    answer = shinjuku.post(f"{HERE}?{asked}", {"act": "keep", "column": ["rank", "title"]})
    assert answer.location == "/admin/item/?sort=title&f.object_type=document"
    page = shinjuku.get(answer.location).text
    assert heads(page) == ["資料番号", "ランク", "資料名"]
    assert "「題だけ」には別の列が保存されている" in page
    assert heads(shinjuku.get(view).text) == ["資料番号", "資料名"]
    get_db()["users"].update_one({"login_id": "staff.shinjuku"}, {"$set": {"views.0.columns": None}})
    answer = shinjuku.post(f"{HERE}?{asked}", {"act": "keep", "column": ["title"]})
    assert answer.location == view


def test_who_tries_on_another_role_and_who_reads_none_of_it_are_each_told_their_reason(panel: Panel) -> None:
    admin, asked = panel.person("admin"), "/admin/item/views/"
    assert admin.post("/view-as/", {"role": panel.ids["role"]}).status_code == 302
    for person, told in ((admin, True), (panel.person("librarian.kaizu"), False)):
        refused = person.post(asked, {"act": "save", "name": "x"})
        assert refused.status_code == 403
        assert ("読むだけです" in refused.text) is told
    tried = admin.post(HERE, {"act": "keep", "column": ["title"]})
    assert tried.status_code == 403
    assert "読むだけです" in tried.text


@pytest.mark.parametrize(
    "sent", [{}, {"act": "drop"}, {"act": ["keep"], "column": ["\0"]}, {"up": "nothing"}]
)
def test_whatever_is_sent_is_answered(shinjuku: Person, sent: dict[str, object]) -> None:
    assert shinjuku.post(HERE, sent).status_code in (200, 400)


def test_small_pictures_have_a_column_where_the_records_have_pictures(shinjuku: Person) -> None:
    prepare_pictures()
    for noun, has in (("media", True), ("item", False), ("donor", False)):
        # The panel's own picture stands first by its number, however many records other tests left.
        page = shinjuku.get(f"/admin/{noun}/?sort={NOUNS[noun].number}").text
        assert ('<th class="thumb">' in page) is has
        assert ("field=thumbnail" in page) is has
