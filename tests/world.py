"""The two governments of the demo in a store: institutions, starting roles, accounts and a few records.

Plain functions, for every test that needs somebody to act: `connect(uri)` once, `world(database)` before each test.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

import bcrypt
import mongoengine
from bson import ObjectId
from mongoengine.connection import get_db
from pymongo.database import Database

from accounts.accounts import account
from accounts.approval import approved
from accounts.lockout import folded
from accounts.sign_in import passwords
from accounts.sign_in.passwords import hashed
from gate.store.hourly_limits import DEFAULTS
from gate.writing.writing import create
from models.registry import NOUNS
from operations.upgrade.stamp import require_known_store
from policies.actor import Actor
from roles.starting_roles import CITY_ROLES, WARD_ROLES

Document = dict[str, Any]
FULL_COST, FULL_NOBODY = passwords.COST, passwords.NOBODY
"""What a hash costs outside of tests."""
PEPPER = sha256(b"a pepper for tests").hexdigest().encode()
PASSWORD = "正しい馬と電池とホチキスの昔話"

HOUSES = [
    {"_id": "section", "name": "文化観光課", "name_en": "Culture and Tourism Section", "standing": "section"},
    {"_id": "shinjuku", "name": "歴史博物館", "name_en": "Historical Museum", "supervisor": "section"},
    {"_id": "soseki", "name": "漱石山房記念館", "name_en": "Soseki Sanbo Memorial Museum", "supervisor": "section"},
    {"_id": "kaizu", "name": "海津市図書館", "name_en": "Kaizu City Library", "standing": "library"},
]  # fmt: skip

ACCOUNTS = {
    "admin": ("section", "administrator"),
    "manager": ("section", "manager"),
    "staff.shinjuku": ("shinjuku", "staff"),
    "staff.soseki": ("soseki", "staff"),
    "auditor": ("section", "auditor"),
    "contractor": ("section", "contractor"),
    "admin.kaizu": ("kaizu", "administrator"),
    "librarian.kaizu": ("kaizu", "librarian"),
    "auditor.kaizu": ("kaizu", "auditor"),
}
"""Login id → institution and starting role."""


WORK_ID = "65f0000000000000000000aa"
"""The request that lets the contractor in."""


def connect(uri: str) -> Database[Document]:
    """Connect MongoEngine as the application does; the database that the address names."""
    mongoengine.connect(
        host=uri, alias="default", tz_aware=True, uuidRepresentation="standard", serverSelectionTimeoutMS=5_000
    )  # fmt: skip
    database: Database[Document] = get_db()
    return database


def emptied(database: Database[Document]) -> None:
    """Delete every document; collections and their indexes stay."""
    for name in database.list_collection_names():
        if not name.startswith("system.") and database[name].find_one({}, {"_id": 1}) is not None:
            database[name].delete_many({})


def hash_cheaply() -> None:
    """Let hashes of this process cost next to nothing: what is renewed at sign-in is then no slower than the rest."""
    passwords.COST, passwords.NOBODY = 4, bcrypt.hashpw(b"nobody", bcrypt.gensalt(4)).decode()


@cache
def _hash(password: str) -> str:
    return hashed(password, PEPPER, cost=4)


def world(database: Database[Document]) -> None:
    """Fill an empty store: four institutions, the starting roles of both governments, an account for each."""
    require_known_store()
    now = {"revision": 1, "created_at": datetime.now(UTC), "changed_at": datetime.now(UTC)}
    database["institutions"].insert_many(
        [{"standing": "museum", **each, "code": each["_id"], "institution": each["_id"], **now} for each in HOUSES]
    )  # fmt: skip
    roles: dict[tuple[str, str], Document] = {
        (top, each.code): {
            "_id": ObjectId(),
            "institution": top,
            "code": each.code,
            "name": each.name[0],
            "name_en": each.name[1],
            "role_kind": each.kind,
            "actions": each.actions,
            "effects": each.effects,
            **now,
        }
        for top, those in (("section", WARD_ROLES), ("kaizu", CITY_ROLES))
        for each in those
    }
    database["roles"].insert_many(list(roles.values()))
    users = {login_id: ObjectId() for login_id in ACCOUNTS}
    database["users"].insert_many(
        [_user(login_id, users[login_id], house, roles["kaizu" if house == "kaizu" else "section", role]["_id"]) | now
         for login_id, (house, role) in ACCOUNTS.items()]
    )  # fmt: skip
    _request_work(database, users["contractor"])
    without_hourly_limits(database)


def _user(login_id: str, id_: ObjectId, house: str, role: ObjectId) -> Document:
    return {
        "_id": id_, "login_id": login_id, "login_key": folded(login_id), "display_name": f"{login_id}の人",
        "institution": house, "role": role, "password_hash": _hash(PASSWORD), "approval": approved(role, house, "console"),
    }  # fmt: skip


def approve_accounts(database: Database[Document]) -> None:
    """Let every account act in the role and institution that it has now, as if a second person had approved it."""
    for each in database["users"].find({}, {"role": 1, "institution": 1}):
        approval = approved(each.get("role"), each.get("institution") or "", "console")
        database["users"].update_one({"_id": each["_id"]}, {"$set": {"approval": approval}})


def without_hourly_limits(database: Database[Document]) -> None:
    """Tests do in an hour what nobody does in a week. Those of the limits delete this, or set their own."""
    wide = {name: 1_000_000 for name in DEFAULTS}
    database["hourly_limits"].insert_many([{"_id": each["_id"], **wide} for each in HOUSES])


def let_the_contractor_in(database: Database[Document]) -> None:
    """An approved work request for the account `contractor`, as it stands in the demo."""
    found = database["users"].find_one({"login_id": "contractor"}, {"_id": 1})
    assert found is not None
    _request_work(database, found["_id"])


def _request_work(database: Database[Document], contractor: ObjectId) -> None:
    now = {"revision": 1, "created_at": datetime.now(UTC), "changed_at": datetime.now(UTC)}
    database["work_requests"].insert_one({
        "_id": ObjectId(WORK_ID), "institution": "section", "request_number": "W000001", "work": "画面の確認", "why": "改修後の点検",
        "work_place": "machine_room", "witness": "", "created_by": "console", **approved_work(contractor), **now,
    })  # fmt: skip


def approved_work(contractor: Any) -> Document:
    """What a request holds that lets a contractor's account in from this machine, now and for the next half year."""
    today = datetime.now(UTC)
    return {
        "contractor": str(contractor), "work_status": "approved", "network": "127.0.0.1",
        "begins_at": (today - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (today + timedelta(days=180)).strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip


def actor(login_id: str) -> Actor:
    """The actor of an account, read again from the store as every request reads it."""
    found = get_db()["users"].find_one({"login_id": login_id})
    assert found is not None
    known = account(str(found["_id"]), address="127.0.0.1")
    assert known is not None
    return known.actor


def make(login_id: str, noun: str, **values: Any) -> str:
    """A record made through the gate by that account in its own institution; its id."""
    who = actor(login_id)
    return create(who, NOUNS[noun], who.institution, values)


def donor(login_id: str = "staff.soseki", **values: Any) -> str:
    """An invented donor with name, address and telephone; its id."""
    person = {
        "name": "夏目 鏡子", "name_reading": "なつめ きょうこ", "address": "東京都新宿区早稲田南町7",
        "telephone": "03-3205-0209", "notes": "夏目家",
    }  # fmt: skip
    return make(login_id, "donor", **{**person, **values})


def patron(**values: Any) -> str:
    """An invented patron of the library; its id."""
    person = {
        "surname": "平田", "firstname": "靱負", "dateofbirth": "1975-03-09", "sex": "male",
        "address": "岐阜県海津市海津町高須515", "phone": "0584-53-1111",
    }  # fmt: skip
    return make("librarian.kaizu", "patron", **{**person, **values})


def stored_item(id_: str) -> Document:
    """An item as it lies in the store."""
    found: Document | None = get_db()["items"].find_one({"_id": ObjectId(id_)})
    assert found is not None
    return found


def item(login_id: str = "staff.shinjuku", **values: Any) -> str:
    """An invented item; its id."""
    return make(login_id, "item", **{"title": "内藤新宿絵図", **values})
