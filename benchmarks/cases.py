"""What is measured: the same act of a person on each side, as a call that returns its answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import quote

from mongoengine.connection import get_db

from benchmarks.browser import Answer, Browser, fields_of
from benchmarks.ours import AS_SHIPPED

Call = Callable[[], Answer]
WORD = "山水"
STATUS = "awaiting_check"


@dataclass(frozen=True)
class Case:
    """One line of the table; a side that has no such page is left out."""

    label: tuple[str, str]
    calls: dict[str, Call]
    expected: int = 200


def cases(ours: Browser, stock: Browser, floor: Browser) -> list[Case]:
    """The lines of the table in their order."""
    item = get_db()["items"].find_one(
        {"institution": "shinjuku", "acquisition_source": {"$exists": True}, "period.earliest": {"$gt": 0}}
    )
    if item is None:
        raise RuntimeError("the benchmark's records are not there")
    word, id_ = quote(WORD), str(item["_id"])
    narrow = f"institution=shinjuku&f.input_status={STATUS}"
    narrow_stock = f"flt0_institution_equals=shinjuku&flt1_input_status_equals={STATUS}"

    def pages(label: tuple[str, str], of_ours: str, of_stock: str, of_floor: str) -> Case:
        return Case(label, {
            "ours": lambda: ours.get(of_ours), "stock": lambda: stock.get(of_stock), "floor": lambda: floor.get(of_floor),
        })  # fmt: skip

    first = ours.get("/admin/item/")
    following = re.search(r'rel="next" href="([^"]+)"', first.text)
    if following is None:
        raise RuntimeError("the first page has no next one")
    return [
        pages(("最初のページ", "First page"), "/admin/item/", "/admin/item/", "/"),
        Case(("最初のページ(出荷時の9列)", "First page, the nine columns as shipped"), {"ours": lambda: _as_shipped(ours)}),
        pages(("次のページ", "Next page"), unescape(following[1]), "/admin/item/?page=1", "/?skip=50"),
        pages(("館と入力状況で絞る", "Filtered by institution and status"), f"/admin/item/?{narrow}",
              f"/admin/item/?{narrow_stock}", f"/?institution=shinjuku&input_status={STATUS}"),
        pages((f"検索「{WORD}」", f"Search for {WORD}"), f"/admin/item/?q={word}", f"/admin/item/?search={word}",
              f"/?search={word}"),
        pages(("資料番号の順", "Sorted by accession number"), "/admin/item/?sort=accession_number", "/admin/item/?sort=0",
              "/?sort=accession_number"),
        pages(("資料名の順", "Sorted by title"), "/admin/item/?sort=title", "/admin/item/?sort=1", "/?sort=title"),
        Case(("編集画面", "Edit form"), {
            "ours": lambda: ours.get(f"/admin/item/edit/?id={id_}"),
            "stock": lambda: stock.get(f"/admin/item/edit/?id={id_}"),
        }),
        Case(("保存", "Save"), {
            "ours": _saving(ours, f"/admin/item/edit/?id={id_}", f"/admin/item/edit/?id={id_}"),
            "stock": _saving(stock, f"/admin/item/edit/?id={id_}", ""),
        }, expected=302),
    ]  # fmt: skip


def _as_shipped(ours: Browser) -> Answer:
    ours.headers[AS_SHIPPED] = "1"
    try:
        return ours.get("/admin/item/")
    finally:
        del ours.headers[AS_SHIPPED]


def _saving(browser: Browser, path: str, action: str) -> Call:
    """Open the form, change its maker, send it; only the sending is measured."""
    turn = 0

    def save() -> Answer:
        nonlocal turn
        turn += 1
        fields = fields_of(browser.get(path).text, action, holding="maker")
        changed = [(name, f"作者 {turn}" if name == "maker" else value) for name, value in fields]
        return browser.post(path, changed)

    return save


def export(side: str, browser: Browser) -> Answer:
    """The export of every item as CSV, read to its end."""
    if side == "stock":
        return browser.get("/admin/item/export/csv/")
    page = browser.get("/admin/item/export/").text
    token: Any = dict(fields_of(page, "/admin/item/export/csv/"))["csrf_token"]
    return browser.post("/admin/item/export/csv/", [("csrf_token", token), ("purpose", "report")])
