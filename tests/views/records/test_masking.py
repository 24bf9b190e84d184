"""A donor through every screen: whole for its own museum, masked for the sister museum, nothing for the rest."""

from __future__ import annotations

import csv
import io
import re

import pytest
from mongoengine.connection import get_db
from werkzeug.test import TestResponse

from tests.spreadsheet import rows_in
from tests.views.panel import DONOR, MASKED, PERSONAL_NOTE, RESTRICTED, Panel, Person

SHOWN = (DONOR["name"], DONOR["address"], DONOR["telephone"])


def leaks(text: str) -> list[str]:
    """What of the donor's values stands in an answer."""
    return [each for each in MASKED if each in text]


def csv_rows(answer: TestResponse) -> list[dict[str, str]]:
    """A CSV as a spreadsheet reads it, without what it says at its end of records that it leaves out."""
    rows = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    return [each for each in rows if not next(iter(each.values())).startswith("※書き出しの注記:")]


def test_the_own_museum_sees_its_donor_in_full(panel: Panel, shinjuku: Person) -> None:
    for path in ("", f"details/?id={panel.ids['donor']}", f"print/?id={panel.ids['donor']}&purpose=report", "print-list/?purpose=report",
                 f"edit/?id={panel.ids['donor']}"):  # fmt: skip
        text = shinjuku.get(f"/admin/donor/{path}").text
        assert all(each in text for each in SHOWN), path


def test_the_sister_museum_sees_a_mask_and_its_reason(panel: Panel, soseki: Person) -> None:
    for path in ("", f"details/?id={panel.ids['donor']}"):
        text = soseki.get(f"/admin/donor/{path}").text
        assert leaks(text) == [], path
        for mask in ("苗字 ＊＊＊＊", "東京都新宿区＊＊＊＊", "***-****-4321"):
            assert mask in text, path
    assert "では表示しません" in soseki.get(f"/admin/donor/details/?id={panel.ids['donor']}").text
    assert soseki.get(f"/admin/donor/edit/?id={panel.ids['donor']}").status_code == 403


def test_an_item_names_its_donor_only_as_far_as_its_reader_may_see(panel: Panel) -> None:
    for login, label in (
        ("staff.shinjuku", DONOR["name"]),
        ("staff.soseki", "苗字 ＊＊＊＊"),
        ("manager", "苗字 ＊＊＊＊"),
    ):
        person = panel.person(login)
        for path in (
            "",
            "print-list/?purpose=report",
            f"details/?id={panel.ids['item']}",
            f"print/?id={panel.ids['item']}&purpose=report",
        ):
            text = person.get(f"/admin/item/{path}").text
            assert "火鉢" in text
            if login != "staff.shinjuku":
                assert leaks(text) == [], (login, path)
        assert label in person.get(f"/admin/item/details/?id={panel.ids['item']}").text
    for login in ("admin", "contractor"):
        text = panel.person(login).get(f"/admin/item/details/?id={panel.ids['item']}").text
        assert "火鉢" in text
        assert leaks(text) == []
        assert "苗字" not in text


@pytest.mark.parametrize("login_id", ["admin", "contractor", "librarian.kaizu", "admin.kaizu"])
def test_a_donor_is_nothing_to_who_handles_no_personal_data(panel: Panel, login_id: str) -> None:
    person = panel.person(login_id)
    for path in (
        "",
        f"details/?id={panel.ids['donor']}",
        f"print/?id={panel.ids['donor']}&purpose=report",
        "print-list/?purpose=report",
    ):
        answer = person.get(f"/admin/donor/{path}")
        assert leaks(answer.text) == []
        assert "苗字" not in answer.text
    for noun in ("donor", "item", "patron"):
        answer = person.post(f"/admin/{noun}/choices/", {"q": "名前子"})
        assert leaks(answer.text) == []


@pytest.mark.parametrize("path", ["donor/", "donor/details/?id={donor}", "donor/print/?id={donor}", "item/print/?id={item}",
                                  "item/print-list/", "media/file/?id={media}&field=file", "item/history/?id={item}",
                                  "item/edit/?id={item}", "item/new/", "item/delete/?id={item}", "patron/", "user/"])  # fmt: skip
def test_a_contractor_is_refused_with_a_reason(panel: Panel, path: str) -> None:
    answer = panel.person("contractor").get(f"/admin/{path.format(**panel.ids)}")
    assert answer.status_code == 403
    assert "根拠の定め" in answer.text


@pytest.mark.parametrize(
    "path", ["item/export/csv/", "item/export/xlsx/", "donor/export/csv/", "item/batch/"]
)
def test_a_contractor_takes_nothing_away(panel: Panel, path: str) -> None:
    sent = {"action": "remove", "reason": "x", "rowid": panel.ids["item"]}
    answer = panel.person("contractor").post(f"/admin/{path}", sent)
    assert answer.status_code in (302, 403)
    assert not answer.mimetype or answer.mimetype == "text/html"
    assert (panel.stored("item", panel.ids["item"]) or {})["institution"] == "shinjuku"


def test_a_refusal_is_noted_without_a_value(panel: Panel) -> None:
    panel.person("contractor").get(f"/admin/donor/details/?id={panel.ids['donor']}")
    noted = get_db()["ledger"].find_one({"action": "refused"}, sort=[("_id", -1)])
    assert noted
    assert noted["actor"] == panel.actor("contractor").user
    assert leaks(str(noted)) == []


def test_personal_data_shown_is_in_the_ledger_first_and_a_mask_is_not(panel: Panel) -> None:
    ledger = get_db()["disclosures"]
    for login, told in (("staff.soseki", 0), ("staff.shinjuku", 1)):
        before = ledger.count_documents({"actor": panel.actor(login).user, "exit": "detail"})
        panel.person(login).get(f"/admin/donor/details/?id={panel.ids['donor']}")
        after = ledger.count_documents({"actor": panel.actor(login).user, "exit": "detail"})
        assert after - before == told
    entry = ledger.find_one({"exit": "detail", "noun": "donor"}, sort=[("_id", -1)])
    assert entry
    assert entry["subjects"] == [panel.ids["donor"]]
    assert leaks(str(entry)) == []


def test_an_export_is_masked_even_for_the_own_museum(panel: Panel, shinjuku: Person) -> None:
    answer = shinjuku.post("/admin/donor/export/csv/", {"purpose": "report"})
    assert answer.data.startswith(b"\xef\xbb\xbf")
    row = next(each for each in csv_rows(answer) if each["寄贈者番号"] == "D-SHIN")
    assert leaks(str(row)) == []
    assert (row["氏名・名称"], row["電話"]) == ("苗字 ＊＊＊＊", "***-****-4321")
    assert {each["館"] for each in csv_rows(answer)} == {"新宿歴史博物館"} or "D-SOSE" not in answer.text


def test_an_export_tells_empty_from_withheld(panel: Panel) -> None:
    manager = panel.person("manager")
    row = next(
        each
        for each in csv_rows(manager.post("/admin/item/export/csv/", {"purpose": "report"}))
        if each["資料番号"] == "S-0001"
    )
    assert row["作者・製作者"] == ""  # nothing is recorded
    assert row["来歴"] == "＊＊＊＊"
    assert PERSONAL_NOTE not in str(row)
    roles = get_db()["roles"]
    before = roles.find_one({"code": "manager"})
    assert before
    roles.update_one({"code": "manager"}, {"$unset": {"effects.item.supervised.restricted": ""}})
    try:
        answer = manager.post("/admin/item/export/csv/", {"purpose": "report"})
    finally:
        roles.replace_one({"code": "manager"}, before)
    row = next(each for each in csv_rows(answer) if each["資料番号"] == "S-0001")
    assert row["収蔵場所"] == "非表示"
    assert RESTRICTED not in answer.text


NUMBERS = ("点数", "受入価格", "版")


def test_an_export_runs_nothing_in_a_spreadsheet(panel: Panel, shinjuku: Person) -> None:
    bad = ['=HYPERLINK("http://x")', "+1", "-1+2", "@SUM(A1)", "\t=1"]
    numbers = []
    for at, title in enumerate(bad):
        numbers.append(f"=CMD-{at}")
        panel.make("item", "shinjuku", accession_number=numbers[-1], title=title)
    rows = csv_rows(shinjuku.post("/admin/item/export/csv/", {"purpose": "report"}))
    written = [each["資料名"] for each in rows if each["資料番号"].lstrip("'") in numbers]
    assert len(written) == len(bad)
    table = rows_in(shinjuku.post("/admin/item/export/xlsx/", {"purpose": "report"}).data)
    for line in (
        [cell for each in rows for cell in each.values()],
        [cell for each in table for cell in each],
    ):
        assert [
            cell for cell in line if isinstance(cell, str) and cell.startswith(("=", "+", "@", "\t", "-"))
        ] == []
    plain = [
        each for name, each in zip(table[0], zip(*table[1:], strict=True), strict=True) if name not in NUMBERS
    ]
    assert all(isinstance(cell, str) for column in plain for cell in column)
    assert len(table) == len(rows) + 1


def test_an_export_is_what_the_list_was_asked_for(panel: Panel, shinjuku: Person) -> None:
    panel.make("item", "shinjuku", title="ランクのある資料", rank="B")
    rows = csv_rows(shinjuku.post("/admin/item/export/csv/?f.rank=B", {"purpose": "report"}))
    assert {each["ランク"] for each in rows} == {"B"} or all(each["ランク"].startswith("B") for each in rows)
    assert rows
    assert shinjuku.post("/admin/donor/export/csv/?f.name=x", {"purpose": "report"}).status_code == 400
    assert shinjuku.get("/admin/item/export/csv/").status_code == 405


def test_a_search_for_a_person_leaves_no_name_in_an_address(panel: Panel, shinjuku: Person) -> None:
    sent = shinjuku.post("/admin/donor/search/", {"q": "名前子"})
    assert re.fullmatch(r"/admin/donor/\?query=[\w-]{20,}", sent.location)
    found = shinjuku.get(sent.location)
    assert DONOR["name"] in found.text
    assert shinjuku.get("/admin/donor/?q=名前子").status_code == 400
    assert panel.person("staff.soseki").get(sent.location).status_code == 400  # another's query
    assert shinjuku.get(sent.location.replace("/donor/", "/loan/")).status_code == 400
    links = re.findall(r'(?:href|action)="([^"]*)"', found.text)
    assert [each for each in links if "名前" in each or "%E5%90%8D" in each] == []


@pytest.mark.parametrize("words", ["名前子", "苗字", "みょうじ", "03-9999-4321", "4321", "番地町"])
def test_a_search_finds_no_masked_donor_and_says_so(panel: Panel, soseki: Person, words: str) -> None:
    answer = soseki.ask("donor", words)
    assert answer.status_code == 400 or "D-SHIN" not in answer.text
    assert leaks(re.sub(r'value="[^"]*"|検索: [^<]*', "", answer.text)) == []
    beyond = soseki.ask("donor", words, institution="shinjuku")
    assert "D-SHIN" not in beyond.text


def test_counts_are_the_same_whether_or_not_a_masked_donor_matches(soseki: Person) -> None:
    answers = [soseki.ask("donor", words) for words in ("名前子", "誰でもない")]
    plain = [
        re.sub(r'name="csrf_token" value="[^"]*"|query=[\w-]+|名前子|誰でもない', "", each.text)
        for each in answers
    ]
    assert answers[0].status_code == answers[1].status_code
    assert plain[0] == plain[1]


def _reveal(person: Person, panel: Panel, field: str = "telephone", purpose: str = "notice") -> TestResponse:
    return person.post(f"/admin/donor/reveal/?id={panel.ids['donor']}", {"field": field, "purpose": purpose})


def test_a_reveal_shows_one_field_for_a_purpose_and_five_minutes(panel: Panel) -> None:
    manager = panel.person("manager")
    detail = f"/admin/donor/details/?id={panel.ids['donor']}"
    assert DONOR["telephone"] not in manager.get(detail).text
    assert _reveal(manager, panel).location == detail
    page = manager.get(detail).text
    assert DONOR["telephone"] in page
    assert DONOR["address"] not in page
    for path in ("/admin/donor/", f"/admin/donor/print/?id={panel.ids['donor']}&purpose=report"):
        assert DONOR["telephone"] not in manager.get(path).text
    assert DONOR["telephone"] not in panel.person("auditor").get(detail).text
    told = get_db()["disclosures"].find_one({"purpose": "notice"})
    assert told
    assert (told["fields"], told["subjects"]) == (["telephone"], [panel.ids["donor"]])
    ended = get_db()["reveals"].find_one({"actor": panel.actor("manager").user})
    assert ended
    assert 290 <= (ended["ends_at"] - told["at"]).total_seconds() <= 310
    # The clock is moved on by moving the end back: the panel asks the store at each request.
    get_db()["reveals"].update_many({}, {"$set": {"ends_at": told["at"]}})
    assert DONOR["telephone"] not in manager.get(detail).text


def test_a_reveal_without_purpose_grant_or_mask_shows_nothing(panel: Panel) -> None:
    before = get_db()["reveals"].count_documents({})
    assert _reveal(panel.person("manager"), panel, purpose="curiosity").status_code == 400
    assert _reveal(panel.person("manager"), panel, field="nothing").status_code == 400
    assert _reveal(panel.person("manager"), panel, field="standing").status_code == 403
    for login in ("staff.soseki", "admin", "contractor", "auditor"):
        assert _reveal(panel.person(login), panel).status_code == 403, login
    assert _reveal(panel.person("librarian.kaizu"), panel).status_code in (403, 404)
    assert get_db()["reveals"].count_documents({}) == before


def test_two_governments_never_meet(panel: Panel) -> None:
    for login, nouns in (
        ("librarian.kaizu", ("item", "media", "donor", "loan")),
        ("staff.soseki", ("patron", "book")),
    ):
        person = panel.person(login)
        for noun in nouns:
            for path in ("details", "edit", "delete", "print", "history"):
                assert person.get(f"/admin/{noun}/{path}/?id={panel.ids[noun]}").status_code in (403, 404)
    admin = panel.person("admin.kaizu")
    assert admin.get(f"/admin/user/details/?id={panel.actor('staff.soseki').user}").status_code == 404
    assert "staff.soseki" not in admin.get("/admin/user/").text


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"notes": "書き込み"}, 403), ({"notes.typed": "書き込み"}, 403), ({"created_by": "console"}, 400)],
    ids=["withheld", "a part of a withheld field", "the system's"],
)
def test_a_write_to_a_field_that_is_not_in_the_form_is_refused_and_not_ignored(
    panel: Panel, sent: dict[str, str], status: int
) -> None:
    """2A: such a form used to be answered with "saved"."""
    id_ = panel.make("item", "soseki", title="点検", notes="備考", input_status="in_progress")
    manager = panel.person("manager")
    form = manager.form(f"/admin/item/edit/?id={id_}")
    answer = manager.post(f"/admin/item/edit/?id={id_}", {**form, "input_status": "sent_back", **sent})
    assert answer.status_code == status
    stored = panel.stored("item", id_) or {}
    assert (stored["revision"], stored["notes"], stored["input_status"]) == (1, "備考", "in_progress")
