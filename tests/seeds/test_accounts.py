"""The demo's accounts: random passwords that work, in a file for one pair of eyes."""

import csv
import stat
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from accounts.accounts import account
from accounts.operating import account_named
from accounts.sign_in.attempt import attempt
from operations.store_indexes import ensure_indexes
from roles.grants import beyond_ceilings
from roles.starting_roles import CITY_ROLES, WARD_ROLES, StartingRole
from seeds.accounts import set_up
from seeds.houses import ACCOUNTS, HOUSES
from seeds.passwords import FILE
from tests.world import PEPPER


def rows(var: Path) -> list[dict[str, str]]:
    with (var / FILE).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_account_signs_in_with_its_password(database: Database[dict[str, Any]], tmp_path: Path) -> None:
    ensure_indexes()
    assert set_up(tmp_path, PEPPER) == len(ACCOUNTS)
    assert [each["login_id"] for each in rows(tmp_path)] == [each.login_id for each in ACCOUNTS]
    for each in rows(tmp_path):
        outcome = attempt(each["login_id"], each["password"], pepper=PEPPER, address="")
        known = account(outcome.user, address="127.0.0.1")
        assert known is not None, each["login_id"]
        assert known.actor.institution == each["institution"]
        assert known.actor.role.role_kind == each["role"]


def test_passwords_are_long_and_of_one_run_only(database: Database[dict[str, Any]], tmp_path: Path) -> None:
    ensure_indexes()
    set_up(tmp_path / "a", PEPPER)
    database["users"].delete_many({})
    set_up(tmp_path / "b", PEPPER)
    first, second = ({each["password"] for each in rows(tmp_path / name)} for name in "ab")
    assert len(first) == len(second) == len(ACCOUNTS)
    assert not first & second
    assert min(map(len, first | second)) >= 20


def test_the_file_is_for_its_owner_only(database: Database[dict[str, Any]], tmp_path: Path) -> None:
    ensure_indexes()
    set_up(tmp_path, PEPPER)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [FILE]


def test_accounts_that_are_there_keep_their_passwords(
    database: Database[dict[str, Any]], tmp_path: Path
) -> None:
    ensure_indexes()
    set_up(tmp_path, PEPPER)
    before = rows(tmp_path)
    database["users"].delete_one({"login_id": "auditor"})
    assert set_up(tmp_path, PEPPER) == 1
    after = rows(tmp_path)
    assert [each for each in after if each["login_id"] != "auditor"] == [
        each for each in before if each["login_id"] != "auditor"
    ]
    assert {each["password"] for each in after} != {each["password"] for each in before}


def test_each_government_lists_its_administrator(database: Database[dict[str, Any]], tmp_path: Path) -> None:
    ensure_indexes()
    set_up(tmp_path, PEPPER)
    listed = {each["_id"]: each.get("administrators", []) for each in database["institutions"].find()}
    assert listed == {
        "section": [account_named("admin")],
        "kaizu": [account_named("admin.kaizu")],
        "shinjuku": [],
        "soseki": [],
    }
    assert set(listed) == {each.code for each in HOUSES}


@pytest.mark.parametrize("role", [*WARD_ROLES, *CITY_ROLES], ids=lambda role: role.code)
def test_no_starting_role_is_beyond_its_ceilings(role: StartingRole) -> None:
    assert beyond_ceilings(role.kind, role.actions, role.effects) == {}
