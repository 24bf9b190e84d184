"""A contractor's work through the wire: asked, decided, signed in, watched, reported, printed (S14)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from bson import ObjectId
from mongoengine.connection import get_db

from policies.work import JAPAN, MINUTE
from tests.views.panel import Panel, Person
from tests.world import PASSWORD, let_the_contractor_in


def at(hours: float) -> str:
    return (datetime.now(JAPAN) + timedelta(hours=hours)).strftime(MINUTE)


@pytest.fixture
def nothing_approved(panel: Panel) -> Iterator[str]:
    """The contractor's account id, while no request lets it in."""
    kept = ObjectId(panel.ids["work_request"])
    get_db()["work_requests"].delete_many({"_id": {"$ne": kept}})
    yield panel.actor_id("contractor")
    get_db()["work_requests"].delete_many({"_id": {"$ne": kept}})
    let_the_contractor_in(get_db())


def asked(panel: Panel, person: Person, contractor: str, **values: str) -> str:
    """The address of a request's card, asked for by that person."""
    sent = {
        "work": "画面の点検", "why": "改修後", "work_place": "machine_room", "contractor": contractor,
        "begins_at": at(-1), "ends_at": at(2), "network": "127.0.0.1",
        "witness": panel.actor_id("staff.shinjuku"), **values,
    }  # fmt: skip
    answer = person.post("/admin/work_request/new/", sent)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def act(person: Person, card: str, name: str, note: str = "") -> str:
    """Do something on the card, and what the card says then."""
    page = person.get(card).text
    revision = re.search(r'name="revision" value="(\d+)"', page)
    sent = {"act": name, "note": note, "revision": revision[1] if revision else "1"}
    answer = person.post(card.replace("/details/", "/decide/"), sent)
    assert answer.status_code == 302
    return person.get(str(answer.location)).text


def test_from_the_request_to_the_report(panel: Panel, nothing_approved: str) -> None:
    shinjuku, manager = panel.person("staff.shinjuku"), panel.person("manager")
    contractor = Person(panel.app)
    card = asked(panel, shinjuku, nothing_approved)
    assert contractor.sign_in("contractor", PASSWORD).status_code == 401
    assert "承認する" not in shinjuku.get(card).text  # never the requester
    assert "画面の点検" in manager.get("/work-request/").text
    assert "承認" in act(manager, card, "approve", "立会のもとで")
    assert contractor.sign_in("contractor", PASSWORD).status_code == 302
    assert contractor.get("/admin/item/").status_code == 200
    entered = shinjuku.post(card.replace("/details/", "/enter/"), {"who": "見本システム 技術 太郎"})
    page = shinjuku.get(str(entered.location)).text
    assert "退室を記録する" in page
    passage = re.search(r'name="passage" value="(\w+)"', page)
    assert passage
    shinjuku.post(card.replace("/details/", "/leave/"), {"passage": passage[1]})
    report = shinjuku.get(card.replace("/details/", "/report/") + "&purpose=inspection").text
    assert "作業報告書" in report
    assert "技術 太郎" in report
    assert "作業のサインイン" in report
    assert (
        "技術 太郎" not in manager.get(card.replace("/details/", "/report/") + "&purpose=inspection").text
    )  # another house's names are masked
    file = shinjuku.get(card.replace("/details/", "/report.pdf") + "&purpose=inspection")
    assert file.data.startswith(b"%PDF-")
    assert file.headers["Content-Disposition"].startswith("attachment")
    act(shinjuku, card, "finish", "異常なし")
    answer = contractor.get("/admin/item/")  # at once, in the session that was open
    assert (answer.status_code, answer.location.split("?")[0]) == (302, "/login")


def test_a_contractor_comes_in_from_nowhere_else(panel: Panel, nothing_approved: str) -> None:
    card = asked(panel, panel.person("staff.shinjuku"), nothing_approved, network="192.0.2.9")
    act(panel.person("manager"), card, "approve")
    visitor = Person(panel.app)
    assert visitor.sign_in("contractor", PASSWORD).status_code == 401
    visitor.client.environ_base["REMOTE_ADDR"] = "192.0.2.9"
    assert visitor.sign_in("contractor", PASSWORD).status_code == 302
    assert visitor.get("/admin/item/").status_code == 200
    visitor.client.environ_base["REMOTE_ADDR"] = "192.0.2.10"
    assert visitor.get("/admin/item/").status_code == 302
    forged = {"X-Forwarded-For": "192.0.2.9"}
    assert visitor.client.get("/admin/item/", headers=forged).status_code == 302


def test_a_request_past_its_end_lets_nobody_stay(panel: Panel, nothing_approved: str) -> None:
    card = asked(panel, panel.person("staff.shinjuku"), nothing_approved)
    act(panel.person("manager"), card, "approve")
    visitor = Person(panel.app)
    assert visitor.sign_in("contractor", PASSWORD).status_code == 302
    get_db()["work_requests"].update_many({"work_status": "approved"}, {"$set": {"ends_at": at(-0.1)}})
    assert visitor.get("/admin/item/").status_code == 302


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/admin/donor/", "GET"), ("/admin/work_request/", "GET"), ("/work-request/", "GET"), ("/audit/", "GET"),
        ("/admin/item/export/csv/", "POST"), ("/admin/item/export/xlsx/", "POST"), ("/admin/item/print-list/", "GET"),
        ("/admin/item/new/", "GET"), ("/admin/media/file/?id={media}&field=file", "GET"), ("/admin/item/print/?id={item}", "GET"),
        ("/admin/item/history/?id={item}", "GET"), ("/admin/item/edit/?id={item}", "POST"), ("/admin/item/lookup/", "GET"),
    ],
)  # fmt: skip
def test_let_in_a_contractor_only_looks(panel: Panel, path: str, method: str) -> None:
    """No export, print, file, change or paper, and no personal class, even while the work is approved."""
    contractor = panel.person("contractor")
    target = path.format(**panel.ids)
    answer = contractor.get(target) if method == "GET" else contractor.post(target, {"purpose": "check"})
    assert answer.status_code == 403


def test_an_item_is_shown_to_a_contractor_without_its_people(panel: Panel) -> None:
    page = panel.person("contractor").get(f"/admin/item/details/?id={panel.ids['item']}").text
    assert "火鉢" in page
    for personal in ("来歴に名のある人", "秘密収蔵庫の棚九", "苗字"):
        assert personal not in page


def test_what_is_open_stands_on_the_desk_whatever_was_never_finished(
    panel: Panel, nothing_approved: str
) -> None:
    """Requests past their end stay approved until somebody finishes them: they push nothing off the desk."""
    manager = panel.person("manager")
    asked(panel, panel.person("staff.shinjuku"), nothing_approved, work="長い改修")
    one = get_db()["work_requests"].find_one({"work": "長い改修"}, {"_id": 0})
    assert one
    get_db()["work_requests"].update_many({"work": "長い改修"}, {"$set": {"work_status": "approved"}})
    past = {**one, "work": "済んだ作業", "work_status": "approved", "begins_at": at(-48), "ends_at": at(-47)}
    get_db()["work_requests"].insert_many([{**past, "request_number": f"P{n:03}"} for n in range(60)])
    page = manager.get("/work-request/").text
    assert "長い改修" in page
    assert "済んだ作業" not in page
    assert "先頭のみ" not in page
    to_come = {**past, "work": "先の作業", "begins_at": at(48), "ends_at": at(49)}
    get_db()["work_requests"].insert_many([{**to_come, "request_number": f"F{n:03}"} for n in range(60)])
    page = manager.get("/work-request/").text
    assert "長い改修" in page
    assert "先頭のみ" in page


def test_a_decision_on_what_has_changed_is_not_taken(panel: Panel, nothing_approved: str) -> None:
    card = asked(panel, panel.person("staff.shinjuku"), nothing_approved)
    sent = {"act": "approve", "revision": "7"}
    manager = panel.person("manager")
    answer = manager.post(card.replace("/details/", "/decide/"), {**sent, "note": "朝の点検のあとに"})
    assert answer.status_code == 409
    assert "ほかの人が更新しました" in answer.text
    assert 'value="朝の点検のあとに"' in answer.text
    refused = manager.post(card.replace("/details/", "/decide/"), {"act": "refuse", "revision": "1"})
    assert refused.status_code == 400
    assert "理由か結果" in refused.text


def test_what_was_typed_on_a_card_stays_when_the_act_is_not_done(panel: Panel, nothing_approved: str) -> None:
    """Law 3: nothing typed is lost, even where the form itself is no longer there."""
    shinjuku, manager = panel.person("staff.shinjuku"), panel.person("manager")
    card = asked(panel, shinjuku, nothing_approved)
    at_the_door = shinjuku.post(card.replace("/details/", "/enter/"), {"who": "見本システム 技術 太郎"})
    assert at_the_door.status_code == 400  # not approved yet, so there is no form for it either
    assert "見本システム 技術 太郎" in at_the_door.text
    act(manager, card, "approve")
    too_long = shinjuku.post(card.replace("/details/", "/enter/"), {"who": "技術 太郎" * 30})
    assert too_long.status_code == 400
    assert f'value="{"技術 太郎" * 30}"' in too_long.text
    again = manager.post(
        card.replace("/details/", "/decide/"), {"act": "refuse", "revision": "1", "note": "やはり"}
    )
    assert again.status_code == 400
    assert "やはり" in again.text


def test_the_form_offers_contractors_and_colleagues_by_name(panel: Panel, nothing_approved: str) -> None:
    form = panel.person("staff.shinjuku").get("/admin/work_request/new/").text
    assert "contractorの人" in form
    assert "librarian.kaizuの人" not in form
    refused = panel.person("staff.shinjuku").post(
        "/admin/work_request/new/", {"work": "x", "why": "y", "network": "10.0.0.0/8", "begins_at": "2026年4月1日 9時30分"}
    )  # fmt: skip
    assert refused.status_code == 400
    assert "/24より狭い" in refused.text


def test_the_names_at_the_door_are_seen_only_with_an_entry_in_the_ledger(
    panel: Panel, nothing_approved: str
) -> None:
    shinjuku = panel.person("staff.shinjuku")
    card = asked(panel, shinjuku, nothing_approved)
    act(panel.person("manager"), card, "approve")
    shinjuku.post(card.replace("/details/", "/enter/"), {"who": "見本システム 技術 花子"})
    get_db()["disclosures"].delete_many({})
    assert "技術 花子" in shinjuku.get(card).text
    entry = get_db()["disclosures"].find_one({"noun": "work_request"})
    assert entry
    assert entry["fields"] == ["passages"]
    assert "技術 花子" not in panel.person("admin").get(card).text
