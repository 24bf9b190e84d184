"""What an export or a ledger leaves out is said before the button and in the file (S3, S6; law 9)."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import unquote

import pytest
from mongoengine.connection import get_db

from imports.formats.sheet import opened_in
from tests.spreadsheet import sheets_in
from tests.views.panel import Panel, Person
from views.records.out import export

SENT = {"purpose": "report"}


@pytest.fixture(scope="module")
def filled(panel: Panel) -> None:
    """Three items at one museum and two at its sister, of which staff of the first may list all and export three."""
    for at in range(3):
        panel.make("item", "shinjuku", accession_number=f"SC-{at}", title="範囲の確認", object_count=at + 2)
    sizes = [
        {"dimension": "height", "value": "125", "unit": "mm"}, {"part": "箱", "dimension": "width", "value": "9", "unit": "cm"},
        {"dimension": "width", "value": "4.50", "unit": "cm"}, {"dimension": "weight", "value": "1.2", "unit": "kg"},
    ]  # fmt: skip
    panel.make("item", "shinjuku", accession_number="SC-9", title="範囲の確認", dimensions=sizes)
    for at in range(2):
        panel.make("item", "soseki", accession_number=f"SC-{at}", title="範囲の確認")


@pytest.fixture
def asked(filled: None, shinjuku: Person) -> str:
    location = shinjuku.post("/admin/item/search/", {"q": "範囲の確認"}).location
    return location.partition("?")[2]


def told(page: str) -> str:
    found = re.search(r'<ul class="scope">.*?</ul>', page, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


def test_an_export_says_how_much_of_the_list_it_holds_and_why(
    panel: Panel, shinjuku: Person, asked: str
) -> None:
    assert "6件" in shinjuku.get(f"/admin/item/?{asked}").text
    said = told(shinjuku.get(f"/admin/item/export/?{asked}").text)
    assert said.startswith("一覧の6件のうち、4件です。")
    assert "漱石山房記念館の2件は、あなたの役割では持ち出せないため含みません。" in said
    whole = told(shinjuku.get("/admin/item/export/?institution=shinjuku&q=範囲の確認").text)
    assert whole == "一覧の4件すべてです。"
    english = panel.person("staff.shinjuku", "en").get("/admin/item/export/?q=範囲の確認").text
    assert "4 of the 6 records of the list." in told(english)


def test_a_table_ends_with_what_it_leaves_out_and_an_import_takes_that_for_no_record(
    shinjuku: Person, asked: str
) -> None:
    answer = shinjuku.post(f"/admin/item/export/csv/?{asked}", SENT)
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    records = [each for each in rows[1:] if not each[0].startswith("※書き出しの注記:")]
    assert len(records) == 4
    assert [each[0] for each in rows[-2:]] == [
        "※書き出しの注記: 一覧の6件のうち、4件です。",
        "※書き出しの注記: 漱石山房記念館の2件は、あなたの役割では持ち出せないため含みません。",
    ]
    with opened_in(io.BytesIO(answer.data)) as sheet:
        assert len(list(sheet.rows())) == 4
    alone = shinjuku.post("/admin/item/export/csv/?institution=shinjuku&q=範囲の確認", SENT)
    assert "※" not in alone.data.decode("utf-8-sig")


def test_a_file_is_called_by_noun_institution_and_day(shinjuku: Person, asked: str) -> None:
    for form in ("csv", "xlsx"):
        answer = shinjuku.post(f"/admin/item/export/{form}/?{asked}", SENT)
        name = unquote(answer.headers["Content-Disposition"].rpartition("''")[2])
        assert re.fullmatch(rf"資料_歴史博物館_20\d\d-\d\d-\d\d\.{form}", name)


def test_a_workbook_holds_numbers_as_numbers_and_says_what_it_holds(shinjuku: Person, asked: str) -> None:
    answer = shinjuku.post(f"/admin/item/export/xlsx/?{asked}", {**SENT, "sizes": "1"})
    [heads, *rows], about = sheets_in(answer.data).values()
    table = [dict(zip(heads, each, strict=True)) for each in rows]
    assert sorted(each["点数"] for each in table) == [1, 2, 3, 4]
    sized = next(each for each in table if each["資料番号"] == "SC-9")
    assert [sized[name] for name in ("高さ・縦 (cm)", "幅・横 (cm)", "重さ (g)")] == [12.5, 4.5, 1200]
    assert "箱 幅・横 9 cm" in str(sized["寸法"])
    said = str(about)
    assert "一覧の6件のうち、4件です。" in said
    assert "検索: 範囲の確認" in said
    assert "高さ・縦 (cm)" not in str(
        sheets_in(shinjuku.post(f"/admin/item/export/xlsx/?{asked}", SENT).data)
    )


def test_a_ledger_says_what_it_leaves_out_before_and_on_the_paper(
    shinjuku: Person, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "PRINTED_AT_MOST", 3)
    before = told(shinjuku.get(f"/admin/item/print-list/?{asked}").text)
    paper = shinjuku.get(f"/admin/item/print-list/?{asked}&purpose=report").text
    for said in (before, paper):
        assert "一覧の6件のうち、3件です。" in said
        assert "一度に出せるのは先頭から3件までです。" in said
    assert "検索: 範囲の確認" in paper


def test_an_empty_field_is_empty_for_who_sees_in_lists_that_it_is(panel: Panel, shinjuku: Person) -> None:
    """A masked export tells its own museum that nothing is recorded; to nobody else is that told (law 2)."""
    panel.make("donor", "shinjuku", donor_number="D-EMPTY", name="空欄 多子")
    rows = csv.DictReader(
        io.StringIO(shinjuku.post("/admin/donor/export/csv/", SENT).data.decode("utf-8-sig"))
    )
    row = next(each for each in rows if each["寄贈者番号"] == "D-EMPTY")
    assert (row["氏名・名称"], row["電話"], row["住所"]) == ("空欄 ＊＊＊＊", "", "")
    roles = get_db()["roles"]
    before = roles.find_one({"code": "staff", "institution": "section"})
    assert before
    roles.update_one({"_id": before["_id"]}, {"$set": {"effects.donor.own.field:telephone": "mask"}})
    try:
        answer = shinjuku.post("/admin/donor/export/csv/", SENT).data.decode("utf-8-sig")
    finally:
        roles.replace_one({"_id": before["_id"]}, before)
    row = next(each for each in csv.DictReader(io.StringIO(answer)) if each["寄贈者番号"] == "D-EMPTY")
    assert (row["電話"], row["住所"]) == ("＊＊＊＊", "")
