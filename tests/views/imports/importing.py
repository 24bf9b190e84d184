"""Imports by HTTP alone: the file that the tests of the screens send, and what the worker does meanwhile."""

from __future__ import annotations

from typing import Any

from mongoengine.connection import get_db
from werkzeug.test import TestResponse

from imports.work import Work
from tests.views.panel import Panel, Person, upload

LEGACY = (
    "資料番号,資料名,年代,寸法,寄贈者,寄贈者住所,備考,分類\r\n"
    "L-001,火鉢,明治30年頃,12.5×30cm,苗字 太郎,東京都新宿区戸山1-2-3,〓の箱入り,民俗資料\r\n"
    "L-002,,大正5年,10cm,苗字 太郎,東京都新宿区戸山1-2-3,,民俗資料\r\n"
    "L-003,絵葉書,昭和3年,不明瞭,苗字 花子,東京都港区芝1-1,電話03-1234-5678,民俗資料\r\n"
    "L-004,短冊,昭和5年,36×6cm,,,,民俗資料\r\n"
)


def forget_imports() -> None:
    """Leave nothing of any import behind: its papers, its source, and the records whose numbers begin as LEGACY's do."""
    names = (
        "imports",
        "import_batches",
        "import_mappings",
        "jobs",
        "import_sources.files",
        "import_sources.chunks",
    )
    for name in names:
        get_db()[name].delete_many({})
    get_db()["items"].delete_many({"accession_number": {"$regex": "^L-"}})
    get_db()["media"].delete_many({"title": {"$regex": "^L-"}})


def run_of(kind: str = "") -> dict[str, Any]:
    """The one import that there is, of records or of the kind named."""
    found: dict[str, Any] | None = get_db()["imports"].find_one({"kind": kind or {"$exists": False}})
    assert found is not None
    return found


def worker(panel: Panel) -> Work:
    """A worker with nothing in hand yet."""
    return Work(panel.app.config["IMPORT_KEY"])


def work(panel: Panel) -> None:
    """What the worker does."""
    hand = worker(panel)
    while hand.step():
        pass


def sent(person: Person, text: str = LEGACY, **more: str) -> str:
    """The address of a new import."""
    answer = person.post(
        "/migration/", {"noun": "item", "file": upload(text.encode("cp932"), "台帳.csv"), **more}
    )
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def act(person: Person, page: str, name: str, **more: str) -> TestResponse:
    """Press one of the buttons of an import's page."""
    return person.post(f"{page}act", {"act": name, **more})
