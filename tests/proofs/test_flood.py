"""A flood of sign-ins does not take the panel from those who work: the list page's p95 at most doubles (S8, S9)."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from time import perf_counter

import pytest
from mongoengine.connection import get_db

from accounts.console import console
from gate.refusals import Invalid
from gate.writing.bulk import create_many, prepare_many
from models.registry import NOUNS
from operations.store_indexes import ensure_indexes
from tests.proofs.serving import Served, another_store, counting
from tests.world import PASSWORD, world

ITEM = NOUNS["item"]
BLOCKS, EACH, FLOODERS = 4, 60, 24
A_SECOND = 25
"""Sign-ins that arrive in a second, whether or not earlier ones are answered: five times what two cores can hash."""


@pytest.fixture(scope="module")
def served(engine_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two worker processes, as `make run` has them, over a world with 600 items."""
    name = f"proof_flood_{uuid.uuid4().hex[:8]}"
    with another_store(engine_uri, name) as uri:
        ensure_indexes()
        world(get_db())
        who = console("shinjuku")
        made = prepare_many(who, ITEM, "shinjuku", ({"title": f"資料{n}"} for n in range(600)))
        create_many(who, ITEM, [each for each in made if not isinstance(each, Invalid)])
    with counting(uri, tmp_path_factory.mktemp("flood"), workers=2) as found:
        yield found
        found.database.client.drop_database(name)


@contextmanager
def flooded(served: Served, numbers: Iterator[int], told: Counter[int]) -> Iterator[None]:
    """Wrong sign-ins without pause, each with a name and an address of its own, so that no limit stops them."""
    over, began, first = threading.Event(), perf_counter(), next(numbers)

    def flood() -> None:
        while not over.is_set():
            n = next(numbers)
            over.wait(max(0.0, began + (n - first) / A_SECOND - perf_counter()))  # its turn
            status, _, _ = served.sign_in(f"name{n}", "wrong", f"198.18.{n // 250 % 250}.{n % 250}")
            told[status] += 1

    flooders = [threading.Thread(target=flood) for _ in range(FLOODERS)]
    for each in flooders:
        each.start()
    try:
        yield
    finally:
        over.set()
        for each in flooders:
            each.join(timeout=120)


def pages(served: Served, cookie: str) -> list[float]:
    """Seconds of list pages, one after the other."""
    took = []
    for _ in range(EACH):
        began = perf_counter()
        status, _, page = served.get("/admin/item/", cookie)
        took.append(perf_counter() - began)
        assert (status, "資料599" in page or "資料0" in page) == (200, True)
    return took


def p95(took: list[float]) -> float:
    return sorted(took)[int(len(took) * 0.95)] * 1000


@pytest.mark.proof
def test_while_sign_ins_flood_the_list_page_takes_at_most_twice_as_long(served: Served) -> None:
    status, headers, _ = served.sign_in("staff.shinjuku", PASSWORD)
    assert status == 302
    cookie = headers["set-cookie"].partition(";")[0]
    pages(served, cookie)
    quiet: list[float] = []
    flood: list[float] = []
    told: Counter[int] = Counter()
    numbers, before = count(), served.hashes()
    for _ in range(BLOCKS):
        quiet += pages(served, cookie)
        with flooded(served, numbers, told):
            flood += pages(served, cookie)
    hashes = served.hashes() - before
    print(
        f"\nlist page p95: {p95(quiet):.0f} ms quiet, {p95(flood):.0f} ms flooded "
        f"({p95(flood) / p95(quiet):.2f} times); meanwhile {told[401]} hashed and {told[429]} told to come back"
    )
    assert hashes == told[401] > 4
    assert told[429] > 0
    assert p95(flood) <= 2 * p95(quiet)
