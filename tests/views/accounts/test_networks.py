"""From where: refused before sign-in and at every request, whatever a header claims (S7)."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from mongoengine.connection import get_db
from werkzeug.test import TestResponse

from accounts.sign_in import hashing
from accounts.sign_in.hashing import RETRY_SECONDS
from policies.lockout import NAMES
from settings.environment import Settings
from tests.views.panel import Panel, Person, panel_app
from tests.world import PASSWORD
from views.requests import busy

MUSEUM, HOME, PROXY = "192.0.2.7", "203.0.113.9", "127.0.0.1"
ALLOWED = ["192.0.2.0/24", "2001:db8:1::/48"]


@pytest.fixture(autouse=True)
def _as_before(panel: Panel) -> Iterator[None]:
    get_db()["attempts"].delete_many({})
    get_db()["api_rates"].delete_many({})
    yield
    for noun in ("institutions", "roles"):
        get_db()[noun].update_many({}, {"$unset": {"networks": ""}})


def allow(networks: list[str], noun: str = "institutions", **which: Any) -> None:
    get_db()[noun].update_many(which, {"$set": {"networks": networks}})


def events(kind: str) -> list[dict[str, Any]]:
    return list(get_db()["ledger"].find({"action": kind}).sort("_id", 1))


@pytest.fixture(scope="module")
def behind(panel: Panel) -> Callable[[int], Flask]:
    """The application told of so many proxies."""
    ours: Settings = panel.app.config["SETTINGS"]

    def made(hops: int) -> Flask:
        return panel_app(ours.mongodb_uri, ours.var, hops)

    return made


def asked(app: Flask, claimed: str, peer: str) -> TestResponse:
    return app.test_client().get(
        "/login", headers={"X-Forwarded-For": claimed}, environ_base={"REMOTE_ADDR": peer}, buffered=True
    )


@pytest.mark.parametrize("hops", [0, 1, 2])
def test_a_thousand_forged_addresses_change_nothing(behind: Callable[[int], Flask], hops: int) -> None:
    """What the declared proxies add counts; whatever stands before it, a person may have written."""
    app, chance = behind(hops), random.Random(hops)
    allow(ALLOWED)
    forged = [
        *(f"192.0.2.{n}" for n in range(256)), "2001:db8:1::1", "::ffff:192.0.2.7", "127.0.0.1", "", ",", ", ,", "unknown",
        "192.0.2.7:80", "[2001:db8:1::1]", "for=192.0.2.7", "x" * 200,
    ]  # fmt: skip
    own = {0: [], 1: [HOME], 2: [HOME, "10.0.0.2"]}[hops]
    peer = HOME if hops == 0 else PROXY
    answers = set()
    for _ in range(334):
        claimed = ", ".join([*chance.choices(forged, k=chance.randrange(1, 4)), *own])
        answer = asked(app, claimed, peer)
        answers.add((answer.status_code, f"<code>{HOME}</code>" in answer.text))
    assert answers == {(403, True)}


@pytest.mark.parametrize(
    ("hops", "claimed", "peer"),
    [(0, HOME, MUSEUM), (1, f"{HOME}, {MUSEUM}", PROXY), (2, f"{HOME}, {MUSEUM}, 10.0.0.2", PROXY),
     (1, f"::ffff:{MUSEUM}", PROXY), (0, "", f"::ffff:{MUSEUM}"), (1, "2001:db8:1::5", PROXY)],
)  # fmt: skip
def test_who_really_comes_from_within_is_let_in(
    behind: Callable[[int], Flask], hops: int, claimed: str, peer: str
) -> None:
    app = behind(hops)
    allow(ALLOWED)
    assert asked(app, claimed, peer).status_code == 200


def from_(panel: Panel, address: str, language: str = "ja") -> Person:
    person = Person(panel.app, language)
    person.client.environ_base["REMOTE_ADDR"] = address
    return person


def test_elsewhere_the_door_says_so_and_what_to_do(panel: Panel) -> None:
    outside = from_(panel, HOME)
    token = outside.token
    allow(ALLOWED)
    before = len(events("network_refused"))
    page = outside.get("/login")
    assert page.status_code == 403
    assert "この場所からは使えません" in page.text
    assert f"<code>{HOME}</code>" in page.text
    assert "Not allowed from this network" in from_(panel, HOME, "en").get("/login").text
    sent = {"login_id": "manager", "password": PASSWORD, "csrf_token": token}
    answer = outside.client.post("/login", data=sent, buffered=True)
    assert answer.status_code == 403
    assert "この場所からは使えません" in answer.text
    assert [each["detail"] for each in events("network_refused")[before:]] == [HOME]
    assert get_db()["attempts"].count_documents({}) == 0
    assert from_(panel, MUSEUM).sign_in("manager", PASSWORD).status_code == 302


def test_from_another_institutions_network_a_name_is_as_unknown_as_any(panel: Panel) -> None:
    allow(["203.0.113.0/24"], _id="kaizu")
    allow(ALLOWED, _id={"$ne": "kaizu"})
    person = from_(panel, HOME)
    known = [person.sign_in("manager", PASSWORD) for _ in range(6)]
    unknown = [person.sign_in("nobody.at.all", PASSWORD) for _ in range(6)]
    assert [each.status_code for each in known] == [each.status_code for each in unknown] == [401] * 5 + [429]
    assert {len(each.text) - len("manager") for each in known[:5]} == {
        len(each.text) - len("nobody.at.all") for each in unknown[:5]
    }
    assert from_(panel, HOME).sign_in("librarian.kaizu", PASSWORD).status_code == 302
    assert from_(panel, MUSEUM).sign_in("manager", PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("noun", "which"), [("institutions", {"_id": "soseki"}), ("roles", {"code": "staff"})]
)
def test_a_list_holds_for_the_next_request_of_who_has_signed_in(
    panel: Panel, noun: str, which: dict[str, Any]
) -> None:
    person = from_(panel, HOME)
    assert person.sign_in("staff.soseki", PASSWORD).status_code == 302
    assert person.get("/admin/item/").status_code == 200
    allow(ALLOWED, noun, **which)
    before = len(events("network_refused"))
    answer = person.get("/admin/item/")
    assert answer.status_code == 403
    assert "この場所からは使えません" in answer.text
    assert "原稿用紙" not in answer.text
    [entry] = events("network_refused")[before:]
    assert (entry["institution"], entry["detail"], bool(entry["actor"])) == ("soseki", HOME, True)
    allow([], noun, **which)
    assert person.get("/admin/item/").status_code == 302  # that session is over
    inside = from_(panel, MUSEUM)
    allow(ALLOWED, noun, **which)
    assert inside.sign_in("staff.soseki", PASSWORD).status_code == 302
    assert inside.get("/admin/item/").status_code == 200


def saves(person: Person, path: str, networks: str) -> TestResponse:
    form = person.form(path)
    form["networks"] = networks
    return person.post(path, form)


def test_an_administrator_names_the_networks_on_the_screen(panel: Panel) -> None:
    admin = from_(panel, MUSEUM)
    assert admin.sign_in("admin", PASSWORD).status_code == 302
    path = "/admin/institution/edit/?id=soseki"
    wrong = saves(admin, path, "10.0.0.0/8\n10.0.0.7/8")
    assert wrong.status_code == 400
    assert "「10.0.0.7/8」はネットワークの形になっていません" in wrong.text
    assert "10.0.0.0/8" in wrong.text  # what was typed stays
    assert saves(admin, path, "１０.0.0.0/8\n\n 2001:DB8::/48 \n10.0.0.0/8").status_code == 302
    stored = get_db()["institutions"].find_one({"_id": "soseki"})
    assert stored is not None
    assert stored["networks"] == ["10.0.0.0/8", "2001:db8::/48"]
    assert "2001:db8::/48" in admin.get("/admin/institution/details/?id=soseki").text


@pytest.mark.parametrize("noun", ["institution", "role"])
def test_nobody_shuts_themselves_out(panel: Panel, noun: str) -> None:
    admin = from_(panel, MUSEUM)
    assert admin.sign_in("admin", PASSWORD).status_code == 302
    role = get_db()["roles"].find_one({"code": "administrator", "institution": "section"})
    assert role is not None
    path = f"/admin/{noun}/edit/?id={'section' if noun == 'institution' else role['_id']}"
    refused = saves(admin, path, "10.0.0.0/8")
    assert refused.status_code == 400
    assert f"いまのあなたの接続元({MUSEUM})から入れなくなります" in refused.text
    assert saves(admin, path, "10.0.0.0/8\n192.0.2.0/24").status_code == 302
    assert admin.get("/admin/").status_code == 200
    assert saves(admin, path, "").status_code == 302


def test_the_networks_of_others_are_not_told(panel: Panel) -> None:
    allow(["198.51.100.0/24"], _id="soseki")
    staff = panel.person("staff.shinjuku")
    for path in ("/admin/institution/", "/admin/institution/details/?id=soseki", "/account/", "/admin/"):
        assert "198.51.100" not in staff.get(path).text


@pytest.fixture
def _no_place_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "_places", taken := threading.BoundedSemaphore(1))
    taken.acquire()
    busy._page.cache_clear()


@pytest.mark.usefixtures("_no_place_left")
def test_the_busy_page_tells_a_stranger_nothing_of_who_met_it_first(panel: Panel) -> None:
    """The page is kept for everyone: it is the same whoever asked first (law 5)."""
    answers = [
        panel.person("manager").post("/account/password", {"present": PASSWORD, "new": "x", "again": "x"}),
        Person(panel.app).sign_in("nobody", PASSWORD),
    ]
    assert [each.status_code for each in answers] == [429, 429]
    assert answers[0].text == answers[1].text
    assert "manager" not in answers[1].text
    assert "data-person" not in answers[1].text


@pytest.mark.usefixtures("_no_place_left")
def test_who_has_no_place_is_told_when_to_come_back(panel: Panel) -> None:
    for language, said in (("ja", "混み合っています"), ("en", "Many people are signing in")):
        answer = Person(panel.app, language).sign_in("manager", PASSWORD)
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == str(RETRY_SECONDS)
        assert said in answer.text
    assert get_db()["attempts"].count_documents({}) == 0


def test_a_lock_is_seen_and_lifted_on_the_accounts_record(panel: Panel) -> None:
    who = get_db()["users"].find_one({"login_id": "staff.soseki"})
    assert who is not None
    record, path = f"/admin/user/details/?id={who['_id']}", f"/admin/user/unlock/?id={who['_id']}"
    admin = panel.person("admin")
    assert "ロックを解く" not in admin.get(record).text
    assert "ロックされていません" in admin.get(path).text
    visitor = Person(panel.app)
    for n in range(5):
        visitor.sign_in("staff.soseki", f"ちがう{n}")
    assert visitor.sign_in("staff.soseki", PASSWORD).status_code == 429
    assert "ロックを解く" in admin.get(record).text
    assert "ロックされています" in admin.get(path).text
    assert panel.person("staff.shinjuku").post(path).status_code == 403
    assert panel.person("manager").post(path).status_code == 403
    assert visitor.sign_in("staff.soseki", PASSWORD).status_code == 429
    assert admin.post(path).location.endswith(record)
    assert events("unlocked")[-1]["detail"] == str(who["_id"])
    person = Person(panel.app)
    assert person.sign_in("staff.soseki", PASSWORD).status_code == 302
    assert "5回の誤った入力のためロックされました" in person.get("/admin/").text
    assert "ロックされました" not in person.get("/admin/").text


def test_an_address_that_is_held_up_is_seen_and_released_beside_the_accounts_lock(panel: Panel) -> None:
    """By its own address of the operator, or by one that is typed."""
    path = f"/admin/user/unlock/?id={panel.actor_id('staff.soseki')}"
    like = get_db()["users"].find_one({"login_id": "staff.soseki"}, {"_id": 0}) or {}
    names = [f"m{n}.soseki" for n in range(NAMES)]
    get_db()["users"].insert_many([{**like, "login_id": each, "login_key": each} for each in names])
    try:
        for each in names:
            assert Person(panel.app).sign_in(each, "ちがう").status_code == 401
        assert Person(panel.app).sign_in("staff.soseki", PASSWORD).status_code == 401
        assert Person(panel.app).sign_in("staff.shinjuku", PASSWORD).status_code == 302
        admin = panel.person("admin")
        page = admin.get(path).text
        assert "いまのあなたの接続元が止まっています" in page
        assert 'value="127.0.0.1"' in page
        for who in ("manager", "staff.shinjuku", "admin.kaizu"):
            assert panel.person(who).post(path, {"address": "127.0.0.1"}).status_code in (403, 404)
        wrong = admin.post(path, {"address": "受付の端末"})
        assert (wrong.status_code, "192.0.2.7 や" in wrong.text, "受付の端末" in wrong.text) == (
            400,
            True,
            True,
        )
        assert admin.post(path, {"address": "198.51.100.7"}).status_code == 302
        assert "198.51.100.7 は止められていません" in admin.get("/admin/").text
        assert Person(panel.app).sign_in("staff.soseki", PASSWORD).status_code == 401
        assert admin.post(path, {"address": "127.0.0.1"}).status_code == 302
        assert Person(panel.app).sign_in("staff.soseki", PASSWORD).status_code == 302
        assert events("address_unlocked")[-1]["detail"] == "127.0.0.1"
        assert "いまのあなたの接続元" not in admin.get(path).text
    finally:
        get_db()["users"].delete_many({"login_id": {"$in": names}})
