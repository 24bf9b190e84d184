"""What people do all day: enter, mend, choose together, remove, and change what a role may do."""

from __future__ import annotations

import re
from html import unescape

import pytest
from mongoengine.connection import get_db

from tests.views.panel import Panel, Person, filled_in


def test_what_was_typed_stays_when_a_save_is_refused(shinjuku: Person) -> None:
    typed = {
        "title": "", "maker": "打ち込んだ作者", "description": "長い解説\n二行目", "object_count": "九つ", "rank": "B",
        "period.text": "明治の終わりころ", "dimensions-0.part": "胴", "dimensions-0.value": "十二", "dimensions-0.unit": "mm",
        "dimensions-0.dimension": "width", "other_names": "別名一\n別名二",
    }  # fmt: skip
    answer = shinjuku.post("/admin/item/new/", shinjuku.form("/admin/item/new/").to_dict() | typed)
    assert answer.status_code == 400
    again = filled_in(answer.text)
    for name, value in typed.items():
        assert again[name].strip() == value, name
    assert '<a href="#f-title">資料名: 入力してください。</a>' in answer.text
    for name in ("title", "object_count", "dimensions"):
        assert f'id="f-{name}-error"' in answer.text
        assert re.search(rf'id="f-{name}"[^>]*aria-describedby="[^"]*f-{name}-error', answer.text), name
    assert re.search(r'id="f-title"[^>]*aria-invalid="true"', answer.text)
    assert "<title>誤りがあります" in answer.text


def test_a_chosen_donor_stays_chosen_when_a_save_is_refused(panel: Panel, shinjuku: Person) -> None:
    sent = {"title": "", "acquisition_source": panel.ids["donor"], "photographs": [panel.ids["media"]]}
    again = shinjuku.post("/admin/item/new/", sent).text
    assert filled_in(again)["acquisition_source"] == panel.ids["donor"]
    assert panel.ids["media"] in filled_in(again).getlist("photographs")
    assert "D-SHIN 苗字 名前子" in again


def test_a_new_item_gets_the_next_number_and_the_form_its_next_record(panel: Panel, soseki: Person) -> None:
    answers = [soseki.post("/admin/item/new/", {"title": f"連番 {n}", "_next": "1"}) for n in range(2)]
    assert all(each.location.startswith("/admin/item/new/") for each in answers)
    found = get_db()["items"].find({"title": {"$in": ["連番 0", "連番 1"]}}).sort("_id", 1)
    first, second = (int(each["accession_number"]) for each in found)
    assert second == first + 1


def test_a_number_in_use_is_refused_and_said(shinjuku: Person) -> None:
    answer = shinjuku.post("/admin/item/new/", {"title": "重なる番号", "accession_number": "S-0001"})
    assert answer.status_code == 400
    assert "この番号はすでに使われています" in answer.text
    assert "E11000" not in answer.text


def test_an_unchanged_form_changes_nothing(panel: Panel, shinjuku: Person) -> None:
    for noun in ("item", "donor", "media", "loan", "exhibition"):
        id_ = panel.ids[noun]
        before = panel.stored(noun, id_)
        sent = shinjuku.form(f"/admin/{noun}/edit/?id={id_}")
        assert shinjuku.post(f"/admin/{noun}/edit/?id={id_}", sent).status_code == 302, noun
        assert panel.stored(noun, id_) == before, noun


def test_a_field_that_the_form_did_not_hold_stays(panel: Panel, shinjuku: Person) -> None:
    id_ = panel.make("item", "shinjuku", title="一部だけ", maker="残る作者", notes="残る備考")
    sent = {"revision": "1", "_fields": "title", "title": "新しい題"}
    assert shinjuku.post(f"/admin/item/edit/?id={id_}", sent).status_code == 302
    stored = panel.stored("item", id_) or {}
    assert (stored["title"], stored["maker"], stored["notes"]) == ("新しい題", "残る作者", "残る備考")


def test_a_withheld_field_is_not_in_the_form_and_not_written(panel: Panel) -> None:
    id_ = panel.make("item", "shinjuku", title="点検する資料", provenance="触れない来歴", location="棚一")
    manager = panel.person("manager")
    page = manager.get(f"/admin/item/edit/?id={id_}").text
    assert "触れない来歴" not in page
    sent = filled_in(page)
    assert "provenance" not in sent
    assert "title" not in sent
    sent["input_status"] = "sent_back"
    assert manager.post(f"/admin/item/edit/?id={id_}", sent).status_code == 302
    forged = {"revision": "2", "_fields": "title,provenance", "title": "書き換え", "provenance": ""}
    manager.post(f"/admin/item/edit/?id={id_}", forged)
    stored = panel.stored("item", id_) or {}
    assert (stored["title"], stored["provenance"], stored["input_status"]) == (
        "点検する資料",
        "触れない来歴",
        "sent_back",
    )


@pytest.mark.parametrize("login_id", ["staff.soseki", "admin", "auditor", "contractor", "librarian.kaizu"])
def test_others_cannot_change_a_record(panel: Panel, login_id: str) -> None:
    before = panel.stored("item", panel.ids["item"])
    sent = {"revision": "1", "_fields": "title", "title": "書き換え"}
    answer = panel.person(login_id).post(f"/admin/item/edit/?id={panel.ids['item']}", sent)
    assert answer.status_code in (403, 404)
    assert panel.stored("item", panel.ids["item"]) == before


def test_a_record_is_removed_with_a_reason_and_against_its_revision(panel: Panel, shinjuku: Person) -> None:
    id_ = panel.make("item", "shinjuku", title="削除する資料")
    path = f"/admin/item/delete/?id={id_}"
    assert "この記録を削除しますか" in shinjuku.get(path).text
    refused = shinjuku.post(path, {"revision": "1", "reason": "  "})
    assert refused.status_code == 400
    assert "理由を入力してください" in refused.text
    stale = shinjuku.post(path, {"revision": "9", "reason": "二重登録のため"})
    assert stale.status_code == 409
    assert "二重登録のため" in stale.text
    assert shinjuku.post(path, {"reason": "二重登録のため"}).status_code == 400
    assert shinjuku.get(f"/admin/item/details/?id={id_}").status_code == 200
    assert shinjuku.post(path, {"revision": "1", "reason": "二重登録のため"}).status_code == 302
    assert shinjuku.get(f"/admin/item/details/?id={id_}").status_code == 404
    assert "削除する資料" not in shinjuku.get("/admin/item/").text


@pytest.mark.parametrize(
    "sent",
    [{"action": "set"}, {"action": "set", "rank": "A"}, {"action": "fly", "rowid": "x"}, {"rowid": "x"},
     {"action": "remove", "rowid": "x"}, {"action": "set", "rowid": "x", "title": "題"},
     {"action": "set", "rank": "A", "rowid": [f"{n:024x}" for n in range(201)]}],
)  # fmt: skip
def test_a_batch_that_says_nothing_sensible_is_refused(soseki: Person, sent: dict[str, str]) -> None:
    assert soseki.post("/admin/item/batch/", sent).status_code == 400


def test_a_batch_tells_of_each_what_became_of_it(panel: Panel, shinjuku: Person) -> None:
    free, lent = (panel.make("item", "shinjuku", title=title) for title in ("自由な資料", "貸出中の資料"))
    panel.make("loan", "shinjuku", borrower="借り手", items=[lent])
    sent = {"action": "remove", "reason": "整理", "rowid": [free, lent, panel.ids["item.soseki"]]}
    text = shinjuku.post("/admin/item/batch/", sent, follow_redirects=True).text
    assert "1件を削除しました。" in text
    assert "1件は削除できませんでした(あなたの役割では許可されていません)" in text
    assert "1件は削除できませんでした(ほかの記録から参照されている" in text


def _matrix(panel: Panel, person: Person, role: str) -> tuple[str, dict[str, str]]:
    """The address of a role's matrix, and the form on it as it stands."""
    found = get_db()["roles"].find_one({"code": role, "institution": "section"})
    assert found
    path = f"/admin/role/matrix/?id={found['_id']}"
    page = person.get(path)
    assert page.status_code == 200
    return path, filled_in(page.text).to_dict()


def test_an_administrator_saves_a_role_and_it_holds_at_once(panel: Panel) -> None:
    admin, auditor = panel.person("admin"), panel.person("auditor")
    roles = get_db()["roles"]
    before = roles.find_one({"code": "auditor", "institution": "section"})
    assert before
    try:
        path, sent = _matrix(panel, admin, "auditor")
        assert sent.pop("a.loan.own.read")
        assert sent.pop("a.loan.supervised.read")
        assert auditor.get("/admin/loan/").status_code == 200
        assert admin.post(path, sent).status_code == 302
        assert auditor.get("/admin/loan/").status_code == 403
        assert admin.post(path, sent).status_code in (302, 409)
        stale = admin.post(path, {**sent, "a.loan.own.read": "1"})
        assert stale.status_code == 409
        assert "ほかの管理者が先に保存しました" in stale.text
    finally:
        roles.replace_one({"_id": before["_id"]}, before)


def test_what_was_ticked_stays_when_another_administrator_saved_first(panel: Panel) -> None:
    """Law 3: a matrix of twenty nouns is not ticked twice; what saving it now would change is told."""
    admin, other, roles = panel.person("admin"), panel.person("admin"), get_db()["roles"]
    before = roles.find_one({"code": "auditor", "institution": "section"})
    assert before
    try:
        path, mine = _matrix(panel, admin, "auditor")
        _, theirs = _matrix(panel, other, "auditor")
        assert theirs.pop("a.handler.own.read")
        assert other.post(path, theirs).status_code == 302
        assert mine.pop("a.exhibition.own.read")
        mine |= {"second_factor": "required", "networks": "192.0.2.0/24\n\n"}
        answer = admin.post(path, mine)
        assert answer.status_code == 409
        kept = filled_in(answer.text).to_dict()
        assert kept.pop("revision") == str(int(mine.pop("revision")) + 1)
        assert kept.pop("networks").split() == mine.pop("networks").split()
        assert {name: each for name, each in kept.items() if name != "csrf_token"} == {
            name: each for name, each in mine.items() if name != "csrf_token"
        }
        plain = answer.text.partition("要約")[2]
        assert "自館の取扱者: 履歴" in plain  # what is in force, and not what was ticked
        table = answer.text.partition("いま保存すると変わること")[2].partition("</table>")[0]
        assert re.findall(r"<tr>\s*<th scope=\"row\">([^<]+)</th>", table) == [
            "役割",
            "役割",
            "展覧会",
            "取扱者",
        ]
        assert admin.post(path, filled_in(answer.text)).status_code == 302
        after = roles.find_one({"_id": before["_id"]}) or {}
        assert after["networks"] == ["192.0.2.0/24"]
        assert "read" in after["actions"]["loan"]["own"]
        assert "exhibition" not in after["actions"] or "read" not in after["actions"]["exhibition"].get(
            "own", []
        )
    finally:
        roles.replace_one({"_id": before["_id"]}, before)


def test_networks_that_both_typed_are_no_difference_however_they_were_typed(panel: Panel) -> None:
    admin, roles = panel.person("admin"), get_db()["roles"]
    before = roles.find_one({"code": "auditor", "institution": "section"})
    assert before
    try:
        path, mine = _matrix(panel, admin, "auditor")
        assert admin.post(path, {**mine, "networks": "192.0.2.0/24"}).status_code == 302
        answer = admin.post(path, {**mine, "networks": "１９２.0.2.0/24\n\n"})
        assert answer.status_code == 409
        assert (
            "許可するネットワーク"
            not in answer.text.partition("いま保存すると変わること")[2].partition("</section>")[0]
        )
    finally:
        roles.replace_one({"_id": before["_id"]}, before)


@pytest.mark.parametrize(
    ("role", "grant", "reason"),
    [
        ("contractor", {"a.item.own.export": "1"}, "委託事業者は"),
        ("auditor", {"a.item.own.edit": "1"}, "監査は何も変えません"),
        ("staff", {"e.donor.supervised.identity": "show"}, "ほかの館の個人情報は伏せて"),
        ("staff", {"a.item.supervised.edit": "1"}, "ほかの館の記録は更新できません"),
        ("contractor", {"e.item.own.notes": "mask"}, "委託事業者には"),
        ("staff", {"e.user.own.secret": "show"}, ""),
    ],
)
def test_nothing_beyond_a_ceiling_is_saved(
    panel: Panel, role: str, grant: dict[str, str], reason: str
) -> None:
    admin = panel.person("admin")
    before = get_db()["roles"].find_one({"code": role, "institution": "section"})
    path, sent = _matrix(panel, admin, role)
    answer = admin.post(path, {**sent, **grant})
    assert answer.status_code == 400
    assert reason in unescape(answer.text)
    assert get_db()["roles"].find_one({"code": role, "institution": "section"}) == before


@pytest.mark.parametrize("grant", [{"a.nothing.own.read": "1"}, {"a.item.all.read": "1"}, {"a.item.own.fly": "1"},
                                   {"e.item.own.public": "own"}, {"e.item.own.$ne": "show"}, {"e.item.own.field:x": "show"}])  # fmt: skip
def test_a_role_knows_no_other_words(panel: Panel, grant: dict[str, str]) -> None:
    admin = panel.person("admin")
    path, sent = _matrix(panel, admin, "staff")
    assert admin.post(path, {**sent, **grant}).status_code == 400


@pytest.mark.parametrize("login_id", ["manager", "staff.soseki", "auditor", "contractor"])
def test_only_administrators_change_roles(panel: Panel, login_id: str) -> None:
    path, sent = _matrix(panel, panel.person("admin"), "staff")
    before = get_db()["roles"].find_one({"code": "staff", "institution": "section"})
    answer = panel.person(login_id).post(path, {**sent, "a.user.own.read": "1"})
    assert answer.status_code == 403
    assert get_db()["roles"].find_one({"code": "staff", "institution": "section"}) == before


def test_an_administrator_of_one_government_has_no_hand_in_the_other(panel: Panel) -> None:
    path, sent = _matrix(panel, panel.person("admin"), "staff")
    assert panel.person("admin.kaizu").get(path).status_code == 404
    assert panel.person("admin.kaizu").post(path, sent).status_code == 404


def test_pages_turn_forwards_and_back_without_losing_a_record(panel: Panel, soseki: Person) -> None:
    for n in range(110):
        panel.make("exhibition", "soseki", title=f"頁めくり {n:03}")
    path, seen = "/admin/exhibition/?institution=soseki&sort=title", []
    pages = []
    while path:
        text = soseki.get(path).text
        pages.append(re.findall(r"頁めくり \d+", re.sub(r'aria-label="[^"]*"', "", text)))
        seen += pages[-1]
        found = re.search(r'rel="next" href="([^"]+)"', text)
        path = unescape(found[1]) if found else ""
    assert list(dict.fromkeys(seen)) == [f"頁めくり {n:03}" for n in range(110)]
    back = re.search(r'rel="prev" href="([^"]+)"', text)
    assert back
    assert (
        re.findall(r"頁めくり \d+", re.sub(r'aria-label="[^"]*"', "", soseki.get(unescape(back[1])).text))
        == pages[1]
    )
