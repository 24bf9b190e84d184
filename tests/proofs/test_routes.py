"""Every address has a row that says who may use it; each row is tried by really asking, as each role, for records of
the own institution, of the sister institution and of the other government."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from accounts.tokens import make_token
from models.registry import NOUNS
from policies.actor import Role
from policies.exits import ACTIONS
from policies.verdict import granted as granted_by_policy
from policies.verdict import may
from tests.proofs.browsing import Visitor
from tests.proofs.conftest import House
from tests.proofs.knowing import acting
from tests.proofs.routes import COLUMNS, MORE, NOUN_ROUTES, PAGES, Rule, granted
from tests.proofs.stage import PEOPLE, Stage
from tests.world import HOUSES

WARD = ("shinjuku", "soseki", "section")
DENIED = (401, 403, 404)
QUICK = ("item", "donor", "role")


def row_of(path: str, method: str) -> Rule | None:
    """The row of an address, as Flask writes it; None when nobody has said who may use it."""
    parts = path.split("/")
    if len(parts) > 3 and parts[1] == "admin" and parts[2] in NOUNS:
        return MORE.get((path, method)) or NOUN_ROUTES.get(("/".join(parts[3:]), method))
    return PAGES.get((path, method))


def addresses(app: Flask) -> Iterator[tuple[str, str]]:
    """Every rule and method that the application answers."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield str(rule), method


def test_every_address_has_a_row(house: House) -> None:
    lacking = [f"{method} {path}" for path, method in addresses(house.app) if row_of(path, method) is None]
    assert not lacking, (
        "nobody has said who may use these addresses. Add a row to tests/proofs/routes.py (NOUN_ROUTES for what every "
        f"noun has, MORE for one noun, PAGES for the rest), saying which act it needs and on what: {lacking}"
    )


def test_the_table_of_acts_is_what_the_starting_roles_grant(house: House, stage: Stage) -> None:
    wrong = []
    for login_id in COLUMNS:
        who = acting(login_id)
        sister = next(iter(sorted(who.supervised)), None)
        for noun in NOUNS:
            for act in ACTIONS:
                letters = "o" * bool(may(who, noun, act, who.institution))
                letters += "s" * bool(sister and may(who, noun, act, sister))
                if (letters or "-") != granted(login_id, noun, act):
                    wrong.append(
                        f"{noun} {act} {login_id}: {letters or '-'}, and the table says {granted(login_id, noun, act)}"
                    )
    assert not wrong, (
        "tests/proofs/routes.py (ACTS) and the roles differ; mend the one that is mistaken:\n"
        + "\n".join(wrong)
    )


@pytest.fixture
def stage(house: House) -> Stage:
    """The stage, fresh."""
    return house.set_stage("routes")


class Asking:
    """One person's tries at one noun, each on records that stand as they stood."""

    def __init__(self, house: House, login_id: str, noun: str) -> None:
        self.house, self.login_id, self.noun = house, login_id, noun
        self.home = PEOPLE[login_id][0]
        self.visitor = Visitor(house.app, login_id)
        self.calls = 0

    def records(self, stage: Stage) -> dict[str, str]:
        """Institution → a record of it that is not the person's own account or role."""
        own = {acting(self.login_id).user, acting(self.login_id).role.id}
        found: dict[str, str] = {}
        for place in stage.places:
            if place.noun == self.noun and place.record not in own:
                found.setdefault(place.house, place.record)
        return found

    def expected(self, rule: Rule, of: str) -> str:
        """allowed, refused (403) or unknown (404), for a record or a list of that institution."""
        reading = granted(self.login_id, self.noun, "read")
        if reading == "-":
            return "refused"
        if (of in WARD) != (self.home in WARD):
            return "unknown" if rule.on == "record" else "refused"
        letter = "o" if of == self.home else "s"
        allowed = letter in reading and letter in granted(self.login_id, self.noun, rule.act)
        return "allowed" if allowed else "refused"

    def ask(self, rule: Rule, path: str, method: str, of: str, record: str) -> TestResponse:
        """Really ask."""
        self.calls += 1
        target = f"/admin/{self.noun}/{path}?"
        target += (
            f"id={record}{rule.more}"
            if rule.on == "record"
            else f"institution={of}"
            if rule.on == "house"
            else ""
        )
        target = target.rstrip("?")
        return (
            self.visitor.get(target)
            if method == "GET"
            else self.visitor.post(target, list(rule.sent.items()))
        )


def check(asking: Asking, stage: Stage) -> None:
    """Every row of the noun, for every institution."""
    rows = {
        **NOUN_ROUTES,
        **{
            (path.split("/", 3)[3], method): rule
            for (path, method), rule in MORE.items()
            if f"/{asking.noun}/" in path
        },
    }
    there = {(path, method) for path, method in addresses(asking.house.app)}
    records = asking.records(stage)
    for (path, method), rule in rows.items():
        if (f"/admin/{asking.noun}/{path}", method) not in there:
            continue
        for of, record in records.items():
            if rule.on == "anywhere" and of != asking.home:
                continue
            answer = asking.ask(rule, path, method, of, record)
            said = (asking.login_id, method, asking.noun, path, of, answer.status_code)
            expected = asking.expected(rule, of)
            if expected == "allowed" and not rule.unclear:
                assert answer.status_code not in DENIED, said
            elif expected == "refused":
                assert answer.status_code in ((403, 404) if rule.unclear else (403,)), said
            elif expected == "unknown":
                assert answer.status_code in (403, 404), said
            assert answer.status_code < 500, said


@pytest.mark.parametrize("login_id", ["staff.shinjuku", "auditor", "librarian.kaizu"])
def test_each_row_holds_when_really_asked(house: House, stage: Stage, login_id: str) -> None:
    for noun in QUICK:
        check(Asking(house, login_id, noun), stage)


@pytest.mark.proof
@pytest.mark.parametrize("login_id", COLUMNS)
def test_each_row_of_every_noun_holds_when_really_asked(house: House, stage: Stage, login_id: str) -> None:
    calls = 0
    for noun in NOUNS:
        house.set_stage("routes")
        asking = Asking(house, login_id, noun)
        check(asking, stage)
        calls += asking.calls
    print(f"routes {login_id}: {calls} requests, each answered as its row says")


def test_nobody_unknown_gets_beyond_the_sign_in_page(house: House, stage: Stage) -> None:
    client = house.app.test_client()
    for path, method in addresses(house.app):
        rule = row_of(path, method)
        if rule is None or rule.on == "all":
            continue
        target = path.replace("<noun>", "item").replace(
            "<id>", next(each.record for each in stage.places if each.noun == "item")
        )
        answer = client.open(target, method=method)
        wanted = (401,) if rule.on == "token" else (302, 400)  # 400: no token of a session either
        assert answer.status_code in wanted, (method, path, answer.status_code)
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith("/login"), (method, path)


@pytest.mark.parametrize("login_id", COLUMNS)
def test_only_who_edits_roles_looks_through_another(house: House, stage: Stage, login_id: str) -> None:
    role = next(
        each
        for each in stage.documents["roles"]
        if each["code"] == "auditor" and each["institution"] == "section"
    )
    answer = Visitor(house.app, login_id).post("/view-as/", [("role", str(role["_id"]))])
    edits = granted(login_id, "role", "edit") != "-" and PEOPLE[login_id][0] in WARD
    assert answer.status_code == 302 if edits else answer.status_code in (403, 404)


@pytest.mark.parametrize("role", ["manager", "staff"])
def test_who_looks_through_another_role_only_reads(house: House, stage: Stage, role: str) -> None:
    admin = Visitor(house.app, "admin")
    tried = next(each for each in stage.documents["roles"] if each["code"] == role)
    assert admin.post("/view-as/", [("role", str(tried["_id"]))]).status_code == 302
    item = next(each.record for each in stage.places if each.noun == "item" and each.house == "section")
    assert admin.get(f"/admin/item/details/?id={item}").status_code == 200
    for path in ("edit", "delete", "print", "history"):
        assert admin.get(f"/admin/item/{path}/?id={item}").status_code == 403, path
    for path in ("print-list/", "new/", "lookup/"):
        assert admin.get(f"/admin/item/{path}").status_code == 403, path
    for path in ("export/csv/", "export/xlsx/", f"edit/?id={item}", f"delete/?id={item}"):
        sent = [("revision", "2"), ("title", "書き換え"), ("reason", "試し")]
        assert admin.post(f"/admin/item/{path}", sent).status_code == 403, path
    assert (
        admin.post(
            f"/admin/user/delete/?id={acting('contractor').user}", [("revision", "2"), ("reason", "x")]
        ).status_code
        == 403
    )


@pytest.mark.parametrize("login_id", COLUMNS)
def test_the_api_is_open_where_its_row_says(house: House, stage: Stage, login_id: str) -> None:
    who, client = acting(login_id), house.app.test_client()
    opened = [noun for noun in NOUNS if granted(login_id, noun, "api") != "-"]
    if not opened:
        answer = Visitor(house.app, login_id).get("/api/v1/item/")
        assert answer.status_code == 401  # the session of the screens opens nothing here
        return
    sent = {"Authorization": f"Bearer {make_token(who, '試し', 30, pepper=house.app.config['PEPPER'])}"}
    for noun in NOUNS:
        assert client.get(f"/api/v1/{noun}/", headers=sent).status_code == (200 if noun in opened else 403)
        asking = Asking(house, login_id, noun)
        for of, record in asking.records(stage).items():
            status = client.get(f"/api/v1/{noun}/{record}", headers=sent).status_code
            assert status == 200 if asking.expected(Rule("api"), of) == "allowed" else status in (403, 404), (
                noun,
                of,
            )


@pytest.mark.parametrize("login_id", COLUMNS)
def test_the_ledgers_are_open_to_who_audits(house: House, stage: Stage, login_id: str) -> None:
    audits = any(granted(login_id, noun, "audit") != "-" for noun in NOUNS)
    answer = Visitor(house.app, login_id).get("/audit/")
    assert answer.status_code == (200 if audits else 403)


@pytest.mark.parametrize("login_id", COLUMNS)
def test_imports_are_open_to_who_imports(house: House, stage: Stage, login_id: str) -> None:
    imports = any(granted(login_id, noun, "import") != "-" for noun in NOUNS)
    visitor = Visitor(house.app, login_id)
    assert visitor.get("/migration/").status_code == (200 if imports else 403)
    assert visitor.get(f"/migration/{'0' * 24}/").status_code == 404


@pytest.mark.parametrize("login_id", COLUMNS)
def test_progress_is_open_to_who_reads_items(house: House, stage: Stage, login_id: str) -> None:
    visitor = Visitor(house.app, login_id)
    for path, method in PAGES:
        rule = PAGES[path, method]
        if rule.on != "items" or method != "GET":
            continue
        letters, chart = granted(login_id, "item", rule.act), "plan" if "/plan/" in path else "status"
        for letter, of in (("o", PEOPLE[login_id][0]), ("s", "soseki")):
            if (of in WARD) != (PEOPLE[login_id][0] in WARD) or (letter == "s" and of == PEOPLE[login_id][0]):
                continue
            answer = visitor.get(f"{path.replace('<chart>', chart)}?institution={of}")
            # 400: a role that may read items and yet not every field that is counted by.
            wanted = (200, 400) if letter in letters else (403,)
            assert answer.status_code in wanted, (path, of, answer.status_code)


def test_who_may_open_files_opens_none_of_a_withheld_field(house: House, stage: Stage) -> None:
    record = next(each.record for each in stage.places if each.noun == "media" and each.house == "shinjuku")
    path = f"/admin/media/file/?id={record}&field=file"
    assert "file" in acting("reader.shinjuku").role.actions["media"]["own"]
    assert Visitor(house.app, "reader.shinjuku").get(path).status_code == 403
    assert Visitor(house.app, "staff.shinjuku").get(path).status_code == 200


@pytest.mark.parametrize("kind", ["manager", "staff", "contractor"])
@pytest.mark.parametrize("act", ACTIONS)
def test_no_role_of_a_museum_can_be_granted_patrons(kind: str, act: str) -> None:
    role = Role(
        "trial", ("", ""), kind, {"patron": {"own": frozenset(ACTIONS), "supervised": frozenset(ACTIONS)}}, {}
    )
    assert not granted_by_policy(role, "patron", act, "own")
    assert not granted_by_policy(role, "patron", act, "supervised")


def test_the_table_speaks_of_every_institution() -> None:
    assert {PEOPLE[each][0] for each in COLUMNS} <= {each["_id"] for each in HOUSES}
