"""The demo's two governments: the ward's section with its two museums, and a city's library; and who signs in there."""

from __future__ import annotations

from dataclasses import dataclass

from models.data_classes import Words
from roles.starting_roles import CITY_ROLES, WARD_ROLES, StartingRole


@dataclass(frozen=True)
class House:
    """An institution of the demo."""

    code: str
    name: Words
    standing: str
    colour: str
    address: str
    telephone: str
    supervisor: str = ""


@dataclass(frozen=True)
class Account:
    """An account of the demo, before it has a password."""

    login_id: str
    name: str
    role: str
    institution: str


HOUSES = (
    House("section", ("文化観光課", "Culture and Tourism Section"), "section", "slate", "東京都新宿区見本町一丁目1-1",
          "03-0000-0001"),
    House("shinjuku", ("新宿歴史博物館", "Shinjuku Historical Museum"), "museum", "indigo", "東京都新宿区見本町二丁目2-2",
          "03-0000-0002", "section"),
    House("soseki", ("漱石山房記念館", "Soseki Museum"), "museum", "plum", "東京都新宿区見本町三丁目3-3", "03-0000-0003",
          "section"),
    House("kaizu", ("海津市図書館", "Kaizu City Library"), "library", "moss", "岐阜県海津市見本町一丁目1-1", "0584-0000-0001"),
)  # fmt: skip
"""A supervisor before those it supervises."""

ROLES: dict[str, tuple[StartingRole, ...]] = {"section": WARD_ROLES, "kaizu": CITY_ROLES}
"""The institution at the top of a government → the roles that serve it."""

ACCOUNTS = (
    Account("admin", "システム管理者", "administrator", "section"),
    Account("manager", "文化観光課 担当", "manager", "section"),
    Account("staff.shinjuku", "歴史博物館 学芸員", "staff", "shinjuku"),
    Account("staff.soseki", "漱石山房記念館 学芸員", "staff", "soseki"),
    Account("librarian.kaizu", "海津市図書館 司書", "librarian", "kaizu"),
    Account("auditor", "監査担当", "auditor", "section"),
    Account("contractor", "委託事業者", "contractor", "section"),
    # The two governments never meet, so the city has an administrator of its own.
    Account("admin.kaizu", "海津市 システム管理者", "administrator", "kaizu"),
)


def top_of(institution: str) -> str:
    """The institution whose roles serve this one."""
    return next(each.supervisor or each.code for each in HOUSES if each.code == institution)
