"""/migration/: a large file is opened by the worker, and no page reads it (S3)."""

from __future__ import annotations

import io

import pytest
import pyzipper
from mongoengine.connection import get_db

from imports.run import opening
from tests.imports.workbooks import book, farthest
from tests.views.imports.importing import LEGACY, act, run_of, sent, work
from tests.views.panel import Panel, Person, upload

pytestmark = pytest.mark.usefixtures("no_imports", "everything_is_large")


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "LARGE", 100)


def zipped(text: str, password: str) -> bytes:
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as packed:
        packed.setpassword(password.encode())
        packed.writestr("台帳.csv", text.encode("cp932"))
    return out.getvalue()


def test_a_large_file_is_opened_by_the_worker_and_then_goes_the_usual_way(
    panel: Panel, shinjuku: Person
) -> None:
    page = sent(shinjuku)
    assert run_of()["state"] == "opening"
    first = shinjuku.get(page).text
    assert "ファイルを読んでいます" in first
    assert "火鉢" not in first
    work(panel)
    opened = shinjuku.get(page).text
    assert "火鉢" in opened
    assert "シフトJIS" in opened
    assert act(shinjuku, page, "trial").status_code == 302
    work(panel)
    assert act(shinjuku, page, "run", sure="1").status_code == 302
    work(panel)
    there = get_db()["items"].find({"accession_number": {"$regex": "^L-"}})
    assert sorted(each["accession_number"] for each in there) == ["L-001", "L-003", "L-004"]


def test_the_pages_of_a_large_file_do_not_read_it(panel: Panel, shinjuku: Person) -> None:
    page = sent(shinjuku)
    work(panel)
    get_db()["import_sources.chunks"].delete_many({})
    assert "火鉢" in shinjuku.get(page).text
    columns = {f"column.{at}": "" for at in range(2, 8)} | {
        "column.0": "field:accession_number",
        "column.1": "field:title",
    }
    assert shinjuku.post(f"{page}mapping", {**columns, "mode": "create", "unit": "cm"}).status_code == 302


def test_a_zip_with_a_password_is_unpacked_by_the_worker_and_the_password_forgotten(
    panel: Panel, shinjuku: Person
) -> None:
    file = {
        "noun": "item",
        "file": upload(zipped(LEGACY, "ひみつ-ひみつ"), "台帳.zip"),
        "password": "ひみつ-ひみつ",
    }
    page = str(shinjuku.post("/migration/", file).location)
    assert "sealed" in run_of()
    work(panel)
    assert "火鉢" in shinjuku.get(page).text
    assert run_of()["file"]["name"] == "台帳.csv"
    assert "sealed" not in run_of()
    assert get_db()["import_sources.files"].count_documents({}) == 1


def test_a_wrong_password_is_told_before_anybody_waits(shinjuku: Person) -> None:
    file = {"noun": "item", "file": upload(zipped(LEGACY, "ひみつ-ひみつ"), "台帳.zip"), "password": "x"}
    answer = shinjuku.post("/migration/", file)
    assert answer.status_code == 400
    assert "パスワードを確かめてください" in answer.text
    assert get_db()["import_sources.files"].count_documents({}) == 0


def test_a_large_file_that_cannot_be_read_says_why_and_can_be_erased(panel: Panel, shinjuku: Person) -> None:
    page = str(
        shinjuku.post("/migration/", {"noun": "item", "file": upload(farthest(), "台帳.xlsx")}).location
    )
    work(panel)
    assert run_of()["state"] == "unread"
    assert "XFD1048576" in shinjuku.get(page).text
    assert act(shinjuku, page, "run", sure="1").status_code == 400
    assert act(shinjuku, page, "erase").status_code == 302
    assert get_db()["import_sources.files"].count_documents({}) == 0


def test_a_large_file_is_read_another_way_by_the_worker(panel: Panel, shinjuku: Person) -> None:
    raw = book([["資料番号", "名称"], ["L-001", "火鉢"]], hidden_sheets=["旧台帳"])
    page = str(shinjuku.post("/migration/", {"noun": "item", "file": upload(raw, "台帳.xlsx")}).location)
    work(panel)
    assert "旧台帳" in shinjuku.get(page).text
    assert shinjuku.post(f"{page}form", {"sheet": "ない", "header_row": "1"}).status_code == 302
    work(panel)
    assert "「ない」がありません" in shinjuku.get(page).text
    assert shinjuku.post(f"{page}form", {"sheet": "台帳", "header_row": "1"}).status_code == 302
    work(panel)
    assert "火鉢" in shinjuku.get(page).text


def test_the_first_rows_go_with_the_source(panel: Panel, shinjuku: Person) -> None:
    page = sent(shinjuku)
    work(panel)
    assert get_db()["import_batches"].count_documents({"source": {"$exists": True}}) == 1
    assert act(shinjuku, page, "erase").status_code == 302
    assert get_db()["import_batches"].count_documents({"source": {"$exists": True}}) == 0
