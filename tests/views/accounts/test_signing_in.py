"""Coming in: nothing is learnt by guessing, nothing of before the sign-in lives on, and nobody is led astray."""

from __future__ import annotations

import re
from html import unescape

import pytest
from mongoengine.connection import get_db

from accounts.sign_in.arrivals import undeclared_proxy
from accounts.sign_in.passwords import hashed
from policies.lockout import Limits
from tests.views.panel import Panel, Person
from tests.world import PASSWORD, PEPPER

LIMIT = Limits().attempts
KANJI = "蔵" * 64


@pytest.fixture(autouse=True)
def _fresh_attempts(panel: Panel) -> None:
    get_db()["attempts"].delete_many({})


def _body(page: str) -> str:
    """A page without its token and the name that was typed."""
    return re.sub(r'(name="csrf_token" value="|id="login_id"[^>]*value=")[^"]*', r"\1", page)


def test_wrong_and_unknown_and_disabled_get_one_answer(panel: Panel) -> None:
    get_db()["users"].update_one({"login_id": "auditor.kaizu"}, {"$set": {"disabled": True}})
    try:
        answers = [
            Person(panel.app).sign_in(name, password)
            for name, password in (
                ("staff.soseki", "ちがう"), ("nobody.here", "ちがう"), ("nobody.here", PASSWORD), ("auditor.kaizu", PASSWORD),
                ("staff.soseki", ""), ("staff.soseki", "x" * 5000),
            )
        ]  # fmt: skip
    finally:
        get_db()["users"].update_one({"login_id": "auditor.kaizu"}, {"$set": {"disabled": False}})
    assert {each.status_code for each in answers} == {401}
    assert len({_body(each.text) for each in answers}) == 1


def test_the_right_password_opens_the_panel(panel: Panel) -> None:
    person = Person(panel.app)
    answer = person.sign_in("STAFF.ｓｏｓｅｋｉ", PASSWORD)  # width and case are folded, as everywhere
    assert (answer.status_code, answer.location) == (302, "/admin/")
    assert "staff.soseki" in person.get("/account/").text


@pytest.mark.parametrize(
    ("path", "more"),
    [("/account/password", {"new": KANJI, "again": KANJI}), ("/account/tokens/", {"name": "試し", "days": "30"}),
     ("/account/second-factor/off", {})],
)  # fmt: skip
def test_while_locked_a_right_password_is_not_called_wrong(
    panel: Panel, path: str, more: dict[str, str]
) -> None:
    person = panel.person("staff.soseki")
    for _ in range(LIMIT):
        answer = person.post(path, {"present": "ちがう", **more})
        assert (answer.status_code, "パスワードが違います" in answer.text) == (400, True)
    locked = person.post(path, {"present": PASSWORD, **more})
    assert locked.status_code == 400
    assert "分のあいだ確認できません" in locked.text
    assert "パスワードが違います" not in locked.text


def test_sixty_four_kanji_are_a_password_to_their_last(panel: Panel) -> None:
    get_db()["users"].update_one(
        {"login_id": "auditor.kaizu"}, {"$set": {"password_hash": hashed(KANJI, PEPPER, cost=4)}}
    )
    assert Person(panel.app).sign_in("auditor.kaizu", KANJI[:-1] + "庫").status_code == 401
    assert Person(panel.app).sign_in("auditor.kaizu", KANJI[:-1]).status_code == 401
    assert Person(panel.app).sign_in("auditor.kaizu", KANJI).status_code == 302


@pytest.mark.parametrize("name", ["staff.shinjuku", "nobody.at.all"])
def test_after_the_limit_even_the_right_password_waits(panel: Panel, name: str) -> None:
    person = Person(panel.app)
    statuses = [person.sign_in(name, f"ちがう {n}").status_code for n in range(LIMIT)]
    assert statuses == [401] * LIMIT
    for typed in (name, name.upper(), f" {name} "):
        answer = Person(panel.app, "en").sign_in(typed, PASSWORD)
        assert answer.status_code == 429
        assert "Sign-in is locked for a while" in answer.text


def test_a_success_forgets_the_failures_before_it(panel: Panel) -> None:
    for _ in range(2):
        person = Person(panel.app)
        for n in range(LIMIT - 1):
            assert person.sign_in("staff.shinjuku", f"ちがう {n}").status_code == 401
        assert person.sign_in("staff.shinjuku", PASSWORD).status_code == 302


def test_a_spoofed_address_buys_no_attempt(panel: Panel) -> None:
    person = Person(panel.app)
    for n in range(LIMIT + 1):
        sent = {"login_id": "manager", "password": "ちがう", "csrf_token": person.token}
        answer = person.client.post(
            "/login", data=sent, headers={"X-Forwarded-For": f"10.0.0.{n}"}, buffered=True
        )
    assert answer.status_code == 429


def test_the_session_is_a_new_one_after_signing_in(panel: Panel) -> None:
    person = Person(panel.app)
    planted = person.token
    with person.client.session_transaction() as session:
        session["planted"] = "before"
        before = session["csrf_token"]
    assert person.sign_in("staff.soseki", PASSWORD).status_code == 302
    with person.client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before
    answer = person.client.post("/language", data={"csrf_token": planted, "language": "en"}, buffered=True)
    assert answer.status_code == 400


def test_the_cookie_is_kept_from_scripts_and_other_sites(panel: Panel) -> None:
    answer = Person(panel.app).sign_in("staff.soseki", PASSWORD)
    cookies = answer.headers.getlist("Set-Cookie")
    assert {each.partition("=")[0] for each in cookies} == {"shuzoko", "shuzoko-device"}
    for each in cookies:
        assert "HttpOnly" in each
        assert "SameSite=Lax" in each


def strangers(panel: Panel, name: str) -> None:
    """Wrong guesses from another browser, until the name is locked."""
    for n in range(LIMIT):
        assert Person(panel.app).sign_in(name, f"ちがう {n}").status_code == 401
    assert Person(panel.app).sign_in(name, PASSWORD).status_code == 429


def test_at_a_known_device_the_right_password_passes_a_lock_that_strangers_hold(panel: Panel) -> None:
    """S9: five guesses from anywhere lock a name that somebody knows; they do not lock its person out."""
    name = "staff.soseki"
    mine = Person(panel.app)
    assert mine.sign_in(name, PASSWORD).status_code == 302
    assert mine.post("/logout").status_code == 302
    cookie = mine.client.get_cookie("shuzoko-device")
    assert cookie
    assert panel.actor_id(name) not in cookie.value
    strangers(panel, name)
    assert mine.sign_in(name, "ちがう").status_code == 401
    assert mine.sign_in(name, PASSWORD).status_code == 302
    assert "5回の誤った入力のためロックされました" in mine.get("/admin/").text
    assert Person(panel.app).sign_in(name, PASSWORD).status_code == 429  # for strangers it holds on
    # Within, the present password is asked for, and counted like this too.
    sent = {"present": PASSWORD, "name": "試し", "days": "30"}
    assert "shuzoko_" in mine.post("/account/tokens/", sent).text
    for n in range(LIMIT):
        assert mine.sign_in(name, f"ちがう {n}").status_code == 401
    locked = mine.sign_in(name, PASSWORD)
    assert locked.status_code == 429
    assert "前にこのアカウントでサインインした、ほかのパソコン" in locked.text


def test_a_device_is_forgotten_with_the_sessions_and_this_browser_stays_known(panel: Panel) -> None:
    name = "staff.soseki"
    here, there = Person(panel.app), Person(panel.app)
    for each in (here, there):
        assert each.sign_in(name, PASSWORD).status_code == 302
    assert here.post("/account/sessions/end-others").status_code == 302
    strangers(panel, name)
    assert there.sign_in(name, PASSWORD).status_code == 429
    here._token = ""  # its session is another now
    assert here.post("/logout").status_code == 302
    assert here.sign_in(name, PASSWORD).status_code == 302


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_a_proxy_that_was_not_declared_is_noticed(panel: Panel, header: str) -> None:
    """Doctor warns of it: everybody behind it has one address."""
    get_db()["api_rates"].delete_many({})
    assert undeclared_proxy() == 0

    def arrive(times: int, **headers: str) -> None:
        person = Person(panel.app)
        for n in range(times):
            sent = {"login_id": f"nobody{n}", "password": "ちがう", "csrf_token": person.token}
            assert person.client.post("/login", data=sent, headers=headers, buffered=True).status_code == 401

    arrive(9, **{header: "198.51.100.7"})
    assert undeclared_proxy() == 9
    arrive(1)
    assert undeclared_proxy() == 9
    arrive(1)
    assert undeclared_proxy() == 0  # people come directly, too


def test_signing_out_ends_the_session(panel: Panel) -> None:
    person = panel.person("staff.soseki")
    assert person.client.get("/logout").status_code == 405  # a link elsewhere signs nobody out
    assert person.post("/logout").location == "/login"
    assert person.get("/admin/").location.startswith("/login")


@pytest.mark.parametrize("asked", ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil", "javascript:alert(1)",
                                   "http:/evil", "/\t/evil.example", "///evil", "evil", ""])  # fmt: skip
def test_nobody_is_sent_to_another_site(panel: Panel, asked: str) -> None:
    answer = Person(panel.app).sign_in("staff.soseki", PASSWORD, next=asked)
    assert answer.location == "/admin/"
    assert (
        panel.person("staff.soseki").post("/language", {"language": "ja", "next": asked}).location
        == "/admin/"
    )


@pytest.mark.parametrize(
    "path", ["/admin/item/", "/admin/item/?sort=title&desc=1", "/admin/item/details/?id={item}"]
)
def test_who_had_to_sign_in_first_goes_on_to_where_they_were(panel: Panel, path: str) -> None:
    person, wanted = Person(panel.app), path.format(**panel.ids)
    sent_to = person.get(wanted).location
    assert sent_to.startswith("/login?next=")
    form = person.get(sent_to).text.partition('action="/login"')[2]
    asked = re.search(r'name="next" value="([^"]+)"', form)
    assert asked
    assert person.sign_in("staff.soseki", PASSWORD, next=unescape(asked[1])).location == wanted


def test_nobody_sees_anything_but_the_door(panel: Panel) -> None:
    person, opened = Person(panel.app), []
    for rule in panel.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments:
            answer = person.get(rule.rule)
            if answer.status_code != 401 and not (answer.location or "").startswith("/login"):
                opened.append(rule.rule)
                # Whether all is well is said by /readyz's status.
                assert answer.status_code in ((200, 503) if rule.rule == "/readyz" else (200, 404)), rule.rule
    assert sorted(opened) == ["/.well-known/security.txt", "/healthz", "/livez", "/login", "/readyz"]


def test_every_answer_carries_the_headers(panel: Panel) -> None:
    person = panel.person("staff.soseki")
    for path in (
        "/login",
        "/admin/",
        "/admin/item/",
        "/nowhere",
        "/admin/item/?f.x=1",
        "/healthz",
        "/static/js/main.js",
    ):
        headers = person.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        for part in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
            assert part in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert (headers.get("Cache-Control") == "no-store") is (not path.startswith("/static/"))


def _change(person: Person, present: str, new: str, again: str | None = None) -> int:
    sent = {"present": present, "new": new, "again": new if again is None else again}
    return person.post("/account/password", sent).status_code


def test_a_password_is_changed_by_who_knows_it(panel: Panel) -> None:
    person = panel.person("librarian.kaizu")
    fresh = "あたらしい言葉は十五字をこえます"
    assert _change(person, "ちがう", fresh) == 400
    assert _change(person, PASSWORD, "短い") == 400
    assert _change(person, PASSWORD, fresh, "べつの言葉") == 400
    assert _change(person, PASSWORD, fresh) == 302
    assert Person(panel.app).sign_in("librarian.kaizu", PASSWORD).status_code == 401
    assert Person(panel.app).sign_in("librarian.kaizu", fresh).status_code == 302
    get_db()["users"].update_one(
        {"login_id": "librarian.kaizu"}, {"$set": {"password_hash": hashed(PASSWORD, PEPPER, cost=4)}}
    )


def test_the_language_chosen_before_the_sign_in_stays(panel: Panel) -> None:
    """2A 4.10."""
    person = Person(panel.app)
    person.get("/login")
    person.post("/language", {"language": "en"})
    assert person.sign_in("staff.soseki", PASSWORD).status_code == 302
    assert '<html lang="en"' in person.get("/admin/").text
