"""What Excel shows decides which record a row meets; where it may have altered a value the trial says so (S1, S3)."""

from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from imports.formats.remarks import DOUBTFUL, UNUSABLE
from imports.formats.xlsx import marks
from imports.run.outcomes import IMPORTED, REFUSED, UPDATED
from imports.validation.workbook_remarks import PADDED
from tests.imports.doing import PLAIN, begun, done, fates, made, problems
from tests.imports.workbooks import Cell, book, changed

HEADER = ["no", "title", "maker", "place"]
DATED = PLAIN + "period = 'when'\nobject_count = 'count'\n"


def sent(folder: Path, *rows: list[Cell], header: list[str] = HEADER) -> Path:
    """A workbook of those rows under the header."""
    path = folder / "rows.xlsx"
    path.write_bytes(book([header, *rows]))
    return path


def titles(database: Database[dict[str, Any]]) -> dict[str, str]:
    return {each["accession_number"]: each["title"] for each in database["items"].find()}


@pytest.mark.parametrize(
    ("cell", "number"), [((77, "0000"), "0077"), ((2001.1, "0.00"), "2001.10"), ("0077", "0077")]
)
def test_an_update_meets_the_record_whose_number_is_shown(
    store: Database[dict[str, Any]], tmp_path: Path, cell: Cell, number: str
) -> None:
    for each in ("77", "0077", "2001.1", "2001.10"):
        made(accession_number=each)
    run = begun(sent(tmp_path, [cell, "皿", "", ""]), PLAIN, mode="update")
    done(run)
    assert fates(run) == {2: UPDATED}
    assert [each for each, title in titles(store).items() if title == "皿"] == [number]


@pytest.mark.parametrize("mode", ["create", "update", "both"])
@pytest.mark.parametrize("there", [["0077"], ["77", "0077"]])
def test_a_figure_meets_no_record_where_one_has_it_padded(
    store: Database[dict[str, Any]], tmp_path: Path, mode: str, there: list[str]
) -> None:
    for each in there:
        made(accession_number=each)
    run = begun(sent(tmp_path, [77, "皿", "", ""], [78, "鉢", "", ""]), PLAIN, mode=mode)
    done(run)
    assert fates(run)[2] == REFUSED
    assert (2, PADDED) in [(each.row, each.reason) for each in problems(run)]
    assert "皿" not in titles(store).values()
    assert fates(run)[3] == (REFUSED if mode == "update" else IMPORTED)


@pytest.mark.parametrize(
    ("cell", "mark"),
    [
        ((45325, 'm"月"d"日"'), marks.PARTIAL),
        ((37257, "mmm-yy"), marks.DATE),
        ((44166, "yyyy/m/d"), marks.DATE),
        ((120000, "0.00E+00"), marks.EXPONENT),
        (1234567890123450, marks.DIGITS),
        ((2001.15, "0.0"), marks.ROUNDED),
        ((77, "# ?/?"), marks.FORMAT),
        ((77, ";;;"), marks.UNSHOWN),
    ],
)
@pytest.mark.usefixtures("store")
def test_no_number_is_read_from_a_cell_that_excel_altered(tmp_path: Path, cell: Cell, mark: str) -> None:
    run = begun(sent(tmp_path, [cell, "皿", "", ""]), PLAIN)
    done(run)
    assert fates(run) == {2: REFUSED}
    (told,) = problems(run)
    assert told.column == "no"
    assert told.reason == DOUBTFUL[mark] or "番号" in told.reason[0]


@pytest.mark.usefixtures("store")
def test_what_excel_may_have_altered_is_told_at_the_trial(tmp_path: Path) -> None:
    """A shelf 2-3, a number 00001, a rounded size; a date in a date's column and a count with its unit are as they should be."""
    header = [*HEADER, "when", "count"]
    row = [1, "皿", "", (45325, 'm"月"d"日"'), (19725, 'yyyy"年"'), (3, '0"点"')]
    run = begun(sent(tmp_path, row, header=header), DATED)
    done(run, "trial")
    told = {each.column: each.reason for each in problems(run, "trial")}
    assert told == {"no": DOUBTFUL[marks.INTEGER], "place": DOUBTFUL[marks.PARTIAL]}


def test_a_year_alone_stays_a_year(store: Database[dict[str, Any]], tmp_path: Path) -> None:
    run = begun(
        sent(tmp_path, ["A-1", "皿", "", "", (19725, 'yyyy"年"'), 1], header=[*HEADER, "when", "count"]),
        DATED,
    )
    done(run)
    found = store["items"].find_one({"accession_number": "A-1"})
    assert found is not None
    assert found["period"]["text"] == "1954年"
    assert (found["period"]["earliest"], found["period"]["latest"]) == (19540101, 19541231)


def test_an_error_keeps_its_row_out_and_is_told_by_column(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    path = sent(tmp_path, ["A-1", "皿", 5, ""], ["A-2", "鉢", "", ""])
    raw = changed(
        path.read_bytes(), "xl/worksheets/sheet1.xml", '<c r="C2"><v>5</v>', '<c r="C2" t="e"><v>#N/A</v>'
    )
    path.write_bytes(raw)
    run = begun(path, PLAIN)
    done(run)
    done(run, "reconcile")
    assert fates(run) == {2: REFUSED, 3: IMPORTED}
    assert [(each.row, each.column, each.reason) for each in problems(run)] == [
        (2, "maker", UNUSABLE[marks.ERROR])
    ]
    assert titles(store) == {"A-2": "鉢"}


def test_merged_and_hidden_rows_are_told_and_come_in(store: Database[dict[str, Any]], tmp_path: Path) -> None:
    path = tmp_path / "rows.xlsx"
    rows: list[list[Cell]] = [
        HEADER,
        ["A-1", "皿", "乾山", ""],
        ["A-2", "鉢", None, ""],
        ["A-3", "壺", "", ""],
    ]
    path.write_bytes(book(rows, merged=["C2:C3"], hidden_rows=[3]))
    run = begun(path, PLAIN)
    done(run)
    told = {(each.row, each.column): each.reason for each in problems(run)}
    assert told == {(3, "maker"): DOUBTFUL[marks.FILLED], (4, ""): DOUBTFUL[marks.HIDDEN]}
    assert {each["accession_number"]: each.get("maker") for each in store["items"].find()} == {
        "A-1": "乾山",
        "A-2": "乾山",
        "A-3": None,
    }
