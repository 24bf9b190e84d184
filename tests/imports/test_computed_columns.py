"""Columns that a mapping makes of a file's columns: computed alike everywhere, and reconciled with the raw cells (S3)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from imports.mapping.contact_cells import CONTACT_PARTS, contact_part
from imports.mapping.mapping import MappingError, mapping_of
from imports.mapping.patterns import pattern_of, replaced
from imports.run.reconciliation import agrees
from tests.imports.doing import begun, done, fates, file, problems

Document = dict[str, Any]
HEAD = "noun = 'item'\n[fields]\naccession_number = 'n'\ntitle = 't'\n"


def computed(step: str, cells: dict[str, str]) -> str:
    mapping = mapping_of(f"{HEAD}maker = 'x'\n[[computed]]\nname = 'x'\n{step}\n")
    return mapping.cells(cells)["x"]


@pytest.mark.parametrize(
    ("step", "cells", "made"),
    [
        ("join = ['a', 'b']\nbetween = '-'", {"a": " 12 ", "b": "3"}, "12-3"),
        ("join = ['a', 'b']\nbetween = '-'", {"a": "12", "b": " "}, "12"),
        ("first_of = ['a', 'b']", {"a": " ", "b": "江戸"}, "江戸"),
        ("column = 'a'\nreplace = 'No.'\nwhere = 'start'", {"a": "No.12 No.3"}, "12 No.3"),
        ("column = 'a'\nreplace = '第#号'\nput = '号'", {"a": "第12号と第３号"}, "号と号"),
        ("column = 'a'\nreplace = '(*)'", {"a": "壺(欠)と皿(小)"}, "壺と皿"),
        ("column = 'a'\nreplace = '※*'", {"a": "壺※要確認"}, "壺"),
        (r"column = 'a'" + "\n" + r"replace = '\#'", {"a": "#5"}, "5"),
        ("year = 'y'\nmonth = 'm'\nday = 'd'", {"y": "1977", "m": "3", "d": ""}, "1977年3月"),
        ("year = 'y'\nmonth = 'm'\nday = 'd'\nera = 'e'", {"e": "昭和", "y": "52", "m": "3", "d": "1"}, "昭和52年3月1日"),
        ("year = 'y'\nmonth = 'm'\nday = 'd'", {"y": "令和元", "m": "5月", "d": "１"}, "令和元年5月１日"),
        ("year = 'y'\nmonth = 'm'", {"y": "不明", "m": "3"}, "不明3月"),
        ("column = 'a'\nunit_from = 'u'", {"a": "24.5", "u": "mm"}, "24.5mm"),
        ("column = 'a'\nunit_from = 'u'", {"a": "0.0", "u": "mm"}, ""),
        ("column = 'a'\npart = 'first'", {"a": "山田　花 子"}, "山田"),
        ("column = 'a'\npart = 'rest'", {"a": "山田　花 子"}, "花 子"),
        ("column = 'a'\npart = 'rest'", {"a": "山田花子"}, ""),
        ("column = 'a'\nroles = 'r'", {"a": "A|B|", "r": "printer||"}, "A (printer); B"),
        ("column = 'a'\nroles = 'r'", {"a": "A|B", "r": "printer"}, "A; B (printer)"),
    ],
)  # fmt: skip
def test_a_column_is_computed(step: str, cells: dict[str, str], made: str) -> None:
    assert computed(step, cells) == made


@pytest.mark.parametrize(
    "step",
    [
        "join = 'a'", "join = ['x', 'a']", "join = ['a', 5]", "column = 'a'", "column = 'a'\nreplace = ''", "column = 'a'\nreplace = '*'",
        "column = 'a'\nreplace = 'a\\'", "column = 'a'\nreplace = 'b'\nwhere = 'middle'", "column = 'a'\npart = 'second'",
        "column = 'a'\ncontact = 'birth'", "column = 'a'\nreplace = 'b'\nflags = 's'", "year = 'y'\nhour = 'h'", "join = ['later']",
        f"column = 'a'\nreplace = '{'x' * 41}'",
    ],
)  # fmt: skip
def test_a_transformation_that_there_is_not_is_refused_by_name(step: str) -> None:
    text = f"{HEAD}maker = 'x'\n[[computed]]\nname = 'x'\n{step}\n[[computed]]\nname = 'later'\nfirst_of = ['a']\n"
    with pytest.raises(MappingError, match="computed: x"):
        mapping_of(text)


@pytest.mark.parametrize("where", ["anywhere", "start", "end"])
@pytest.mark.parametrize("pattern", ["*a*a*a*a*b", "#a#a#a#b", "*" * 39 + "b", "(*(*(*(*(*)", "a+*b*"])
def test_no_pattern_runs_away(pattern: str, where: str) -> None:
    """Every repetition is possessive, so that nothing is tried twice; and the longest cells are left as they are."""
    written = re.sub(r"\\.", "", pattern_of(pattern, where).pattern)
    assert not re.search(r"[*+]", re.sub(r"[*+]\+", "", written))
    assert replaced("a" * 1_000, pattern, "x", where) == "a" * 1_000
    assert replaced("ab" * 600, pattern, "x", where) == "ab" * 600


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("苗字太郎 〒169-0051 東京都新宿区西早稲田2-10-1 ℡03-1234-5678",
         ("苗字太郎", "〒169-0051", "東京都新宿区西早稲田2-10-1", "℡03-1234-5678", "")),
        ("苗字次郎　新宿区戸山１ー２ー３　電話０３ー１２３４ー５６７８",
         ("苗字次郎", "", "新宿区戸山１ー２ー３", "電話０３ー１２３４ー５６７８", "")),
        ("苗字 花子(東京都港区芝1-1、090-1111-2222)", ("苗字 花子", "", "東京都港区芝1-1", "090-1111-2222", "")),
        ("苗字三郎 a@example.org", ("苗字三郎", "", "", "", "a@example.org")),
        ("A. Person, 12 High St, London", ("A. Person", "", "12 High St, London", "", "")),
        ("宮城県立美術館", ("宮城県立美術館", "", "", "", "")),
        ("株式会社センター", ("株式会社センター", "", "", "", "")),
        ("", ("", "", "", "", "")),
    ],
)  # fmt: skip
def test_no_contact_data_stays_in_a_name(cell: str, parts: tuple[str, ...]) -> None:
    assert tuple(contact_part(cell, part) for part in CONTACT_PARTS) == parts


MAPPING = """
noun = 'item'
[fields]
accession_number = '番号'
title = '名称'
period = '時代など'
maker = '作者たち'
acquisition_date = '受入'
dimensions = [{ column = '高さと単位', dimension = 'height', unit = 'cm' }]
acquisition_source = { donor = { name = '氏名', address = '住所', telephone = '電話' } }
[unreadable]
title_reading = 'keep'
[[computed]]
name = '番号'
join = ['部門', '連番']
between = '-'
[[computed]]
name = '名称'
column = '資料名'
replace = '(*)'
[[computed]]
name = '時代など'
first_of = ['年代', '時代']
[[computed]]
name = '作者たち'
column = '作者'
roles = '役割'
[[computed]]
name = '受入'
year = '年'
month = '月'
day = '日'
[[computed]]
name = '高さと単位'
column = '高さ'
unit_from = '単位'
[[computed]]
name = '氏名'
column = '寄贈者'
contact = 'name'
[[computed]]
name = '住所'
column = '寄贈者'
contact = 'address'
[[computed]]
name = '電話'
column = '寄贈者'
contact = 'telephone'
""".replace("title = '名称'", "title = '名称'\ntitle_reading = 'よみ'")
HEADER = "部門,連番,資料名,よみ,年代,時代,作者,役割,年,月,日,高さ,単位,寄贈者"
ROW = "A,1,古い壺(欠),つぼ(壺),,江戸時代,甲|乙,絵|彫,昭和52,3,1,245,mm,苗字太郎 東京都新宿区戸山1-2 03-1234-5678"


def test_computed_columns_come_in_and_agree_with_the_raw_cells(
    store: Database[Document], tmp_path: Path
) -> None:
    run = begun(file(tmp_path, f"{HEADER}\n{ROW}\nB,2,皿,さら,明治30年,,丙,,,,,,,\n"), MAPPING)
    done(run)
    found = done(run, "reconcile")
    assert fates(run) == {2: 0, 3: 0}
    kept = store["items"].find_one({"accession_number": "A-1"}) or {}
    assert (kept["title"], kept["maker"], kept["period"]["text"]) == (
        "古い壺",
        "甲 (絵); 乙 (彫)",
        "江戸時代",
    )
    assert kept["acquisition_date"]["text"] == "昭和52年3月1日"
    assert [(each["dimension"], each["value"], each["unit"]) for each in kept["dimensions"]] == [
        ("height", "245", "mm")
    ]
    donor = store["donors"].find_one({"_id": kept["acquisition_source"]}) or {}
    assert (donor["name"], donor["address"], donor["telephone"]) == (
        "苗字太郎",
        "東京都新宿区戸山1-2",
        "03-1234-5678",
    )
    assert kept["notes"] == "よみ: つぼ(壺)"  # it could not be read, and is kept
    assert ("よみ", False) in {(each.column, each.fatal) for each in problems(run)}
    assert agrees(found["reconciled"], found["counts"]), found["reconciled"]


@pytest.mark.parametrize("kind", ["Join", "Fallback", "Replace", "WithRoles", "DateParts"])
def test_a_transformation_that_loses_letters_is_found_by_the_reconciliation(
    store: Database[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """The check knows the raw cells and not how the transformation made its text of them (law 10)."""
    import imports.mapping.computed_columns as columns

    made = getattr(columns, kind)
    honest = made.compute
    monkeypatch.setattr(made, "compute", lambda self, cells: honest(self, cells)[1:])
    run = begun(file(tmp_path, f"{HEADER}\n{ROW}\n"), MAPPING)
    done(run)
    found = done(run, "reconcile")
    assert found["counts"]["fates"][0] == 1
    assert found["reconciled"]["differing"] == []
    assert not agrees(found["reconciled"], found["counts"])
    assert found["reconciled"]["altered_count"] == 1


@pytest.mark.parametrize(
    ("choice", "outcome", "notes"),
    [("refuse", 4, None), ("list", 0, "箱入り"), ("keep", 0, "箱入り\n点数: 一山くらい\n受入: 不明")],
)
def test_the_mapping_says_what_an_unreadable_cell_does(
    store: Database[Document], tmp_path: Path, choice: str, outcome: int, notes: str | None
) -> None:
    """Refuse the row, leave empty and list, or keep in the notes; told in any case, and reconciled (S3)."""
    mapping = (
        "noun = 'item'\n[fields]\naccession_number = '番号'\ntitle = '名'\nnotes = '備考'\nobject_count = '点数'\n"
        f"acquisition_date = {{ day = '受入' }}\n[unreadable]\nacquisition_date = '{choice}'\nobject_count = '{choice}'\n"
    )
    rows = "番号,名,点数,受入,備考\nA,壺,一山くらい,不明,箱入り\nB,皿,3点,令和2年1月5日,\n"
    run = begun(file(tmp_path, rows), mapping)
    done(run)
    found = done(run, "reconcile")
    assert fates(run) == {2: outcome, 3: 0}
    kept = store["items"].find_one({"accession_number": "A"}) or {}
    assert kept.get("notes") == notes
    assert {(each.column, each.fatal) for each in problems(run)} == {
        ("受入", outcome == 4),
        ("点数", outcome == 4),
    }
    assert agrees(found["reconciled"], found["counts"]), found["reconciled"]


def test_an_update_keeps_the_notes_that_a_record_has(store: Database[Document], tmp_path: Path) -> None:
    from tests.imports.doing import made

    made(accession_number="A", title="壺", notes="前の備考")
    mapping = "noun = 'item'\n[fields]\naccession_number = '番号'\nacquisition_date = { day = '受入' }\n[unreadable]\nacquisition_date = 'keep'\n"
    run = begun(file(tmp_path, "番号,受入\nA,不明\n"), mapping, mode="update")
    done(run)
    found = done(run, "reconcile")
    assert (store["items"].find_one({"accession_number": "A"}) or {})["notes"] == "前の備考\n受入: 不明"
    assert agrees(found["reconciled"], found["counts"]), found["reconciled"]


def test_a_name_without_a_space_is_told_and_comes_in_whole(store: Database[Document], tmp_path: Path) -> None:
    mapping = (
        "noun = 'patron'\n[fields]\ncardnumber = '番号'\nsurname = '姓'\nfirstname = '名'\n"
        "[[computed]]\nname = '姓'\ncolumn = '氏名'\npart = 'first'\n[[computed]]\nname = '名'\ncolumn = '氏名'\npart = 'rest'\n"
    )
    run = begun(file(tmp_path, "番号,氏名\n1,苗字　太郎\n2,川上次郎\n"), mapping, house="kaizu")
    done(run)
    found = done(run, "reconcile")
    kept = [(each["surname"], each.get("firstname")) for each in store["patrons"].find({}).sort("cardnumber")]
    assert kept == [("苗字", "太郎"), ("川上次郎", None)]
    assert [(each.row, each.column, each.fatal) for each in problems(run)] == [(3, "氏名", False)]
    assert agrees(found["reconciled"], found["counts"]), found["reconciled"]


@pytest.mark.parametrize(
    "text",
    [
        "noun = 'patron'\n[fields]\ncardnumber = 'a'\nphone = 'b'\n[unreadable]\nphone = 'keep'\n",
        "noun = 'item'\n[fields]\naccession_number = 'a'\ntitle = 'b'\n[unreadable]\ntitle = 'list'\n",
        "noun = 'item'\n[fields]\naccession_number = 'a'\nacquisition_price = 'b'\n[unreadable]\nacquisition_price = 'keep'\n",
        "noun = 'item'\n[fields]\naccession_number = 'a'\n[unreadable]\nperiod = 'list'\n",
    ],
)
def test_notes_keep_neither_contacts_nor_prices_and_nothing_required_is_left_empty(text: str) -> None:
    with pytest.raises(MappingError, match="unreadable"):
        mapping_of(text)
