"""The typical requests of a day, over HTTP alone: revisions may differ in everything behind their addresses."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from benchmarks.against.revision import Revision
from benchmarks.browser import Answer, Browser, fields_of
from benchmarks.cases import LIST, WORDS, saving
from benchmarks.servers import Server

EXPORT = f"{LIST}export/"
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
NARROW = "?institution=shinjuku"
IMPORTED = 3_000
MAPPING = """noun = "item"
[constants]
object_type = "folk"
input_status = "awaiting_check"
[fields]
accession_number = "number"
title = "title"
period = "period"
maker = "maker"
notes = "notes"
"""

Act = Callable[[], float]
"""Does it once and returns the seconds that it took."""


class NotAnswered(Exception):
    """A revision has no such page, or answers it with an error: there is nothing to compare."""


@dataclass(frozen=True)
class Kind:
    """A line of the table: how often it is done on each side (a multiple of two: either side begins as often)."""

    label: tuple[str, str]
    rounds: int


PAGES = 60
KINDS = {
    "home": Kind(("最初の画面", "home"), PAGES),
    "list": Kind(("一覧", "list"), PAGES),
    "search-2": Kind(("検索 2文字", "search, two"), PAGES),
    "search-4": Kind(("検索 4文字", "search, four"), PAGES),
    "card": Kind(("カード", "card"), PAGES),
    "form": Kind(("編集画面", "form"), PAGES),
    "save": Kind(("保存", "save"), PAGES),
    "progress": Kind(("進捗", "progress"), PAGES),
    "audit": Kind(("操作履歴", "audit"), PAGES),
    "sign-in": Kind(("サインイン", "sign-in"), 20),
    "export": Kind(("書き出し", "export 1,000"), 16),
    "import": Kind(("取込", f"import {IMPORTED:,}"), 8),
}
"""Name → kind, in the order of the table."""


class People:
    """One revision's acts, each done by the person who does it in a museum."""

    def __init__(self, revision: Revision, server: Server) -> None:
        self.revision, self.server = revision, server
        self.passwords = revision.passwords()
        staff, manager, auditor = map(self._signed_in, ("staff.shinjuku", "manager", "auditor"))
        id_ = self._record(staff)
        form = f"{LIST}edit/?id={id_}"
        save = saving(staff, form, form)
        self._exported = manager
        self._imports = 0
        self.acts: dict[str, Act] = {
            "home": _page(staff, "/admin/"),
            "list": _page(staff, LIST),
            "search-2": _page(staff, f"{LIST}?q={quote(WORDS[0])}"),
            "search-4": _page(staff, f"{LIST}?q={quote(WORDS[1])}"),
            "card": _page(staff, f"{LIST}details/?id={id_}"),
            "form": _page(staff, form),
            "save": lambda: _checked(save(), 302),
            "progress": _page(manager, "/progress/"),
            "audit": _page(auditor, "/audit/"),
            "sign-in": self._sign_in,
            "export": self._export,
            "import": self._import,
        }

    def _signed_in(self, login_id: str) -> Browser:
        browser = Browser(self.server)
        browser.sign_in(login_id, self.passwords[login_id])
        return browser

    def _record(self, staff: Browser) -> str:
        found = re.search(r"/admin/item/details/\?id=([0-9a-f]{24})", staff.get(f"{LIST}{NARROW}").text)
        if found is None:
            raise RuntimeError(f"{self.revision.name}: the list of items links no card")
        return found[1]

    def _sign_in(self) -> float:
        browser = Browser(self.server)
        form = fields_of(browser.get("/login").text, "/login", holding="login_id")
        typed = {"login_id": "staff.soseki", "password": self.passwords["staff.soseki"]}
        return _checked(browser.post("/login", [(name, typed.get(name, value)) for name, value in form]), 302)

    def _export(self) -> float:
        page = self._exported.get(f"{EXPORT}{NARROW}").text
        token = TOKEN.search(page)
        if token is None:
            raise NotAnswered("the page of exports has no form")
        sent = [("csrf_token", token[1]), ("purpose", "report"), ("columns", "list")]
        answer = self._exported.post(f"{EXPORT}csv/{NARROW}", sent)
        lines = answer.body.count(b"\n")
        if answer.status == 200 and lines < 1_000:
            raise NotAnswered(f"{lines} lines")
        return _checked(answer, 200)

    def _import(self) -> float:
        """The whole command, as an operator runs it: read, checked, stored, searchable, in the ledger."""
        self._imports += 1
        with tempfile.TemporaryDirectory() as folder:
            file, mapping = Path(folder) / "ledger.csv", Path(folder) / "mapping.toml"
            lines = (
                f"I{self._imports:02}-{row:05},内藤新宿絵図 {row},明治{row % 44 + 1}年頃,作者 {row % 90},棚 {row % 7}"
                for row in range(IMPORTED)
            )
            file.write_text("\n".join(("number,title,period,maker,notes", *lines)), encoding="utf-8")
            mapping.write_text(MAPPING, encoding="utf-8")
            began = time.perf_counter()
            try:
                self.revision.flask(
                    "import", "items", str(file), "--mapping", str(mapping), "--institution", "soseki"
                )
            except RuntimeError as error:
                raise NotAnswered(str(error)) from None
            return time.perf_counter() - began


def _page(browser: Browser, path: str) -> Act:
    return lambda: _checked(browser.get(path), 200)


def _checked(answer: Answer, expected: int) -> float:
    if answer.status != expected:
        raise NotAnswered(f"answered with {answer.status}")
    return answer.seconds
