"""Operators and patterns from outside, at every address: nothing of them reaches a query, changes or shows anything.

Issue C, and ASVS 1.2.4 and 1.2.9: a walk over url_map, as five roles and as nobody.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from mongoengine.connection import get_db
from werkzeug.test import TestResponse

from tests.injection.addresses import NAMES, addresses, noun_of
from tests.injection.conftest import MARK, Ear
from tests.views.panel import Panel, Person

Tokens = Callable[[str], dict[str, str]]

OPERATORS = ("$ne", "$gt", "$regex", "$where", "$exists", "$nin", "$expr", "$or")
KEPT = (
    "items",
    "media",
    "donors",
    "loans",
    "exhibitions",
    "patrons",
    "books",
    "users",
    "roles",
    "institutions",
)
PEOPLE = [
    pytest.param("", id="nobody"),
    "staff.shinjuku",
    *(
        pytest.param(each, marks=pytest.mark.proof)
        for each in ("admin", "manager", "auditor", "librarian.kaizu")
    ),
]


def sent(at: int) -> dict[str, Any]:
    """Each name with an operator behind it, and each name with an operator as its value, in JSON or in words."""
    operator = OPERATORS[at % len(OPERATORS)]
    found: dict[str, Any] = {}
    for name in NAMES:
        found[name] = (json.dumps({operator: MARK}), f"{MARK}.*", f"{operator}{MARK}", f"[{operator}]{MARK}")[
            at % 4
        ]
        found[f"{name}[{operator}]"] = MARK
        found[f"{name}.{operator}"] = MARK
    return {
        **found,
        "__raw__": json.dumps({"$where": MARK}),
        operator: MARK,
        f"{MARK}{operator}": "1",
        "title__ne": MARK,
    }


def alone(at: int) -> dict[str, str]:
    """One name alone, so that an address that refuses unknown names reads it."""
    return {NAMES[at % len(NAMES)]: json.dumps({OPERATORS[at % len(OPERATORS)]: MARK})}


def standing() -> dict[str, list[Any]]:
    """All records as they lie in the store, but for what signing in changes."""
    return {name: list(get_db()[name].find({}, {"signed_in_at": 0}).sort("_id", 1)) for name in KEPT}


def test_the_names_are_those_that_the_pages_read_and_send() -> None:
    """Collected, not kept by hand: what a new form sends is tried without anybody thinking of it."""
    assert {"id", "note", "who", "passage", "comment", "personal", "passphrase", "destination", "due_on", "takeout_medium",
            "year", "month", "unit", "mapping", "mode", "seen", "remark", "sheet", "_fields", "since"} <= set(NAMES)  # fmt: skip


@pytest.mark.parametrize("login_id", PEOPLE)
def test_no_operator_from_outside_reaches_a_query(panel: Panel, ear: Ear, login_id: str) -> None:
    person = panel.person(login_id) if login_id else Person(panel.app)
    token = person.token
    before, ear.commands = standing(), 0
    ear.heard.clear()
    failed, calls = [], 0
    for at, (endpoint, path, method) in enumerate(addresses(panel.app)):
        id_ = panel.ids.get(noun_of(path), "zz")
        asked: list[dict[str, Any]] = [
            sent(at),
            alone(at),
            alone(at + 7),
            {"id": json.dumps({"$ne": MARK})},
            {"id[$ne]": MARK},
        ]
        for each in [*asked, {"id": id_, **alone(at + 13)}]:
            if method == "GET":
                answer = person.client.get(path, query_string=each, buffered=True)
            else:
                answer = person.client.open(path, method=method, query_string={"id": id_}, data={**each, "csrf_token": token}, buffered=True)  # fmt: skip
            calls += 1
            if answer.status_code >= 500:
                failed.append((endpoint, method, answer.status_code, str(each)[:80]))
    assert failed == []
    assert ear.heard == []
    if not login_id:
        assert standing() == before
    assert ear.commands > 0
    print(f"{login_id or 'nobody'}: {calls} requests, {ear.commands} commands, no operator among them")


@pytest.mark.parametrize("login_id", ["staff.shinjuku", "librarian.kaizu"])
def test_no_operator_in_json_reaches_a_query(panel: Panel, ear: Ear, tokens: Tokens, login_id: str) -> None:
    client = panel.app.test_client(use_cookies=False)
    noun = "item" if "staff" in login_id else "book"
    ear.heard.clear()
    for operator in ("$ne", "$where", "$regex"):
        for name in (
            "q",
            "f.title",
            "sort",
            "after",
            "institution",
            "f.title.empty",
            "query",
            "limit",
            operator,
        ):
            for value in (
                {operator: MARK},
                [{operator: MARK}],
                {"$where": MARK},
                json.dumps({operator: MARK}),
                f"{MARK}.*",
            ):
                answer = client.post(f"/api/v1/{noun}/search", json={name: value}, headers=tokens(login_id))
                assert answer.status_code in (200, 400, 403), (name, value, answer.text)
                assert isinstance(value, str) or answer.status_code == 400, (name, value)
    assert ear.heard == []


def test_the_ear_hears_an_operator_when_there_is_one(panel: Panel, ear: Ear) -> None:
    ear.heard.clear()
    get_db()["items"].find_one({"title": {"$ne": MARK}})
    get_db()["items"].find_one({f"{MARK}.x": 1})
    get_db()["items"].find_one({"title": {"$regex": f"{MARK}.*"}})
    assert {each.partition(" ")[2].partition(" ")[2] for each in ear.heard} >= {
        "operator $ne: 'zq7mark'", "name 'zq7mark.x'", "pattern 'zq7mark.*'",
    }  # fmt: skip
    ear.heard.clear()


TERMS = ["(a+)+$", "(a|aa)+$", "(.*a){25}", "^(([a-z])+.)+[A-Z]([a-z])+$", ".*" * 200, "a" * 10_000, "あ" * 3_500, "(" * 5_000,
         "\\" * 999, "[" * 999, "%00" * 400, "a " * 5_000]  # fmt: skip


@pytest.mark.parametrize("term", TERMS, ids=[each[:12] for each in TERMS])
def test_a_term_that_is_a_pattern_or_very_long_is_answered_within_a_second(
    panel: Panel, tokens: Tokens, term: str
) -> None:
    if not get_db()["items"].count_documents({"title": {"$regex": "^a{30}"}}):
        panel.make("item", "shinjuku", title="a" * 40 + "!", maker="a" * 40 + "!", notes="a" * 300 + "!")
        panel.make("donor", "shinjuku", donor_number="D-AAA", name="a" * 40 + "!")
    person = panel.person("staff.shinjuku")
    headers = tokens("staff.shinjuku")
    asks: list[Callable[[], TestResponse]] = [
        lambda: person.client.get("/admin/item/", query_string={"q": term}, buffered=True),
        lambda: person.client.get("/admin/item/", query_string={"f.title": term}, buffered=True),
        lambda: person.post("/admin/item/search/", {"q": term}),
        lambda: person.post("/admin/donor/search/", {"q": term}),
        lambda: person.post("/admin/donor/search/", {"f.name.masked": term}),
        lambda: person.post("/admin/item/choices/", {"q": term}),
        lambda: person.post("/admin/donor/lookup/", {"field": "name", "value": term, "purpose": "check"}),
        lambda: person.post(
            "/admin/donor/lookup/", {"field": "telephone", "value": term, "purpose": "check"}
        ),
        lambda: panel.app.test_client().get("/api/v1/item/", query_string={"q": term}, headers=headers),
        lambda: panel.app.test_client().post(
            "/api/v1/item/search", json={"q": term, "f.title": term}, headers=headers
        ),
    ]
    for at, ask in enumerate(asks):
        began = time.perf_counter()
        answer = ask()
        taken = time.perf_counter() - began
        assert answer.status_code < 500, at
        assert taken <= 1.0, (at, taken)
        if answer.status_code == 302 and "?" in answer.location:
            began = time.perf_counter()
            assert person.get(answer.location).status_code < 500, at
            assert time.perf_counter() - began <= 1.0, at
