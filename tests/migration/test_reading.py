"""A CSV is read as people have it, and what cannot be read is said by row and column."""

import codecs
from pathlib import Path

import pytest

from migration.reading.sheet import MISSHAPEN, UNREADABLE, SheetError, SheetRow, opened


def read(path: Path, raw: bytes) -> list[SheetRow]:
    path = path / "sheet.csv"
    path.write_bytes(raw)
    with opened(path) as sheet:
        return list(sheet.rows())


@pytest.mark.parametrize(
    "raw",
    [
        "番号,名\r\n1,髙﨑①\r\n".encode(),
        codecs.BOM_UTF8 + "番号,名\n1,髙﨑①\n".encode(),
        "番号,名\r\n1,髙﨑①\r\n".encode("cp932"),
        "番号,名\r1,髙﨑①\r".encode(),
    ],
    ids=["utf-8", "utf-8 with BOM", "cp932", "old Mac line ends"],
)
def test_the_encodings_and_line_ends_of_japan(tmp_path: Path, raw: bytes) -> None:
    assert read(tmp_path, raw) == [SheetRow(2, {"番号": "1", "名": "髙﨑①"}, {})]


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path: Path) -> None:
    rows = read(tmp_path, b'n,t\n1,"two\nlines"\n,\n3,three\n')
    assert [(each.number, each.cells["n"]) for each in rows] == [(2, "1"), (4, "3")]


def test_a_row_of_another_width_is_a_trouble_of_that_row_alone(tmp_path: Path) -> None:
    rows = read(tmp_path, b"a,b\n1,2\n1,2,3\n1\n4,5\n")
    assert [each.troubles for each in rows] == [{}, {"": MISSHAPEN}, {"": MISSHAPEN}, {}]


def test_bytes_that_are_no_character_are_told_by_column(tmp_path: Path) -> None:
    rows = read(tmp_path, "a,名\n1,正\n2,".encode("cp932") + b"\x81\n")
    assert [each.troubles for each in rows] == [{}, {"名": UNREADABLE}]


@pytest.mark.parametrize("raw", [b"", b"\n\n", b",,\n1,2,3\n", b"a,a\n1,2\n"])
def test_a_file_without_a_usable_header_is_refused(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(SheetError):
        read(tmp_path, raw)


def test_how_far_it_was_read_is_known(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(b"a\n" + b"1\n" * 100_000)
    with opened(path) as sheet:
        rows = sheet.rows()
        next(rows)
        assert 0 < sheet.position < sheet.size
        list(rows)
        assert sheet.position == sheet.size == path.stat().st_size
