"""The twelve published holes of other panels, tried on a panel made with Flask-Admin as its manual has it, beside ours.

Ours is tried by tests/proofs/test_peers_holes.py; this runs it and the same twelve on the stock panel, and prints both.
The stock panel does what its manual offers to withhold a value: a formatter masks the donor's name and telephone, the
hash of a password is in no column, only the number may be sorted by, and accounts of a museum get its records alone.
The name may be searched and filtered, because some may see it: Flask-Admin decides that once for everybody, at the start.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mongoengine as me
from flask import Flask, request
from flask.testing import FlaskClient
from flask_admin import Admin
from flask_admin.contrib.mongoengine import ModelView
from rich.console import Console
from rich.table import Table

from engine import start, var_folder
from engine.places import PROJECT

WITHHELD = "鏡子"
HASHES = ("$2b$12$k", "$2b$12$a")
HOLES: tuple[tuple[str, str], ...] = (
    ("Django 2010", "a filter reaches credentials"),
    ("Strapi CVE-2023-22894", "a filter reaches a withheld field"),
    ("Strapi CVE-2026-27886", "an unknown key is ignored, so more is shown"),
    ("Directus CVE-2025-30352", "a search reaches withheld text"),
    ("Directus CVE-2026-35442", "a count tells a withheld value"),
    ("Directus CVE-2025-64749", "out of reach and not there are told apart"),
    ("Directus GHSA-mvv8-v4jj-g47j", "the history shows withheld values"),
    ("Directus GHSA-x3vm-88hf-gpxp", "a record's values are logged"),
    ("Directus GHSA-9x5g-62gj-wqf2", "what is made anew inherits old rights"),
    ("Directus GHSA-56p6-qw3c-fq2g", "a suspended account stays in"),
    ("sqladmin #1068", "a masked column sorts the list"),
    ("starlette-admin #838", "a CSV holds a formula"),
)


class Person(me.Document):
    """A donor, and an account: as small as the twelve need."""

    meta = {"collection": "holes_people", "auto_create_index": False}
    number = me.StringField(required=True)
    name = me.StringField()
    telephone = me.StringField()
    institution = me.StringField()
    password_hash = me.StringField()


class PersonView(ModelView):
    """Masked, limited and scoped by the means of the manual."""

    column_list = ("number", "name", "telephone")
    column_sortable_list = ("number",)
    column_searchable_list = ("number", "name")
    column_filters = ("number", "name")
    column_formatters = {  # noqa: RUF012 - Flask-Admin's way
        "name": lambda *_: "***",
        "telephone": lambda *_: "***",
    }
    can_export = True
    can_view_details = True
    named_filter_urls = True

    def is_accessible(self) -> bool:
        """Whoever's account is not disabled."""
        return request.headers.get("X-Account") != "disabled"

    def get_query(self) -> Any:
        """The museum's own records."""
        return super().get_query().filter(institution="soseki")


def panel(uri: str, database: str) -> Flask:
    """The stock panel over three people."""
    app = Flask("stock")
    app.secret_key = os.urandom(16)
    me.connect(database, host=uri, alias="default", uuidRepresentation="standard")
    Person(
        number="1",
        name=f"夏目 {WITHHELD}",
        telephone="03-3205-0209",
        institution="soseki",
        password_hash=HASHES[0],
    ).save()
    Person(
        number="2", name="安倍 能成", telephone="03-1111-1111", institution="soseki", password_hash=HASHES[1]
    ).save()
    Person(
        number='=HYPERLINK("http://x","y")', name="内藤 新宿", telephone="03-2222-2222", institution="soseki"
    ).save()
    Person(number="9", name="他館 の人", telephone="03-9999-9999", institution="kaizu").save()
    Admin(app, name="stock").add_view(PersonView(Person, name="People", endpoint="person"))
    return app


def rows(client: FlaskClient, query: str) -> list[str]:
    """The numbers of the records on a list, in order."""
    page = client.get(f"/admin/person/?{query}").get_data(as_text=True)
    return re.findall(r'class="col-number"[^>]*>\s*(?:<[^>]*>\s*)*([^<\s]+)', page)


@dataclass(frozen=True)
class Attempt:
    """One hole tried: whether the stock panel lets it through; None where it has no such thing to attack."""

    hole: int
    open: Callable[[FlaskClient], bool | None]


def _credential(client: FlaskClient) -> bool:
    return rows(client, "flt0_password_hash_equals=x") == []


def _withheld_filter(client: FlaskClient) -> bool:
    return len(rows(client, f"flt0_name_contains={WITHHELD}")) == 1


def _unknown_key(client: FlaskClient) -> bool:
    return client.get("/admin/person/?flt0_nothing_equals=x").status_code == 200


def _search(client: FlaskClient) -> bool:
    return len(rows(client, f"search={WITHHELD}")) == 1


def _count(client: FlaskClient) -> bool:
    page = client.get(f"/admin/person/?flt0_name_contains={WITHHELD}").get_data(as_text=True)
    return "(1)" in page


def _told_apart(client: FlaskClient) -> bool:
    theirs = Person.objects(institution="kaizu").first()
    answers = [
        client.get(f"/admin/person/edit/?id={each}").status_code for each in (theirs.id, "f" * 24, "zz")
    ]
    return len(set(answers)) > 1


def _logged(client: FlaskClient) -> bool:
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(logging.Formatter().format(record))  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    one = Person.objects(number="2").first()

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(one.name)

    kept, ModelView.get_one = ModelView.get_one, fail
    try:
        client.get(f"/admin/person/details/?id={one.id}")
    finally:
        ModelView.get_one = kept
        logging.getLogger().removeHandler(handler)
    return any(one.name in line for line in said)


def _suspended(client: FlaskClient) -> bool:
    return client.get("/admin/person/", headers={"X-Account": "disabled"}).status_code == 200


def _sort(client: FlaskClient) -> bool:
    return rows(client, "sort=1") != rows(client, "sort=1&desc=1")


def _formula(client: FlaskClient) -> bool:
    return "=HYPERLINK" in client.get("/admin/person/export/csv/").get_data(as_text=True).replace('"=', "=")


ATTEMPTS = (
    Attempt(0, _credential), Attempt(1, _withheld_filter), Attempt(2, _unknown_key), Attempt(3, _search), Attempt(4, _count),
    Attempt(5, _told_apart), Attempt(6, lambda _: None), Attempt(7, _logged), Attempt(8, lambda _: None),
    Attempt(9, _suspended), Attempt(10, _sort), Attempt(11, _formula),
)  # fmt: skip


def stock(uri: str) -> list[bool | None]:
    """For each hole, whether the stock panel lets it through."""
    name = f"holes_{uuid.uuid4().hex[:8]}"
    client = panel(uri, name).test_client()
    try:
        return [each.open(client) for each in ATTEMPTS]
    finally:
        me.get_connection().drop_database(name)
        me.disconnect()


def ours(uri: str) -> list[bool]:
    """For each hole, whether the tests of it fail here."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "tests/proofs/test_peers_holes.py",
            "-q",
            f"--junitxml={report}",
        ]
        subprocess.run(  # noqa: S603 - our own tests
            command, cwd=PROJECT, env={**os.environ, "MONGODB_URI": uri}, check=False, capture_output=True
        )
        text = report.read_text()
    cases = re.findall(r'<testcase [^>]*name="test_(\d\d)_[^"]*"[^>]*?(/>|>.*?</testcase>)', text, re.DOTALL)
    failed = {int(number) for number, body in cases if "<failure" in body or "<error" in body}
    tried = {int(number) for number, _ in cases}
    return [at + 1 in failed or at + 1 not in tried for at in range(len(HOLES))]


def main() -> None:
    """Print the table; exit with 1 where one of ours is open."""
    uri = start(var_folder(os.environ)).uri
    stocks, own = stock(uri), ours(uri)
    table = Table(title="公表された12の穴 / the twelve published holes")
    for head in ("", "hole", "what it was", "Flask-Admin 2.2", "収蔵庫"):
        table.add_column(head)
    words = {True: "open", False: "blocked", None: "has none"}
    for at, (name, what) in enumerate(HOLES):
        table.add_row(str(at + 1), name, what, words[stocks[at]], words[own[at]])
    table.add_row(
        "", "", "blocked", f"{stocks.count(False)} of {12 - stocks.count(None)}", f"{own.count(False)} of 12"
    )
    Console(width=130).print(table)
    sys.exit(any(own))


if __name__ == "__main__":
    main()
