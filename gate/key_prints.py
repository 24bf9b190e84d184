"""Fingerprints of the deployment's keys, in one document of the store: by them a start knows that it has the right keys.

A second machine with keys of its own would hash passwords and sign checkpoints that no other can read, and a lost key
that is silently made again does the same. The store never holds a key.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from mongoengine.connection import get_db
from pymongo.errors import DuplicateKeyError

from audit.checkpoints import is_signed, public_key, read
from audit.place import Place
from gate.passwords import pepper_id
from gate.sealed_source import any_source, opens
from gate.second_factor import Keys, opened
from gate.store import records_of
from models.registry import NOUNS

KEY = {"_id": "keys"}


def fingerprint(name: str, key: bytes) -> str:
    """What the store holds of a key; it tells nothing of it."""
    return hmac.new(key, f"shuzoko fingerprint of {name}".encode(), sha256).hexdigest()


def prints_of_store() -> tuple[dict[str, str], int]:
    """Key's name → fingerprint, and the number of this version; nothing and 0 in a store that has none yet."""
    found = get_db()["deployment"].find_one(KEY) or {}
    return {each["name"]: each["print"] for each in found.get("prints", [])}, int(found.get("version", 0))


def write_prints(prints: Mapping[str, str], version: int) -> bool:
    """Put these in the place of that version; False where another process wrote first."""
    now = {"prints": [{"name": name, "print": each} for name, each in sorted(prints.items())]}
    if not version:
        try:
            get_db()["deployment"].insert_one({**KEY, **now, "version": 1})
        except DuplicateKeyError:
            return False
        return True
    changed = get_db()["deployment"].update_one(
        {**KEY, "version": version}, {"$set": {**now, "version": version + 1}}
    )
    return bool(changed.modified_count)


def fits_store(name: str, keys: Mapping[str, bytes]) -> bool | None:
    """Whether what this store already holds was made with this key; None where nothing tells.

    For stores of a version without fingerprints. A key that is not among `keys` fits nothing that was made with one.
    """
    if name == "pepper":
        return _fits_passwords([key for each, key in keys.items() if each.partition(".")[0] == "pepper"])
    if name == "second_factor":
        return _fits_factors(keys.get(name))
    if name == "ledger":
        return _fits_checkpoints(keys.get(name))
    if name == "import_source":
        return _fits_sources(keys.get(name))
    return None


def _fits_passwords(peppers: list[bytes]) -> bool | None:
    asked = {"password_hash": {"$regex": r"^[0-9a-f]{8}\$"}}
    used = {each["password_hash"][:8] for each in records_of(NOUNS["user"]).find(asked, {"password_hash": 1})}
    return used <= {pepper_id(each) for each in peppers} if used else None


def _fits_factors(key: bytes | None) -> bool | None:
    found = records_of(NOUNS["user"]).find_one(
        {"second_factor.secret": {"$exists": True}}, {"second_factor": 1}
    )
    if found is None:
        return None
    try:
        opened(
            found["second_factor"]["secret"],
            str(found["_id"]),
            Keys(bytes.fromhex((key or b"").decode()), b""),
        )
    except (InvalidTag, ValueError):
        return False
    return True


def _fits_checkpoints(key: bytes | None) -> bool | None:
    found = get_db()["checkpoints"].find_one({}, sort=[("at", -1)])
    if found is None:
        return None
    return key is not None and is_signed(read(str(found["note"])), public_key(Place(Path(), key)))


def _fits_sources(key: bytes | None) -> bool | None:
    source = any_source()
    return None if source is None else key is not None and opens(key, source)
