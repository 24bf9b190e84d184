"""Whatever chooses a record: words that name none are refused and stay, one's own records come first (2A, 1.9)."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from bson import ObjectId
from werkzeug.datastructures import MultiDict

from gate.store.collections import records_of
from models.registry import NOUNS
from tests.views.panel import Panel, Person, filled_in

ITEM_FORM = "/admin/item/new/"


def item(person: Person, **typed: Any) -> MultiDict[str, Any]:
    """The form of a new item as a browser without scripts sends it."""
    form = person.form(ITEM_FORM)
    form["title"] = "寄贈者を選ぶ資料"
    for name, value in typed.items():
        form[name.replace("__", ".")] = value
    return form


def count(panel: Panel) -> int:
    return records_of(NOUNS["item"]).count_documents({})


@pytest.fixture(autouse=True)
def _tidy(panel: Panel) -> Iterator[None]:
    """What a test makes goes with it: other tests look at the first page of the list."""
    before = {
        name: {each["_id"] for each in records_of(NOUNS[name]).find({}, {"_id": 1})}
        for name in ("item", "donor")
    }
    yield
    for name, kept in before.items():
        records_of(NOUNS[name]).delete_many({"_id": {"$nin": list(kept)}})


@pytest.fixture
def same_number(panel: Panel) -> dict[str, str]:
    """A donor of one number in both museums; the sister's is the newer."""
    found = {}
    for house in ("shinjuku", "soseki"):
        number = f"D-{house[:2]}{ObjectId()}"
        found[house] = panel.make("donor", house, donor_number=number, name=f"{house} 選太郎{number}")
    return found


def test_words_that_name_no_donor_are_refused_and_stay(panel: Panel, shinjuku: Person) -> None:
    """The finding of 1.9: 佐藤 was typed, nothing was found, and 「保存しました」 was said of a record without a donor."""
    before = count(panel)
    answer = shinjuku.post(ITEM_FORM, item(shinjuku, acquisition_source__typed="佐藤"))
    assert answer.status_code == 400
    assert "「佐藤」に当たる記録が選ばれていません" in answer.text
    again = filled_in(answer.text)
    assert again["acquisition_source.typed"] == "佐藤"
    assert count(panel) == before
    # Sent as it stands, it is refused for as long as the words stand there.
    assert shinjuku.post(ITEM_FORM, again).status_code == 400
    again["acquisition_source.typed"] = ""
    assert shinjuku.post(ITEM_FORM, again).status_code == 302


@pytest.mark.parametrize("words", ["・・・", '"', "　", "-", "none", "$ne", "あ" * 3_000])
def test_no_words_whatever_are_dropped(panel: Panel, shinjuku: Person, words: str) -> None:
    before = count(panel)
    answer = shinjuku.post(ITEM_FORM, item(shinjuku, acquisition_source__typed=words))
    if words.strip():
        assert (answer.status_code, count(panel)) == (400, before)
        assert filled_in(answer.text)["acquisition_source.typed"] == words
    else:
        assert answer.status_code == 302


def test_without_the_script_the_matches_are_ticked(panel: Panel, shinjuku: Person) -> None:
    page = shinjuku.post(ITEM_FORM, item(shinjuku, acquisition_source__typed="みょうじ"))
    assert page.status_code == 400
    assert f'name="acquisition_source.pick" value="{panel.ids["donor"]}"' in page.text
    again = filled_in(page.text)
    assert "acquisition_source.pick" not in again, "nothing is ticked beforehand"
    again["acquisition_source.pick"] = panel.ids["donor"]
    saved = shinjuku.post(ITEM_FORM, again)
    assert saved.status_code == 302
    stored = panel.stored("item", saved.location.split("id=")[1])
    assert str((stored or {})["acquisition_source"]) == panel.ids["donor"]


def test_without_the_script_a_whole_number_of_ones_own_is_enough(panel: Panel, shinjuku: Person) -> None:
    saved = shinjuku.post(ITEM_FORM, item(shinjuku, acquisition_source__typed="Ｄ-SHIN"))
    assert saved.status_code == 302
    stored = panel.stored("item", saved.location.split("id=")[1])
    assert str((stored or {})["acquisition_source"]) == panel.ids["donor"]


def test_another_institutions_number_is_not_enough_and_is_offered_by_its_name(
    panel: Panel, soseki: Person
) -> None:
    answer = soseki.post(ITEM_FORM, item(soseki, acquisition_source__typed="D-SHIN"))
    assert answer.status_code == 400
    assert panel.ids["donor"] in answer.text
    assert "歴史博物館" in answer.text[answer.text.index("data-matches") :][:1_500]


def test_changing_the_words_of_a_chosen_donor_does_not_keep_the_donor(panel: Panel, shinjuku: Person) -> None:
    id_ = panel.make("item", "shinjuku", title="別の人へ", acquisition_source=panel.ids["donor"])
    path = f"/admin/item/edit/?id={id_}"
    form = shinjuku.form(path)
    assert form["acquisition_source.typed"] == form["acquisition_source.said"]
    form["acquisition_source.typed"] = "いない人"
    assert shinjuku.post(path, form).status_code == 400
    assert str((panel.stored("item", id_) or {})["acquisition_source"]) == panel.ids["donor"]
    form["acquisition_source.typed"] = ""
    assert shinjuku.post(path, form).status_code == 302
    assert not (panel.stored("item", id_) or {}).get("acquisition_source")


def test_an_untouched_reference_is_sent_back_as_it_was(panel: Panel, shinjuku: Person) -> None:
    id_ = panel.make("item", "shinjuku", title="触れない", acquisition_source=panel.ids["donor"])
    path = f"/admin/item/edit/?id={id_}"
    assert shinjuku.post(path, shinjuku.form(path)).status_code == 302
    stored = panel.stored("item", id_) or {}
    assert (str(stored["acquisition_source"]), stored["revision"]) == (panel.ids["donor"], 1)


def test_words_beside_several_chosen_records_are_refused_and_stay(panel: Panel, shinjuku: Person) -> None:
    path = f"/admin/loan/edit/?id={panel.ids['loan']}"
    form = shinjuku.form(path)
    form["items.typed"] = "ない資料"
    answer = shinjuku.post(path, form)
    assert answer.status_code == 400
    assert "「ない資料」に当たる記録が選ばれていません" in answer.text
    again = filled_in(answer.text)
    assert again["items.typed"] == "ない資料"
    assert panel.ids["item"] in again.getlist("items")


def test_an_institutions_supervisor_is_chosen_like_any_record(panel: Panel) -> None:
    admin = panel.person("admin")
    path = "/admin/institution/edit/?id=soseki"
    form = admin.form(path)
    assert form["supervisor.typed"] == "文化観光課"
    form["supervisor.typed"] = "ない課"
    answer = admin.post(path, form)
    assert answer.status_code == 400
    assert filled_in(answer.text)["supervisor.typed"] == "ない課"


def test_ones_own_records_are_offered_first_and_others_are_named_and_not_selected(
    panel: Panel, same_number: dict[str, str]
) -> None:
    for login, home, name in (
        ("staff.shinjuku", "shinjuku", "漱石山房記念館"), ("staff.soseki", "soseki", "歴史博物館"),
    ):  # fmt: skip
        found = (
            panel.person(login).post("/admin/donor/choices/", {"q": "D-s", "institution": home}).json or []
        )
        assert len(found) >= 2
        near = [each["near"] for each in found]
        assert near == sorted(near, reverse=True)
        assert found[0]["near"]
        assert found[0]["house"] == ""
        others = [each for each in found if not each["near"]]
        assert others
        assert {each["house"] for each in others} == {name}
        assert same_number[home] in [each["id"] for each in found if each["near"]]


def test_a_manager_is_offered_the_records_of_the_institution_that_the_form_is_about(panel: Panel) -> None:
    manager = panel.person("manager")
    found = manager.post("/admin/donor/choices/", {"q": "D-S", "institution": "soseki"}).json or []
    houses = [each["house"] for each in found]
    assert houses[0] == ""
    assert "歴史博物館" in houses
    assert houses.index("歴史博物館") >= houses.count("")


def test_signs_alone_offer_nothing(shinjuku: Person) -> None:
    assert shinjuku.post("/admin/donor/choices/", {"q": "・・"}).json == []


def test_a_value_that_can_no_longer_be_chosen_stays_chosen_on_the_form(
    panel: Panel, shinjuku: Person
) -> None:
    """A select without it would send its first option: another person, saved in silence."""
    users = records_of(NOUNS["user"])
    gone = users.find_one({"login_id": "manager"}) or {}
    id_ = panel.ids["takeout"]
    records_of(NOUNS["takeout"]).update_one({"_id": ObjectId(id_)}, {"$set": {"taken_by": str(gone["_id"])}})
    users.update_one({"_id": gone["_id"]}, {"$set": {"disabled": True}})
    try:
        path = f"/admin/takeout/edit/?id={id_}"
        form = shinjuku.form(path)
        assert form["taken_by"] == str(gone["_id"])
        assert shinjuku.post(path, form).status_code == 302
        assert (panel.stored("takeout", id_) or {})["taken_by"] == str(gone["_id"])
    finally:
        users.update_one({"_id": gone["_id"]}, {"$set": {"disabled": False}})
        mine = panel.actor_id("staff.shinjuku")
        records_of(NOUNS["takeout"]).update_one({"_id": ObjectId(id_)}, {"$set": {"taken_by": mine}})


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_term_that_is_not_there_stays_and_is_refused(panel: Panel, language: str) -> None:
    person = panel.person("staff.shinjuku", language)
    form = item(person, object_type="存在しない種別")
    answer = person.post(ITEM_FORM, form)
    assert answer.status_code == 400
    assert filled_in(unescape(answer.text))["object_type"] == "存在しない種別"


def test_a_batch_with_a_term_that_is_not_there_does_nothing_and_says_why(
    panel: Panel, shinjuku: Person
) -> None:
    id_ = panel.make("item", "shinjuku", title="まとめて")
    answer = shinjuku.post("/admin/item/batch/", {"rowid": [id_], "action": "set", "rank": "存在しない"})
    assert answer.status_code == 400
    assert "一覧から選んでください" in answer.text
    assert (panel.stored("item", id_) or {})["revision"] == 1


@pytest.mark.parametrize(
    "asked",
    ["f.rank=zz", "f.acquisition_source=佐藤", "institution=zz", "f.period.overlaps=きのう", "f.nothing=1"],
)
def test_a_filter_or_a_question_of_the_api_that_matches_no_choice_is_refused(
    panel: Panel, asked: str
) -> None:
    assert panel.person("staff.shinjuku").get(f"/admin/item/?{asked}").status_code in (400, 403)
