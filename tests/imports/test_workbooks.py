"""A workbook is read as Excel shows it, by a child with limits; what Excel may have altered is told."""

import io
import json
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from gate.fields.limited_child import ChildFailed, lines_of
from imports.formats import workbook
from imports.formats.form import Form, SheetError, SheetRow
from imports.formats.remarks import DOUBTFUL, UNUSABLE
from imports.formats.sheet import opened_in
from imports.formats.xlsx import marks
from tests.imports.workbooks import Cell, book, changed, farthest

SHEET = "xl/worksheets/sheet1.xml"


def rows_of(raw: bytes, form: Form | None = None) -> list[SheetRow]:
    with opened_in(io.BytesIO(raw), form) as sheet:
        return list(sheet.rows())


@pytest.mark.parametrize(
    ("cell", "text", "mark"),
    [
        ((77, "0000"), "0077", ""),
        ((20000, "0000"), "20000", ""),
        ((2001.1, "0.00"), "2001.10", ""),
        ((12.5, "0.00"), "12.50", ""),
        ((1690051, "000-0000"), "169-0051", ""),
        ((312345678, "00-0000-0000"), "03-1234-5678", ""),
        ((77, '"K-"0000'), "K-0077", ""),
        ((0.15, "0%"), "15%", ""),
        ((12.34, "0.0"), "12.34", marks.ROUNDED),
        ((3, '0"点"'), "3", marks.UNIT),
        ((1200, "#,##0"), "1200", marks.INTEGER),
        ((-1200, "¥#,##0;[Red]-¥#,##0"), "-1200", marks.INTEGER),
        ((1200, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ '), "1200", marks.INTEGER),
        ((5, ";;;"), "5", marks.UNSHOWN),
        ((120000, "0.00E+00"), "120000", marks.EXPONENT),
        ((1.5, "# ?/?"), "1.5", marks.FORMAT),
        ((12000, "#,##0,"), "12000", marks.FORMAT),
        (1, "1", marks.INTEGER),
        (12.5, "12.5", ""),
        (0.1 + 0.2, "0.3", ""),
        (1234567890123450, "1234567890123450", marks.DIGITS),
        ("00001", "00001", ""),
        ((19725, 'yyyy"年"'), "1954年", marks.DATE),
        ((19725, "yyyy"), "1954", marks.DATE),
        ((19725, 'yyyy"年"m"月"'), "1954年1月", marks.DATE),
        ((37257, "mmm-yy"), "2002年1月", marks.DATE),
        ((44166, "yyyy/m/d"), "2020/12/1", marks.DATE),
        ((44166, "yyyy-mm-dd;@"), "2020-12-01", marks.DATE),
        ((44166, "dd/mm/yyyy"), "2020-12-01", marks.DATE),
        ((44166, "m/d/yy"), "2020-12-01", marks.DATE),
        ((44166, "yyyy/mm/dd(aaa)"), "2020-12-01", marks.DATE),
        ((44166.5, "yyyy/m/d h:mm"), "2020-12-01 12:00:00", marks.DATE),
        ((32515, '[$-411]ggge"年"m"月"d"日";@'), "昭和64年1月7日", marks.DATE),
        ((32516, '[$-411]ggge"年"m"月"d"日";@'), "平成1年1月8日", marks.DATE),
        ((32516, '[$-ja-JP-x-gannen]ggge"年"m"月"d"日";@'), "平成元年1月8日", marks.DATE),
        ((32516, "[$-411]ge.m.d;@"), "1989-01-08", marks.DATE),
        ((45325, 'm"月"d"日"'), "2月3日", marks.PARTIAL),
        ((45325, "d-mmm"), "3-Feb", marks.PARTIAL),
        ((62 / 1440, "h:mm"), "1:02", marks.PARTIAL),
        ((60, "yyyy/m/d"), "60", marks.FORMAT),
        ((-1, "yyyy/m/d"), "-1", marks.FORMAT),
    ],
)
def test_a_cell_is_read_as_excel_shows_it(cell: Cell, text: str, mark: str) -> None:
    (row,) = rows_of(book([["番号"], [cell]]))
    assert (row.cells["番号"], row.marks.get("番号", ""), row.troubles) == (text, mark, {})
    assert not mark or mark in DOUBTFUL


def test_days_are_counted_from_1904_where_the_workbook_does_so() -> None:
    raw = changed(
        book([["受入日"], [(44166 - 1462, "yyyy/m/d")]]),
        "xl/workbook.xml",
        "<workbookPr ",
        '<workbookPr date1904="1" ',
    )
    assert rows_of(raw)[0].cells == {"受入日": "2020/12/1"}


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!", "#VALUE!"])
def test_an_error_in_a_cell_is_told_and_not_read_as_empty(error: str) -> None:
    raw = changed(
        book([["番号", "名"], ["1", 5]]), SHEET, '<c r="B2"><v>5</v>', f'<c r="B2" t="e"><v>{error}</v>'
    )
    (row,) = rows_of(raw)
    assert (row.cells["名"], row.troubles) == (error, {"名": UNUSABLE[marks.ERROR]})


def test_a_formula_without_its_result_is_told() -> None:
    raw = changed(book([["番号", "名"], ["1", "=A2&A2"]]), SHEET, "<v></v>", "")
    assert rows_of(raw)[0].troubles == {"名": UNUSABLE[marks.FORMULA]}


def test_a_formulas_result_is_read() -> None:
    raw = changed(book([["番号", "名"], ["1", "=A2&A2"]]), SHEET, "<v></v>", "<v>11</v>")
    assert rows_of(raw)[0].cells == {"番号": "1", "名": "11"}


def test_a_value_merged_over_rows_is_each_rows_and_told() -> None:
    rows: list[list[Cell]] = [
        ["番号", "作者", "名"],
        ["1", "漱石", "a"],
        ["2", None, "b"],
        ["3", None, "c"],
        ["4", None, "d"],
    ]
    found = rows_of(book(rows, merged=["B2:B4"]))
    assert [each.cells["作者"] for each in found] == ["漱石", "漱石", "漱石", ""]
    assert [each.marks for each in found] == [{}, {"作者": marks.FILLED}, {"作者": marks.FILLED}, {}]


def test_a_value_merged_across_columns_stays_in_its_own_and_is_told() -> None:
    found = rows_of(book([["番号", "名", "作者"], ["1", "名か作者か", None]], merged=["B2:C2"]))
    assert found == [SheetRow(2, {"番号": "1", "名": "名か作者か", "作者": ""}, {}, {"作者": marks.COVERED})]


def test_a_header_of_merged_cells_is_one_still() -> None:
    rows: list[list[Cell]] = [["番号", "寸法", None], [None, "縦", "横"], ["1", "5", "3"]]
    with opened_in(io.BytesIO(book(rows, merged=["A1:A2", "B1:C1"]))) as sheet:
        assert sheet.header == ["番号", "寸法 縦", "寸法 横"]
        assert list(sheet.rows()) == [SheetRow(3, {"番号": "1", "寸法 縦": "5", "寸法 横": "3"})]


def test_hidden_rows_are_read_and_told() -> None:
    found = rows_of(book([["番号"], ["1"], ["2"]], hidden_rows=[2]))
    assert [(each.number, each.marks) for each in found] == [(2, {}), (3, {"": marks.HIDDEN})]


def test_hidden_sheets_and_columns_are_told() -> None:
    raw = book([["番号", "名", "額"], ["1", "壺", "5"]], hidden_columns=[2], hidden_sheets=["旧台帳"])
    with opened_in(io.BytesIO(raw)) as sheet:
        assert sheet.sheets == ["台帳", "旧台帳"]
        ja = " ".join(each[0] for each in sheet.remarks)
        assert "旧台帳" in ja
        assert "C。" in ja


def test_the_first_sheet_that_is_not_hidden_is_read() -> None:
    raw = changed(
        book([["番号"], ["1"]], hidden_sheets=["二"]),
        "xl/workbook.xml",
        'sheetId="1" r:id',
        'sheetId="1" state="veryHidden" r:id',
    )
    raw = changed(raw, "xl/workbook.xml", 'sheetId="2" state="hidden"', 'sheetId="2"')
    raw = changed(
        raw,
        "xl/worksheets/sheet2.xml",
        "<sheetData/>",
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>見える</t></is></c></row></sheetData>',
    )
    with opened_in(io.BytesIO(raw)) as sheet:
        assert (sheet.form.sheet, sheet.header) == ("二", ["見える"])


def test_texts_are_read_without_their_readings_and_with_their_line_breaks() -> None:
    texts = '<si><r><t>漱</t></r><r><t xml:space="preserve">石 </t></r><rPh sb="0" eb="2"><t>そうせき</t></rPh></si>'
    raw = changed(
        book([["番号", "名"], ["1", "置換"]]), "xl/sharedStrings.xml", "<si><t>置換</t></si>", texts
    )
    assert rows_of(raw)[0].cells["名"] == "漱石 "
    raw = changed(raw, "xl/sharedStrings.xml", "<t>漱</t>", "<t>一_x000D_\n二</t>")
    assert rows_of(raw)[0].cells["名"] == "一\r\n二石 "


def test_cells_and_rows_may_lack_their_places_and_the_names_a_prefix() -> None:
    """As other programs than Excel write them."""
    plain = book([["番号", "名"], ["1", 5]])
    with zipfile.ZipFile(io.BytesIO(plain)) as packed:
        xml = packed.read(SHEET).decode()
    data = xml[xml.index("<sheetData>") : xml.index("</sheetData>")]
    bare = '<sheetData><row><c t="inlineStr"><is><t>番号</t></is></c><c/><c t="inlineStr"><is><t>名</t></is></c></row><row><c><v>1</v></c><c/><c t="b"><v>1</v></c></row>'
    assert [each.cells for each in rows_of(changed(plain, SHEET, data, bare))] == [
        {"番号": "1", "列B": "", "名": "TRUE"}
    ]
    prefixed = changed(
        plain,
        SHEET,
        xml,
        xml.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x="),
    )
    assert [each.cells for each in rows_of(prefixed)] == [{"番号": "1", "名": "5"}]


def test_an_empty_row_keeps_its_number() -> None:
    found = rows_of(book([["番号"], ["1"], [None], [None], ["4"]]))
    assert [each.number for each in found] == [2, 5]


def test_a_cell_outside_of_any_table_is_refused_by_name() -> None:
    """S1: 1.4 kB had the native parser ask for 512 GB."""
    raw = farthest()
    assert len(raw) < 8_000
    with pytest.raises(SheetError) as error:
        rows_of(raw)
    assert "XFD1048576" in error.value.words[0]


def _bomb(cell: str, count: int) -> bytes:
    """A sheet whose one row has so many of a cell; packed to next to nothing."""
    plain = book([["番号"], ["1"]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for each in given.namelist():
            if each != SHEET:
                made.writestr(each, given.read(each))
        with made.open(SHEET, "w", force_zip64=True) as part:
            part.write(
                b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
            )
            for _ in range(count // 10_000):
                part.write(cell.encode() * 10_000)
            part.write(b"</row></sheetData></worksheet>")
    return out.getvalue()


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(lambda: _bomb("<c><v>1</v></c>", 200_000), id="a row of 200,000 cells"),
        pytest.param(lambda: _bomb(f'<c r="A1" t="inlineStr"><is><t>{"x" * 200}</t></is></c>', 100_000), id="20 MB in a row"),
        pytest.param(lambda: changed(book([["番号"], ["1"]]), SHEET, 'r="2"', 'r="1"'), id="rows out of order"),
        pytest.param(lambda: changed(book([["番号"], ["1"]]), SHEET, "<v>1</v>", "<v>99999999999</v>"), id="a text that is not there"),
        pytest.param(lambda: changed(book([["番号"], [5]]), SHEET, "<v>5</v>", "<v>five</v>"), id="a number that is none"),
        pytest.param(lambda: changed(book([["番号"], [5]]), SHEET, '<c r="A2"', '<c r="A2" s="77"'), id="a style that is not there"),
        pytest.param(lambda: changed(book([["番号"], ["1"]]), "xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", "../../../etc/passwd"), id="a part elsewhere"),
        pytest.param(lambda: book([["番号"], ["1"]])[:-400], id="cut short"),
    ],
)  # fmt: skip
def test_a_damaged_or_hostile_workbook_is_read_or_refused(raw: object) -> None:
    """Whatever is wrong with it is one sentence for the person who sent it."""
    with suppress(SheetError):
        rows_of(raw())  # type: ignore[operator]


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_a_workbook_that_declares_entities_is_refused(part: str) -> None:
    raw = book([["番号"], ["1"]])
    assert rows_of(raw)
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    for declared in ('<!ENTITY a "aaa">', '<!ENTITY a SYSTEM "file:///etc/passwd">'):
        with pytest.raises(SheetError):
            rows_of(changed(raw, part, head, f"<!DOCTYPE x [{declared}]>"))


def test_a_workbook_that_takes_too_long_is_refused() -> None:
    raw = book([["番号", "名"], *([str(at), "壺"] for at in range(5_000))])
    with pytest.raises(SheetError) as error, opened_in(io.BytesIO(raw), seconds=0.05) as sheet:
        list(sheet.rows())
    assert error.value.words == workbook.TOO_LARGE


def test_a_workbook_that_takes_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MEMORY", 4 << 20)
    raw = book([["番号", "名"], *([str(at), f"壺{at}" * 40] for at in range(30_000))])
    with pytest.raises(SheetError) as error:
        rows_of(raw)
    assert error.value.words == workbook.TOO_LARGE


def children() -> set[str]:
    """Process numbers of this process's children."""
    return {each for task in Path("/proc/self/task").glob("*/children") for each in task.read_text().split()}


def test_no_child_outlives_its_reader() -> None:
    raw, before = book([["番号"], *([str(at)] for at in range(20_000))]), children()
    with opened_in(io.BytesIO(raw)) as sheet:
        next(sheet.rows())
        assert len(children() - before) == 1
    assert children() - before == set()


def test_a_child_sees_no_environment_and_may_write_no_file(tmp_path: Path) -> None:
    program = tmp_path / "child.py"
    program.write_text(
        f"import sys, os, json\nsys.path.insert(0, {str(Path(__file__).resolve().parents[2])!r})\n"
        "from gate.fields.limited_child import confine\nconfine(memory=1 << 26, seconds=5)\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"try:\n    open({str(tmp_path / 'out')!r}, 'w').write('x' * 100_000)\n    wrote = True\n"
        "except OSError:\n    wrote = False\nprint(json.dumps([dict(os.environ), wrote]))\n",
        encoding="utf-8",
    )
    with lines_of(str(program), io.BytesIO(b""), patience=20) as lines:
        environment, wrote = json.loads(next(lines))
    assert wrote is False
    assert set(environment) <= {"LC_CTYPE"}


def test_a_silent_child_is_given_up(tmp_path: Path) -> None:
    program = tmp_path / "child.py"
    program.write_text("import sys; sys.stdin.buffer.read(); import signal; signal.pause()", encoding="utf-8")
    with lines_of(str(program), io.BytesIO(b""), patience=0.2) as lines, pytest.raises(ChildFailed):
        next(lines)


def test_the_child_needs_the_standard_library_only() -> None:
    """No package, no setting and no store comes with it: what it imports is read by a bare interpreter."""
    child = Path(workbook.__file__).parent / "xlsx" / "child.py"
    code = f"import runpy, sys; runpy.run_path({str(child)!r}); print([n for n in sys.modules if n.split('.')[0] in ('mongoengine', 'flask', 'models')])"
    said = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True
    )  # noqa: S603
    assert said.stdout.strip() == "[]"
