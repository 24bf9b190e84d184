"""The twelve traps of Flask-Admin with MongoEngine, each found closed by a person with a browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import flask_admin
import pytest
from mongoengine.connection import get_db

from gate.writing.writing import patch
from models.registry import NOUNS
from tests.pictures import prepare_pictures
from tests.views.panel import DONOR, MASKED, RESTRICTED, Panel, Person, picture, upload
from views.home.home import HomeView
from views.records import GuardedView


def test_trap_1_a_batch_ends_at_the_reach_of_its_person(panel: Panel, soseki: Person) -> None:
    own = panel.make("item", "soseki", title="まとめて消す")
    others = panel.make("item", "shinjuku", title="消してはならない")
    beyond = panel.make("book", "kaizu", title="届かない図書")
    sent = {"action": "remove", "reason": "試し", "rowid": [own, others, beyond, "zzz"]}
    answer = soseki.post("/admin/item/batch/", sent, follow_redirects=True)
    assert answer.status_code == 200
    assert "1件を削除しました" in answer.text
    assert "3件は削除できませんでした" in answer.text
    assert (panel.stored("item", own) or {}).get("institution") is None
    for noun, id_ in (("item", others), ("book", beyond)):
        assert (panel.stored(noun, id_) or {})["institution"] is not None


def test_trap_1_a_batch_sets_nothing_beyond_the_reach_of_its_person(panel: Panel, soseki: Person) -> None:
    own, others = (panel.make("item", house, title="まとめて設定") for house in ("soseki", "shinjuku"))
    soseki.post("/admin/item/batch/", {"action": "set", "rank": "A", "rowid": [own, others]})
    assert (panel.stored("item", own) or {}).get("rank") == "A"
    assert "rank" not in (panel.stored("item", others) or {})


@pytest.mark.parametrize("noun", ["item", "media", "donor", "user"])
def test_trap_2_no_address_serves_a_stored_file_by_its_own_id(
    panel: Panel, shinjuku: Person, noun: str
) -> None:
    file = (panel.stored("media", panel.ids["media"]) or {})["file"]
    for path in ("api/file/", "file/"):
        answer = shinjuku.get(f"/admin/{noun}/{path}?id={file}&coll=fs&db=default&field=file")
        assert answer.status_code in (403, 404)
        assert answer.mimetype == "text/html"


def test_trap_2_a_picture_leaves_by_record_and_field_where_the_role_opens_files(panel: Panel) -> None:
    path = f"/admin/media/file/?id={panel.ids['media']}&field=file"
    answer = panel.person("staff.soseki").get(path)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert panel.person("contractor").get(path).status_code == 403
    assert panel.person("librarian.kaizu").get(path).status_code == 404
    assert panel.person("staff.soseki").get(path.replace("field=file", "field=title")).status_code == 404


def test_trap_3_choices_are_found_by_reading_and_named_as_their_person_may_see_them(panel: Panel) -> None:
    path = "/admin/donor/choices/"
    found = panel.person("staff.shinjuku").post(path, {"q": "みょうじ"}).json
    name = f"D-SHIN {DONOR['name']}"
    assert found == [{"id": panel.ids["donor"], "label": name, "house": "", "near": True}]
    sister = panel.person("staff.soseki")
    for words in ("みょうじ", "名前子", "03-9999-4321"):
        assert panel.ids["donor"] not in sister.post(path, {"q": words}).text
    assert sister.get(path).status_code == 405
    assert sister.get("/admin/item/ajax/lookup/?name=donor&query=D").status_code == 404


def test_trap_3_choices_are_twenty_at_most(panel: Panel, soseki: Person) -> None:
    for at in range(22):
        panel.make("item", "soseki", title=f"二十まで {at}")
    assert len(soseki.post("/admin/item/choices/", {"q": "二十まで", "limit": "500"}).json or []) == 20


def test_trap_4_there_is_no_editing_in_place(panel: Panel) -> None:
    id_ = panel.ids["item"]
    for login in ("contractor", "staff.shinjuku"):
        person = panel.person(login)
        sent = {"list_form_pk": id_, "title": "書き換え"}
        assert person.post("/admin/item/ajax/update/", sent).status_code == 404
    assert (panel.stored("item", id_) or {})["title"] == "火鉢"


def test_what_flask_admin_would_answer_from_the_whole_collection_has_no_address(panel: Panel) -> None:
    closed = ("/ajax/update/", "/ajax/lookup/", "/api/file/", "/action/", "/export/<export_type>/")
    assert [rule.rule for rule in panel.app.url_map.iter_rules() if rule.rule.endswith(closed)] == []


@pytest.mark.parametrize(
    "path", ["bootstrap/bootstrap4/css/bootstrap.min.css", "vendor/jquery.min.js", "admin/js/form.js"]
)
def test_the_files_of_flask_admins_themes_are_not_served(shinjuku: Person, path: str) -> None:
    """Its jQuery, Bootstrap and select2 are years old; no page of ours asks for them."""
    assert (Path(flask_admin.__file__).parent / "static" / path).is_file()
    for prefix in ("/admin/static/", "/static/admin/"):
        assert shinjuku.get(f"{prefix}{path}").status_code == 404


@pytest.mark.parametrize("asked", ["sort=name", "sort=name&desc=1", "sort=name&institution=shinjuku"])
def test_trap_5_a_masked_column_sorts_nothing_and_says_why(panel: Panel, soseki: Person, asked: str) -> None:
    answer = soseki.get(f"/admin/donor/?{asked}")
    assert answer.status_code == 400
    assert "役割「学芸員・職員」では表示しません" in answer.text
    assert "D-SHIN" not in answer.text  # not even the order of the rest
    assert soseki.get("/admin/donor/?sort=name&institution=soseki").status_code == 200


def test_trap_5_the_refusal_offers_the_question_that_would_be_answered(soseki: Person) -> None:
    page = soseki.get("/admin/donor/?sort=name").text
    narrower = re.search(r'href="(/admin/donor/\?[^"]*institution=soseki[^"]*)">[^<]*だけで探す', page)
    assert narrower
    assert soseki.get(narrower[1].replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize("asked", ["sort=password_hash", "sort=keys", "sort=3", "sort=notes", "sort=_id"])
def test_trap_5_only_declared_columns_sort(soseki: Person, asked: str) -> None:
    assert soseki.get(f"/admin/donor/?{asked}").status_code == 400


def test_trap_6_what_is_withheld_is_withheld_in_list_detail_history_export_and_print(panel: Panel) -> None:
    for login, hidden in (("staff.soseki", (RESTRICTED, "123456789")), ("contractor", (RESTRICTED,))):
        person = panel.person(login)
        for path in (
            "",
            f"details/?id={panel.ids['item']}",
            f"print/?id={panel.ids['item']}&purpose=report",
            "print-list/?purpose=report",
        ):
            text = person.get(f"/admin/item/{path}").text
            assert not [each for each in (*hidden, *MASKED) if each in text], path
    for login in ("manager", "staff.shinjuku"):
        exported = panel.person(login).post("/admin/donor/export/csv/", {"purpose": "report"})
        assert not [each for each in MASKED if each in exported.text]
        history = panel.person(login).get(f"/admin/donor/history/?id={panel.ids['donor']}")
        assert history.status_code == 200
    assert (
        panel.person("staff.soseki").get(f"/admin/donor/history/?id={panel.ids['donor']}").status_code == 403
    )


def test_trap_7_a_refused_edit_leaves_the_stored_picture(panel: Panel) -> None:
    id_ = panel.ids["media"]
    before, files = panel.stored("media", id_), get_db()["fs.files"].count_documents({})
    served = panel.person("staff.shinjuku").get(f"/admin/media/file/?id={id_}&field=file").data
    for login, title in (("staff.soseki", "差し替え"), ("staff.shinjuku", "")):
        sent = {"revision": "1", "_fields": "title", "title": title, "file": upload(picture((9, 9)))}
        answer = panel.person(login).post(f"/admin/media/edit/?id={id_}", sent)
        assert answer.status_code in (400, 403)
    stale = {"revision": "9", "title": "古い画面から", "file": upload(picture((9, 9)))}
    assert panel.person("staff.shinjuku").post(f"/admin/media/edit/?id={id_}", stale).status_code == 409
    assert panel.stored("media", id_) == before
    assert get_db()["fs.files"].count_documents({}) == files
    assert panel.person("staff.shinjuku").get(f"/admin/media/file/?id={id_}&field=file").data == served


def test_trap_7_a_refused_upload_stores_nothing(panel: Panel) -> None:
    files, records = (get_db()[name].count_documents({}) for name in ("fs.files", "media"))
    refused = [
        ("contractor", "題", "shinjuku"),
        ("staff.soseki", "題", "shinjuku"),
        ("staff.soseki", "", "soseki"),
    ]
    for login, title, house in refused:
        sent = {"title": title, "institution": house, "file": upload(picture())}
        assert panel.person(login).post("/admin/media/new/", sent).status_code in (400, 403)
    assert (get_db()["fs.files"].count_documents({}), get_db()["media"].count_documents({})) == (
        files,
        records,
    )


def test_trap_7_an_accepted_upload_is_stored_without_what_a_camera_adds(panel: Panel, soseki: Person) -> None:
    sent = {"title": "受け入れた画像", "institution": "soseki", "file": upload(picture())}
    answer = soseki.post("/admin/media/new/", sent)
    assert answer.status_code == 302
    id_ = answer.location.partition("id=")[2]
    prepare_pictures()
    data = soseki.get(f"/admin/media/file/?id={id_}&field=file").data
    assert data.startswith(b"\xff\xd8")
    assert data != picture()


def _dimensions(panel: Panel, id_: str) -> list[tuple[str, str, str]]:
    stored = (panel.stored("item", id_) or {})["dimensions"]
    return [(each["id"], each.get("part") or "", each["value"]) for each in stored]


def test_trap_8_rows_keep_their_ids_through_a_form(panel: Panel, shinjuku: Person) -> None:
    rows = [
        {"part": part, "dimension": "height", "value": value, "unit": "cm"} for part, value in ("a1", "b2")
    ]
    id_ = panel.make("item", "shinjuku", title="部分のある資料", dimensions=rows)
    before = _dimensions(panel, id_)
    sent = shinjuku.form(f"/admin/item/edit/?id={id_}")
    sent["dimensions-0.value"] = "7.5"
    assert shinjuku.post(f"/admin/item/edit/?id={id_}", sent).status_code == 302
    assert _dimensions(panel, id_) == [(before[0][0], "a", "7.5"), before[1]]


def test_trap_8_a_form_from_before_an_inserted_row_moves_no_row(panel: Panel, shinjuku: Person) -> None:
    row: dict[str, Any] = {"dimension": "height", "unit": "cm"}
    id_ = panel.make("item", "shinjuku", title="行の重なり", dimensions=[{**row, "part": "a", "value": "1"}])
    stale = shinjuku.form(f"/admin/item/edit/?id={id_}")
    who = panel.actor("staff.shinjuku")
    inserted = [{**row, "part": "新", "value": "9"}, *(panel.stored("item", id_) or {})["dimensions"]]
    patch(who, NOUNS["item"], id_, 1, {"dimensions": inserted})
    after = _dimensions(panel, id_)
    stale["dimensions-0.value"] = "2"
    answer = shinjuku.post(f"/admin/item/edit/?id={id_}", stale)
    assert answer.status_code == 409
    assert "寸法" in answer.text
    assert _dimensions(panel, id_) == after


def _conflict(panel: Panel, person: Person) -> tuple[str, str]:
    """An item of which somebody changed title and maker while this person had changed title and materials."""
    id_ = panel.make("item", "shinjuku", title="はじめの題", maker="はじめの作者")
    mine = person.form(f"/admin/item/edit/?id={id_}")
    theirs = {"title": "相手の題", "maker": "相手の作者"}
    patch(panel.actor("staff.shinjuku"), NOUNS["item"], id_, 1, theirs)
    mine["title"], mine["materials"] = "わたしの題", "鉄"
    answer = person.post(f"/admin/item/edit/?id={id_}", mine)
    assert answer.status_code == 409
    return id_, answer.text


def test_trap_9_the_second_editor_sees_both_and_nothing_is_written(panel: Panel, shinjuku: Person) -> None:
    id_, page = _conflict(panel, shinjuku)
    for words in ("わたしの題", "相手の題", "鉄"):
        assert words in page
    stored = panel.stored("item", id_) or {}
    assert (stored["title"], stored["maker"], stored.get("materials")) == ("相手の題", "相手の作者", None)


@pytest.mark.parametrize(("keep", "title"), [("mine", "わたしの題"), ("theirs", "相手の題")])
def test_trap_9_the_second_editor_chooses_and_loses_nothing(
    panel: Panel, shinjuku: Person, keep: str, title: str
) -> None:
    id_, page = _conflict(panel, shinjuku)
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    sent |= {"keep.title": keep, "keep.maker": "theirs", "keep.materials": "mine"}
    assert shinjuku.post(f"/admin/item/edit/?id={id_}", sent).status_code == 302
    stored = panel.stored("item", id_) or {}
    assert (stored["title"], stored["maker"], stored["materials"]) == (title, "相手の作者", "鉄")


def test_trap_10_a_donor_that_is_gone_kills_no_page(panel: Panel, shinjuku: Person) -> None:
    donor = panel.make("donor", "shinjuku", name="消える 人")
    id_ = panel.make("item", "shinjuku", title="残る資料", acquisition_source=donor)
    refused = shinjuku.post(f"/admin/donor/delete/?id={donor}", {"revision": "1", "reason": "試し"})
    assert refused.status_code == 400  # while an item names it
    get_db()["donors"].delete_one({"_id": (panel.stored("donor", donor) or {})["_id"]})
    for path in (
        "",
        f"details/?id={id_}",
        f"edit/?id={id_}",
        f"print/?id={id_}&purpose=report",
        "print-list/?purpose=report",
        f"history/?id={id_}",
    ):
        answer = shinjuku.get(f"/admin/item/{path}")
        assert answer.status_code == 200, path
        assert "消える" not in answer.text
    for kind in ("csv", "xlsx"):
        assert shinjuku.post(f"/admin/item/export/{kind}/", {"purpose": "report"}).status_code == 200
    assert "削除済みの記録" in shinjuku.get(f"/admin/item/details/?id={id_}").text


def test_trap_11_a_changed_role_holds_from_the_next_request(panel: Panel) -> None:
    contractor = panel.person("contractor")
    assert contractor.get("/admin/media/").status_code == 200
    roles = get_db()["roles"]
    before = roles.find_one({"code": "contractor"})
    assert before
    roles.update_one({"code": "contractor"}, {"$unset": {"actions.media": ""}})
    try:
        assert contractor.get("/admin/media/").status_code == 403
        assert 'href="/admin/media/"' not in contractor.get("/admin/").text
    finally:
        roles.replace_one({"code": "contractor"}, before)
    assert contractor.get("/admin/media/").status_code == 200


def test_trap_11_a_disabled_account_is_signed_out_at_its_next_request(panel: Panel) -> None:
    auditor = panel.person("auditor")
    assert auditor.get("/admin/").status_code == 200
    get_db()["users"].update_one({"login_id": "auditor"}, {"$set": {"disabled": True}})
    try:
        assert auditor.get("/admin/").location.startswith("/login")
    finally:
        get_db()["users"].update_one({"login_id": "auditor"}, {"$set": {"disabled": False}})


@pytest.mark.parametrize("view", [GuardedView, HomeView])
def test_trap_12_a_type_error_inside_a_view_is_its_own(view: type[GuardedView] | type[HomeView]) -> None:
    calls: list[dict[str, Any]] = []

    def broken(_view: object, **given: Any) -> None:
        calls.append(given)
        raise TypeError("inside")

    with pytest.raises(TypeError, match="inside"):
        view._run_view(object(), broken)  # type: ignore[arg-type]
    assert calls == [{}]
