"""A known and an unknown name take the same time, at what a hash really costs (S9; ASVS 6.3.8)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from statistics import median
from time import perf_counter

import pytest
from pymongo.database import Database

from accounts.sign_in import passwords
from accounts.sign_in.attempt import attempt
from accounts.sign_in.passwords import hashed
from tests.proofs.conftest import House
from tests.world import FULL_COST, FULL_NOBODY, PEPPER, Document, world

SAMPLES, NAMES = 200, ("manager", "nobody.at.all")
GAP = 0.005


@pytest.fixture
def database(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database[Document]]:
    """The world, its accounts hashed at the full cost."""
    monkeypatch.setattr(passwords, "COST", FULL_COST)
    monkeypatch.setattr(passwords, "NOBODY", FULL_NOBODY)
    house.empty("alike")
    found = house.turn_to("alike")
    world(found)
    found["users"].update_many({}, {"$set": {"password_hash": hashed("ほんとうの合言葉", PEPPER)}})
    yield found
    house.empty("alike")


@pytest.mark.proof
def test_the_medians_of_known_and_unknown_are_within_five_milliseconds(database: Database[Document]) -> None:
    took: dict[str, list[float]] = {name: [] for name in NAMES}
    chance = random.Random(1)
    # In pairs, either first: what else the machine does falls on both alike.
    order = [name for _ in range(SAMPLES) for name in chance.sample(NAMES, 2)]
    for name in order:
        database["attempts"].delete_many({})
        began = perf_counter()
        assert not attempt(name, "ちがう合言葉", pepper=PEPPER, address="192.0.2.7").user
        took[name].append(perf_counter() - began)
    known, unknown = (median(took[name]) for name in NAMES)
    # A classifier with the best single threshold: how often it would tell the two apart.
    both = sorted([(each, 1) for each in took[NAMES[0]]] + [(each, -1) for each in took[NAMES[1]]])
    best = lead = 0
    for _, whose in both:
        lead += whose
        best = max(best, abs(lead))
    told_apart = 0.5 + best / (2 * SAMPLES)
    print(
        f"\nmedian known {known * 1000:.1f} ms, unknown {unknown * 1000:.1f} ms, gap {abs(known - unknown) * 1000:.1f} ms; "
        f"told apart by time {told_apart:.0%}"
    )
    assert abs(known - unknown) <= GAP
