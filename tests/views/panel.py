"""A small panel with two museums and a library, and people who ask it by HTTP alone."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from mongoengine.connection import get_db
from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse

from accounts.console import console
from accounts.sessions import Limits, begin_session, new_session_id
from app import create_app
from audit.drain import drain
from audit.sealer import seal
from gate.fields.pictures import safe_picture
from gate.writing.writing import create
from models.registry import NOUNS
from operations.store_indexes import ensure_indexes
from policies.actor import Actor
from settings.environment import Settings
from tests.world import PEPPER, actor, world

DONOR = {
    "name": "苗字 名前子", "name_reading": "みょうじ なまえこ", "postcode": "162-0045",
    "address": "東京都新宿区番地町九丁目8-7", "telephone": "03-9999-4321", "email": "canary@example.jp",
    "leave": "長男の承諾による", "notes": "備考にも人の名がある",
}  # fmt: skip
"""A donor none of whose values may stand on another institution's screen."""
MASKED = ("名前子", "みょうじ", "162-0045", "番地町", "03-9999", "canary@", "長男の承諾", "備考にも")
"""What of those values a mask leaves out."""
RESTRICTED = "秘密収蔵庫の棚九"
PERSONAL_NOTE = "来歴に名のある人"


@dataclass
class Panel:
    """The application under test and the records that stand in it."""

    app: Flask
    ids: dict[str, str] = field(default_factory=dict)
    """A record's name in the tests → its id."""

    def person(self, login_id: str, language: str = "ja") -> Person:
        """Someone signed in, with a browser and a session of their own."""
        who = actor(login_id)
        id_, data = new_session_id(), {"_user_id": who.user, "fresh_at": int(time.time())}
        begin_session(
            id_, who.user, stamp_of(login_id), data, Limits(), pepper=PEPPER, address="192.0.2.1", browser=""
        )
        person = Person(self.app, language)
        person.client.set_cookie("shuzoko", f"s.{id_}")
        if language != "ja":
            person.post("/language", {"language": language})
        return person

    def actor(self, login_id: str) -> Actor:
        """Who that account is to the gate."""
        return actor(login_id)

    def actor_id(self, login_id: str) -> str:
        """The id of that account, whether or not it may act now."""
        found = get_db()["users"].find_one({"login_id": login_id}, {"_id": 1})
        assert found is not None
        return str(found["_id"])

    def make(self, noun: str, institution: str, **values: Any) -> str:
        """A new record of that institution."""
        return create(console(institution), NOUNS[noun], institution, values)

    def stored(self, noun: str, id_: str) -> dict[str, Any] | None:
        """The document as it lies in the store."""
        from gate.store.collections import key_of, records_of

        return records_of(NOUNS[noun]).find_one({"_id": key_of(NOUNS[noun], id_)})


def stamp_of(login_id: str) -> str:
    """The stamp that an account's sessions are begun under now."""
    found = get_db()["users"].find_one({"login_id": login_id}) or {}
    return str(found.get("stamp") or "")


class Person:
    """A browser without scripts: cookies, forms with their token, and nothing else."""

    def __init__(self, app: Flask, language: str = "ja") -> None:
        self.client: FlaskClient = app.test_client()
        self.language = language
        self._token = ""

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open an address."""
        return self.client.get(path, headers={"Accept-Language": self.language}, buffered=True, **more)

    def post(self, path: str, data: Mapping[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form with its token; lists are sent as repeated fields."""
        sent: MultiDict[str, Any] = MultiDict(data or {})
        sent["csrf_token"] = self.token
        return self.client.post(
            path, data=sent, headers={"Accept-Language": self.language}, buffered=True, **more
        )

    @property
    def token(self) -> str:
        """The token of this browser's session."""
        if not self._token:
            page = self.client.get("/account/").text
            self._token = token_of(page if "csrf_token" in page else self.client.get("/login").text)
        return self._token

    def sign_in(self, login_id: str, password: str, **more: str) -> TestResponse:
        """Fill in the sign-in page and send it."""
        self._token = ""  # the page at the door has one of its own
        answer = self.post("/login", {"login_id": login_id, "password": password, **more})
        self._token = ""
        return answer

    def form(self, path: str) -> MultiDict[str, Any]:
        """What the form at that address would send if it were sent unchanged."""
        page = self.get(path)
        assert page.status_code == 200, page.text
        return filled_in(page.text)

    def ask(self, noun: str, text: str, **more: str) -> TestResponse:
        """Type words into a noun's search box and follow to its list."""
        return self.get(self.post(f"/admin/{noun}/search/", {"q": text, **more}).location)


def token_of(page: str) -> str:
    """The CSRF token on a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]


class Form(HTMLParser):
    """The fields of the record's form (or, without one, of the last form) as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: MultiDict[str, Any] = MultiDict()
        self._select = self._textarea = ""
        self._depth = 0
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self._inside = "data-record" in given or "enctype" in given
        elif tag == "template":
            self._depth += 1
        elif not self._inside or self._depth:
            return
        elif tag == "input" and name:
            self._input(name, given)
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._textarea = name
            self.fields.add(name, "")
        elif tag == "option" and self._select and "selected" in given:
            self.fields.add(self._select, given.get("value") or "")

    def _input(self, name: str, given: dict[str, str | None]) -> None:
        ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
        if ticked and given.get("type") != "file":
            self.fields.add(name, given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._depth -= 1
        elif tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.fields[self._textarea] = self.fields[self._textarea] + data.removeprefix("\n")


def filled_in(page: str) -> MultiDict[str, Any]:
    """The record's form on a page as a browser would send it."""
    form = Form()
    form.feed(page)
    return form.fields


def heads(page: str) -> list[str]:
    """The names of the columns of a table."""
    head = page[page.index("<thead>") : page.index("</thead>")]
    return [
        re.sub(r"<[^>]+>", "", each).strip() for each in re.findall(r'<th scope="col".*?</th>', head, re.S)
    ]


def picture(size: tuple[int, int] = (64, 48), kind: str = "PNG") -> bytes:
    """A small real picture."""
    out = io.BytesIO()
    Image.new("RGB", size, (120, 40, 90)).save(out, kind)
    return out.getvalue()


def sealed() -> None:
    """All that was done stands in the chains."""
    while seal() + drain():
        pass


def panel_app(uri: str, var: Path, hops: int = 0) -> Flask:
    """The application on that store and in that folder, told of so many proxies; its hashes are the tests' own."""
    app = create_app(
        Settings(
            var=var, mongodb_uri=uri, database="", secret_key="", host="127.0.0.1", port=0, proxy_hops=hops
        )
    )
    app.config["PEPPER"] = PEPPER
    app.testing = False  # errors are answered as they would be to a person
    return app


def upload(data: bytes, name: str = "picture.png") -> FileStorage:
    """A file as a form sends it."""
    return FileStorage(io.BytesIO(data), filename=name)


def build(app: Flask) -> Panel:
    """Set the panel up and put its records in, through the gate."""
    ensure_indexes()
    world(get_db())
    panel = Panel(app)
    ids = panel.ids
    ids["donor"] = panel.make("donor", "shinjuku", donor_number="D-SHIN", **DONOR)
    ids["donor.soseki"] = panel.make("donor", "soseki", donor_number="D-SOSE", name="別館 人太郎")
    ids["media"] = panel.make(
        "media", "shinjuku", title="火鉢の写真", file=safe_picture(io.BytesIO(picture()))
    )
    ids["item"] = panel.make(
        "item", "shinjuku", accession_number="S-0001", title="火鉢", acquisition_source=ids["donor"],
        photographs=[ids["media"]], location=RESTRICTED, provenance=PERSONAL_NOTE, acquisition_price="123456789",
        period={"text": "明治30年頃"}, object_type="document", input_status="in_progress",
        dimensions=[{"dimension": "height", "value": "12.50", "unit": "cm"}],
    )  # fmt: skip
    ids["item.soseki"] = panel.make("item", "soseki", accession_number="N-0001", title="原稿用紙")
    ids["loan"] = panel.make("loan", "shinjuku", borrower="見本美術館", items=[ids["item"]])
    ids["exhibition"] = panel.make("exhibition", "shinjuku", title="火鉢の展覧会")
    ids["patron"] = panel.make("patron", "kaizu", surname="利用", firstname="者美", phone="0584-99-4321")
    ids["book"] = panel.make("book", "kaizu", title="坊っちゃん")
    for noun, asked in (("user", {"login_id": "auditor.kaizu"}), ("role", {"code": "staff"})):
        found = get_db()[f"{noun}s"].find_one(asked)
        assert found is not None
        ids[noun] = str(found["_id"])
    ids["institution"] = "soseki"
    ids["term"] = "0" * 24  # this world has the starting terms, and none in the store
    ids["handler"] = panel.make(
        "handler", "shinjuku", name="学芸 担当", standing="handler", begins_on="2020-04-01"
    )
    ids["training"] = panel.make(
        "training", "shinjuku", held_on="2020-05-01", subject="個人情報の取扱い", attended=[ids["handler"]]
    )
    ids["plan"] = panel.make("plan", "shinjuku", fiscal_year="2020", rank_group="AB", records_04="10")
    ids["takeout"] = create(actor("staff.shinjuku"), NOUNS["takeout"], "shinjuku", {
        "content": "展示解説の原稿", "purpose": "exhibition", "takeout_medium": "usb", "destination": "印刷業者",
        "taken_by": panel.actor_id("staff.shinjuku"), "taken_on": "2026-04-01", "due_on": "2099-04-30",
    })  # fmt: skip
    shinjuku = actor("staff.shinjuku")
    ids["work_request"] = create(shinjuku, NOUNS["work_request"], "shinjuku", {
        "work": "空調の点検", "why": "定期点検", "work_place": "desk", "contractor": panel.actor_id("contractor"),
        "begins_at": "2026-04-01T09:00", "ends_at": "2026-04-01T17:00", "network": "192.0.2.1", "witness": shinjuku.user,
    })  # fmt: skip
    return panel
