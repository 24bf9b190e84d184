"""The second factor (S8): set up by who shows who they are, asked for after the password, each code taken once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pyotp
import pytest
from cryptography.exceptions import InvalidTag
from mongoengine.connection import get_db
from werkzeug.test import TestResponse

from accounts.sign_in import second_factor
from accounts.sign_in.passwords import hashed
from accounts.sign_in.second_factor import CODES, STEP, Keys, attempt_code, new_secret, opened, sealed
from accounts.tokens import make_token
from oversight.alarms import alarms
from tests.views.panel import Panel, Person, token_of
from tests.views.panel import sealed as sealed_chains
from tests.world import PASSWORD, PEPPER

WHO = "staff.soseki"
PAGE = "/account/second-factor/"
NOON = 1_800_000_015
"""The clock of these tests stands in the middle of a step: no test runs across its edge."""


@pytest.fixture(autouse=True)
def _as_before(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test begins with nobody's factor, no role asking for one, and nobody's attempts spent."""
    get_db()["attempts"].delete_many({})
    monkeypatch.setattr(second_factor, "time", SimpleNamespace(time=lambda: NOON))
    who = get_db()["users"].find_one({"login_id": WHO})
    yield
    assert who
    get_db()["users"].replace_one({"_id": who["_id"]}, who)
    get_db()["roles"].update_many({}, {"$unset": {"second_factor": ""}})


def user() -> dict[str, Any]:
    found: dict[str, Any] | None = get_db()["users"].find_one({"login_id": WHO})
    assert found
    return found


def keys(panel: Panel) -> Keys:
    return Keys(panel.app.config["FACTOR_KEY"], PEPPER)


def secret_on(page: str) -> str:
    found = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
    assert found, page
    return found[1].replace(" ", "")


def now(secret: str, later: int = 0) -> str:
    return pyotp.TOTP(secret).at(NOON + later * STEP)


def set_up(person: Person) -> tuple[str, list[str]]:
    """Set it up on the screen; the secret and the recovery codes."""
    secret = secret_on(person.get(PAGE).text)
    # The code of the step before: the present one is left for the sign-in that follows.
    answer = person.post(PAGE, {"present": PASSWORD, "code": now(secret, -1)})
    assert answer.status_code == 200, answer.text
    codes = re.findall(r"<li><code>([a-z2-9]{5}-[a-z2-9]{5})</code></li>", answer.text)
    person._token = ""
    return secret, codes


def to_the_code(panel: Panel, **more: str) -> Person:
    """Somebody who has given the password and is asked for the code."""
    person = Person(panel.app)
    assert person.sign_in(WHO, PASSWORD, **more).location == "/login/code"
    person._token = token_of(person.get("/login/code").text)
    return person


def give(person: Person, code: str) -> TestResponse:
    return person.post("/login/code", {"code": code})


def test_once_set_up_the_password_alone_opens_nothing(panel: Panel) -> None:
    elsewhere, mine = panel.person(WHO), panel.person(WHO)
    secret, codes = set_up(mine)
    assert len(set(codes)) == CODES
    assert mine.get("/admin/").status_code == 200  # the browser that set it up goes on
    assert elsewhere.get("/admin/").status_code == 302  # what the password alone had opened has ended
    person = to_the_code(panel, next="/admin/item/")
    for path in ("/admin/", "/account/", "/admin/item/", PAGE):
        assert (person.get(path).location or "").startswith("/login"), path
    answer = give(person, now(secret))
    assert (answer.status_code, answer.location) == (302, "/admin/item/")
    assert person.get("/admin/").status_code == 200


def test_a_code_is_taken_once(panel: Panel) -> None:
    secret, _ = set_up(panel.person(WHO))
    code = now(secret)
    assert give(to_the_code(panel), code).status_code == 302
    assert give(to_the_code(panel), code).status_code == 401
    assert give(to_the_code(panel), now(secret, -1)).status_code == 401  # nor an earlier one after a later


def test_of_many_who_bring_one_code_at_once_one_comes_in(panel: Panel) -> None:
    secret, codes = set_up(panel.person(WHO))
    id_, held = str(user()["_id"]), keys(panel)
    get_db()["institutions"].update_one({"_id": "soseki"}, {"$set": {"attempts": 100}})
    try:
        for code in (now(secret), codes[0]):
            tried = partial(attempt_code, id_, code, keys=held, address="192.0.2.1")
            with ThreadPoolExecutor(8) as pool:
                got = [each.result().user for each in [pool.submit(tried) for _ in range(16)]]
            assert sum(map(bool, got)) == 1
    finally:
        get_db()["institutions"].update_one({"_id": "soseki"}, {"$unset": {"attempts": ""}})


@pytest.mark.parametrize(("later", "right"), [(-2, False), (1, True), (2, False)])
def test_a_clock_may_differ_by_one_step(panel: Panel, later: int, right: bool) -> None:
    secret, _ = set_up(panel.person(WHO))
    assert give(to_the_code(panel), now(secret, later)).status_code == (302 if right else 401)


@pytest.mark.parametrize("written", ["{}", " {} ", "{:.3} {:.0}", "full"])
def test_a_code_may_be_typed_with_an_input_method_on(panel: Panel, written: str) -> None:
    secret, codes = set_up(panel.person(WHO))
    code = now(secret)
    wide = code.translate({ord("0") + n: ord("０") + n for n in range(10)})
    typed = {"{}": code, " {} ": f" {code} ", "{:.3} {:.0}": f"{code[:3]} {code[3:]}", "full": wide}[written]
    assert give(to_the_code(panel), typed).status_code == 302
    assert give(to_the_code(panel), codes[0].upper().replace("-", " ")).status_code == 302


def test_a_recovery_code_works_once(panel: Panel) -> None:
    _, codes = set_up(panel.person(WHO))
    assert give(to_the_code(panel), codes[3]).status_code == 302
    assert give(to_the_code(panel), codes[3]).status_code == 401
    assert len(user()["second_factor"]["codes"]) == CODES - 1


def test_wrong_codes_spend_the_attempts_of_the_password(panel: Panel) -> None:
    """The password given anew does not give new tries at the code."""
    secret, _ = set_up(panel.person(WHO))
    statuses = []
    for _ in range(5):
        statuses.append(give(to_the_code(panel), "000000").status_code)
    assert statuses == [401] * 5
    assert Person(panel.app).sign_in(WHO, PASSWORD).status_code == 429
    assert attempt_code(str(user()["_id"]), now(secret), keys=keys(panel), address="").locked


def test_a_lock_by_wrong_codes_is_an_alarm_and_its_person_is_told(panel: Panel) -> None:
    """Whoever has the password and guesses codes is seen as one who guesses passwords is (S9, S13)."""
    secret, _ = set_up(panel.person(WHO))
    begun = datetime.now(UTC)
    for _ in range(4):
        give(to_the_code(panel), "000000")
    person = to_the_code(panel)
    give(person, "000000")
    late = attempt_code(str(user()["_id"]), "000000", keys=keys(panel), address="192.0.2.1")
    assert late.locked
    told = [each["action"] for each in get_db()["ledger"].find({"at": {"$gte": begun}}).sort("at", 1)]
    assert told.count("code_wrong") == 5
    assert told.count("account_locked") == 1
    assert told.count("locked_out") == 1
    sealed_chains()
    raised = alarms(["soseki"], begun, begun + timedelta(minutes=5))
    assert "locked" in {each.kind for each in raised if each.actor == str(user()["_id"])}
    get_db()["attempts"].update_many({}, {"$set": {"until": datetime.now(UTC), "locked": False}})
    person = to_the_code(panel)
    assert give(person, now(secret)).status_code == 302
    assert "ロックされました" in person.get("/admin/").text


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "０" * 6, "\0", "あ" * 5000, "-", "$ne"])
def test_what_is_no_code_is_answered_plainly(panel: Panel, code: str) -> None:
    set_up(panel.person(WHO))
    answer = give(to_the_code(panel), code)
    assert answer.status_code == 401
    assert "確認コードが違うか" in answer.text


def test_the_secret_lies_sealed_and_bound_to_its_account(panel: Panel) -> None:
    secret, codes = set_up(panel.person(WHO))
    said = repr(user()) + repr(list(get_db()["sessions"].find()))
    assert secret not in said
    assert not any(each in said for each in codes)
    stored = user()["second_factor"]["secret"]
    assert opened(stored, str(user()["_id"]), keys(panel)) == secret
    with pytest.raises(InvalidTag):
        opened(stored, "another", keys(panel))
    other = Keys(b"x" * 32, PEPPER)
    with pytest.raises(InvalidTag):
        opened(sealed(new_secret(), "a", other), "a", keys(panel))


def test_setting_up_and_turning_off_ask_who_it_is(panel: Panel) -> None:
    person = panel.person(WHO)
    secret = secret_on(person.get(PAGE).text)
    assert secret_on(person.get(PAGE).text) == secret  # looking again does not spoil what was scanned
    assert person.post(PAGE, {"present": "ちがう", "code": now(secret)}).status_code == 400
    assert person.post(PAGE, {"present": PASSWORD, "code": "000000"}).status_code == 400
    assert "second_factor" not in user()
    secret, codes = set_up(person)
    assert person.post(f"{PAGE}off", {"present": "ちがう", "old": codes[0]}).status_code == 400
    assert person.post(f"{PAGE}off", {"present": PASSWORD, "old": "000000"}).status_code == 400
    again = secret_on(person.get(f"{PAGE}?again=1").text)
    assert again != secret
    assert person.post(PAGE, {"present": PASSWORD, "old": "000000", "code": now(again)}).status_code == 400
    assert "second_factor" in user()
    assert person.post(f"{PAGE}off", {"present": PASSWORD, "old": codes[0]}).status_code == 302
    assert "second_factor" not in user()
    assert Person(panel.app).sign_in(WHO, PASSWORD).location == "/admin/"


def test_its_changes_stand_in_the_history_without_a_value(panel: Panel) -> None:
    before = user()["revision"]
    secret, _ = set_up(panel.person(WHO))
    told = user()["outbox"][-1]
    assert (told["action"], told["fields"], told["before"]) == ("factor_on", ["second_factor"], {})
    assert user()["revision"] == before + 1
    page = panel.person("admin").get(f"/admin/user/history/?id={user()['_id']}").text
    assert "第2要素の設定" in page
    assert secret not in page


def test_where_a_role_asks_for_it_nothing_else_opens_until_it_is_set_up(panel: Panel) -> None:
    person = panel.person(WHO)
    _ = person.token
    token = make_token(panel.actor(WHO), "試し", 30, pepper=PEPPER)
    asked = {"Authorization": f"Bearer {token}"}
    assert panel.app.test_client().get("/api/v1/item/", headers=asked).status_code == 200
    role = get_db()["roles"].find_one({"code": "staff", "institution": "section"})
    assert role
    admin = panel.person("admin")
    form = admin.form(f"/admin/role/edit/?id={role['_id']}")
    form["second_factor"] = "required"
    assert admin.post(f"/admin/role/edit/?id={role['_id']}", form).status_code == 302
    for path in ("/admin/", "/admin/item/", "/account/", "/account/tokens/", "/account/sessions/"):
        assert person.get(path).location == PAGE, path
    assert person.post("/admin/item/new/", {"title": "題"}).location == PAGE
    assert panel.app.test_client().get("/api/v1/item/", headers=asked).status_code == 401
    page = person.get(PAGE).text
    assert "あなたの役割では確認コードが必要です" in page
    person._token = ""
    secret = secret_on(page)
    person._token = token_of(page)
    codes = re.findall(
        r"<li><code>([a-z2-9-]{11})", person.post(PAGE, {"present": PASSWORD, "code": now(secret)}).text
    )
    person._token = ""
    assert person.get("/admin/item/").status_code == 200
    assert person.post(f"{PAGE}off", {"present": PASSWORD, "old": codes[0]}).status_code == 400
    assert panel.person("manager").get("/admin/").status_code == 200  # another role is not concerned


def test_nobody_frees_their_own_role_of_it(panel: Panel) -> None:
    role = panel.actor("admin").role.id
    admin = panel.person("admin")
    form = admin.form(f"/admin/role/edit/?id={role}")
    get_db()["roles"].update_one(
        {"code": "administrator", "institution": "section"}, {"$set": {"second_factor": "required"}}
    )
    get_db()["users"].update_one(
        {"login_id": "admin"}, {"$set": {"second_factor": {"secret": "", "codes": []}}}
    )
    try:
        form["second_factor"] = "none"
        answer = admin.post(f"/admin/role/edit/?id={role}", form)
        assert answer.status_code == 400
        assert "自分の権限" in answer.text
    finally:
        get_db()["users"].update_one({"login_id": "admin"}, {"$unset": {"second_factor": ""}})


def test_a_shorter_password_needs_the_factor(panel: Panel) -> None:
    short = "八文字ある言葉だ"
    person = panel.person(WHO)
    sent = {"present": PASSWORD, "new": short, "again": short}
    assert person.post("/account/password", sent).status_code == 400
    _, codes = set_up(person)
    assert person.post("/account/password", sent).status_code == 302
    person._token = ""
    answer = person.post(f"{PAGE}off", {"present": short, "old": codes[0]})
    assert answer.status_code == 400
    assert "15文字以上" in answer.text


def test_a_password_changed_between_the_steps_begins_anew(panel: Panel) -> None:
    secret, _ = set_up(panel.person(WHO))
    person = to_the_code(panel)
    get_db()["users"].update_one(
        {"login_id": WHO},
        {"$set": {"password_hash": hashed("べつの言葉は十五字をこえます", PEPPER, cost=4), "stamp": "new"}},
    )
    assert give(person, now(secret)).location == "/login"
    assert (person.get("/admin/").location or "").startswith("/login")


def test_a_code_page_without_a_password_leads_to_the_door(panel: Panel) -> None:
    person = Person(panel.app)
    assert person.get("/login/code").location == "/login"
    assert give(person, "000000").location == "/login"
    signed_in = panel.person(WHO)
    assert signed_in.get("/login/code").location == "/login"
