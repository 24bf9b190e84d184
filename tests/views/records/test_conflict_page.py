"""Two people save one record: the second sees mine, theirs and before, and loses nothing (law 3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from mongoengine.connection import get_db
from werkzeug.datastructures import MultiDict

from audit.sealer import seal
from gate.writing.writing import patch
from models.registry import NOUNS
from tests.views.panel import DONOR, Panel, Person

ITEM = NOUNS["item"]
ROWS = [
    {"dimension": "height", "value": "12.50", "unit": "cm"},
    {"dimension": "width", "value": "8", "unit": "cm"},
]


@dataclass
class Side:
    before: str | None
    mine: str
    theirs: str
    kept: str


def sides(page: str) -> dict[str, Side]:
    """The choices of a conflict page by their name."""
    found = {}
    for fieldset in re.findall(r'<fieldset class="versus">(.*?)</fieldset>', page, re.S):
        name = re.search(r'name="keep\.([^"]+)"', fieldset)
        said = [unescape(each) for each in re.findall(r'<span class="what">(.*?)</span>', fieldset, re.S)]
        before = re.search(r"(?:もとの値|Before): (.*?)</p>", fieldset, re.S)
        ticked = re.search(r'value="(mine|theirs)" checked', fieldset)
        assert name
        found[name[1]] = Side(
            unescape(before[1]) if before else None, said[0], said[1], ticked[1] if ticked else ""
        )
    return found


def resend(person: Person, id_: str, page: str, **keep: str) -> Any:
    """Send the conflict page with these choices, and otherwise what is ticked."""
    form = page[page.index('<form method="post" action="/admin/item/edit/') :]
    sent: MultiDict[str, Any] = MultiDict(
        (name, unescape(value)) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    )  # fmt: skip
    for name, side in sides(page).items():
        chosen = keep.get(name, side.kept)
        if chosen:
            sent[f"keep.{name}"] = chosen
    sent["csrf_token"] = person.token
    return person.client.post(f"/admin/item/edit/?id={id_}", data=sent, buffered=True)


@pytest.fixture
def item(panel: Panel) -> str:
    return panel.make("item", "soseki", title="元の題", notes="元の備考", rank="A", dimensions=ROWS)


def typed(person: Person, id_: str, **changed: str) -> MultiDict[str, Any]:
    form = person.form(f"/admin/item/edit/?id={id_}")
    for name, value in changed.items():
        form[name] = value
    return form


def test_each_field_is_laid_out_with_what_it_was_before(panel: Panel, soseki: Person, item: str) -> None:
    form = typed(soseki, item, title="わたしの題", rank="B")
    patch(panel.actor("staff.soseki"), ITEM, item, 1, {"title": "途中の題"})
    seal()  # one act in the sealed history, the next still in the outbox
    patch(panel.actor("staff.soseki"), ITEM, item, 2, {"title": "ほかの人の題", "notes": "ほかの人の備考"})
    page = soseki.post(f"/admin/item/edit/?id={item}", form)
    assert page.status_code == 409
    assert sides(page.text) == {
        "title": Side("元の題", "わたしの題", "ほかの人の題", ""),
        "notes": Side("元の備考", "元の備考", "ほかの人の備考", "theirs"),
        "rank": Side(None, "B 貴重", "A 特に重要", "mine"),
    }
    saved = resend(soseki, item, page.text, title="mine")
    assert saved.status_code == 302
    stored = panel.stored("item", item) or {}
    assert [stored[name] for name in ("title", "notes", "rank", "revision")] == [
        "わたしの題",
        "ほかの人の備考",
        "B",
        4,
    ]


def test_theirs_stays_where_it_is_chosen(panel: Panel, soseki: Person, item: str) -> None:
    form = typed(soseki, item, title="わたしの題")
    patch(panel.actor("staff.soseki"), ITEM, item, 1, {"title": "ほかの人の題"})
    page = soseki.post(f"/admin/item/edit/?id={item}", form)
    assert resend(soseki, item, page.text, title="theirs").status_code == 302
    assert (panel.stored("item", item) or {})["title"] == "ほかの人の題"


def test_a_third_save_in_between_brings_the_choice_back_and_loses_nothing(
    panel: Panel, soseki: Person, item: str
) -> None:
    form = typed(soseki, item, title="わたしの題", rank="B")
    patch(panel.actor("staff.soseki"), ITEM, item, 1, {"title": "二人目の題"})
    page = soseki.post(f"/admin/item/edit/?id={item}", form)
    patch(panel.actor("staff.soseki"), ITEM, item, 2, {"title": "三人目の題"})
    again = resend(soseki, item, page.text, title="theirs")
    assert again.status_code == 409
    assert sides(again.text)["title"] == Side("二人目の題", "わたしの題", "三人目の題", "theirs")
    assert resend(soseki, item, again.text).status_code == 302
    stored = panel.stored("item", item) or {}
    assert (stored["title"], stored["rank"]) == ("三人目の題", "B")


def test_two_people_change_different_rows_and_both_stay(panel: Panel, soseki: Person, item: str) -> None:
    first, second = (panel.stored("item", item) or {})["dimensions"]
    form = typed(soseki, item)
    form["dimensions-0.value"] = "13.00"
    form["dimensions-5.value"], form["dimensions-5.dimension"], form["dimensions-5.unit"] = "3", "depth", "cm"
    theirs = [dict(first), {**second, "value": "9"}, {"dimension": "weight", "value": "70", "unit": "g"}]
    patch(panel.actor("staff.soseki"), ITEM, item, 1, {"dimensions": theirs})
    added = (panel.stored("item", item) or {})["dimensions"][2]["id"]
    page = soseki.post(f"/admin/item/edit/?id={item}", form)
    assert page.status_code == 409
    found = sides(page.text)
    assert {name: side.kept for name, side in found.items()} == {
        f"dimensions.{first['id']}": "mine", f"dimensions.{second['id']}": "theirs", f"dimensions.{added}": "theirs",
    }  # fmt: skip
    assert "8 cm" in str(found[f"dimensions.{second['id']}"].before)
    assert found[f"dimensions.{second['id']}"].theirs.endswith("9 cm")
    assert resend(soseki, item, page.text).status_code == 302
    rows = (panel.stored("item", item) or {})["dimensions"]
    assert sorted(each["value"] for each in rows) == ["13.00", "3", "70", "9"]
    assert {first["id"], second["id"], added} < {each["id"] for each in rows}


def test_a_row_that_one_removed_and_the_other_changed_is_asked_for(
    panel: Panel, soseki: Person, item: str
) -> None:
    first, second = (panel.stored("item", item) or {})["dimensions"]
    form = typed(soseki, item)
    form["dimensions-1.value"] = "99"
    patch(panel.actor("staff.soseki"), ITEM, item, 1, {"dimensions": [first]})
    page = soseki.post(f"/admin/item/edit/?id={item}", form)
    side = sides(page.text)[f"dimensions.{second['id']}"]
    assert (side.kept, side.theirs) == ("", "(空)")
    assert resend(soseki, item, page.text, **{f"dimensions.{second['id']}": "mine"}).status_code == 302
    assert [each["value"] for each in (panel.stored("item", item) or {})["dimensions"]] == ["12.50", "99"]


def test_a_withheld_field_that_changed_is_named_and_not_shown(panel: Panel) -> None:
    """The section sends work back in a museum's record of which it may not see the notes."""
    id_ = panel.make("item", "soseki", title="点検", notes="人名を含む備考", input_status="in_progress")
    manager = panel.person("manager")
    form = manager.form(f"/admin/item/edit/?id={id_}")
    form["input_status"] = "sent_back"
    changes = {"notes": "別の人名を含む備考", "input_status": "done"}
    patch(panel.actor("staff.soseki"), ITEM, id_, 1, changes)
    page = manager.post(f"/admin/item/edit/?id={id_}", form)
    assert page.status_code == 409
    assert "あなたには表示されない項目も変わりました: 備考" in page.text
    assert "人名を含む" not in page.text
    assert set(sides(page.text)) == {"input_status"}


def test_what_was_before_is_shown_only_to_those_who_may_read_histories(
    panel: Panel, soseki: Person, item: str
) -> None:
    roles, full = (
        get_db()["roles"],
        (get_db()["roles"].find_one({"code": "staff"}) or {})["actions"]["item"]["own"],
    )
    form = typed(soseki, item, title="わたしの題")
    patch(panel.actor("staff.soseki"), ITEM, item, 1, {"title": "ほかの人の題"})
    without = [each for each in full if each != "history"]
    roles.update_one({"code": "staff"}, {"$set": {"actions.item.own": without}})
    try:
        page = soseki.post(f"/admin/item/edit/?id={item}", form)
    finally:
        roles.update_one({"code": "staff"}, {"$set": {"actions.item.own": full}})
    assert page.status_code == 409
    assert sides(page.text)["title"] == Side(None, "わたしの題", "ほかの人の題", "")
    assert "元の題" not in page.text


def test_a_difference_of_typing_alone_is_no_conflict(panel: Panel, soseki: Person) -> None:
    id_ = panel.make("item", "soseki", title="題", object_count=9, other_names=["甲", "乙"])
    form = typed(soseki, id_, object_count="９", rank="B")
    patch(panel.actor("staff.soseki"), ITEM, id_, 1, {"notes": "足した"})
    page = soseki.post(f"/admin/item/edit/?id={id_}", form)
    assert page.status_code == 409
    assert set(sides(page.text)) == {"rank", "notes"}
    assert sides(page.text)["notes"] == Side("(空)", "(空)", "足した", "theirs")


def test_another_record_is_named_and_not_numbered(panel: Panel, shinjuku: Person) -> None:
    first, second = (
        panel.make("donor", "shinjuku", **{**DONOR, "name": name, "name_reading": ""})
        for name in ("甲野 一", "乙野 二")
    )
    id_ = panel.make("item", "shinjuku", title="題", acquisition_source=first)
    form = typed(shinjuku, id_, acquisition_source=second)
    patch(panel.actor("staff.shinjuku"), ITEM, id_, 1, {"acquisition_source": panel.ids["donor"]})
    side = sides(shinjuku.post(f"/admin/item/edit/?id={id_}", form).text)["acquisition_source"]
    assert "甲野 一" in str(side.before)
    assert "乙野 二" in side.mine
    assert "苗字 名前子" in side.theirs
