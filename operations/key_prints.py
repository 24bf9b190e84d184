"""Fingerprints of the deployment's keys, in one document of the store: by them a start knows that it has the right keys.

A second machine with keys of its own would hash passwords and sign checkpoints that no other can read, and a lost key
that is silently made again does the same. The store never holds a key.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from mongoengine.connection import get_db
from pymongo.errors import DuplicateKeyError

from accounts.sign_in.passwords import pepper_id
from accounts.sign_in.second_factor import Keys, opened
from audit.checkpoints import is_signed, public_key, read
from audit.place import Place
from gate.store.collections import records_of
from imports.store.sealed_source import any_source, opens
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
    fits = _FITS.get(name)
    return fits([key for each, key in keys.items() if each.partition(".")[0] == name]) if fits else None


def _fits_passwords(peppers: list[bytes]) -> bool | None:
    found = records_of(NOUNS["user"]).find({"password_hash": {"$gt": ""}}, ["password_hash"])
    hashes = [str(each["password_hash"]) for each in found]
    if not hashes:
        return None
    # A hash of before peppers had ids tells only that there was one.
    used = {id_ for each in hashes if (id_ := each.partition("$")[0])}
    return bool(peppers) and used <= {pepper_id(each) for each in peppers}


def _fits_factors(of_that_name: list[bytes]) -> bool | None:
    found = records_of(NOUNS["user"]).find_one(
        {"second_factor.secret": {"$exists": True}}, {"second_factor": 1}
    )
    return None if found is None else any(_opens_factor(found, key) for key in of_that_name)


def _opens_factor(user: dict[str, Any], key: bytes) -> bool:
    try:
        opened(user["second_factor"]["secret"], str(user["_id"]), Keys(bytes.fromhex(key.decode()), b""))
    except (InvalidTag, ValueError):
        return False
    return True


def _fits_checkpoints(of_that_name: list[bytes]) -> bool | None:
    found = get_db()["checkpoints"].find_one({}, sort=[("at", -1)])
    if found is None:
        return None
    try:
        note = read(str(found["note"]))
    except ValueError:  # flask audit verify tells of it
        return None
    return any(is_signed(note, public_key(Place(Path(), key))) for key in of_that_name)


def _fits_sources(of_that_name: list[bytes]) -> bool | None:
    source = any_source()
    return None if source is None else any(opens(key, source) for key in of_that_name)


_FITS: dict[str, Callable[[list[bytes]], bool | None]] = {
    "pepper": _fits_passwords,
    "second_factor": _fits_factors,
    "ledger": _fits_checkpoints,
    "import_source": _fits_sources,
}
"""A key's name → whether one of the keys of that name made what the store holds. Sessions' key leaves nothing there."""
