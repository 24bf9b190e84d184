"""Exactly as many attempts reach the hash as the limit allows, over real worker processes (S9)."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator

import pytest
from mongoengine.connection import get_db

from accounts.lockout import keyed
from operations.store_indexes import ensure_indexes
from policies.lockout import NAMES, Limits
from tests.proofs.serving import Served, another_store, counting
from tests.world import PASSWORD, PEPPER, world

LIMIT = Limits().attempts
ADDRESSES = [f"198.51.100.{n}" for n in range(1, 51)]


@pytest.fixture(scope="module")
def served(engine_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Four worker processes over the world of the tests."""
    name = f"proof_lockout_{uuid.uuid4().hex[:8]}"
    with another_store(engine_uri, name) as uri:
        ensure_indexes()
        world(get_db())
    with counting(uri, tmp_path_factory.mktemp("lockout"), workers=4, app="counted_cheaply") as found:
        yield found
        found.database.client.drop_database(name)


@pytest.fixture(autouse=True)
def _unspent(served: Served) -> None:
    served.database["attempts"].delete_many({})
    served.database["api_rates"].delete_many({})


def flood(served: Served, tries: list[tuple[str, str, str]]) -> Counter[str]:
    """All of them sent at once; what was answered how often. Who was told to come back comes back at once."""
    told: Counter[str] = Counter()
    while tries:
        answers = served.sign_in_at_once(tries)
        busy = [
            each for each, (_, headers, _) in zip(tries, answers, strict=True) if "retry-after" in headers
        ]
        told.update({401: "wrong", 429: "locked"}.get(status, str(status)) for status, _, _ in answers)
        told["locked"] -= len(busy)
        told["busy"] += len(busy)
        tries = busy
    return told


@pytest.mark.parametrize(
    "rounds", [pytest.param(1, id="one round"), pytest.param(20, id="twenty rounds", marks=pytest.mark.proof)]
)
def test_five_hundred_at_once_from_fifty_addresses_reach_the_hash_exactly_to_the_limit(
    served: Served, rounds: int
) -> None:
    told: Counter[str] = Counter()
    for round_ in range(rounds):
        name = ("manager", "nobody.at.all")[round_ % 2]
        served.database["attempts"].delete_many({})
        before = served.hashes()
        answers = flood(served, [(name, f"wrong {round_} {n}", ADDRESSES[n % 50]) for n in range(500)])
        assert (answers["wrong"], answers["locked"]) == (LIMIT, 500 - LIMIT), answers
        assert served.hashes() - before == LIMIT
        for address in (ADDRESSES[0], "203.0.113.77"):
            status, _, page = served.sign_in(name, PASSWORD, address)
            assert (status, "しばらくサインインできません" in page) == (429, True)
        assert served.hashes() - before == LIMIT
        told += answers
        print(f"round {round_ + 1}: {dict(answers)}", flush=True)
    print(f"\n{rounds} rounds of 500: {dict(told)}, {LIMIT} hashes in each")


def test_a_hundred_invented_names_at_once_from_one_address_close_it_for_nobody(served: Served) -> None:
    before = served.hashes()
    answers = flood(served, [(f"name{n}", "wrong", "198.51.100.1") for n in range(100)])
    assert (answers["wrong"], answers["locked"]) == (100, 0), answers
    assert served.hashes() - before == 100
    assert served.sign_in("manager", PASSWORD, "198.51.100.1")[0] == 302


def test_a_hundred_accounts_at_once_from_one_address_count_to_the_addresss_limit(served: Served) -> None:
    users = served.database["users"]
    like = users.find_one({"login_id": "manager"}, {"_id": 0}) or {}
    users.insert_many([{**like, "login_id": f"name{n}", "login_key": f"name{n}"} for n in range(100)])
    answers = flood(served, [(f"name{n}", "wrong", "198.51.100.1") for n in range(100)])
    assert (answers["wrong"], answers["locked"]) == (100, 0), answers
    [kept] = served.database["attempts"].find({"by": {"$exists": True}})
    [listed] = kept["by"].values()
    inside = [n for n in range(100) if keyed("tried", f"name{n}", PEPPER)[:32] in listed]
    assert len(listed) == len(inside) == NAMES
    outside = next(n for n in range(100) if n not in inside)
    for name, status in ((f"name{outside}", 401), ("manager", 401), (f"name{inside[0]}", 302)):
        assert served.sign_in(name, PASSWORD, "198.51.100.1")[0] == status
    assert served.sign_in("manager", PASSWORD, "198.51.100.1")[0] == 302  # who got in made room
    users.delete_many({"login_id": {"$regex": "^name"}})


def test_the_right_password_is_found_among_the_wrong_ones_only_within_the_limit(served: Served) -> None:
    for n in range(LIMIT - 1):
        assert served.sign_in("manager", f"wrong {n}", ADDRESSES[n])[0] == 401
    assert served.sign_in("manager", PASSWORD)[0] == 302
    for n in range(LIMIT):
        assert served.sign_in("manager", f"wrong {n}", ADDRESSES[n])[0] == 401
    assert served.sign_in("manager", PASSWORD)[0] == 429
