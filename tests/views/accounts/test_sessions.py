"""Sessions (S8, S9): the browser holds a random id, the store the rest, and what was ended opens nothing again."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface
from mongoengine.connection import get_db

from accounts.sessions import Limits
from accounts.sign_in.passwords import hashed
from accounts.tokens import make_token, tokens_of
from tests.views.panel import Panel, Person, stamp_of
from tests.world import PASSWORD, PEPPER
from views.requests.sessions import BrowserSession, family, present

CAUSES = ("signing out", "a new password", "another role", "a suspension")
FRESH = "あたらしい言葉は十五字をこえています"
WHO = "staff.soseki"


def cookie_of(person: Person) -> str:
    found = person.client.get_cookie("shuzoko")
    return found.value if found else ""


def let_in(app: Flask, cookie: str) -> bool:
    """Whether somebody with this cookie, and no more, sees a page."""
    client = app.test_client()
    client.set_cookie("shuzoko", cookie)
    answer = client.get("/account/", buffered=True)
    assert answer.status_code in (200, 302)
    return answer.status_code == 200


def edited(panel: Panel, **changes: str) -> None:
    """The administrator changes the account by its form."""
    admin, who = panel.person("admin"), panel.actor_id(WHO)
    form = admin.form(f"/admin/user/edit/?id={who}")
    for name, value in changes.items():
        form[name] = value
    assert admin.post(f"/admin/user/edit/?id={who}", form).status_code == 302


def role_of(code: str) -> str:
    found = get_db()["roles"].find_one({"code": code, "institution": "section"})
    assert found
    return str(found["_id"])


def sign_everybody_out(panel: Panel, people: list[Person]) -> None:
    for each in people:
        assert each.post("/logout").location == "/login"


def change_the_password(panel: Panel, people: list[Person]) -> None:
    sent = {"present": PASSWORD, "new": FRESH, "again": FRESH}
    assert people[0].post("/account/password", sent).status_code == 302
    # Back to the old one, as if nothing had been: a cookie from before it stays dead.
    get_db()["users"].update_one(
        {"login_id": WHO}, {"$set": {"password_hash": hashed(PASSWORD, PEPPER, cost=4)}}
    )


def change_the_role(panel: Panel, people: list[Person]) -> None:
    edited(panel, role=role_of("auditor"))
    edited(panel, role=role_of("staff"))


def suspend(panel: Panel, people: list[Person]) -> None:
    edited(panel, disabled="1")
    edited(panel, disabled="")


def end_all_of_it(panel: Panel, people: list[Person]) -> None:
    admin, path = panel.person("admin"), f"/admin/user/sessions/?id={panel.actor_id(WHO)}"
    assert admin.post(path).status_code == 302


def end_the_others(panel: Panel, people: list[Person]) -> None:
    assert people[0].post("/account/sessions/end-others").status_code == 302
    assert people[0].get("/account/").status_code == 200  # this browser goes on


ENDED_ALL = ("all ended by an administrator", "all but one ended by its person")
ACTS: dict[str, Callable[[Panel, list[Person]], None]] = dict(
    zip(
        CAUSES + ENDED_ALL,
        (
            sign_everybody_out,
            change_the_password,
            change_the_role,
            suspend,
            end_all_of_it,
            end_the_others,
        ),
        strict=True,
    )
)


def replay(panel: Panel, cause: str, count: int) -> int:
    """Capture so many working cookies, end their sessions, and use them all; how many still open the panel."""
    people = [panel.person(WHO) for _ in range(count)]
    captured = [cookie_of(each) for each in people]
    assert len(set(captured)) == count
    assert all(let_in(panel.app, each) for each in captured)
    bystander = panel.person("staff.shinjuku")
    ACTS[cause](panel, people)
    assert let_in(panel.app, cookie_of(bystander))
    return sum(let_in(panel.app, each) for each in captured)


@pytest.mark.parametrize("cause", CAUSES)
def test_a_captured_cookie_is_dead_after(panel: Panel, cause: str) -> None:
    assert replay(panel, cause, 10) == 0


@pytest.mark.parametrize("cause", CAUSES[1:] + ENDED_ALL)
def test_what_ends_the_sessions_ends_the_tokens_and_nothing_revives_them(panel: Panel, cause: str) -> None:
    """A suspension that is lifted and a role that is changed back are among the causes (K13)."""
    program = {"Authorization": f"Bearer {make_token(panel.actor(WHO), '試し', 30, pepper=PEPPER)}"}
    other = {
        "Authorization": f"Bearer {make_token(panel.actor('staff.shinjuku'), '試し', 30, pepper=PEPPER)}"
    }

    def opens(sent: dict[str, str]) -> bool:
        return panel.app.test_client().get("/api/v1/item/", headers=sent).status_code == 200

    assert opens(program)
    ACTS[cause](panel, [panel.person(WHO)])
    assert not opens(program)
    assert opens(other)
    assert all(each.ended for each in tokens_of(panel.actor_id(WHO)))
    fresh = {"Authorization": f"Bearer {make_token(panel.actor(WHO), '次', 30, pepper=PEPPER)}"}
    assert opens(fresh)


def test_a_token_made_while_its_maker_is_shut_out_is_dead(panel: Panel) -> None:
    """The person was let in, then the account changed, then the token was made: it bears the old stamp."""
    stamp = stamp_of(WHO)
    end_all_of_it(panel, [])
    token = make_token(panel.actor(WHO), "遅れた", 30, pepper=PEPPER, stamp=stamp)
    sent = {"Authorization": f"Bearer {token}"}
    assert panel.app.test_client().get("/api/v1/item/", headers=sent).status_code == 401


def test_an_administrator_sees_and_ends_an_accounts_tokens(panel: Panel) -> None:
    get_db()["api_tokens"].delete_many({"user": panel.actor_id(WHO)})
    tokens = [make_token(panel.actor(WHO), name, 30, pepper=PEPPER) for name in ("台帳の連携", "統計の連携")]
    admin, path = panel.person("admin"), f"/admin/user/sessions/?id={panel.actor_id(WHO)}"
    page = admin.get(path).text
    assert "台帳の連携" in page
    assert not any(each in page for each in tokens)
    kept, ended = tokens_of(panel.actor_id(WHO))
    for who in ("manager", WHO, "admin.kaizu"):
        assert panel.person(who).post(path, {"token": ended.id}).status_code in (403, 404)
    get_db()["ledger"].delete_many({})
    elsewhere = f"/admin/user/sessions/?id={panel.actor_id('contractor')}"
    assert admin.post(elsewhere, {"token": ended.id}).status_code == 404  # not this account's
    assert admin.post(path, {"token": ended.id}).status_code == 302
    assert tokens_of(panel.actor_id(WHO)) == [kept]
    [noted] = get_db()["ledger"].find({"action": "token_revoked"})
    assert (noted["actor"], noted["institution"]) == (panel.actor_id("admin"), "soseki")


@pytest.mark.proof
def test_of_a_thousand_captured_cookies_none_works(panel: Panel) -> None:
    alive = {cause: replay(panel, cause, 250) for cause in CAUSES}
    print(f"replayed: 1000 cookies, 250 before each of {', '.join(CAUSES)}; {sum(alive.values())} worked")
    assert set(alive.values()) == {0}


def test_the_browser_holds_a_random_id_and_the_store_only_its_hash(panel: Panel) -> None:
    person = Person(panel.app)
    answer = person.sign_in(WHO, PASSWORD)
    cookie = cookie_of(person)
    assert re.fullmatch(r"s\.[\w-]{43}", cookie)  # 256 bits
    said = repr(list(get_db()["sessions"].find()))
    assert cookie.removeprefix("s.") not in said
    [sent] = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("shuzoko=")]
    assert "Expires" not in sent
    assert "Max-Age" not in sent
    assert cookie_of(panel.person(WHO)) != cookie


def test_signing_in_again_gives_another_id_and_ends_the_one_before(panel: Panel) -> None:
    person = panel.person(WHO)
    before = cookie_of(person)
    person.post("/login", {"login_id": WHO, "password": PASSWORD})
    assert cookie_of(person) != before
    assert not let_in(panel.app, before)
    assert let_in(panel.app, cookie_of(person))


def test_of_a_signed_cookie_only_what_passers_by_may_say_is_read(panel: Panel) -> None:
    """Whatever else one says, an older panel's for instance, is as if it stood not there."""
    serializer = SecureCookieSessionInterface().get_signing_serializer(panel.app)
    assert serializer
    client = panel.app.test_client()
    client.set_cookie(
        "shuzoko", str(serializer.dumps({"language": "en", "_user_id": "x", "fresh_at": 2_000_000_000}))
    )
    with client:
        client.get("/login")
        assert dict(session) == {"language": "en", "csrf_token": session["csrf_token"]}


def test_a_signed_cookie_never_says_who_somebody_is(panel: Panel) -> None:
    """As an earlier version made them: everything in the cookie, good for as long as the key lives."""
    serializer = SecureCookieSessionInterface().get_signing_serializer(panel.app)
    assert serializer
    forged = serializer.dumps({"_user_id": panel.actor(WHO).user, "_fresh": True, "fresh_at": 2_000_000_000})
    assert not let_in(panel.app, str(forged))


def test_passers_by_leave_nothing_in_the_store(panel: Panel) -> None:
    before = get_db()["sessions"].count_documents({})
    for _ in range(5):
        person = Person(panel.app)
        person.get("/login")
        person.get("/admin/item/")
        person.post("/language", {"language": "en"})
        assert not cookie_of(person).startswith("s.")
    assert get_db()["sessions"].count_documents({}) == before


def age(person: Person, **ago: timedelta) -> None:
    """Let a session have begun, or been used, so long ago."""
    with person.client.session_transaction() as session:
        assert isinstance(session, BrowserSession)
        _ = dict(session)
        assert session.stored
        moved = {name: datetime.now(UTC) - each for name, each in ago.items()}
        get_db()["sessions"].update_one({"_id": session.stored.key}, {"$set": moved})


@pytest.mark.parametrize(
    ("ago", "alive"),
    [
        ({"seen_at": timedelta(minutes=29)}, True),
        ({"seen_at": timedelta(minutes=31)}, False),
        ({"started_at": timedelta(hours=3, minutes=59)}, True),
        ({"started_at": timedelta(hours=4, minutes=1)}, False),
        ({"ends_at": timedelta(seconds=1)}, False),
        # The clock was set back by a minute, and by a day.
        ({"seen_at": timedelta(minutes=-1)}, True),
        ({"started_at": timedelta(days=-1), "seen_at": timedelta(days=-1)}, False),
    ],
)
def test_a_session_ends_by_the_limits_of_its_institution(
    panel: Panel, ago: dict[str, timedelta], alive: bool
) -> None:
    person = panel.person(WHO)
    assert person.get("/account/").status_code == 200
    get_db()["institutions"].update_one(
        {"_id": "soseki"}, {"$set": {"session_idle": 30, "session_longest": 4}}
    )
    try:
        age(person, **ago)
        assert let_in(panel.app, cookie_of(person)) is alive
        if not alive:
            page = person.get("/login").text
            assert "サインアウトしました" in page
    finally:
        get_db()["institutions"].update_one(
            {"_id": "soseki"}, {"$unset": {"session_idle": "", "session_longest": ""}}
        )


def test_a_session_is_written_when_it_changes_and_else_once_a_minute(panel: Panel) -> None:
    person = panel.person(WHO)
    person.get("/admin/")
    with person.client.session_transaction() as session:
        _ = dict(session)
        assert isinstance(session, BrowserSession)
        assert session.stored
        key = session.stored.key
    stood = get_db()["sessions"].find_one({"_id": key})
    for path in ("/admin/", "/admin/item/", "/account/", "/static/js/main.js"):
        person.get(path)
    assert get_db()["sessions"].find_one({"_id": key}) == stood
    age(person, seen_at=timedelta(seconds=61))
    person.get("/admin/item/")
    written = get_db()["sessions"].find_one({"_id": key})
    assert written
    assert datetime.now(UTC) - written["seen_at"] < timedelta(seconds=20)
    assert written["ends_at"] - written["seen_at"] == Limits().idle


def test_of_two_messages_that_wait_for_the_next_page_none_is_lost(panel: Panel) -> None:
    person = panel.person("staff.shinjuku")
    for columns in (["title"], ["title", "rank"]):
        answer = person.post("/admin/item/columns/", {"act": "keep", "column": columns})
        assert answer.status_code == 302
    assert person.post("/admin/item/columns/", {"act": "reset"}).status_code == 302
    page = person.get("/admin/item/").text
    assert page.count("列を保存しました。") == 2
    assert page.count("列を元に戻しました。") == 1


def test_a_form_sent_too_late_leads_to_the_door_and_back_to_itself(panel: Panel) -> None:
    person = panel.person(WHO)
    form = "/admin/item/new/?institution=soseki"
    sent = {"title": "書きかけ", "csrf_token": person.token}
    get_db()["sessions"].delete_many({"user": panel.actor(WHO).user})
    answer = person.client.post(
        form, data=sent, headers={"Referer": f"http://localhost{form}"}, buffered=True
    )
    assert answer.status_code == 302
    assert answer.location == "/login?next=/admin/item/new/?institution%3Dsoseki"
    assert "この画面(タブ)に残っています" in person.get(answer.location).text
    assert person.sign_in(WHO, PASSWORD, next=form).location == form


def test_what_was_read_of_an_account_beside_its_session_is_on_no_page(panel: Panel) -> None:
    """Law 1: templates know the session, and an account as stored holds its password's hash."""
    person = panel.person(WHO)
    for _ in range(2):
        with person.client:
            assert person.get("/admin/item/").status_code == 200
            assert present().identity is None


def test_where_the_store_does_not_answer_the_browser_keeps_its_session(panel: Panel) -> None:
    def fails() -> None:
        raise ConnectionError

    session = BrowserSession(fails)  # type: ignore[arg-type]
    with pytest.raises(ConnectionError):
        session.get("language")
    session["csrf_token"] = "x"  # as the error's own page does
    with panel.app.test_request_context():
        answer = panel.app.response_class()
        panel.app.session_interface.save_session(panel.app, session, answer)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("cause", CAUSES[1:])
def test_a_session_begun_while_the_account_changes_is_dead(panel: Panel, cause: str) -> None:
    """The password was found right, then the account changed, then the session begun: it bears the old stamp."""
    stamp = stamp_of(WHO)
    ACTS[cause](panel, [panel.person(WHO)])
    assert stamp_of(WHO) != stamp
    person = panel.person(WHO)
    assert let_in(panel.app, cookie_of(person))
    with person.client.session_transaction() as session:
        _ = dict(session)
        assert isinstance(session, BrowserSession)
        assert session.stored
        get_db()["sessions"].update_one({"_id": session.stored.key}, {"$set": {"stamp": stamp}})
    assert not let_in(panel.app, cookie_of(person))


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0 Safari/537.36 Edg/124.0", "Edge · Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_4) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15", "Safari · macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605 Version/17 Mobile Safari/604", "Safari · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0", "Firefox · Linux"),
        ("curl/8", ""),
        ("\0<script>" * 900, ""),
    ],
)  # fmt: skip
def test_of_a_browser_only_its_family_is_kept(agent: str, said: str) -> None:
    assert family(agent) == said


def test_what_is_typed_is_kept_under_a_key_of_its_account_alone(panel: Panel) -> None:
    def key(login_id: str) -> str:
        text = panel.person(login_id).get("/admin/item/new/").text
        return text.partition('data-draft-key="')[2].partition('"')[0]

    assert len(b64decode(key("staff.shinjuku"))) == 32
    assert key("staff.shinjuku") == key("staff.shinjuku")  # their next session's
    assert key("staff.shinjuku") != key("staff.soseki")
    assert "data-draft-key" not in panel.person("staff.shinjuku").get("/admin/item/").text
