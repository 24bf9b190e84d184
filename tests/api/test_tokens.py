"""A token: shown once, kept as a hash, one answer to whatever does not open, and never written anywhere."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from mongoengine.connection import get_db

from accounts.tokens import HELD_AT_MOST, REQUESTS, TERMS, make_token, revoke_token, tokens_of
from gate.refusals import Invalid
from gate.store.rates import REFUSALS_NOTED
from tests.api.conftest import Changing
from tests.api.program import Program, Programs, everything_stored, problem_of
from tests.views.panel import Panel
from tests.world import PASSWORD, PEPPER, actor

WHO = "staff.soseki"


def made(panel: Panel) -> tuple[Program, str]:
    """A program with a new token, and the token's id."""
    token = make_token(actor(WHO), "試しのプログラム", 30, pepper=PEPPER)
    return Program(panel.app, token), tokens_of(actor(WHO).user)[0].id


@pytest.fixture(autouse=True)
def _no_tokens(panel: Panel) -> None:
    user = get_db()["users"].find_one({"login_id": WHO})
    assert user is not None
    get_db()["api_tokens"].delete_many({"user": str(user["_id"]), "name": {"$ne": "試験"}})


def _refused(app: Flask, header: str | None) -> tuple[int, bytes, str]:
    headers = {"Authorization": header} if header is not None else {}
    answer = app.test_client().get("/api/v1/item/", headers=headers)
    problem_of(answer, 401)
    return answer.status_code, answer.data, answer.headers["WWW-Authenticate"]


def test_whatever_does_not_open_gets_one_answer(panel: Panel, changed: Changing) -> None:
    program, id_ = made(panel)
    assert program.get("/item/").status_code == 200
    missing = _refused(panel.app, None)
    assert missing[2] == 'Bearer realm="shuzoko"'
    token = program.token
    for header in ("", "Bearer", "Bearer  ", f"Basic {token}", token, "Bearer shuzoko_unknown", f"Bearer {token}x",
                   f"Bearer {token[:-1]}", f"Bearer {token.upper()}", "Bearer " + "x" * 5000, "Bearer é\x7f"):  # fmt: skip
        assert _refused(panel.app, header) == missing, header
    with changed("users", {"login_id": WHO}, {"disabled": True}):
        assert _refused(panel.app, f"Bearer {token}") == missing
    with changed("api_tokens", {"_id": id_}, {"ends_at": datetime.now(UTC) - timedelta(seconds=1)}):
        assert _refused(panel.app, f"Bearer {token}") == missing
    assert program.get("/item/").status_code == 200
    revoke_token(actor(WHO), id_)
    assert _refused(panel.app, f"Bearer {token}") == missing


def test_a_session_opens_nothing_here(panel: Panel) -> None:
    person = panel.person(WHO)
    assert person.get("/account/").status_code == 200
    problem_of(person.get("/api/v1/item/"), 401)
    problem_of(person.post("/api/v1/item/search"), 401)


def test_a_token_opens_no_screen(panel: Panel) -> None:
    program, _ = made(panel)
    headers = {"Authorization": f"Bearer {program.token}"}
    for path in ("/admin/item/", "/account/tokens/", "/apis/"):
        answer = panel.app.test_client().get(path, headers=headers)
        assert answer.status_code == 302
        assert answer.location.startswith("/login")


def test_a_token_is_stored_and_logged_nowhere(
    panel: Panel, programs: Programs, caplog: pytest.LogCaptureFixture
) -> None:
    program, id_ = made(panel)
    stranger = Program(panel.app, program.token + "x")
    with caplog.at_level(logging.DEBUG):
        for each in (program, stranger):
            each.get("/item/")
            each.get("/item/zzz")
            each.post("/item/search", {"q": "火鉢"})
            each.post("/item/search", data=b"{", content_type="application/json")
    assert stranger.get("/item/").status_code == 401
    secret = program.token.removeprefix("shuzoko_")
    assert secret not in everything_stored()
    assert secret not in caplog.text
    kept = get_db()["api_tokens"].find_one({"_id": id_})
    assert kept is not None
    assert re.fullmatch(r"[0-9a-f]{64}", kept["hash"])


def test_making_revoking_and_refusing_are_noted(panel: Panel) -> None:
    get_db()["ledger"].delete_many({})
    program, id_ = made(panel)
    revoke_token(actor(WHO), id_)
    program.get("/item/")
    noted = list(get_db()["ledger"].find({}).sort("_id", 1))
    assert [(each["action"], each["actor"], each["institution"], each["detail"]) for each in noted] == [
        ("token_made", actor(WHO).user, "soseki", id_),
        ("token_revoked", actor(WHO).user, "soseki", id_),
        ("token_refused", "", "", "unknown 127.0.0.1"),
    ]


def test_a_known_token_that_no_longer_opens_is_noted_with_its_maker_and_reason(
    panel: Panel, changed: Changing
) -> None:
    program, id_ = made(panel)
    get_db()["ledger"].delete_many({})
    with changed("api_tokens", {"_id": id_}, {"ends_at": datetime.now(UTC)}):
        program.get("/item/")
    with changed("users", {"login_id": WHO}, {"disabled": True}):
        program.get("/item/")
    user = actor(WHO).user
    noted = [(each["actor"], each["detail"]) for each in get_db()["ledger"].find({}).sort("_id", 1)]
    assert noted == [(user, "ended 127.0.0.1"), (user, "disabled 127.0.0.1")]


def test_refusals_without_end_do_not_fill_the_history(panel: Panel) -> None:
    get_db()["ledger"].delete_many({})
    _spend("refused 127.0.0.1", REFUSALS_NOTED)
    _refused(panel.app, "Bearer shuzoko_unknown")
    assert get_db()["ledger"].count_documents({}) == 0


def test_a_program_that_asks_too_often_is_told_to_wait(panel: Panel) -> None:
    program, id_ = made(panel)
    _spend(f"token {id_}", REQUESTS - 1)
    assert program.get("/item/").status_code == 200
    answer = program.get("/item/")
    if datetime.now(UTC).second == 0:  # the minute turned between the two: the next one is spent as well
        answer = program.get("/item/")
    problem_of(answer, 429)
    assert answer.headers["Retry-After"] == "60"


def _spend(what: str, count: int) -> None:
    """As if so many had been asked, in this minute and the next: the test may stand at the end of one."""
    now = datetime.now(UTC)
    for minute in (now, now + timedelta(minutes=1)):
        get_db()["api_rates"].replace_one(
            {"_id": f"{what} {minute:%Y%m%d%H%M}"},
            {"count": count, "ends_at": now + timedelta(minutes=3)},
            upsert=True,
        )


def test_a_token_is_made_on_screen_with_the_password_and_shown_once(panel: Panel) -> None:
    person = panel.person(WHO)
    assert "/account/tokens/" in person.get("/account/").text
    form = {"name": "統計", "days": "90", "present": PASSWORD}
    assert person.post("/account/tokens/", {**form, "present": "違う言葉"}).status_code == 400
    assert person.post("/account/tokens/", {**form, "days": "3650"}).status_code == 400
    assert person.post("/account/tokens/", {**form, "name": " "}).status_code == 400
    assert [each.name for each in tokens_of(actor(WHO).user) if each.name != "試験"] == []
    answer = person.post("/account/tokens/", form)
    token = re.search(r"shuzoko_[\w-]{43}", answer.text)
    assert token is not None
    assert answer.headers["Cache-Control"] == "no-store"
    assert Program(panel.app, token[0]).get("/item/").status_code == 200
    again = person.get("/account/tokens/").text
    assert "統計" in again
    assert token[0] not in again
    kept = tokens_of(actor(WHO).user)[0]
    assert kept.ends_at - kept.created_at == timedelta(days=90)
    assert kept.used_at is not None
    person.post("/account/tokens/revoke", {"token": kept.id})
    assert Program(panel.app, token[0]).get("/item/").status_code == 401


def test_a_token_cannot_be_made_without_the_forms_own_secret(panel: Panel) -> None:
    client = panel.person(WHO).client
    assert (
        client.post("/account/tokens/", data={"name": "x", "days": "30", "present": PASSWORD}).status_code
        == 400
    )
    assert all(each.name != "x" for each in tokens_of(actor(WHO).user))


def test_anothers_token_is_not_there(panel: Panel) -> None:
    program, id_ = made(panel)
    assert panel.person("staff.shinjuku").post("/account/tokens/revoke", {"token": id_}).status_code == 404
    assert program.get("/item/").status_code == 200


def test_no_token_outlives_a_year_and_nobody_holds_many(panel: Panel) -> None:
    assert max(TERMS) <= 366
    with pytest.raises(Invalid):
        make_token(actor(WHO), "長い", 366, pepper=PEPPER)
    held = len(tokens_of(actor(WHO).user))
    for _ in range(HELD_AT_MOST - held):
        made(panel)
    with pytest.raises(Invalid):
        made(panel)


def test_another_key_opens_nothing(panel: Panel) -> None:
    program, _ = made(panel)
    panel.app.config["PEPPER"] = b"another key"
    try:
        assert program.get("/item/").status_code == 401
    finally:
        panel.app.config["PEPPER"] = PEPPER
