"""A form for a new record sent twice makes one; what was typed for a record that is gone stays (laws 4 and 9; S4)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bson import ObjectId
from mongoengine.connection import get_db
from werkzeug.datastructures import MultiDict

from tests.views.panel import Panel, Person, filled_in


def new_item(person: Person, title: str) -> MultiDict[str, Any]:
    sent = person.form("/admin/item/new/?institution=shinjuku")
    sent["title"] = title
    sent["dimensions_text"] = "24.5×36.2"
    return sent


def titled(title: str) -> list[dict[str, Any]]:
    return list(get_db()["items"].find({"title": title}))


def test_a_form_sent_twice_at_once_makes_one_record(panel: Panel) -> None:
    people = [panel.person("staff.shinjuku") for _ in range(4)]
    sent = new_item(people[0], "二度押された壺")
    assert all(each.token for each in people)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda each: each.post("/admin/item/new/", sent), people))
    assert {each.status_code for each in answers} == {302}
    [made] = titled("二度押された壺")
    assert {each.location.rpartition("=")[2] for each in answers} == {str(made["_id"])}
    assert (
        people[0].post("/admin/item/new/", sent).location.endswith(str(made["_id"]))
    )  # and again much later
    assert len(titled("二度押された壺")) == 1


def test_a_form_filled_in_anew_makes_another_record(shinjuku: Person) -> None:
    """Going back in the browser and typing something else is no repetition."""
    sent = new_item(shinjuku, "一つ目の壺")
    shinjuku.post("/admin/item/new/", sent)
    sent["title"] = "二つ目の壺"
    assert shinjuku.post("/admin/item/new/", sent).status_code == 302
    assert len(titled("一つ目の壺")) == len(titled("二つ目の壺")) == 1


def test_nobody_chooses_a_records_id(panel: Panel, shinjuku: Person, soseki: Person) -> None:
    other = panel.make("item", "soseki", title="よその壺")
    for once in (other, str(ObjectId()), soseki.form("/admin/item/new/")["_once"]):
        sent = new_item(shinjuku, f"選んだ番号の壺{once}")
        sent["_once"] = once
        made = shinjuku.post("/admin/item/new/", sent).location.rpartition("=")[2]
        assert made not in (other, once)
        assert len(titled(f"選んだ番号の壺{once}")) == 1


def test_what_was_typed_for_a_record_that_is_removed_meanwhile_can_be_saved_as_a_new_one(
    panel: Panel, shinjuku: Person
) -> None:
    made = panel.make("item", "shinjuku", accession_number="GONE-1", title="なくなる壺", rank="A")
    sent = shinjuku.form(f"/admin/item/edit/?id={made}")
    sent["description"] = "三時間かけて書いた解説"
    removing = {"revision": "1", "reason": "誤登録"}
    assert panel.person("staff.shinjuku").post(f"/admin/item/delete/?id={made}", removing).status_code == 302
    answer = shinjuku.post(f"/admin/item/edit/?id={made}", sent)
    assert answer.status_code == 404
    assert "この記録は、もうありません。" in answer.text
    again = filled_in(answer.text)
    assert (again["description"], again["title"], again["accession_number"]) == (
        "三時間かけて書いた解説", "なくなる壺", "GONE-1",
    )  # fmt: skip
    saved = shinjuku.post("/admin/item/new/", again)
    assert saved.status_code == 302
    [stored] = titled("なくなる壺")
    assert (stored["description"], stored["rank"]) == ("三時間かけて書いた解説", "A")
    # A record that never was and one out of reach are answered alike.
    theirs = panel.make("patron", "kaizu", surname="よその人")
    answers = {
        shinjuku.post(f"/admin/item/edit/?id={id_}", sent).status_code for id_ in (theirs, str(ObjectId()))
    }
    assert answers == {404}


def test_who_may_make_no_new_one_can_copy_what_was_typed(panel: Panel) -> None:
    made = panel.make("item", "shinjuku", title="消える皿")
    roles = get_db()["roles"]
    before = roles.find_one({"code": "staff", "institution": "section"})
    assert before
    staff = panel.person("staff.shinjuku")
    sent = staff.form(f"/admin/item/edit/?id={made}")
    sent["description"] = "写し取りたい解説 <b>太字</b>"
    get_db()["items"].delete_one({"_id": ObjectId(made)})
    actions = [each for each in before["actions"]["item"]["own"] if each != "create"]
    roles.update_one({"_id": before["_id"]}, {"$set": {"actions.item.own": actions}})
    try:
        answer = staff.post(f"/admin/item/edit/?id={made}", sent)
    finally:
        roles.replace_one({"_id": before["_id"]}, before)
    assert answer.status_code == 404
    assert "写し取りたい解説 &lt;b&gt;太字&lt;/b&gt;" in answer.text
