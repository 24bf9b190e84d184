"""/migration/ and workbooks: what hides in them is told, and a hostile one is refused in one sentence (S1, S3)."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.imports.workbooks import Cell, book, farthest
from tests.views.imports.importing import act, run_of, work
from tests.views.panel import Panel, Person, upload

pytestmark = pytest.mark.usefixtures("no_imports")
ROWS: list[list[Cell]] = [
    ["資料番号", "名称", "保管場所"],
    ["L-001", "火鉢", (45325, 'm"月"d"日"')],
    ["L-002", "短冊", "棚1"],
]


def posted(person: Person, raw: bytes, name: str = "台帳.xlsx") -> tuple[int, str, str]:
    """Status, address to go on with, and text of the answer to an upload."""
    answer = person.post("/migration/", {"noun": "item", "file": upload(raw, name)})
    return answer.status_code, str(answer.location or ""), answer.text


def test_a_workbook_with_a_far_cell_is_answered_with_its_name(shinjuku: Person) -> None:
    status, _, text = posted(shinjuku, farthest())
    assert status == 400
    assert "XFD1048576" in text


def test_a_zip_that_grows_a_hundredfold_is_answered_with_what_to_do(shinjuku: Person) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("a.csv", "w") as inside:
        for _ in range(100):
            inside.write(bytes(1 << 20))
    status, _, text = posted(shinjuku, out.getvalue(), "台帳.zip")
    assert status == 400
    assert "zipの大きさに比べて大きすぎます" in text


@pytest.mark.parametrize("field", ["file", "mapping"])
def test_a_hostile_workbook_beside_photographs_is_refused_likewise(shinjuku: Person, field: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("L-001.jpg", b"x")
    files = {"file": upload(out.getvalue(), "photos.zip"), field: upload(farthest(), "a.xlsx")}
    assert shinjuku.post("/migration/photographs/", files).status_code == 400


def test_hidden_sheets_and_columns_stand_on_the_imports_page(shinjuku: Person) -> None:
    status, page, _ = posted(shinjuku, book(ROWS, hidden_sheets=["旧台帳"], hidden_columns=[2]))
    assert status == 302
    text = shinjuku.get(page).text
    assert "非表示のシートがあります: 旧台帳" in text
    assert "非表示の列も読んでいます: C" in text


def test_what_excel_altered_stands_among_the_trials_findings(panel: Panel, shinjuku: Person) -> None:
    _, page, _ = posted(shinjuku, book(ROWS, hidden_rows=[2]))
    assert act(shinjuku, page, "trial").status_code == 302
    work(panel)
    text = shinjuku.get(page).text
    assert "Excelが月日や時刻に変えた値のようです" in text
    assert "Excelで非表示" in text
    assert run_of()["trial"]["fates"][0] == 2
