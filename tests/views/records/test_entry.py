"""Entry by the paper card, as a browser without scripts and as the script asks (2D, 1 and 2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from bson import ObjectId

from gate.store.collections import records_of
from models.registry import NOUNS
from tests.views.panel import Panel, Person, filled_in

FORM, DONOR_FORM = "/admin/item/new/", "/admin/donor/new/"


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


def newest(panel: Panel, noun: str = "item") -> dict[str, Any]:
    [found] = records_of(NOUNS[noun]).find({}).sort("_id", -1).limit(1)
    return dict(found)


def fields_on(page: str) -> list[str]:
    """The fields in the order of the page, those of the card first."""
    return re.findall(r'data-field="(\w+)"', page)


def test_the_form_begins_with_the_card_and_folds_the_rest(shinjuku: Person) -> None:
    page = shinjuku.get(FORM).text
    assert tuple(fields_on(page)[: len(NOUNS["item"].card)]) == NOUNS["item"].card
    assert re.search(r"<details[^>]* data-more>", page)
    refused = shinjuku.post(FORM, {**shinjuku.form(FORM), "title": "枚数", "object_count": "枚"})
    assert refused.status_code == 400
    assert re.search(r"<details[^>]* data-more open>", refused.text)
    filled = shinjuku.post(FORM, {**shinjuku.form(FORM), "title": "", "materials": "紙本"})
    assert re.search(r"<details[^>]* data-more open>", filled.text)


def test_an_institutions_own_card_holds_for_its_next_form(panel: Panel, shinjuku: Person) -> None:
    admin = panel.person("admin")
    page = "/admin/institution/card/?id=shinjuku&noun=item"
    assert admin.post(page, {"act": "keep", "column": ["title", "materials"]}).status_code == 302
    assert fields_on(shinjuku.get(FORM).text)[:2] == ["title", "materials"]
    moved = admin.post(page, {"down": "title", "order": ["title", "materials"], "column": ["title"]})
    assert re.findall(r'name="order" value="(\w+)"', moved.text)[:2] == ["materials", "title"]
    assert admin.post(page, {"act": "reset"}).status_code == 302
    assert fields_on(shinjuku.get(FORM).text)[0] == "accession_number"
    assert (
        admin.post(page + "&term=painting", {"act": "keep", "column": ["title", "maker"]}).status_code == 302
    )
    assert "data-cards=" in shinjuku.get(FORM).text
    assert admin.post(page + "&term=painting", {"act": "reset"}).status_code == 302


@pytest.mark.parametrize("asked", ["noun=loan", "noun=zzz", "noun=item&term=zzz"])
def test_a_card_that_is_none_is_refused(panel: Panel, asked: str) -> None:
    assert panel.person("admin").get(f"/admin/institution/card/?id=shinjuku&{asked}").status_code == 400


def test_entry_begins_in_progress_and_one_button_saves_and_submits(panel: Panel, shinjuku: Person) -> None:
    form = shinjuku.form(FORM)
    assert form["input_status"] == "in_progress"
    answer = shinjuku.post(FORM, {**form, "title": "点検に出す資料", "_act_next": "submit"})
    made = newest(panel)
    assert (made["input_status"], made["revision"]) == ("awaiting_check", 1)
    assert str(made["entered_by"]) == panel.actor_id("staff.shinjuku")
    told = shinjuku.get(answer.location).text
    assert "点検に出しました。" in told
    assert f"資料番号 {made['accession_number']}</a>" in told


def test_a_record_that_was_sent_back_is_saved_and_submitted_in_one_revision(
    panel: Panel, shinjuku: Person
) -> None:
    id_ = panel.make("item", "shinjuku", title="差し戻された資料", input_status="sent_back")
    page = f"/admin/item/edit/?id={id_}"
    assert 'name="_act" value="submit"' in shinjuku.get(page).text
    sent = {**shinjuku.form(page), "title": "直した資料", "_act": "submit"}
    assert shinjuku.post(page, sent).status_code == 302
    stored = panel.stored("item", id_) or {}
    assert (stored["title"], stored["input_status"], stored["revision"]) == (
        "直した資料",
        "awaiting_check",
        2,
    )
    assert "点検に出した" in shinjuku.get(f"/admin/item/history/?id={id_}").text
    # Where it cannot be done any more, the button is not there, and pressing it all the same saves nothing.
    again = {**shinjuku.form(page), "title": "もう一度", "_act": "submit"}
    assert shinjuku.post(page, again).status_code == 400
    assert (panel.stored("item", id_) or {})["title"] == "直した資料"


def test_the_next_number_is_shown_before_and_a_refused_card_takes_none(
    panel: Panel, shinjuku: Person
) -> None:
    form = shinjuku.form(FORM)
    foreseen = form["_foreseen"]
    assert f'<strong class="number">{foreseen}</strong>' in shinjuku.get(FORM).text
    assert shinjuku.post(FORM, {**form, "title": ""}).status_code == 400
    assert shinjuku.form(FORM)["_foreseen"] == foreseen
    assert shinjuku.post(FORM, {**form, "title": "先に見えた番号"}).status_code == 302
    assert newest(panel)["accession_number"] == foreseen
    # Whoever had seen the same number is told that theirs is another.
    answer = shinjuku.post(FORM, {**form, "title": "後から"})
    assert f"表示していた番号 {foreseen} は" in shinjuku.get(answer.location).text
    assert newest(panel)["accession_number"] != foreseen


def test_pinned_fields_and_no_others_come_to_the_next_card(panel: Panel, shinjuku: Person) -> None:
    sent = {**shinjuku.form(FORM), "title": "留める", "rank": "B", "location": "棚九", "maker": "誰か"}
    answer = shinjuku.post(FORM, {**sent, "_pin": ["rank", "location"], "_next": "1"})
    assert "棚九" not in answer.location
    following = filled_in(shinjuku.get(answer.location).text)
    assert (following["rank"], following["location"]) == ("B", "棚九")
    assert (following["title"], following["maker"]) == ("", "")
    assert following.getlist("_pin") == ["rank", "location"]


def test_a_copy_has_everything_but_what_is_the_objects_own(panel: Panel, shinjuku: Person) -> None:
    sent = {
        "title": "写し元", "dimensions_text": "24.5×36.2", "period.text": "明治30年", "photographs": [panel.ids["media"]],
        "accession_number": f"C-{ObjectId()}", "acquisition_source": panel.ids["donor"],
    }  # fmt: skip
    shinjuku.post(FORM, {**shinjuku.form(FORM), **sent, "_act_next": "submit"})
    [address] = re.findall(r'href="([^"]+)" data-copy', shinjuku.get(FORM).text)
    copy = shinjuku.form(address.replace("&amp;", "&"))
    assert (copy["title"], copy["dimensions_text"], copy["period.text"]) == (
        "写し元",
        "24.5×36.2",
        "明治30年",
    )
    assert copy["acquisition_source"] == panel.ids["donor"]
    assert (copy["accession_number"], copy["input_status"]) == ("", "in_progress")
    assert panel.ids["media"] not in copy.getlist("photographs")
    source = newest(panel)
    shinjuku.post(FORM, copy)
    made = newest(panel)
    assert made["_id"] != source["_id"]
    assert {row["value"] for row in made["dimensions"]} == {"24.5", "36.2"}


def test_nothing_that_is_withheld_is_copied_or_pinned(panel: Panel, shinjuku: Person, soseki: Person) -> None:
    other = panel.make("item", "soseki", title="姉妹館の資料", location="姉妹館の棚")
    for asked in ("copy=1", "pin=title&pin=location"):
        page = shinjuku.get(f"{FORM}?from={other}&{asked}")
        assert ("姉妹館の棚" in page.text) is False
        assert "姉妹館の棚" in soseki.get(f"{FORM}?from={other}&{asked}").text
    for nonsense in ("zzz", "$ne", str(ObjectId())):
        assert shinjuku.get(f"{FORM}?from={nonsense}&copy=1").status_code == 404
        assert shinjuku.get(f"{FORM}?from={nonsense}&pin=keys&pin=title").status_code == 200


@pytest.mark.parametrize(
    ("noun", "field", "text", "said", "fills"),
    [
        ("item", "period", "明治30年頃", "1892〜1902年", {}),
        ("item", "period", "いつのことやら", "年代としては読み取れません。書かれたまま残ります。", {}),
        ("item", "dimensions_text", "24.5×36.2", "高さ・縦 24.5 cm / 幅・横 36.2 cm", {}),
        ("item", "title", "縄文土器", "", {"title_reading": "じょうもんどき"}),
        (
            "donor",
            "name",
            "山田花子",
            "姓と名に分けました。",
            {"name": "山田 花子", "name_reading": "やまだ はなこ"},
        ),
        (
            "donor",
            "postcode",
            "160-0022",
            "とうきょうと しんじゅくく しんじゅく",
            {"address": "東京都新宿区新宿"},
        ),
    ],
)
def test_what_is_said_of_a_text_while_one_types(
    shinjuku: Person, noun: str, field: str, text: str, said: str, fills: dict[str, str]
) -> None:
    asked = {"field": field, "text": text, "institution": "shinjuku"}
    assert shinjuku.post(f"/admin/{noun}/aid/", asked).json == {"said": said, "wrong": False, "fills": fills}


@pytest.mark.parametrize("field", ["", "keys", "location", "dimensions", "$where"])
def test_a_field_without_aid_is_refused(shinjuku: Person, field: str) -> None:
    assert shinjuku.post("/admin/item/aid/", {"field": field, "text": "x"}).status_code == 400


def test_near_records_are_told_before_a_save_and_after_one_that_did_not_hear(
    panel: Panel, shinjuku: Person
) -> None:
    number = f"K-{int(str(ObjectId()), 16) % 10**9}"
    there = panel.make("item", "shinjuku", accession_number=number, title="もとの資料")
    typed = number.lower().replace("-", " ")
    [told] = (
        shinjuku.post("/admin/item/near/", {"accession_number": typed, "institution": "shinjuku"}).json or []
    )
    assert (told["id"], told["said"]) == (there, "資料番号が似ています")
    # It is never a block: without the script the hint comes behind the save.
    sent = {**shinjuku.form(FORM), "title": "似た番号", "accession_number": typed}
    answer = shinjuku.post(FORM, sent)
    assert "同じ記録かもしれません" in shinjuku.get(answer.location).text
    answer = shinjuku.post(FORM, {**sent, "accession_number": number.replace("-", "."), "_near": there})
    page = shinjuku.get(answer.location).text
    assert (number in page, typed.upper() in page.upper()) == (False, True)
    assert page.count("同じ記録かもしれません") == 1  # of the second, which nobody was told of


def test_a_reading_stays_marked_until_it_is_agreed(panel: Panel, shinjuku: Person) -> None:
    reading = {"title_reading": "じょうもんどき", "title_reading.proposed": "じょうもんどき"}
    shinjuku.post(FORM, {**shinjuku.form(FORM), "title": "縄文土器", **reading})
    made = newest(panel)
    page = f"/admin/item/edit/?id={made['_id']}"
    assert filled_in(shinjuku.get(page).text)["title_reading.proposed"] == "じょうもんどき"
    assert "資料名よみ" in shinjuku.get(f"/admin/item/details/?id={made['_id']}").text.split("自動よみ")[1]
    # Saved for another reason it stays marked; ticked, it is agreed.
    shinjuku.post(page, {**shinjuku.form(page), "rank": "B"})
    assert newest(panel)["unconfirmed"] == ["title_reading"]
    shinjuku.post(page, {**shinjuku.form(page), "title_reading.agreed": "1"})
    assert not newest(panel).get("unconfirmed")
    assert filled_in(shinjuku.get(page).text)["title_reading.proposed"] == ""


def test_a_donor_is_made_in_a_drawer_and_given_back_with_its_name(panel: Panel, shinjuku: Person) -> None:
    page = shinjuku.get(f"{DONOR_FORM}?_drawer=1")
    assert "<html" not in page.text
    assert 'id="d-name"' in page.text
    sent = filled_in(page.text)
    refused = shinjuku.post(DONOR_FORM, {**sent, "name": ""})
    assert (refused.status_code, "<html" in refused.text) == (400, False)
    made = shinjuku.post(DONOR_FORM, {**sent, "name": "引出 しの子"})
    assert made.json is not None
    stored = newest(panel, "donor")
    assert made.json == {"id": str(stored["_id"]), "label": f"{stored['donor_number']} 引出 しの子"}


def test_a_drawer_is_offered_where_such_a_record_may_be_made(panel: Panel, shinjuku: Person) -> None:
    assert "data-create=" in shinjuku.get(FORM).text
    media = panel.person("librarian.kaizu").get("/admin/book/new/").text
    assert "data-create=" not in media
