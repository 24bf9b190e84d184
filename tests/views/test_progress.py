"""/progress/ on the screen: figures with their records behind them, files where they may leave (S5)."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from bson import ObjectId
from mongoengine.connection import get_db

from gate.counts import counted
from tests.spreadsheet import sheets_in
from tests.views.panel import Panel, Person
from workflows.content_check.check import sent_back_to


def test_the_board_shows_counts_and_leads_to_the_records(panel: Panel) -> None:
    page = panel.person("manager").get("/progress/").text
    assert "入力状況" in page
    assert "歴史博物館" in page
    assert "漱石山房記念館" in page
    assert "<svg" in page
    link = re.search(r'href="(/admin/item/\?[^"]*f\.input_status=in_progress[^"]*)"', page)
    assert link
    behind = panel.person("manager").get(link[1].replace("&amp;", "&")).text
    assert "火鉢" in behind
    for name in ("火鉢", "苗字", "秘密収蔵庫"):  # counts only: nothing of a record itself
        assert name not in page


@pytest.mark.parametrize("path", ["/admin/", "/progress/", "/progress/plan/"])
def test_a_page_says_of_when_its_counts_are_where_they_were_not_made_for_it(
    panel: Panel, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Issue 14, 5.3: of many records the last count is shown, with its age, and the page is told apart by nothing else."""
    person = panel.person("manager")
    page = person.get(path).text
    assert "時点の集計" not in page
    monkeypatch.setattr(counted, "FEW", 0)
    shown = person.get(path).text
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d 時点の集計です。", shown)
    assert figures(shown) == figures(page)
    assert "Counted at" in panel.person("manager", "en").get(path).text


def figures(page: str) -> list[str]:
    """What stands in the cells of its tables."""
    return re.findall(r"<td[^>]*>(.*?)</td>", page, re.DOTALL)


def test_the_rail_leads_there_for_whoever_reads_items(panel: Panel) -> None:
    assert 'href="/progress/"' in panel.person("staff.shinjuku").get("/admin/").text
    assert 'href="/progress/"' not in panel.person("librarian.kaizu").get("/admin/").text
    assert panel.person("librarian.kaizu").get("/progress/").status_code == 403


@pytest.mark.parametrize("chart", ["status", "completeness"])
def test_a_chart_is_downloaded_as_its_table(panel: Panel, chart: str) -> None:
    answer = panel.person("staff.shinjuku").get(f"/progress/{chart}.csv?institution=shinjuku")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    heads, *rows = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert rows
    assert all(len(row) == len(heads) and row[0] == "歴史博物館" for row in rows)


def test_figures_of_the_sister_museum_leave_with_no_file_of_ours(panel: Panel) -> None:
    shinjuku = panel.person("staff.shinjuku")
    assert "status.csv" not in shinjuku.get("/progress/").text
    assert "status.csv" in shinjuku.get("/progress/?institution=shinjuku").text
    assert shinjuku.get("/progress/status.csv").status_code == 403
    assert panel.person("contractor").get("/progress/status.csv").status_code == 403
    assert panel.person("manager").get("/progress/status.csv").status_code == 200


@pytest.mark.parametrize(
    "asked",
    ["?rank=Z", "?rank=AB&rank=CD", "?institution[$ne]=x", "?f.rank=A", "?rank=%00", "?rank=%ff", "?page=2"],
)
def test_what_is_not_understood_is_refused(panel: Panel, asked: str) -> None:
    manager = panel.person("manager")
    assert manager.get(f"/progress/{asked}").status_code == 400
    assert manager.get(f"/progress/status.csv{asked}").status_code == 400


def test_an_unknown_chart_or_institution_is_not_there(panel: Panel) -> None:
    manager = panel.person("manager")
    assert manager.get("/progress/nothing.csv").status_code == 404
    assert manager.get("/progress/?institution=kaizu").status_code == 403


def test_in_english_too(panel: Panel) -> None:
    page = panel.person("manager", "en").get("/progress/").text
    assert "Input status" in page
    assert "Not started" in page


def test_plan_and_actual_stand_beside_each_other(panel: Panel) -> None:
    manager = panel.person("manager")
    manager.post("/admin/plan/new/", {"institution": "shinjuku", "fiscal_year": "2031", "rank_group": "CD", "records_04": "1234"})  # fmt: skip
    page = manager.get("/progress/plan/?year=2031").text
    assert "<polyline" in page
    assert "1,234" in page
    answer = manager.get("/progress/plan/plan.csv?year=2031")
    assert "2031-04,1234" in answer.get_data().decode("utf-8-sig")
    assert manager.get("/progress/plan/weeks.csv").status_code == 200
    assert panel.person("staff.shinjuku").get("/progress/plan/plan.csv").status_code == 403
    assert panel.person("librarian.kaizu").get("/progress/plan/").status_code == 403


@pytest.mark.parametrize(
    "asked",
    ["?year=0", "?year=99999", "?unit=x", "?since=2020-13-01", "?since=0001-01-01", "?until=9999-12-31",
     "?since=2020-01-01&until=2026-01-01", "?since=2026-01-02&until=2026-01-01", "?person=a&person=b", "?x=1"],
)  # fmt: skip
def test_a_malformed_period_is_refused(panel: Panel, asked: str) -> None:
    assert panel.person("manager").get(f"/progress/plan/{asked}").status_code == 400
    assert panel.person("manager").get(f"/progress/plan/weeks.csv{asked}").status_code == 400


def test_a_year_typed_in_full_width_is_that_year(panel: Panel) -> None:
    page = panel.person("manager").get("/progress/plan/?year=２０２９")
    assert page.status_code == 200
    assert re.search(r"<option selected>2029<", page.text)


def test_a_person_who_is_not_there_is_refused_and_not_counted_as_nothing(panel: Panel) -> None:
    for person, status in (("zzz", 400), ("$ne", 400), ("import", 200), ("%00", 400), ("0" * 24, 400)):
        assert panel.person("manager").get(f"/progress/plan/?person={person}").status_code == status


def handed_in(panel: Panel, person: Person, title: str) -> str:
    """A record that this person entered and handed in for its check, at revision 2."""
    made = panel.make("item", "shinjuku", title=title, input_status="in_progress")
    form = person.form(f"/admin/item/edit/?id={made}")
    form["input_status"] = "awaiting_check"
    assert person.post(f"/admin/item/edit/?id={made}", form).status_code == 302
    return made


def test_a_record_is_sent_back_and_its_person_is_told(panel: Panel) -> None:
    shinjuku, manager = panel.person("staff.shinjuku"), panel.person("manager")
    made = handed_in(panel, shinjuku, "点検される鉢")
    assert "点検される鉢" in manager.get("/progress/check/").text
    before = sent_back_to(panel.actor("staff.shinjuku"))
    sent = {"id": made, "revision": "2", "act": "send_back", "comment": "寸法を測ってください"}
    assert panel.person("auditor").post("/progress/check/act", sent).status_code == 403
    assert manager.post("/progress/check/act", sent).status_code == 302
    assert "点検される鉢" not in manager.get("/progress/check/").text
    home = shinjuku.get("/admin/").text
    assert "寸法を測ってください" in home
    assert f"(差戻し {before + 1})" in home
    assert "寸法を測ってください" not in panel.person("staff.soseki").get("/admin/").text


def test_the_whole_queue_is_asked_for_by_the_conditions_of_the_page(panel: Panel) -> None:
    made = [panel.make("item", "shinjuku", title=f"列の鉢 {n}", rank="C", input_status="in_progress") for n in range(21)]  # fmt: skip
    get_db()["items"].update_many(
        {"title": {"$regex": "^列の鉢"}}, {"$set": {"input_status": "awaiting_check"}}
    )
    try:
        page = panel.person("manager").get("/progress/check/?institution=shinjuku&rank=CD").text
    finally:
        get_db()["items"].delete_many({"_id": {"$in": [ObjectId(each) for each in made]}})
    link = re.search(r'href="([^"]+)">すべて一覧で見る', page)
    assert link
    asked = parse_qs(urlsplit(unescape(link[1])).query)
    assert asked == {
        "institution": ["shinjuku"], "f.input_status": ["awaiting_check"], "f.rank.any": ["C,D"], "sort": ["status_at"],
    }  # fmt: skip


def test_what_was_typed_stays_when_a_record_is_not_sent_back(panel: Panel) -> None:
    """Law 3: a thousand characters of what is to be mended are not typed twice."""
    manager = panel.person("manager")
    made = handed_in(panel, panel.person("staff.shinjuku"), "急いだ鉢")
    sent = {
        "id": made,
        "revision": "1",
        "act": "send_back",
        "comment": "寸法を測ってください",
        "institution": "shinjuku",
    }
    answer = manager.post("/progress/check/act", sent)
    assert answer.status_code == 409
    assert 'name="comment" value="寸法を測ってください"' in answer.text
    assert 'name="institution" value="shinjuku"' in answer.text  # and the conditions of the page
    assert manager.post("/progress/check/act", {**sent, "revision": "2"}).status_code == 302
    gone = manager.post("/progress/check/act", {**sent, "revision": "3", "comment": "裏も撮ってください"})
    assert gone.status_code == 400
    assert "裏も撮ってください" in gone.text


@pytest.mark.parametrize(
    ("sent", "status"),
    [({}, 400), ({"id": "zzz"}, 400), ({"id": "f" * 24, "act": "pass", "revision": "1"}, 404), ({"revision": "x"}, 400),
     ({"act": "$ne", "revision": "1"}, 400)],
)  # fmt: skip
def test_a_malformed_check_is_refused(panel: Panel, sent: dict[str, str], status: int) -> None:
    assert panel.person("manager").post("/progress/check/act", sent).status_code == status


@pytest.mark.parametrize(
    ("asked", "status"),
    [("?sample=0", 200), ("?sample=101", 400), ("?sample=x", 400), ("?sample=5&draw=-1", 400), ("?sample=5", 200),
     ("?rank=none", 200), ("?rank=Z", 400)],
)  # fmt: skip
def test_a_sample_is_asked_for_by_numbers(panel: Panel, asked: str, status: int) -> None:
    assert panel.person("manager").get(f"/progress/check/{asked}").status_code == status


def test_the_monthly_report_is_a_workbook_with_heads_in_both_languages(panel: Panel) -> None:
    answer = panel.person("manager").get("/progress/report.xlsx?month=2026-04")
    assert answer.status_code == 200
    book = sheets_in(answer.get_data())
    assert list(book) == ["入力状況", "計画と実績", "人ごとの完了", "項目の充足"]
    status = book["入力状況"]
    assert status[2][0] == "館 / Institution"
    shinjuku = [row for row in status[3:] if row[0] == "歴史博物館"]
    assert sum(float(str(cell)) for row in shinjuku for cell in row[2:7]) >= 1
    assert book["計画と実績"][3][0] == "2026-04"
    for who in ("staff.shinjuku", "auditor", "contractor", "librarian.kaizu"):
        assert panel.person(who).get("/progress/report.xlsx").status_code == 403
    assert panel.person("staff.shinjuku").get("/progress/report.xlsx?institution=shinjuku").status_code == 200
    for month in ("x", "2026-13", "0001-01", "9999-12", "2026-04-01"):
        assert panel.person("manager").get(f"/progress/report.xlsx?month={month}").status_code == 400
