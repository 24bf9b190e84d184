"""The first-run page: the first government of an empty store, by the token that the start prints, and never again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from html import unescape

import mongoengine
import pytest
from mongoengine.connection import get_db

from gate.refusals import Invalid, NotFound
from operations.store_indexes import ensure_indexes
from roles.first_run import open_first_run, use_first_run
from roles.setting_up import KINDS, set_up_government
from roles.starting_roles import WARD_ROLES
from tests.serving import beside
from tests.views.panel import Panel, Person, panel_app
from tests.world import PEPPER, emptied

FIRST = {
    "kind": "museums", "code": "bunka", "name": "文化課", "name_en": "Culture Section", "login_id": "kanri",
    "display_name": "見本 花子",
}  # fmt: skip
FRESH = "わたしだけが知る十五字の言葉です"
KANA = re.compile(r"[\u3041-\u30ff]")


@pytest.fixture(scope="module")
def _own_store(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    uri, name = beside(database_uri, "first_run")
    before = mongoengine.connection._connection_settings.get("default")
    mongoengine.disconnect()
    app = panel_app(uri, tmp_path_factory.mktemp("first_run"))
    ensure_indexes()
    try:
        yield Panel(app)
    finally:
        mongoengine.get_connection().drop_database(name)
        mongoengine.disconnect()
        if before is not None:
            mongoengine.connection._connection_settings["default"] = before


@pytest.fixture
def empty(_own_store: Panel) -> Panel:
    """The panel over a store with nothing in it."""
    emptied(get_db())
    return _own_store


def opened() -> str:
    token = open_first_run()
    assert token is not None
    return token


def test_the_first_administrator_is_made_and_signs_in(empty: Panel) -> None:
    token, person = opened(), Person(empty.app)
    page = person.get(f"/setup/{token}")
    assert page.status_code == 200
    done = person.post("/setup/", {**FIRST, "token": token})
    assert done.status_code == 200, done.text
    link = re.search(r"http://[^/]+(/reset/[a-z2-9-]{29})", unescape(done.text))
    assert link, done.text
    assert person.post(link[1], {"new": FRESH, "again": FRESH}).location == "/login"
    assert person.sign_in("kanri", FRESH).location == "/admin/"
    assert person.get("/admin/", follow_redirects=True).status_code == 200
    assert "文化課" in person.get("/admin/institution/").text
    made = {each["code"] for each in get_db()["roles"].find({"institution": "bunka"})}
    assert made == {each.code for each in WARD_ROLES}
    assert get_db()["institutions"].find_one({"_id": "bunka"}, {"administrators": 1})["administrators"] == [
        empty.actor_id("kanri")
    ]


def test_without_the_token_there_is_no_such_page(empty: Panel) -> None:
    token, person = opened(), Person(empty.app)
    for wrong in ("wrong", token[:-1], token + "a", "x" * 5000, "%F0%9F%98%80", "%00"):
        assert person.get(f"/setup/{wrong}").status_code == 404, wrong
        assert person.post("/setup/", {**FIRST, "token": wrong}).status_code == 404, wrong
    assert person.post("/setup/", FIRST).status_code == 404
    assert get_db()["institutions"].count_documents({}) == 0


def test_the_token_is_in_no_address_after_the_first_and_lies_nowhere(empty: Panel) -> None:
    token, person = opened(), Person(empty.app)
    page = person.get(f"/setup/{token}").text
    assert token not in " ".join(re.findall(r'(?:action|href|src)="([^"]*)"', page))
    english = person.post("/setup/", {"language": "en", "next": token})
    assert english.status_code == 200
    assert english.location is None
    assert not KANA.search(re.sub(r'<button name="language".*?</button>|例: .*?<', "", english.text))
    assert token not in repr(list(get_db()["setup"].find()))


def test_it_is_closed_for_ever_once_an_administrator_exists(empty: Panel) -> None:
    token, person = opened(), Person(empty.app)
    assert person.post("/setup/", {**FIRST, "token": token}).status_code == 200
    assert open_first_run() is None
    again = {**FIRST, "code": "other", "login_id": "other", "token": token}
    assert person.get(f"/setup/{token}").status_code == 404
    assert person.post("/setup/", again).status_code == 404
    get_db()["institutions"].delete_many({})
    get_db()["users"].delete_many({})
    assert open_first_run() is None
    assert person.get(f"/setup/{token}").status_code == 404


def test_an_administrator_made_elsewhere_closes_it_too(empty: Panel) -> None:
    token = opened()
    get_db()["institutions"].insert_one({"_id": "x", "institution": "x", "administrators": ["somebody"]})
    assert Person(empty.app).get(f"/setup/{token}").status_code == 404


def test_the_next_start_prints_another_token_and_a_day_ends_one(empty: Panel) -> None:
    old, new = opened(), opened()
    person = Person(empty.app)
    assert person.get(f"/setup/{old}").status_code == 404
    assert person.get(f"/setup/{new}").status_code == 200
    get_db()["setup"].update_one({}, {"$set": {"ends_at": datetime.now(UTC) - timedelta(seconds=1)}})
    assert person.get(f"/setup/{new}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"kind": "circus"}, "どれか一つ"), ({"code": ""}, "館コード"), ({"code": "大文字"}, "館コード"), ({"code": "a" * 41}, "館コード"),
     ({"name": ""}, "名称"), ({"login_id": ""}, "ログインID"), ({"display_name": " "}, "管理者の氏名"), ({"name": "x" * 5000}, "名称"),
     ({"code": "\0"}, "館コード"), ({"login_id": "a b\0"}, "ログインID")],
)  # fmt: skip
def test_what_cannot_be_stored_is_named_and_nothing_is_made(
    empty: Panel, wrong: dict[str, str], said: str
) -> None:
    token, person = opened(), Person(empty.app)
    answer = person.post("/setup/", {**FIRST, **wrong, "token": token})
    assert answer.status_code == 400
    summary = answer.text.partition("data-summary")[2].partition("</div>")[0]
    assert said in summary
    assert {get_db()[name].count_documents({}) for name in ("institutions", "roles", "users")} == {0}
    assert person.post("/setup/", {**FIRST, "token": token}).status_code == 200


def test_of_two_who_use_the_token_at_once_one_is_too_late(empty: Panel) -> None:
    token = opened()
    asked = [{**FIRST, "code": f"house{n}", "login_id": f"kanri{n}"} for n in range(4)]

    def use(values: dict[str, str]) -> bool:
        try:
            use_first_run(token, values, pepper=PEPPER)
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, asked)) == [False, False, False, True]
    assert get_db()["institutions"].count_documents({}) == 1


@pytest.mark.parametrize("at", ["make_role", "make_account", "list_administrator"])
def test_a_set_up_that_was_killed_is_run_again(
    empty: Panel, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    from roles import setting_up

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        if at == "list_administrator":  # the account is there, and on no list of administrators yet
            patched.setattr("roles.rights.list_administrator", killed)
        else:
            patched.setattr(setting_up, at, killed)
        with pytest.raises(KeyboardInterrupt):
            use_first_run(opened(), FIRST, pepper=PEPPER)
    use_first_run(opened(), FIRST, pepper=PEPPER)
    house = get_db()["institutions"].find_one({"_id": "bunka"})
    assert house
    assert house["administrators"] == [empty.actor_id("kanri")]
    assert get_db()["users"].count_documents({}) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_an_administrator_who_may_make_accounts_with_its_roles(
    empty: Panel, kind: str
) -> None:
    use_first_run(opened(), {**FIRST, "kind": kind}, pepper=PEPPER)
    person = empty.person("kanri")
    form = person.get("/admin/user/new/")
    assert form.status_code == 200
    assert person.get("/admin/role/").status_code == 200
    with pytest.raises(Invalid):
        set_up_government({**FIRST, "kind": kind}, pepper=PEPPER)
