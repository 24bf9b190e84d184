"""A card lists what refers to its record, as far as its reader may see it (S1, S2; laws 2 and 5)."""

from __future__ import annotations

import re

import pytest
from bson import ObjectId
from mongoengine.connection import get_db

from gate.card.uses import NAMED
from tests.views.panel import Panel, Person


@pytest.fixture(scope="module")
def used(panel: Panel) -> dict[str, str]:
    """A donor of seven items, one of which is lent, shown and photographed."""
    photograph = panel.make("media", "shinjuku", title="使われている写真")
    donor = panel.make("donor", "shinjuku", name="使用 多子", donor_number="D-USED")
    items = [
        panel.make("item", "shinjuku", accession_number=f"U-{at}", title=f"使われた壺{at}", acquisition_source=ObjectId(donor),
                   photographs=[ObjectId(photograph)] if at == 0 else [])
        for at in range(NAMED + 2)
    ]  # fmt: skip
    lent = [ObjectId(items[0])]
    return {
        "donor": donor, "item": items[0], "media": photograph,
        "loan": panel.make("loan", "shinjuku", borrower="早稲田の館", items=lent),
        "exhibition": panel.make("exhibition", "shinjuku", title="壺の展覧会", items=lent),
    }  # fmt: skip


def part(page: str) -> str:
    found = re.search(r'<section class="part" aria-labelledby="part-uses">.*?</section>', page, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


def test_a_card_names_what_refers_to_it_and_leads_to_all_of_it(
    shinjuku: Person, used: dict[str, str]
) -> None:
    donor = shinjuku.get(f"/admin/donor/details/?id={used['donor']}").text
    assert f"資料(受入先(寄贈者・寄託者)) U-{NAMED + 1} 使われた壺{NAMED + 1}" in part(donor)
    assert "一覧で見る(7件)" in part(donor)
    assert "U-0" not in part(donor)  # only the newest are named
    page = shinjuku.get(f"/admin/item/?f.acquisition_source={used['donor']}").text
    assert all(f"使われた壺{at}" in page for at in range(NAMED + 2))
    assert "受入先(寄贈者・寄託者): D-USED 使用 多子" in page  # the condition by its name, not its id
    item = part(shinjuku.get(f"/admin/item/details/?id={used['item']}").text)
    assert "早稲田の館" in item
    assert "壺の展覧会" in item
    assert "U-0 使われた壺0" in part(shinjuku.get(f"/admin/media/details/?id={used['media']}").text)
    assert part(shinjuku.get(f"/admin/loan/details/?id={used['loan']}").text) == ""


def test_a_removal_names_what_stands_in_its_way(shinjuku: Person, used: dict[str, str]) -> None:
    page = shinjuku.get(f"/admin/item/delete/?id={used['item']}").text
    assert "早稲田の館" in part(page)
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    sent = {"reason": "試し", "revision": revision[1]}
    answer = shinjuku.post(f"/admin/item/delete/?id={used['item']}", sent)
    assert answer.status_code == 400
    assert "ほかの記録がこの記録を指しています。先にそちらを直してください。" in answer.text
    assert "早稲田の館" in part(answer.text)


@pytest.mark.parametrize(
    ("withheld", "own", "sisters"),
    [((), True, True), (("supervised",), True, False), (("own", "supervised"), False, False)],
)
def test_where_the_reference_is_withheld_neither_name_nor_number_is_told(
    panel: Panel, used: dict[str, str], withheld: tuple[str, ...], own: bool, sisters: bool
) -> None:
    theirs = panel.make("loan", "soseki", borrower="山房の相手")
    get_db()["loans"].update_one({"_id": ObjectId(theirs)}, {"$set": {"items": [ObjectId(used["item"])]}})
    roles = get_db()["roles"]
    before = roles.find_one({"code": "staff", "institution": "section"})
    assert before
    hidden = {f"effects.loan.{scope}.field:items": "hide" for scope in withheld}
    roles.update_one({"_id": before["_id"]}, {"$set": {"name": before["name"], **hidden}})
    try:
        page = part(panel.person("staff.shinjuku").get(f"/admin/item/details/?id={used['item']}").text)
    finally:
        roles.replace_one({"_id": before["_id"]}, before)
        get_db()["loans"].delete_one({"_id": ObjectId(theirs)})
    assert ("早稲田の館" in page, "山房の相手" in page) == (own, sisters)
    assert ("借用・貸出" in page) is own
    assert f"一覧で見る({own + sisters}件)" in page or not own
    assert "壺の展覧会" in page
