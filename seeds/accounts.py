"""Set-up of the demo's institutions, roles and accounts, through the gate; what is there already stays as it is."""

from __future__ import annotations

from pathlib import Path

from accounts.approval import approved
from accounts.console import console
from accounts.lockout import folded
from accounts.sign_in.passwords import hashed
from gate.store.collections import records_of
from gate.writing.changes import Origin
from gate.writing.writing import create, write
from models.registry import NOUNS
from roles.setting_up import make_institution, make_role, role_named
from seeds import papers, passwords
from seeds.houses import ACCOUNTS, HOUSES, ROLES, Account, House, top_of
from vocabularies.starting import store_starting_terms

INSTITUTION, ROLE, USER = NOUNS["institution"], NOUNS["role"], NOUNS["user"]


def set_up(var: Path, pepper: bytes) -> int:
    """Make the institutions, roles and accounts that are missing; returns how many accounts were made.

    The file of passwords is written first: killed after it, the next run gives those that are still missing new ones.
    """
    for house in HOUSES:
        _institution(house)
    for top, roles in ROLES.items():
        for role in roles:
            make_role(top, role)
        store_starting_terms(top)
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
    make_institution({
        "code": house.code,
        "name": house.name[0],
        "name_en": house.name[1],
        "standing": house.standing,
        "colour": house.colour,
        "address": house.address,
        "telephone": house.telephone,
        "supervisor": house.supervisor,
    })  # fmt: skip


def _account(account: Account, password_hash: str) -> None:
    # A museum's accounts are made by its section, whose roles they have.
    actor = console(top_of(account.institution), frozenset({account.institution}))
    values = {
        "login_id": account.login_id,
        "display_name": account.name,
        "role": role_named(top_of(account.institution), account.role),
    }
    approval = approved(values["role"], account.institution, actor.user)
    system = {"password_hash": password_hash, "approval": approval}
    create(actor, USER, account.institution, values, system=system, origin=Origin.CONSOLE)


def _administrators(house: House) -> None:
    """Write down who administers it: the one document that holds "never without an administrator"."""
    codes = {
        each.login_id for each in ACCOUNTS if each.role == "administrator" and each.institution == house.code
    }
    found = records_of(USER).find({"institution": house.code, "login_id": {"$in": sorted(codes)}}, {"_id": 1})
    listed = sorted(str(each["_id"]) for each in found)
    document = records_of(INSTITUTION).find_one({"_id": house.code})
    if document is not None and listed and not document.get("administrators"):
        write(
            INSTITUTION,
            document,
            {"administrators": listed},
            actor=console(house.code),
            origin=Origin.CONSOLE,
        )
