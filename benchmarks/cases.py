"""What is measured: the same act of a person on each side, as a call that returns its answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from html import unescape
from typing import Any
from urllib.parse import quote

from mongoengine.connection import get_db

from benchmarks.browser import Answer, Browser, fields_of

Call = Callable[[], Answer]
WORDS = ("山水", "山水図皿")
LIST, DJANGO = "/admin/item/", "/admin/django_admin/item/"
STATUS = "awaiting_check"


@dataclass(frozen=True)
class Case:
    """One line of the table; a side that has no such page is left out."""

    label: tuple[str, str]
    calls: dict[str, Call]
    expected: int = 200
    least: int = 51
    """Rows of a list's table, its head included."""


def cases(sides: Mapping[str, Browser], shipped: Browser) -> list[Case]:
    """The lines of the table in their order, for the sides that are there; `shipped` has chosen no columns."""
    ours = sides["ours"]
    item = get_db()["items"].find_one(
        {"institution": "shinjuku", "acquisition_source": {"$exists": True}, "period.earliest": {"$gt": 0}}
    )
    if item is None:
        raise RuntimeError("the benchmark's records are not there")
    id_ = str(item["_id"])
    forms = dict.fromkeys(("ours", "stock"), f"{LIST}edit/?id={id_}")
    if "django" in sides:
        forms["django"] = _form_of(sides["django"], quote(item["accession_number"]))
    middle, at = _middle()
    narrow = f"institution=shinjuku&f.input_status={STATUS}"
    narrow_stock = f"flt0_institution_equals=shinjuku&flt1_input_status_equals={STATUS}"

    def pages(
        label: tuple[str, str], of_ours: str, of_stock: str, of_django: str, of_floor: str, least: int = 51
    ) -> Case:
        paths = {
            "ours": f"{LIST}{of_ours}",
            "stock": f"{LIST}{of_stock}",
            "django": f"{DJANGO}{of_django}",
            "floor": f"/{of_floor}",
        }
        return Case(
            label, {side: partial(browser.get, paths[side]) for side, browser in sides.items()}, least=least
        )

    first = ours.get("/admin/item/")
    following = re.search(r'rel="next" href="([^"]+)"', first.text)
    if following is None:
        raise RuntimeError("the first page has no next one")
    return [
        pages(("最初のページ", "First page"), "", "", "", ""),
        Case(("最初のページ(出荷時の9列)", "First page, the nine columns as shipped"), {"ours": partial(shipped.get, LIST)}),
        pages(("次のページ", "Next page"), unescape(following[1]).removeprefix(LIST), "?page=1", "?p=2", "?skip=50"),
        pages(("中ほどのページ", "A page in the middle"), f"?after={middle}", f"?page={at // 50}", f"?p={at // 50 + 1}",
              f"?skip={at}"),
        pages(("館と入力状況で絞る", "Filtered by institution and status"), f"?{narrow}", f"?{narrow_stock}",
              f"?institution__exact=shinjuku&input_status__exact={STATUS}", f"?institution=shinjuku&input_status={STATUS}"),
        *(pages((f"検索「{each}」", f"Search for {each}"), f"?q={quote(each)}", f"?search={quote(each)}", f"?q={quote(each)}",
                f"?search={quote(each)}", 20) for each in WORDS),
        pages(("資料番号の順", "Sorted by accession number"), "?sort=accession_number", "?sort=0", "?o=1",
              "?sort=accession_number"),
        pages(("資料名の順", "Sorted by title"), "?sort=title", "?sort=1", "?o=2", "?sort=title"),
        Case(("編集画面", "Edit form"), {side: partial(sides[side].get, path) for side, path in forms.items()}),
        Case(("保存", "Save"), {
            side: saving(sides[side], path, path if side == "ours" else "") for side, path in forms.items()
        }, expected=302),
    ]  # fmt: skip


def _middle() -> tuple[str, int]:
    """The id of the record in the middle, and how many stand before it."""
    at = get_db()["items"].estimated_document_count() // 2
    found = get_db()["items"].find({}, {"_id": 1}).sort("_id", 1).skip(at).limit(1)
    return str(next(iter(found))["_id"]), at


def _form_of(django: Browser, number: str) -> str:
    """The address of the item of that number in Django's own ids."""
    found = re.search(rf'href="({DJANGO}\d+/change/)', django.get(f"{DJANGO}?accession_number={number}").text)
    if found is None:
        raise RuntimeError("Django's copy of the item is not there")
    return found[1]


def saving(browser: Browser, path: str, action: str) -> Call:
    """Open the form, change its maker, send it; only the sending is measured."""
    turn = 0

    def save() -> Answer:
        nonlocal turn
        turn += 1
        fields = fields_of(browser.get(path).text, action, holding="maker")
        changed = [(name, f"作者 {turn}" if name == "maker" else value) for name, value in fields]
        return browser.post(path, changed)

    return save


def export(side: str, browser: Browser, columns: str = "list") -> Answer:
    """The export of every item as CSV, read to its end; of ours the list's columns, as the peer's, or `all` fields."""
    if side == "stock":
        return browser.get("/admin/item/export/csv/")
    page = browser.get("/admin/item/export/").text
    token: Any = dict(fields_of(page, "/admin/item/export/csv/"))["csrf_token"]
    return browser.post(
        "/admin/item/export/csv/", [("csrf_token", token), ("purpose", "report"), ("columns", columns)]
    )
