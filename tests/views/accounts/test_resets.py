"""A reset (S8): an administrator starts it by a link on paper, and never knows a password."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from mongoengine.connection import get_db

from accounts.approving import approve
from accounts.sign_in import resets
from accounts.sign_in.resets import start_reset, use_reset
from accounts.sign_in.unlocking import end_sessions
from accounts.tokens import make_token
from gate.refusals import NotFound, Refused
from tests.views.panel import Panel, Person
from tests.world import PASSWORD, PEPPER, actor, approve_accounts

WHO = "staff.soseki"
FRESH = "わたしだけが知る十五字の言葉です"


@pytest.fixture(autouse=True)
def _as_before(panel: Panel) -> Iterator[None]:
    get_db()["attempts"].delete_many({})
    who = get_db()["users"].find_one({"login_id": WHO})
    yield
    assert who
    get_db()["users"].replace_one({"_id": who["_id"]}, who)
    get_db()["resets"].delete_many({})


def sheet(panel: Panel, login_id: str = WHO, **sent: str) -> tuple[str, str]:
    """The sheet that the administrator prints, and the path of its link."""
    page = panel.person("admin").post(f"/admin/user/reset/?id={panel.actor_id(login_id)}", sent)
    assert page.status_code == 200
    link = re.search(
        r"http://127\.0\.0\.1:\d+(/reset/[a-z2-9]{5}(?:-[a-z2-9]{5}){4})",
        re.sub(r"<(?:wbr|span)>", "", unescape(page.text)),
    )
    assert link, page.text
    approve(panel.actor("manager"), panel.actor_id(login_id))
    return page.text, link[1]


def choose(panel: Panel, path: str, new: str = FRESH, again: str | None = None) -> tuple[int, str]:
    person = Person(panel.app)
    answer = person.post(path, {"new": new, "again": new if again is None else again})
    return answer.status_code, answer.text


def test_the_person_chooses_and_everything_before_it_ends(panel: Panel) -> None:
    before, token = panel.person(WHO), make_token(panel.actor(WHO), "試し", 30, pepper=PEPPER)
    page, path = sheet(panel)
    assert WHO in page
    assert "data:image/svg+xml" in page
    assert before.get("/admin/").status_code == 200  # nothing has changed yet
    shown = Person(panel.app).get(path)
    assert shown.status_code == 200
    assert WHO in shown.text
    assert choose(panel, path)[0] == 302
    assert (before.get("/admin/").location or "").startswith("/login")
    asked = {"Authorization": f"Bearer {token}"}
    assert panel.app.test_client().get("/api/v1/item/", headers=asked).status_code == 401
    assert Person(panel.app).sign_in(WHO, PASSWORD).status_code == 401
    assert Person(panel.app).sign_in(WHO, FRESH).status_code == 302


def test_a_link_that_opens_nothing_says_one_thing_whatever_is_wrong(panel: Panel) -> None:
    _, used = sheet(panel)
    assert choose(panel, used)[0] == 302
    _, replaced = sheet(panel)
    _, expired = sheet(panel)
    newest = {"_id": resets._hash(expired.rpartition("/")[2], PEPPER)}
    over = {"$set": {"ends_at": datetime.now(UTC) - timedelta(seconds=1)}}
    assert get_db()["resets"].update_one(newest, over).modified_count
    _, of_disabled = sheet(panel, "contractor")
    get_db()["users"].update_one({"login_id": "contractor"}, {"$set": {"disabled": True}})
    try:
        paths = (
            used,
            replaced,
            expired,
            of_disabled,
            f"/reset/{'x' * 43}",
            "/reset/あ",
            f"/reset/{'y' * 5000}",
        )
        answers = [Person(panel.app).get(path) for path in paths]
        sent = [choose(panel, path) for path in paths]
    finally:
        get_db()["users"].update_one({"login_id": "contractor"}, {"$set": {"disabled": False}})
    assert {each.status_code for each in answers} | {status for status, _ in sent} == {404}
    plain = re.compile(r'value="[^"]*"|/reset/[^"]*')
    assert len({plain.sub("", each.text) for each in answers}) == 1
    assert "このリンクは使えません" in answers[0].text
    assert Person(panel.app).sign_in(WHO, FRESH).status_code == 302  # what was chosen first stands


MAKER = "second.admin"


@pytest.fixture
def maker(panel: Panel) -> Iterator[str]:
    """A second administrator of the section, who makes the links; the id."""
    house, key = get_db()["institutions"].find_one({"_id": "section"}) or {}, {"_id": "section"}
    made = panel.make("user", "section", login_id=MAKER, display_name="二人目", role=role_of("administrator"))
    approve_accounts(get_db())
    get_db()["institutions"].update_one(key, {"$set": {"administrators": [made, panel.actor_id("admin")]}})
    yield made
    get_db()["institutions"].replace_one(key, house)
    get_db()["users"].delete_one({"login_id": MAKER})


def account_changed(panel: Panel, user: str, *changes: dict[str, str]) -> None:
    """The first administrator changes an account by its form, once for each of the changes."""
    admin, path = panel.person("admin"), f"/admin/user/edit/?id={user}"
    for each in changes:
        assert admin.post(path, {**admin.form(path), **each}).status_code == 302


def role_of(code: str) -> str:
    return str((get_db()["roles"].find_one({"code": code, "institution": "section"}) or {})["_id"])


@pytest.mark.parametrize("whose", ["the account", "its maker"])
@pytest.mark.parametrize(
    "cause", ["another role", "another role and back", "a suspension that is lifted", "its sessions ended"]
)
def test_a_link_dies_with_its_makers_right_and_the_accounts_old_role(
    panel: Panel, maker: str, whose: str, cause: str
) -> None:
    """S8: what is changed back does not revive it."""
    token, _ = start_reset(actor(MAKER), panel.actor_id(WHO), pepper=PEPPER)
    approve(panel.actor("manager"), panel.actor_id(WHO))
    path = f"/reset/{token}"
    assert Person(panel.app).get(path).status_code == 200
    user, role = (maker, "administrator") if whose == "its maker" else (panel.actor_id(WHO), "staff")
    if cause == "its sessions ended":
        end_sessions(panel.actor("admin"), user)
    else:
        changes = {
            "another role": ({"role": role_of("auditor")},),
            "another role and back": ({"role": role_of("auditor")}, {"role": role_of(role)}),
            "a suspension that is lifted": ({"disabled": "1"}, {"disabled": ""}),
        }
        account_changed(panel, user, *changes[cause])
    assert Person(panel.app).get(path).status_code == 404
    assert choose(panel, path)[0] == 404
    assert Person(panel.app).sign_in(WHO, FRESH).status_code == 401


def test_a_link_dies_when_an_institution_changes_or_the_makers_role_loses_the_right(
    panel: Panel, maker: str
) -> None:
    """Changed in the store itself, so that no stamp is drawn with it."""
    users, roles, key = get_db()["users"], get_db()["roles"], {"login_id": WHO}
    token, _ = start_reset(actor(MAKER), panel.actor_id(WHO), pepper=PEPPER)
    approve(panel.actor("manager"), panel.actor_id(WHO))

    def opens() -> bool:
        return Person(panel.app).get(f"/reset/{token}").status_code == 200

    assert opens()
    for login, elsewhere in ((WHO, "shinjuku"), (MAKER, "kaizu")):
        before = users.find_one({"login_id": login}) or {}
        users.update_one({"login_id": login}, {"$set": {"institution": elsewhere}})
        assert not opens(), login
        users.replace_one({"_id": before["_id"]}, before)
        assert opens()
    role = roles.find_one({"code": "administrator", "institution": "section"}) or {}
    users_may = {
        name: [each for each in held if each != "edit"] for name, held in role["actions"]["user"].items()
    }
    roles.update_one({"_id": role["_id"]}, {"$set": {"actions.user": users_may}})
    try:
        assert not opens()
    finally:
        roles.replace_one({"_id": role["_id"]}, role)
    assert users.find_one(key)
    assert opens()


def test_a_password_that_will_not_do_leaves_the_link_good(panel: Panel) -> None:
    _, path = sheet(panel)
    for new, again in (("短い", None), (FRESH, "べつの言葉"), ("password" * 2, None)):
        assert choose(panel, path, new, again)[0] == 400
    assert choose(panel, path)[0] == 302


def test_of_two_who_use_it_at_once_one_is_too_late(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    token, _ = start_reset(panel.actor("admin"), panel.actor_id(WHO), pepper=PEPPER)
    approve(panel.actor("manager"), panel.actor_id(WHO))
    together, look = threading.Barrier(4), resets._open

    def looked(asked: str, pepper: bytes) -> dict[str, Any] | None:
        found = look(asked, pepper)
        together.wait(timeout=30)  # all have seen it open before one of them takes it
        return found

    monkeypatch.setattr(resets, "_open", looked)
    chosen = [f"{n}番目の人が選んだ十五字の言葉" for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda new: use_reset(token, new, pepper=PEPPER), chosen))
    assert sum(done) == 1
    assert Person(panel.app).sign_in(WHO, chosen[done.index(True)]).status_code == 302


def test_only_a_hash_of_it_lies_in_the_store_and_the_history_tells_who(panel: Panel) -> None:
    get_db()["ledger"].delete_many({})
    _, path = sheet(panel)
    token = path.rpartition("/")[2]
    assert choose(panel, path)[0] == 302
    said = repr([list(get_db()[name].find()) for name in get_db().list_collection_names() if "." not in name])
    assert token not in said
    assert FRESH not in said
    started = get_db()["ledger"].find_one({"action": "reset_started"})
    assert started
    assert (started["actor"], started["detail"]) == (panel.actor_id("admin"), panel.actor_id(WHO))
    told = (get_db()["users"].find_one({"login_id": WHO}) or {})["outbox"][-1]
    assert (told["action"], told["actor"], told["before"]) == ("password", panel.actor_id(WHO), {})


def test_who_may_not_edit_accounts_starts_none(panel: Panel) -> None:
    for who in ("manager", "staff.soseki", "auditor", "admin.kaizu"):
        for path in ("reset", "sessions"):
            asked = f"/admin/user/{path}/?id={panel.actor_id('contractor')}"
            assert panel.person(who).post(asked).status_code in (403, 404), (who, path)
            assert panel.person(who).get(asked).status_code in (403, 404), (who, path)
    assert get_db()["resets"].count_documents({}) == 0


def test_it_unlocks_and_can_take_a_lost_factor_off(panel: Panel) -> None:
    get_db()["users"].update_one(
        {"login_id": WHO}, {"$set": {"second_factor": {"secret": "", "last_step": 0, "codes": []}}}
    )
    for _ in range(5):
        Person(panel.app).sign_in(WHO, "ちがう言葉")
    assert Person(panel.app).sign_in(WHO, PASSWORD).status_code == 429
    _, path = sheet(panel)
    assert choose(panel, path)[0] == 302
    assert Person(panel.app).sign_in(WHO, FRESH).location == "/login/code"  # the code is still asked for
    _, path = sheet(panel, factor="1")
    assert choose(panel, path, f"{FRESH}二")[0] == 302
    assert Person(panel.app).sign_in(WHO, f"{FRESH}二").location == "/admin/"


def test_nobody_resets_their_own_password_round_the_one_they_have(panel: Panel) -> None:
    """For that the present password is asked for, and the code."""
    admin, own = panel.person("admin"), panel.actor_id("admin")
    for id_ in (own, own.upper()):
        assert admin.get(f"/admin/user/reset/?id={id_}").status_code == 403
        assert admin.post(f"/admin/user/reset/?id={id_}").status_code == 403
    assert "/admin/user/reset/" not in admin.get(f"/admin/user/details/?id={own}").text
    assert not get_db()["resets"].count_documents({})


def test_the_gate_asks_who_resets_and_who_ends_sessions(panel: Panel) -> None:
    """Whatever a screen may forget (law 1)."""
    for who in ("staff.soseki", "manager", "auditor"):
        with pytest.raises(Refused):
            start_reset(panel.actor(who), panel.actor_id("staff.shinjuku"), pepper=PEPPER)
        with pytest.raises(Refused):
            end_sessions(panel.actor(who), panel.actor_id("staff.shinjuku"))
    with pytest.raises(NotFound):
        start_reset(panel.actor("admin"), panel.actor_id("librarian.kaizu"), pepper=PEPPER)
    assert not get_db()["resets"].count_documents({})


def test_an_administrator_ends_all_sessions_of_an_account(panel: Panel) -> None:
    first, second, other = panel.person(WHO), panel.person(WHO), panel.person("staff.shinjuku")
    # An id is the same one in capitals.
    typed = panel.actor_id(WHO).upper()
    assert typed != panel.actor_id(WHO)
    admin, path = panel.person("admin"), f"/admin/user/sessions/?id={typed}"
    assert admin.get(path).text.count("192.0.2.1") >= 2
    assert admin.post(path).status_code == 302
    for each in (first, second):
        assert (each.get("/admin/").location or "").startswith("/login")
    assert other.get("/admin/").status_code == 200
    assert "いまサインイン中の画面はありません" in admin.get(path).text


def test_my_sessions_are_mine_to_end(panel: Panel) -> None:
    get_db()["sessions"].delete_many({})
    here, there, third = (panel.person(WHO) for _ in range(3))
    stranger = panel.person("staff.shinjuku")
    page = here.get("/account/sessions/").text
    assert page.count("(この画面)") == 1
    handles = re.findall(r'name="session" value="([0-9a-f]{16})"', page)
    assert len(handles) == 2
    assert stranger.post("/account/sessions/end", {"session": handles[0]}).status_code == 404
    assert here.post("/account/sessions/end", {"session": handles[0]}).status_code == 302
    alive = [each.get("/account/").status_code == 200 for each in (here, there, third, stranger)]
    assert (alive[0], sum(alive[1:3]), alive[3]) == (True, 1, True)
    assert here.post("/account/sessions/end-others").status_code == 302
    assert [each.get("/account/").status_code for each in (there, third)] == [302, 302]
    assert here.get("/account/").status_code == 200
