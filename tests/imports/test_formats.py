"""A CSV is read as people have it, and what cannot be read is said by row and column."""

import codecs
import io
import zipfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from random import Random

import pytest
import pyzipper
import xlsxwriter

from imports.formats import packed as packed_module
from imports.formats.doubts import GAIJI, QUESTION, bent, doubts
from imports.formats.form import Form, SheetError, SheetRow
from imports.formats.packed import CROWDED, GROWN, METHOD, TOO_SLOW
from imports.formats.sheet import MISSHAPEN, UNREADABLE, lines_filled, opened, opened_in
from imports.formats.text_table import MISQUOTED, lines_of
from imports.photographs.matching import photos


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
        "番号\t名\r\n1\t髙﨑①\r\n".encode("cp932"),
        "番号,名\r\n1,髙﨑①\r\n".encode("utf-16"),
        "番号,名\r\n1,髙﨑①\r\n".encode("utf-16-le"),
        "番号,名\r\n1,髙﨑①\r\n".encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with BOM", "cp932", "old Mac line ends", "tabs", "utf-16", "utf-16-le", "utf-16-be"],
)
def test_the_encodings_and_line_ends_of_japan(tmp_path: Path, raw: bytes) -> None:
    assert read(tmp_path, raw) == [SheetRow(2, {"番号": "1", "名": "髙﨑①"}, {})]


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path: Path) -> None:
    rows = read(tmp_path, b'n,t\n1,"two\nlines"\n,\n3,three\n')
    assert [(each.number, each.cells["n"]) for each in rows] == [(2, "1"), (4, "3")]


def test_a_row_of_another_width_is_a_trouble_of_that_row_alone(tmp_path: Path) -> None:
    rows = read(tmp_path, b"a,b\n1,2\n1,2,3\n1\n4,5\n")
    assert [each.troubles for each in rows] == [{}, {"": MISSHAPEN}, {"": MISSHAPEN}, {}]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('n,t\n1,x\n2,"乙\n3,y\n', 3),
        ('n,t\n1,x\n2,"乙', 3),
        ('n,t\n1,"x\n2,y\n3,"z"\n4,w\n', 2),
        ('n,t\n1,"x' + "\n2,y" * 300 + '"\n3,z\n', 2),
        ('n,t\n1,"two\nlines"\n2,y\n3,"x' + "\n4,y" * 300 + '"\n', 5),
        ('n,t\n1,"x' + "\n2,yyyyyyyyyyyyyyyyyyy" * 200_000, 2),
        ("n,t\n1,x\n2," + "y" * 4_000_001 + "\n", 3),
    ],
    ids=["at the end", "in the last line", "closed by the next one", "very late", "behind others", "beyond measure", "a cell beyond measure"],
)  # fmt: skip
def test_a_quotation_mark_that_swallows_rows_is_told_with_its_line(
    tmp_path: Path, text: str, line: int
) -> None:
    """S3: what stood behind it was in no count."""
    with pytest.raises(SheetError) as error:
        read(tmp_path, text.encode())
    assert f"ファイルの{line}行目" in error.value.words[0]
    assert f"in line {line} " in error.value.words[1]


def test_a_quotation_mark_within_a_line_is_a_trouble_of_that_row_alone(tmp_path: Path) -> None:
    rows = read(tmp_path, 'n,t\n1,"甲" 壺\n2,"甲 ""乙"" 丙"\n3,12" 皿\n4,"甲" 壺,x\n5,y\n'.encode())
    assert [each.troubles for each in rows] == [{"": MISQUOTED}, {}, {}, {"": MISQUOTED}, {}]
    assert [each.cells["t"] for each in rows[1:3]] == ['甲 "乙" 丙', '12" 皿']


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932", "utf-16", "iso2022_jp"])
def test_every_line_of_a_file_is_of_a_row_or_told_to_be_none(tmp_path: Path, end: str, encoding: str) -> None:
    text = '台帳,,\n\n番号,"名\n称",備考\n1,"二\n行",\n\n ,,\n2,"三\n\n行",\n3,壺,'.replace("\n", end)
    path = tmp_path / "sheet.csv"
    path.write_bytes(text.encode(encoding))
    with opened(path) as sheet:
        filled = sum(lines_filled(each.cells.values()) for each in sheet.rows())
    with path.open("rb") as binary:
        counted = lines_of(binary, sheet.encoding)
    assert (filled, sheet.besides, counted) == (6, 6, 12)


def test_bytes_that_are_no_character_are_told_by_column(tmp_path: Path) -> None:
    rows = read(tmp_path, "a,名\n1,正\n2,".encode("cp932") + b"\x81\n")
    assert [each.troubles for each in rows] == [{}, {"名": UNREADABLE}]


@pytest.mark.parametrize("raw", [b"", b"\n\n", b",,\n,,\n"])
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


def sheet_of(
    path: Path, raw: bytes, form: Form | None = None, password: str = ""
) -> tuple[list[str], list[SheetRow]]:
    path = path / "sheet"
    path.write_bytes(raw)
    with opened(path, form, password) as sheet:
        return sheet.header, list(sheet.rows())


def test_columns_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    header, rows = sheet_of(tmp_path, "番号,備考,備考,\n1,a,b,c\n".encode())
    assert header == ["番号", "備考", "備考 (2)", "列D"]
    assert rows[0].cells == {"番号": "1", "備考": "a", "備考 (2)": "b", "列D": "c"}


def test_a_title_above_and_merged_cells_in_the_header(tmp_path: Path) -> None:
    raw = "資料台帳,,,,\n\n番号,名称,寸法,,備考\n,,縦,横,\n1,壺,5,3,\n2,皿,4,2,x\n".encode()
    header, rows = sheet_of(tmp_path, raw)
    assert header == ["番号", "名称", "寸法 縦", "寸法 横", "備考"]
    assert [(each.number, each.cells["寸法 横"]) for each in rows] == [(5, "3"), (6, "2")]


def test_a_data_row_is_not_taken_for_a_header(tmp_path: Path) -> None:
    header, rows = sheet_of(tmp_path, b"no,title,,notes\n1,x,more,\n2,y,more,n\n")
    assert header == ["no", "title", "列C", "notes"]
    assert len(rows) == 2


def test_what_was_detected_can_be_said_otherwise(tmp_path: Path) -> None:
    raw = "題;x\n番号;名\n1;壺\n".encode("euc_jp")
    header, rows = sheet_of(tmp_path, raw, Form(encoding="euc_jp", delimiter=";", header_row=2))
    assert (header, rows) == (["番号", "名"], [SheetRow(3, {"番号": "1", "名": "壺"})])


def test_five_hundred_columns_and_cells_of_many_lines(tmp_path: Path) -> None:
    names = [f"c{at}" for at in range(500)]
    cell = '"' + "line\n" * 200 + '"'
    header, rows = sheet_of(tmp_path, (",".join(names) + "\n" + ",".join([cell] * 500) + "\n").encode())
    assert header == names
    assert rows[0].cells["c499"].count("\n") == 200


def test_a_utf_8_file_with_a_broken_byte_is_still_utf_8(tmp_path: Path) -> None:
    raw = "番号,名\n".encode() + "".join(f"{at},夏目漱石の書簡\n" for at in range(50)).encode() + b"51,\xff\n"
    _, rows = sheet_of(tmp_path, raw)
    assert [each.number for each in rows if each.troubles] == [52]
    assert rows[0].cells["名"] == "夏目漱石の書簡"


def test_a_workbook_is_read_as_its_cells_say(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("表紙").write(0, 0, "x")
        sheet = book.add_worksheet("台帳")
        sheet.write_row(1, 0, ["番号", "名", "受入日", "点数"])
        sheet.write_string(2, 0, "001")
        sheet.write(2, 1, "二行\nの名")
        sheet.write_datetime(2, 2, datetime(2020, 12, 1), book.add_format({"num_format": "yyyy/m/d"}))  # noqa: DTZ001
        sheet.write_number(2, 3, 12)
    with opened(path, Form(sheet="台帳")) as found:
        assert found.sheets == ["表紙", "台帳"]
        rows = list(found.rows())
    assert [each.number for each in rows] == [3]
    assert rows[0].cells == {"番号": "001", "名": "二行\nの名", "受入日": "2020/12/1", "点数": "12"}


@pytest.mark.parametrize("method", [pyzipper.WZ_AES, None], ids=["AES", "none"])
def test_a_zip_with_a_password(tmp_path: Path, method: int | None) -> None:
    path = tmp_path / "sheet.zip"
    with pyzipper.AESZipFile(path, "w", encryption=method) as packed:
        if method:
            packed.setpassword("ひみつ".encode())
        packed.writestr("台帳.csv", "番号,名\n1,壺\n".encode("cp932"))
    with opened(path, password="ひみつ") as sheet:
        assert [each.cells for each in sheet.rows()] == [{"番号": "1", "名": "壺"}]
    if method:
        with pytest.raises(SheetError), opened(path, password="ちがう"):
            pass


@pytest.mark.parametrize(
    "raw",
    [
        b"PK\x03\x04 not a zip at all",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600,
        b"PK\x05\x06" + b"\0" * 18,
    ],
    ids=["broken zip", "old Excel", "empty zip"],
)
def test_what_is_no_table_is_refused_with_what_to_do(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(SheetError):
        sheet_of(tmp_path, raw)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("encryption", [pyzipper.WZ_AES, None], ids=["AES", "none"])
def test_a_damaged_zip_is_read_or_refused(tmp_path: Path, method: int, encryption: int | None) -> None:
    """Whichever byte of it is another one: a crafted file is never a fault of ours."""
    whole = tmp_path / "whole.zip"
    with pyzipper.AESZipFile(whole, "w", compression=method, encryption=encryption) as packed:
        if encryption:
            packed.setpassword(b"x")
        packed.writestr("a.csv", "番号,名\n" + "".join(f"{at},壺{at}\n" for at in range(40)))
    raw, chance = whole.read_bytes(), Random(1)
    for at in range(len(raw)):
        with suppress(SheetError), opened(_written(tmp_path, _bent(raw, at, chance)), password="x") as sheet:
            list(sheet.rows())


@pytest.mark.parametrize("encryption", [pyzipper.WZ_AES, None], ids=["AES", "none"])
@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_that_is_not_unpacked_in_bounded_pieces_is_refused(method: int, encryption: int | None) -> None:
    """The library unpacks a megabyte of bzip2 at once, and that may be gigabytes."""
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", compression=method, encryption=encryption) as packed:
        if encryption:
            packed.setpassword(b"x")
        packed.writestr("a.csv", "番号,名\n1,壺\n")
    with pytest.raises(SheetError) as error, opened_in(out, password="x"):
        pass
    assert error.value.words == METHOD


def test_a_zip_that_grows_a_hundredfold_is_refused_before_it_is_unpacked_whole() -> None:
    """S1: 900 MB of zeros in 0.9 MB took 94 s."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("a.csv", "w") as inside:
        for _ in range(100):
            inside.write(bytes(1 << 20))
    with pytest.raises(SheetError) as error, opened_in(out):
        pass
    assert error.value.words == GROWN


def test_a_zip_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_module, "SECONDS", -1.0)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.csv", "番号,名\n1,壺\n")
    with pytest.raises(SheetError) as error, opened_in(out):
        pass
    assert error.value.words == TOO_SLOW


def test_a_zip_with_a_list_beyond_measure_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """40 MB of it are 800,000 names, and half a gigabyte of memory."""
    monkeypatch.setattr(packed_module, "LONGEST_LIST", 100)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for at in range(10):
            packed.writestr(f"{at}.csv", "a\n")
    for read in (opened_in, photos):
        with pytest.raises(SheetError) as error, read(out):
            pass
        assert error.value.words == CROWDED


def test_a_broken_sheet_in_a_sound_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["番号", "名"])
    with zipfile.ZipFile(path) as packed:
        inside = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, raw in inside.items():
            packed.writestr(name, raw[: len(raw) // 2] if "sheet1" in name else raw)
    with pytest.raises(SheetError), opened(path):
        pass


def _bent(raw: bytes, at: int, chance: Random) -> bytes:
    return raw[:at] + bytes([raw[at] ^ chance.randrange(1, 256)]) + raw[at + 1 :]


def _written(folder: Path, raw: bytes) -> Path:
    path = folder / "bent.zip"
    path.write_bytes(raw)
    return path


def test_lost_characters_are_placed_and_questions_left_alone() -> None:
    cells = {
        "a": "陶器 ?器 土器",
        "b": "森〓外",
        "c": "\ue000田",
        "d": "What is it?",
        "e": "（早期?後期）",
        "f": "何か？",
    }
    found = {each.column: (each.reason, each.places) for each in doubts(cells)}
    assert found == {"a": (QUESTION, (4,)), "b": (GAIJI, (2,)), "c": (GAIJI, (1,)), "e": (QUESTION, (4,))}


def test_numbers_that_a_spreadsheet_bent_are_known() -> None:
    assert all(map(bent, ("1.2E+05", "1月2日", "2-Jan", "Jan-02", "2020-01-02", "#REF!", "####", "2001/2/3")))
    assert not any(map(bent, ("001", "1-2", "A-2020-15", "2020-13-45", "明1-2", "1906.3.2", "E12")))


@pytest.mark.parametrize("name", ["a.zip", "a.xlsx"])
def test_no_error_is_raised_twice(tmp_path: Path, name: str) -> None:
    """One kept in a module would pin every password and row that it ever passed by, and grow with each raise."""
    path = tmp_path / name
    path.write_bytes(b"PK\x03\x04 no workbook")
    if name == "a.zip":
        with pyzipper.AESZipFile(path, "w", encryption=pyzipper.WZ_AES) as packed:
            packed.setpassword(b"secret-secret")
            packed.writestr("a.csv", b"a,b\n1,2\n")
    met = []
    for _ in range(2):
        with pytest.raises(SheetError) as error, opened(path, password="wrong-wrong"):
            pass
        met.append(error.value)
    assert met[0] is not met[1]
    assert met[0].words == met[1].words


@pytest.mark.parametrize(
    ("raw", "encoding", "said"),
    [
        ("資料番号,資料名\n1,火鉢\n".encode("cp932"), "utf-8-sig", "シフトJIS"),
        ("資料番号,資料名\n1,火鉢\n".encode(), "cp932", "UTF-8"),
        ("資料番号,資料名\n1,火鉢\n".encode("euc_jp"), "cp932", "EUC-JP"),
        ("資料番号,資料名\n1,火鉢\n".encode("utf-16"), "utf-16", ""),
        ("資料番号,資料名\n1,火鉢\n".encode("cp932"), "", ""),
        ("資料番号,資料名\n1,〓\ue000?\n".encode(), "", ""),
        (b"no,title\n1,vase\n", "cp932", ""),
        (b"no,title\n" + Random(14).randbytes(4_000).replace(b'"', b""), "", "表ではないファイル"),
        (b"no,title\n" + Random(14).randbytes(4_000).replace(b'"', b""), "cp932", "表ではないファイル"),
    ],
)  # fmt: skip
def test_mojibake_and_what_is_no_text_is_warned_of(raw: bytes, encoding: str, said: str) -> None:
    """2A 3.16: a hand-picked encoding, and random bytes taken for a table in cp932."""
    with opened_in(io.BytesIO(raw), Form(encoding=encoding)) as sheet:
        told = [ja for ja, _ in sheet.remarks]
    assert len(told) == bool(said)
    assert said in "".join(told)
