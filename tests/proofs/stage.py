"""The stage of the proofs: both governments, every noun in every institution, each with a past, all ids and times fixed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from bson import ObjectId
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pymongo.database import Database

from accounts.approval import approved
from accounts.lockout import folded
from accounts.sign_in.passwords import hashed
from gate.writing.patches import derived
from models.declaration import Field, Noun
from models.registry import NOUNS
from roles.starting_roles import CITY_ROLES, WARD_ROLES
from tests.proofs.planted import planted, word
from tests.world import ACCOUNTS, HOUSES, PASSWORD, PEPPER, approved_work

Document = dict[str, Any]
Value = Callable[["Place"], Any]
LONG_AGO = datetime(2024, 4, 1, 3, 0, tzinfo=UTC)
EACH = 2
"""Records of a noun in an institution: the first with a sealed past, the second with one that still waits."""

MORE_ROLES: tuple[Document, ...] = (
    {  # sees nothing but what is public, and yet may use every exit
        "code": "reader", "name": "公開情報だけを読む人", "name_en": "Reader", "role_kind": "staff",
        "actions": {
            noun: {scope: ["read", "export", "print", "file", "history", "lookup", "api"] for scope in ("own", "supervised")}
            for noun in ("item", "media", "donor", "loan", "exhibition")
        },
        "effects": {
            noun: {scope: {"public": "show"} for scope in ("own", "supervised")}
            for noun in ("item", "media", "donor", "loan", "exhibition")
        },
    },
    {  # rules of single fields against their class, in both directions; edits some fields of what it cannot see whole
        "code": "clerk", "name": "一部の欄だけを書く人", "name_en": "Clerk", "role_kind": "staff",
        "actions": {
            noun: {"own": ["read", "create", "edit", "print", "export", "history", "api"], "supervised": ["read"]}
            for noun in ("item", "donor", "exhibition")
        },
        "effects": {
            "item": {
                "own": {"public": "edit", "internal": "hide", "notes": "mask", "field:rank": "edit", "field:title": "show"},
                "supervised": {"public": "show", "field:maker": "hide"},
            },
            "donor": {
                "own": {"internal": "show", "identity": "edit", "contact": "mask", "field:telephone": "edit"},
                "supervised": {"internal": "show", "field:name": "mask"},
            },
            "exhibition": {"own": {"public": "edit"}, "supervised": {"public": "show", "notes": "mask"}},
        },
    },
)  # fmt: skip
MORE_ACCOUNTS = {"reader.shinjuku": ("shinjuku", "reader"), "clerk.soseki": ("soseki", "clerk")}
PEOPLE = {**ACCOUNTS, **MORE_ACCOUNTS}


@dataclass(frozen=True)
class Place:
    """One field of one record, now or in its past: where a value stands."""

    noun: str
    house: str
    record: str
    name: str
    n: int
    past: bool = False

    @property
    def field(self) -> Field:
        """Its declaration."""
        return NOUNS[self.noun].fields[self.name]


@dataclass
class Stage:
    """What stands in the database, and where each value stands."""

    documents: dict[str, list[Document]] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    files: dict[ObjectId, bytes] = field(default_factory=dict)
    owners: dict[str, list[Place]] = field(default_factory=dict)
    """Record id → its places."""

    def store(self, database: Database[Document]) -> None:
        """Put it into an empty database."""
        for collection, documents in self.stored().items():
            database[collection].insert_many(documents)

    def stored(self) -> dict[str, list[Document]]:
        """Collection → its documents, the files among them as GridFS keeps them: one by one they took longest of all."""
        about = {
            "chunkSize": 255 * 1024,
            "uploadDate": LONG_AGO,
            "filename": "picture",
            "metadata": {"mime": "image/png"},
        }
        files = [{"_id": id_, "length": len(data), **about} for id_, data in self.files.items()]
        chunks = [{"_id": id_, "files_id": id_, "n": 0, "data": data} for id_, data in self.files.items()]
        stored = {**self.documents, "fs.files": files, "fs.chunks": chunks}
        return {collection: documents for collection, documents in stored.items() if documents}


def as_planted(place: Place) -> Any:
    """The value that a place has in the first world."""
    return planted(place.field, place.n)


def twin(place: Place) -> Any:
    """Another value with the same masked form."""
    return planted(place.field, place.n, twin=True)


@cache
def _hash(login_id: str) -> str:
    return hashed(PASSWORD, PEPPER, cost=4)


def _id(kind: int, n: int) -> ObjectId:
    return ObjectId(f"65f00000{kind:08x}{n:08x}")


NAMED = ("account", "colleague")
"""Fields that hold an account's id as text; its name stands in their place."""


class _Builder:
    """Makes the documents in a fixed order, so that ids and numbers are the same in every world."""

    def __init__(self, value: Value) -> None:
        self.value, self.stage, self.n = value, Stage(), 0
        self.ids = {
            (noun, house["_id"], at): _id(kind + 16, number * EACH + at)
            for kind, noun in enumerate(NOUNS)
            for number, house in enumerate(HOUSES)
            for at in range(EACH)
        }

    def fields(
        self, noun: Noun, house: str, record: str, at: int, fixed: Document, past: bool = False
    ) -> Document:
        """Every field that is not the system's and not fixed, with its value."""
        made: Document = {}
        for each in noun:
            self.n += 1
            if each.kind == "system" or each.declared.section == "system" or each.name in fixed:
                continue
            place = Place(noun.name, house, record, each.name, self.n, past)
            self.stage.places.append(place)
            self.stage.owners.setdefault(record, []).append(place)
            made[each.name] = self._given(each, place, house, at)
        return made

    def _given(self, each: Field, place: Place, house: str, at: int) -> Any:
        value, target = (
            self.value(place),
            each.declared.target or ("user" if each.kind == "colleague" else ""),
        )
        if value in (None, "", []) or target == "institution":
            return None
        if each.kind == "image":
            return self._file(place, value)
        if target:
            key = self.ids[(target, house, at if value == "same" else 1 - at)]
            return [key] if each.kind == "references" else str(key) if each.kind in NAMED else key
        return value

    def _file(self, place: Place, said: str) -> str:
        id_ = _id(8, place.n)
        about = PngInfo()
        about.add_text("Comment", said)
        out = io.BytesIO()
        Image.new("RGB", (8, 8), (40, 90, 120)).save(out, "PNG", pnginfo=about)
        self.stage.files[id_] = out.getvalue()
        return str(id_)

    def add(self, noun: Noun, house: str, record: Any, at: int, fixed: Document) -> None:
        """A record of the noun with a past of one edit, sealed or still waiting in its outbox."""
        key = str(record)
        now = self.fields(noun, house, key, at, fixed)
        past = self.fields(noun, house, key, at, fixed, past=True)
        names = sorted(past)
        document = {
            **{name: value for name, value in now.items() if value not in (None, [])}, **fixed, "_id": record,
            "institution": house, "revision": 2, "created_at": LONG_AGO, "changed_at": LONG_AGO,
            "created_by": "console", "changed_by": "console",
        }  # fmt: skip
        told = {
            "at": LONG_AGO,
            "actor": "console",
            "action": "edit",
            "revision": 2,
            "fields": names,
            "reason": "点検",
        }
        before = {name: past[name] for name in names}
        if at:
            document |= {"outbox": [{**told, "before": before}], "outbox_at": LONG_AGO}
        else:
            of = {
                "_id": f"{noun.name}:{key}:00000002",
                "noun": noun.name,
                "record": key,
                "institution": house,
            }
            self._put("revisions", {**of, **told, "before": before})
            self._put("ledger", {**of, **{name: told[name] for name in told if name != "reason"}})
        self._put(str(noun.document._meta["collection"]), derived(noun, document))

    def _put(self, collection: str, document: Document) -> None:
        self.stage.documents.setdefault(collection, []).append(document)


def build(value: Value = as_planted) -> Stage:
    """The whole stage, each value from `value`; places it gives None for stay empty."""
    made = _Builder(value)
    for house in HOUSES:
        code = house["_id"]
        fixed = {"standing": "museum", **house, "code": code}
        fixed.pop("_id")
        made.add(NOUNS["institution"], code, code, 0, fixed)
    roles = dict(_roles(made))
    for at, (login_id, (home, role)) in enumerate(PEOPLE.items()):
        has = roles[("kaizu" if home == "kaizu" else "section", role)]
        made.add(NOUNS["user"], home, _id(1, at), at % EACH, {
            "login_id": login_id, "login_key": folded(login_id), "disabled": False, "language": "ja",
            "role": has, "password_hash": _hash(login_id), "approval": approved(has, home, "console"),
        })  # fmt: skip
    for noun in NOUNS.values():
        if noun.name in ("institution", "user", "role"):
            continue
        for house in HOUSES:
            for at in range(EACH):
                made.add(
                    noun,
                    house["_id"],
                    made.ids[(noun.name, house["_id"], at)],
                    at,
                    _fixed(noun, house["_id"], at),
                )
    return made.stage


def _fixed(noun: Noun, house: str, at: int) -> Document:
    """What must stand in a record for the stage to work: the request that lets the contractor in."""
    if (noun.name, house, at) != ("work_request", "section", 0):
        return {}
    contractor = next(n for n, login_id in enumerate(PEOPLE) if login_id == "contractor")
    return approved_work(_id(1, contractor))


def _roles(made: _Builder) -> Iterator[tuple[tuple[str, str], ObjectId]]:
    starting: Iterable[tuple[str, Document]] = [
        (top, {"code": each.code, "name": each.name[0], "name_en": each.name[1], "role_kind": each.kind,
               "actions": each.actions, "effects": each.effects})
        for top, those in (("section", WARD_ROLES), ("kaizu", CITY_ROLES))
        for each in those
    ] + [("section", each) for each in MORE_ROLES]  # fmt: skip
    for at, (top, document) in enumerate(starting):
        id_ = _id(2, at)
        # Who must set a second factor up first would see nothing of the stage.
        made.add(NOUNS["role"], top, id_, at % EACH, {**document, "second_factor": "none"})
        yield (top, document["code"]), id_


__all__ = ["PEOPLE", "Place", "Stage", "as_planted", "build", "twin", "word"]
