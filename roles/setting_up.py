"""Setting up a government: its top institution, the starting roles, its first administrator.

`flask init`, the first-run page (roles.first_run) and the demonstration (seeds.accounts) all come through here. Each
step leaves what is there already as it is, so that a set-up that was killed is simply run again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.console import console
from accounts.lockout import folded
from accounts.sign_in.resets import start_reset
from gate.fields.validation import clean
from gate.refusals import Invalid
from gate.store.collections import key_of, records_of
from gate.writing.changes import Origin
from gate.writing.writing import create
from models.data_classes import Words
from models.registry import NOUNS
from roles.grants import beyond_ceilings
from roles.rights import is_administrator, list_administrator, top_of
from roles.starting_roles import CITY_ROLES, WARD_ROLES, StartingRole
from vocabularies.starting import store_starting_terms

INSTITUTION, ROLE, USER = NOUNS["institution"], NOUNS["role"], NOUNS["user"]
OF_INSTITUTION, OF_USER = ("code", "name", "name_en"), ("login_id", "display_name")
CHOOSE: Words = ("どれか一つを選んでください。", "Choose one of them.")
ADMINISTERED: Words = (
    "この館にはもう管理者がいます。アカウントは flask users create か画面で作ってください。",
    "This institution has an administrator already; make accounts on screen or with flask users create.",
)
NO_HOUSE: Words = ("この館はありません。", "There is no such institution.")
NO_ROLE: Words = ("この館にこの役割はありません。", "This institution has no such role.")


@dataclass(frozen=True)
class Kind:
    """A kind of government to begin with: what it is called, what its top institution is, and the roles it gets."""

    label: Words
    standing: str
    colour: str
    roles: tuple[StartingRole, ...]


KINDS: dict[str, Kind] = {
    "museums": Kind(
        ("博物館を所管する課(館はあとから追加します)", "A section that supervises museums (added later)"),
        "section", "slate", WARD_ROLES,
    ),
    "museum": Kind(("博物館(一館だけ)", "A museum of its own"), "museum", "indigo", WARD_ROLES),
    "libraries": Kind(
        ("図書館を所管する課(館はあとから追加します)", "A section that supervises libraries (added later)"),
        "section", "slate", CITY_ROLES,
    ),
    "library": Kind(("図書館(一館だけ)", "A library of its own"), "library", "moss", CITY_ROLES),
}  # fmt: skip


@dataclass(frozen=True)
class Invitation:
    """A new account's one-time link: its secret, shown once, and until when it opens the page that sets the password."""

    login_id: str
    token: str
    until: datetime


def set_up_government(values: Mapping[str, str], *, pepper: bytes) -> Invitation:
    """Make an institution that nobody supervises, its starting roles and its first administrator.

    Args:
        values: kind (one of KINDS), code, name, name_en, login_id, display_name, as typed.
        pepper: the secret kept outside the store.

    Raises:
        Invalid: by the names of the values; nothing was made.
    """
    asked = {name: str(values.get(name) or "").strip() for name in ("kind", *OF_INSTITUTION, *OF_USER)}
    if wrong := _wrong(asked):
        raise Invalid(wrong)
    kind, code = KINDS[asked["kind"]], asked["code"]
    institution = {name: asked[name] for name in OF_INSTITUTION}
    make_institution({**institution, "standing": kind.standing, "colour": kind.colour})
    for role in kind.roles:
        make_role(code, role)
    store_starting_terms(code)
    return make_account(
        code, "administrator", {name: asked[name] for name in OF_USER}, pepper=pepper, again=True
    )


def _wrong(asked: Mapping[str, str]) -> dict[str, Words]:
    """What keeps a government from being set up, found before anything is written."""
    wrong: dict[str, Words] = {} if asked["kind"] in KINDS else {"kind": CHOOSE}
    for noun, names in ((INSTITUTION, OF_INSTITUTION), (USER, OF_USER)):
        kept, faults = clean(noun, {name: asked[name] for name in names})
        wrong |= faults
        if noun is INSTITUTION and "code" in kept and _administrators(str(kept["code"])):
            wrong["code"] = ADMINISTERED
    known = records_of(USER).find_one({"login_key": folded(asked["login_id"])}, {"institution": 1})
    if known is not None and known.get("institution") != asked["code"]:
        wrong["login_id"] = ("このログインIDはすでに使われています。", "This login id is already in use.")
    return wrong


def make_account(
    institution: str, role: str, values: Mapping[str, str], *, pepper: bytes, again: bool = False
) -> Invitation:
    """Make an account without a password, and the link by which its person chooses one.

    Args:
        institution: where it belongs.
        role: the code of a role of its government.
        values: login_id and display_name, as typed.
        pepper: the secret kept outside the store.
        again: an administrator of that login id and institution, left by a killed run, is taken as it is.

    Raises:
        Invalid: by the names of the values, or `institution` or `role`.
    """
    if records_of(INSTITUTION).find_one({"_id": institution}, {"_id": 1}) is None:
        raise Invalid({"institution": NO_HOUSE})
    top = top_of(institution)
    actor = console(top, frozenset({institution}) - {top})
    left = records_of(USER).find_one({"login_key": folded(values["login_id"]), "institution": institution})
    if again and left is not None and is_administrator(left):
        user = str(left["_id"])
        list_administrator(top, user)  # killed before it stood on the institution's list
    else:
        asked = {**values, "role": role_named(top, role)}
        user = create(actor, USER, institution, asked, origin=Origin.CONSOLE)
    token, until = start_reset(actor, user, pepper=pepper)
    return Invitation(values["login_id"], token, until)


def role_named(top: str, code: str) -> Any:
    """The id of a government's role.

    Raises:
        Invalid: there is none of that code.
    """
    found = records_of(ROLE).find_one({"institution": top, "code": code}, {"_id": 1})
    if found is None:
        raise Invalid({"role": NO_ROLE})
    return found["_id"]


def make_institution(values: Mapping[str, str]) -> None:
    """Make an institution, unless one of its code is there.

    Raises:
        Invalid: what was given cannot be stored.
    """
    if records_of(INSTITUTION).find_one({"_id": values["code"]}, {"_id": 1}) is None:
        home = values.get("supervisor") or values["code"]
        create(console(home), INSTITUTION, home, values, origin=Origin.CONSOLE)


def make_role(top: str, role: StartingRole) -> None:
    """Make a starting role of a government, unless one of its code is there."""
    if records_of(ROLE).find_one({"institution": top, "code": role.code}, {"_id": 1}) is not None:
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
    grants = {"actions": role.actions, "effects": role.effects}
    create(console(top), ROLE, top, values, system=grants, origin=Origin.CONSOLE)


def is_administered() -> bool:
    """Whether any government of this store has an administrator."""
    return records_of(INSTITUTION).find_one({"administrators.0": {"$exists": True}}, {"_id": 1}) is not None


def without_administrator() -> list[str]:
    """The codes of the top institutions that nobody administers."""
    tops = records_of(INSTITUTION).find(
        {"supervisor": {"$in": [None, ""]}, "institution": {"$ne": None}}, {"administrators": 1}
    )
    return sorted(each["_id"] for each in tops if not each.get("administrators"))


def administrators_without_account() -> list[str]:
    """The codes of the institutions whose list of administrators names accounts that are not in the store."""
    lists = list(records_of(INSTITUTION).find({"administrators.0": {"$exists": True}}, {"administrators": 1}))
    named = [key_of(USER, user) for each in lists for user in each["administrators"]]
    there = {str(each["_id"]) for each in records_of(USER).find({"_id": {"$in": named}}, {"_id": 1})}
    return sorted(each["_id"] for each in lists if not there.issuperset(each["administrators"]))


def has_institution() -> bool:
    """Whether there is any institution."""
    return records_of(INSTITUTION).find_one({"institution": {"$ne": None}}, {"_id": 1}) is not None


def _administrators(code: str) -> list[str]:
    found = records_of(INSTITUTION).find_one({"_id": code}, {"administrators": 1}) or {}
    return list(found.get("administrators") or [])
