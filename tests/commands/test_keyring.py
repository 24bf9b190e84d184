"""Keys are made for a new store alone; afterwards they must be the ones whose fingerprints stand in it (S13)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import mongoengine
import pytest
from mongoengine.connection import get_db

from accounts.sign_in.passwords import Pepper, hashed
from accounts.sign_in.second_factor import Keys, new_secret, sealed
from audit.checkpoints import checkpoint
from audit.drain import copy_all, drain
from audit.events import note
from audit.place import Place
from imports.store.sealed_source import keep_file
from operations.keyring import DAMAGED, FOREIGN, MISSING, KeysRefused, accept, follow, load_keys, look
from settings import keys
from settings.environment import Settings
from tests.serving import beside
from tests.world import connect, emptied, world


@pytest.fixture(scope="module")
def _database(database_uri: str) -> Iterator[None]:
    uri, name = beside(database_uri, "keyring")
    mongoengine.disconnect()
    connect(uri)
    yield
    get_db().client.drop_database(name)
    mongoengine.disconnect()


@pytest.fixture
def one(_database: None, tmp_path: Path) -> Settings:
    """The first machine of an empty store."""
    emptied(get_db())
    return Settings(
        var=tmp_path / "one",
        mongodb_uri="",
        database="",
        secret_key="",
        host="127.0.0.1",
        port=0,
        proxy_hops=0,
    )


@pytest.fixture
def two(one: Settings, tmp_path: Path) -> Settings:
    """Another machine of the same store, with no keys yet."""
    return replace(one, var=tmp_path / "two")


def stored_prints() -> str:
    return repr(get_db()["deployment"].find_one({"_id": "keys"}))


def faults(settings: Settings) -> dict[str, object]:
    """What a start is refused for."""
    before = sorted(each.name for each in keys.place(settings.var).glob("*"))
    with pytest.raises(KeysRefused) as refused:
        load_keys(settings)
    assert sorted(each.name for each in keys.place(settings.var).glob("*")) == before
    assert str(keys.place(settings.var)) in refused.value.words[0]
    return dict(refused.value.faults)


def test_a_new_store_gets_keys_and_their_fingerprints_and_holds_no_key(one: Settings) -> None:
    made = load_keys(one)
    assert set(made) == set(keys.NAMES)
    assert load_keys(one) == made
    assert not [key for key in made.values() if key.decode() in stored_prints()]
    assert {each.stat().st_mode & 0o077 for each in keys.place(one.var).iterdir()} == {0}


@pytest.mark.parametrize("name", keys.NAMES)
@pytest.mark.parametrize(
    ("content", "fault"),
    [(None, MISSING), ("", DAMAGED), ("\n", DAMAGED), ("abc", DAMAGED), ("ab" * 32, FOREIGN)],
    ids=["missing", "empty", "blank", "cut", "another"],
)
def test_a_key_that_is_not_the_stores_is_refused_and_not_made_again(
    one: Settings, name: str, content: str | None, fault: object
) -> None:
    made = load_keys(one)
    path = keys.place(one.var) / name
    path.unlink()
    if content is not None:
        path.write_text(content)
    assert faults(one) == {name: fault}
    path.write_bytes(made[name])
    assert load_keys(one) == made


def test_a_second_machine_is_refused_until_it_has_the_firsts_keys(one: Settings, two: Settings) -> None:
    made = load_keys(one)
    assert faults(two) == dict.fromkeys(keys.NAMES, MISSING)
    for name in keys.NAMES:
        keys.make_key(two.var, name)
    assert faults(two) == dict.fromkeys(keys.NAMES, FOREIGN)
    shutil.rmtree(two.var)
    shutil.copytree(one.var, two.var)
    assert load_keys(two) == made


def test_of_two_machines_that_begin_at_once_one_is_refused(one: Settings, two: Settings) -> None:
    def begins(settings: Settings) -> bool:
        try:
            load_keys(settings)
        except KeysRefused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        begun = list(pool.map(begins, [one, two, one, two]))
    assert begun in ([True, False, True, False], [False, True, False, True])


def test_a_secret_key_of_the_environment_needs_no_file(one: Settings) -> None:
    told = replace(one, secret_key="0123456789abcdef" * 4)
    assert keys.SECRET not in load_keys(told)
    assert keys.SECRET in load_keys(one)  # taken away from the environment: made then


def test_the_next_pepper_is_asked_of_every_machine(one: Settings, two: Settings) -> None:
    load_keys(one)
    shutil.copytree(one.var, two.var)
    assert [follow(one, keys.PEPPER), follow(one, keys.PEPPER)] == ["pepper.2", "pepper.3"]
    assert list(load_keys(one))[-2:] == ["pepper.2", "pepper.3"]
    assert faults(two) == {"pepper.2": MISSING, "pepper.3": MISSING}


def test_a_next_pepper_that_was_killed_half_made_is_taken_up(one: Settings) -> None:
    load_keys(one)
    left = keys.make_key(one.var, "pepper.2")  # its fingerprint was not written
    assert "pepper.2" not in load_keys(one)
    assert follow(one, keys.PEPPER) == "pepper.2"
    assert load_keys(one)["pepper.2"] == left


# A store of a version without fingerprints: what it holds says which keys it was made with.


def _password(made: dict[str, bytes]) -> None:
    world(get_db())
    get_db()["users"].update_many(
        {}, {"$set": {"password_hash": hashed("x", Pepper(made["pepper"]), cost=4)}}
    )


def _factor(made: dict[str, bytes]) -> None:
    world(get_db())
    get_db()["users"].update_many({}, {"$unset": {"password_hash": ""}})
    user = get_db()["users"].find_one({}, {"_id": 1}) or {}
    secret = sealed(new_secret(), str(user["_id"]), Keys(bytes.fromhex(made["second_factor"].decode()), b""))
    get_db()["users"].update_one(user, {"$set": {"second_factor": {"secret": secret}}})


def _ledger(made: dict[str, bytes], folder: Path) -> None:
    note("signed_in", actor="somebody", institution="section")
    drain()
    place = Place(folder, made["ledger"])
    copy_all(place, force=True)
    assert checkpoint(place, "section") is None


def _source(made: dict[str, bytes], file: Path) -> None:
    file.write_bytes(b"x" * 1_000)
    with file.open("rb") as stream:
        keep_file(made["import_source"], stream, "0" * 24)


@pytest.mark.parametrize("name", ["pepper", "second_factor", "ledger", "import_source"])
def test_an_older_store_is_taken_over_with_its_own_keys_only(
    one: Settings, two: Settings, tmp_path: Path, name: str
) -> None:
    made = {each: keys.make_key(one.var, each) for each in keys.NAMES}
    for each in keys.NAMES:
        keys.make_key(two.var, each)
    if name == "pepper":
        _password(made)
    elif name == "second_factor":
        _factor(made)
    elif name == "ledger":
        _ledger(made, tmp_path / "ledger")
    else:
        _source(made, tmp_path / "source")
    assert faults(two) == {name: FOREIGN}
    (keys.place(two.var) / name).unlink()
    assert faults(two) == {name: MISSING}
    assert look(one).faults == {}
    assert load_keys(one) == made
    assert len(faults(two)) == len(keys.NAMES)


def test_passwords_of_before_peppers_had_ids_need_their_pepper_too(one: Settings) -> None:
    world(get_db())
    get_db()["users"].update_many({}, {"$set": {"password_hash": "$2b$12$of-an-older-version"}})
    assert faults(one) == {"pepper": MISSING}


def test_of_an_older_store_a_key_that_was_never_used_is_made(one: Settings) -> None:
    made = {each: keys.make_key(one.var, each) for each in ("pepper", "secret_key", "second_factor")}
    _password(made)
    assert load_keys(one) | made == load_keys(one)


def test_an_older_stores_later_peppers_are_its_own_too(one: Settings, two: Settings) -> None:
    made = {each: keys.make_key(one.var, each) for each in (*keys.NAMES, "pepper.2")}
    _password({"pepper": made["pepper.2"]})
    shutil.copytree(one.var, two.var)
    (keys.place(two.var) / "pepper.2").unlink()
    assert faults(two) == {"pepper": FOREIGN}
    assert load_keys(one) == made


def test_lost_keys_are_replaced_when_it_is_asked_for(one: Settings) -> None:
    before = load_keys(one)
    follow(one, keys.PEPPER)
    place = keys.place(one.var)
    (place / "pepper").unlink()
    (place / "pepper.2").unlink()
    (place / "ledger").write_text("")
    assert accept(one) == {"pepper": MISSING, "pepper.2": MISSING, "ledger": DAMAGED}
    after = load_keys(one)
    assert {name for name in after if before[name] != after[name]} == {"pepper", "ledger"}
    assert accept(one) == {}
