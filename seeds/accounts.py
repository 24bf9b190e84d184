"""Set-up of the demo's institutions, roles and accounts, through the gate; what is there already stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gate.bulk import create_many
from gate.console import console
from gate.grants import beyond_ceilings
from gate.lockout import folded
from gate.passwords import hashed
from gate.store import records_of
from gate.writing import create, prepare, write
from models.registry import NOUNS
from seeds import papers, passwords
from seeds.houses import ACCOUNTS, HOUSES, ROLES, Account, House, top_of
from seeds.roles import StartingRole

INSTITUTION, ROLE, USER = NOUNS["institution"], NOUNS["role"], NOUNS["user"]


def set_up(var: Path, pepper: bytes) -> int:
    """Make the institutions, roles and accounts that are missing; returns how many accounts were made.

    The file of passwords is written first: killed after it, the next run gives those that are still missing new ones.
    """
    for house in HOUSES:
        _institution(house)
    for top, roles in ROLES.items():
        for role in roles:
            _role(top, role)
    missing = [
        each for each in ACCOUNTS if not records_of(USER).find_one({"login_key": folded(each.login_id)})
    ]
    if missing:
        fresh = {each.login_id: passwords.new_password() for each in missing}
        rows = {
            each.login_id: (each.login_id, fresh[each.login_id], each.role, each.institution)
            for each in missing
        }
        passwords.keep(var, passwords.kept(var) | rows)
        for each in missing:
            _account(each, hashed(fresh[each.login_id], pepper))
    for house in HOUSES:
        _administrators(house)
    papers.work()
    return len(missing)


def _institution(house: House) -> None:
    if records_of(INSTITUTION).find_one({"_id": house.code}, {"_id": 1}):
        return
    values = {
        "code": house.code,
        "name": house.name[0],
        "name_en": house.name[1],
        "standing": house.standing,
        "colour": house.colour,
        "address": house.address,
        "telephone": house.telephone,
        "supervisor": house.supervisor,
    }
    home = house.supervisor or house.code
    create(console(home), INSTITUTION, home, values)


def _role(top: str, role: StartingRole) -> None:
    if records_of(ROLE).find_one({"institution": top, "code": role.code}, {"_id": 1}):
        return
    if beyond := beyond_ceilings(role.kind, role.actions, role.effects):
        raise ValueError(f"the starting role {role.code} is beyond its ceilings: {sorted(beyond)}")
    values = {
        "code": role.code,
        "name": role.name[0],
        "name_en": role.name[1],
        "role_kind": role.kind,
        "description": role.description,
    }
    document = prepare(console(top), ROLE, top, values)
    create_many(console(top), ROLE, [document | {"actions": role.actions, "effects": role.effects}])


def _account(account: Account, password_hash: str) -> None:
    # A museum's accounts are made by its section, whose roles they have.
    actor = console(top_of(account.institution), frozenset({account.institution}))
    values = {"login_id": account.login_id, "display_name": account.name, "role": _role_of(account)}
    document = prepare(actor, USER, account.institution, values)
    create_many(actor, USER, [document | {"password_hash": password_hash}])


def _role_of(account: Account) -> Any:
    found = records_of(ROLE).find_one(
        {"institution": top_of(account.institution), "code": account.role}, {"_id": 1}
    )
    if found is None:
        raise LookupError(f"no role {account.role}")
    return found["_id"]


def _administrators(house: House) -> None:
    """Write down who administers it: the one document that holds "never without an administrator"."""
    codes = {
        each.login_id for each in ACCOUNTS if each.role == "administrator" and each.institution == house.code
    }
    found = records_of(USER).find({"institution": house.code, "login_id": {"$in": sorted(codes)}}, {"_id": 1})
    listed = sorted(str(each["_id"]) for each in found)
    document = records_of(INSTITUTION).find_one({"_id": house.code})
    if document is not None and listed and not document.get("administrators"):
        write(INSTITUTION, document, {"administrators": listed}, actor=console(house.code))
