"""What was set for many at once is taken back for some minutes: those records, those revisions, and no other."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from mongoengine.connection import get_db

from tests.views.panel import Panel, Person


@pytest.fixture
def three(panel: Panel) -> list[str]:
    """Items of the museum: of rank A, of B, and of none."""
    ranks: list[dict[str, str]] = [{"rank": "A"}, {"rank": "B"}, {}]
    return [panel.make("item", "shinjuku", title=f"取消し {n}", **more) for n, more in enumerate(ranks)]


def stored(panel: Panel, ids: list[str], name: str = "rank") -> list[object]:
    return [(panel.stored("item", each) or {}).get(name) for each in ids]


def set_all(person: Person, ids: list[str], **values: str) -> str:
    """Set it for all; the id by which it is undone."""
    page = person.post(
        "/admin/item/batch/", {"action": "set", "rowid": ids, **values}, follow_redirects=True
    ).text
    found = re.search(r'class="undo".*?name="id" value="([^"]+)"', page, re.S)
    assert found, page
    return found[1]


def test_former_values_come_back_as_patches(panel: Panel, shinjuku: Person, three: list[str]) -> None:
    """Issue E: batch edit with undo."""
    kept = set_all(shinjuku, three, rank="C")
    assert stored(panel, three) == ["C", "C", "C"]
    answer = shinjuku.post("/admin/item/undo/?f.rank=C", {"id": kept})
    assert (answer.status_code, answer.location) == (302, "/admin/item/?f.rank=C")
    page = shinjuku.get(answer.location).text
    assert "3件を元に戻しました。" in page
    assert 'class="undo"' not in page
    assert stored(panel, three) == ["A", "B", None]
    assert stored(panel, three, "revision") == [3, 3, 3]
    assert "一括設定の取消し" in shinjuku.get(f"/admin/item/history/?id={three[0]}").text
    assert shinjuku.post("/admin/item/undo/", {"id": kept}).status_code == 400


def test_what_somebody_edited_since_stays_and_is_listed(
    panel: Panel, shinjuku: Person, three: list[str]
) -> None:
    """Law 3: an undo overwrites nobody's work."""
    kept = set_all(shinjuku, three, rank="C")
    colleague = panel.person("staff.shinjuku")
    address = f"/admin/item/edit/?id={three[1]}"
    sent = colleague.form(address)
    sent["rank"] = "D"
    assert colleague.post(address, sent).status_code == 302
    page = shinjuku.post("/admin/item/undo/", {"id": kept}).text
    assert stored(panel, three) == ["A", "D", None]
    assert "2件を元に戻しました。" in page
    assert re.findall(r"/admin/item/details/\?id=([0-9a-f]{24})", page) == [three[1]]
    assert "取消し 1" in page


def test_with_the_status_all_that_follows_from_it_goes_back(panel: Panel, shinjuku: Person) -> None:
    """S5: who entered a record and when it was done are counted; an undo makes nobody the one who did."""
    item = panel.make("item", "shinjuku", title="点検済み", input_status="done")
    get_db()["items"].update_one({"title": "点検済み"}, {"$set": {"entered_by": "somebody"}})
    names = ("input_status", "status_at", "status_by", "entered_by", "completed_at")
    before = [stored(panel, [item], each) for each in names]
    kept = set_all(shinjuku, [item], input_status="awaiting_check")
    assert [stored(panel, [item], each) for each in names] != before
    shinjuku.post("/admin/item/undo/", {"id": kept})
    assert [stored(panel, [item], each) for each in names] == before


def test_it_is_ones_own_of_one_kind_of_record_and_for_some_minutes(
    panel: Panel, shinjuku: Person, three: list[str]
) -> None:
    kept = set_all(shinjuku, three, rank="C")
    for person, noun in ((panel.person("manager"), "item"), (shinjuku, "loan"), (shinjuku, "donor")):
        assert person.post(f"/admin/{noun}/undo/", {"id": kept}).status_code == 400
    for wrong in ("", "x", "$ne", "\0"):
        assert shinjuku.post("/admin/item/undo/", {"id": wrong}).status_code == 400
    get_db()["undos"].update_one(
        {"_id": kept}, {"$set": {"ends_at": datetime.now(UTC) - timedelta(seconds=1)}}
    )
    assert shinjuku.post("/admin/item/undo/", {"id": kept}).status_code == 400
    assert stored(panel, three) == ["C", "C", "C"]


def test_nothing_is_offered_where_nothing_changed_and_no_value_is_kept_for_it(
    panel: Panel, shinjuku: Person, three: list[str]
) -> None:
    """Law 5: the former values lie in the records' histories alone."""
    sent = {"action": "set", "rank": "A", "rowid": three[:1]}
    assert 'class="undo"' not in shinjuku.post("/admin/item/batch/", sent, follow_redirects=True).text
    kept = set_all(shinjuku, three[:1], rank="C")
    document = get_db()["undos"].find_one({"_id": kept}) or {}
    assert set(document) == {"_id", "actor", "noun", "fields", "stands", "ends_at"}
    assert document["stands"] == [[three[0], 2]]


def test_who_lost_the_right_to_edit_undoes_nothing(panel: Panel, shinjuku: Person, three: list[str]) -> None:
    """Law 8: the right is asked for when it is undone."""
    kept = set_all(shinjuku, three, rank="C")
    users, roles = get_db()["users"], get_db()["roles"]
    mine = users.find_one({"login_id": "staff.shinjuku"}) or {}
    auditor = roles.find_one({"code": "auditor", "institution": "section"}) or {}
    approved = {"role": auditor["_id"], "approval.role": auditor["_id"]}
    users.update_one({"_id": mine["_id"]}, {"$set": approved})
    try:
        page = shinjuku.post("/admin/item/undo/", {"id": kept})
        assert page.status_code == 200
        assert "戻せなかった記録" in page.text
        assert re.findall(r"/admin/item/details/\?id=([0-9a-f]{24})", page.text) == three
        assert stored(panel, three) == ["C", "C", "C"]
    finally:
        users.update_one({"_id": mine["_id"]}, {"$set": {"role": mine["role"], "approval": mine["approval"]}})


def test_what_was_removed_since_is_counted_by_itself(
    panel: Panel, shinjuku: Person, three: list[str]
) -> None:
    """Its sentence is true: nobody's role and no value stood in the way."""
    kept = set_all(shinjuku, three, rank="C")
    gone = {"revision": "2", "reason": "重複"}
    for each in three[:2]:
        assert shinjuku.post(f"/admin/item/delete/?id={each}", gone).status_code == 302
    page = shinjuku.post("/admin/item/undo/", {"id": kept}).text
    assert re.search(r"もうない記録.*?2件", page)
    assert "戻せなかった記録" not in page
    assert "1件を元に戻しました。" in page


def test_an_older_one_that_is_undone_leaves_the_newer_one_to_be_undone(
    panel: Panel, shinjuku: Person, three: list[str]
) -> None:
    """In another window the bar of the older still stands."""
    older, newer = set_all(shinjuku, three[:1], rank="C"), set_all(shinjuku, three[1:], rank="C")
    page = shinjuku.post("/admin/item/undo/", {"id": older}, follow_redirects=True).text
    assert f'name="id" value="{newer}"' in page
    assert stored(panel, three) == ["A", "C", "C"]


def test_an_undo_that_is_not_there_takes_no_other_away(
    panel: Panel, shinjuku: Person, three: list[str]
) -> None:
    kept = set_all(shinjuku, three, rank="C")
    assert shinjuku.post("/admin/item/undo/", {"id": "f" * 24}).status_code == 400
    assert f'name="id" value="{kept}"' in shinjuku.get("/admin/item/").text
    assert shinjuku.post("/admin/item/undo/", {"id": kept}).status_code == 302
    assert 'class="undo"' not in shinjuku.get("/admin/item/").text
