"""Lists are narrowed by what clerks ask for, and many records are changed with a preview (S6, S4; laws 2, 3 and 7)."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from bson import ObjectId
from mongoengine.connection import get_db

from tests.views.panel import Panel, Person

PLACES = ("第２収蔵庫 棚1", "第2収蔵庫　棚12", "第20収蔵庫 棚1", "第3収蔵庫")


@pytest.fixture(scope="module")
def shelf(panel: Panel) -> dict[str, str]:
    """Four items by their place, the first with a photograph and a donor, the second of a maker."""
    donor = panel.make("donor", "shinjuku", donor_number="D-NARROW", name="絞込 一郎")
    photograph = panel.make("media", "shinjuku", title="棚の写真")
    made = {
        place: panel.make("item", "shinjuku", accession_number=f"NA-{at}", title=f"絞り込みの壺{at}", location=place,
                          rank="ABCD"[at], group="旧蔵品")
        for at, place in enumerate(PLACES)
    }  # fmt: skip
    ids = [ObjectId(each) for each in made.values()]
    items = get_db()["items"]
    items.update_one(
        {"_id": ids[0]},
        {"$set": {"photographs": [ObjectId(photograph)], "acquisition_source": ObjectId(donor)}},
    )
    return {**made, "donor": donor}


def found(person: Person, **asked: Any) -> set[str]:
    """The numbers, behind NA-, that the filter's form finds."""
    page = person.get(person.post("/admin/item/search/", asked).location)
    assert page.status_code == 200
    return set(re.findall(r"NA-(\d)", page.text))


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({"f.rank.any": ["A", "C"]}, "02"),
        ({"f.rank.any": ["B"]}, "1"),
        ({"f.location.begins": "第2収蔵庫", "institution": "shinjuku"}, "01"),
        ({"f.location.begins": "第２収蔵庫棚１", "institution": "shinjuku"}, "01"),
        ({"f.location.begins": "第2収蔵庫 棚12", "institution": "shinjuku"}, "1"),
        ({"f.acquisition_source": "D-NARROW"}, "0"),
        ({"f.acquisition_source": "絞込一郎"}, "0"),
        ({"f.photographs.empty": "1"}, "123"),
        ({"f.photographs.empty": "1", "f.rank.any": ["A", "B"], "q": "絞り込み"}, "1"),
    ],
)
def test_a_list_is_narrowed_by_what_is_typed_and_ticked(
    shinjuku: Person, shelf: dict[str, str], asked: dict[str, Any], wanted: str
) -> None:
    assert found(shinjuku, **asked) == set(wanted)


def test_the_filters_stand_in_their_form_and_conditions_are_told_in_words(
    shinjuku: Person, shelf: dict[str, str]
) -> None:
    page = shinjuku.get(
        "/admin/item/?institution=shinjuku&f.rank.any=A,C&f.location.begins=第2&f.photographs.empty=1"
    ).text
    assert set(re.findall(r'name="f.rank.any" value="(.)" checked', page)) == {"A", "C"}
    assert 'name="f.location.begins" type="text" value="第2"' in page
    assert "収蔵場所: 第2で始まる" in page
    assert "写真: 記録なし" in page
    by_donor = shinjuku.get(f"/admin/item/?f.acquisition_source={shelf['donor']}").text
    assert f'<option value="{shelf["donor"]}" selected>D-NARROW 絞込 一郎</option>' in by_donor


def test_mine_are_those_that_i_entered(panel: Panel, shinjuku: Person) -> None:
    sent = shinjuku.form("/admin/item/new/?institution=shinjuku")
    sent["title"] = "自分の壺"
    shinjuku.post("/admin/item/new/", sent)
    get_db()["items"].update_one(
        {"title": "自分の壺"}, {"$set": {"entered_by": panel.actor_id("staff.shinjuku")}}
    )
    page = shinjuku.get("/admin/item/").text
    [me] = re.findall(r'name="f.entered_by"[^>]*>.*?<option value="([0-9a-f]{24})">自分', page, re.S)
    mine = shinjuku.get(f"/admin/item/?f.entered_by={me}").text
    assert "自分の壺" in mine
    assert "絞り込みの壺" not in mine


@pytest.mark.parametrize("name", ["D-NOBODY", "絞込"])
def test_a_donor_that_is_not_one_record_is_said_to_be_none(panel: Panel, shinjuku: Person, name: str) -> None:
    for at in range(2):
        panel.make("donor", "shinjuku", name=f"絞込 候補{at}")
    answer = shinjuku.post("/admin/item/search/", {"f.acquisition_source": name})
    assert answer.status_code == 400
    assert name in answer.text


def test_a_withheld_place_is_not_asked_for_by_its_beginning(soseki: Person, shelf: dict[str, str]) -> None:
    answer = soseki.get("/admin/item/?institution=shinjuku&f.location.begins=第2")
    assert answer.status_code == 400
    assert "絞り込みの壺" not in answer.text
    assert "f.location.begins" not in soseki.get("/admin/item/?institution=shinjuku").text


def change(person: Person, address: str = "/admin/item/batch/", **sent: Any) -> tuple[str, str]:
    """The preview's text, and the id that says yes to it."""
    answer = person.post(address, {"action": "change", **sent})
    assert answer.status_code == 200, answer.text
    id_ = re.search(r'name="id" value="([^"]*)"', answer.text)
    assert id_
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))), id_[1]


def values(field: str) -> list[Any]:
    return [
        each.get(field)
        for each in get_db()["items"]
        .find({"accession_number": {"$regex": "^NA-"}})
        .sort("accession_number", 1)
    ]


def test_many_records_are_changed_as_the_preview_said_and_taken_back(
    shinjuku: Person, shelf: dict[str, str]
) -> None:
    """Set, replace and clear; by ticks, and for all that the list's question finds."""
    before = values("location")
    ids = [shelf[place] for place in PLACES[:2]]
    said, id_ = change(shinjuku, rowid=ids, field="location", how="replace", value="収蔵庫", instead="倉庫")
    assert "「収蔵場所」を2件で変えます。" in said
    assert "第2収蔵庫 棚12" in said.replace("\u3000", " ")
    assert "第2倉庫 棚12" in said.replace("\u3000", " ")
    assert values("location") == before  # nothing yet
    shinjuku.post("/admin/item/batch/", {"action": "apply", "id": id_})
    assert values("location") == ["第２倉庫 棚1", "第2倉庫　棚12", *before[2:]]
    assert shinjuku.post("/admin/item/batch/", {"action": "apply", "id": id_}).status_code == 400  # done once
    undo = re.search(
        r'action="[^"]*undo/[^"]*".*?name="id" value="([^"]+)"', shinjuku.get("/admin/item/").text, re.S
    )
    assert undo
    shinjuku.post("/admin/item/undo/", {"id": undo[1]})
    assert values("location") == before
    said, id_ = change(
        shinjuku, "/admin/item/batch/?q=絞り込みの壺", all="1", field="maker", how="set", value="歌川国芳"
    )
    assert "「作者・製作者」を4件で変えます。" in said
    shinjuku.post("/admin/item/batch/?q=絞り込みの壺", {"action": "apply", "id": id_})
    assert values("maker") == ["歌川国芳"] * 4
    _, id_ = change(shinjuku, rowid=ids, field="acquisition_source", how="set", value="D-NARROW")
    shinjuku.post("/admin/item/batch/", {"action": "apply", "id": id_})
    assert values("acquisition_source")[:2] == [ObjectId(shelf["donor"])] * 2
    _, id_ = change(shinjuku, rowid=ids, field="group", how="clear")
    shinjuku.post("/admin/item/batch/", {"action": "apply", "id": id_})
    assert values("group") == [None, None, "旧蔵品", "旧蔵品"]


def test_what_somebody_saved_after_the_preview_stays(
    panel: Panel, shinjuku: Person, shelf: dict[str, str]
) -> None:
    made = panel.make("item", "shinjuku", accession_number="PV-1", title="確認中の壺", group="甲")
    _, id_ = change(shinjuku, rowid=[made], field="group", how="set", value="乙")
    other = panel.person("staff.shinjuku")
    sent = other.form(f"/admin/item/edit/?id={made}")
    sent["group"] = "丙"
    other.post(f"/admin/item/edit/?id={made}", sent)
    page = shinjuku.client.get(
        shinjuku.post("/admin/item/batch/", {"action": "apply", "id": id_}).location
    ).text
    assert "1件は変更できませんでした(同時に更新されました)。" in page
    stored = panel.stored("item", made)
    assert stored
    assert stored["group"] == "丙"


def test_a_change_of_many_reaches_no_other_institution_no_person_and_no_other_account(
    panel: Panel, shinjuku: Person, soseki: Person, shelf: dict[str, str]
) -> None:
    theirs = panel.make("item", "soseki", title="よその壺", group="甲")
    said, id_ = change(shinjuku, rowid=[theirs], field="group", how="set", value="乙")
    assert "1件は、あなたの役割では変えられません。" in said
    assert id_ == ""
    for field in ("notes", "provenance", "accession_number", "institution", "title_reading", "x"):
        answer = shinjuku.post(
            "/admin/item/batch/",
            {"action": "change", "rowid": shelf[PLACES[0]], "field": field, "how": "set", "value": "x"},
        )
        assert answer.status_code == 400, field
    _, id_ = change(shinjuku, rowid=[shelf[PLACES[0]]], field="group", how="set", value="盗")
    assert soseki.post("/admin/item/batch/", {"action": "apply", "id": id_}).status_code == 400
    assert "盗" not in values("group")
