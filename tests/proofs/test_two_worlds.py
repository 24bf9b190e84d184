"""Two worlds that differ only in what a person may not know answer that person alike, whatever is asked.

For a masked value the two hold different values of the same masked form; for a hidden one anything, nothing included;
where nothing is within reach, even how many records there are. Writes are requests like any other.
"""

from __future__ import annotations

import logging
import re

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st

from models.registry import NOUNS
from policies.effects import Effect
from policies.verdict import reach
from tests.proofs.asking import requests
from tests.proofs.boards import BOARDS, LEFT_OUT, PLAIN
from tests.proofs.conftest import House
from tests.proofs.knowing import acting, within_reach
from tests.proofs.pool import Pool, Request
from tests.proofs.routes import MORE, PAGES
from tests.proofs.stage import PEOPLE, build
from tests.proofs.worlds import Lines, World, answered, differences, effect, open_worlds, written

ID = re.compile("<(run|token|noun|id|path:filename)>")
"""What names one record, one import, one file."""
IN_ROW = 20
"""Requests that follow one another before both worlds are put back as they stood."""


def ask(house: House, world: World, request: Request, follow: str = "") -> dict[str, str]:
    """One request in one world, with all that it brought about."""
    house.turn_to(world.name)
    heard = Lines(world)
    logging.getLogger().addHandler(heard)
    try:
        if request.program:
            answer = house.app.test_client().get(request.target, headers=world.bearer, buffered=True)
        elif follow or request.method == "GET":
            answer = world.visitor.get(follow or request.target)
        else:
            answer = world.visitor.post(request.target, list(request.sent))
    finally:
        logging.getLogger().removeHandler(heard)
    assert answer.status_code < 500, (request, answer.status_code, world.lines[-3:])
    if request.path.endswith("/reveal/"):
        world.database["reveals"].delete_many({})  # what was revealed for a purpose is no longer withheld
    return {
        **answered(world, answer),
        "log": "\n".join(world.lines),
        "next": answer.headers.get("Location", ""),
    }


def compare(house: House, worlds: tuple[World, World], request: Request) -> int:
    """The request in both worlds; how many requests that were, redirects followed."""
    one, other = (ask(house, world, request) for world in worlds)
    goes = one.pop("next"), other.pop("next")
    found = differences(one, other)
    assert not found, f"{worlds[0].visitor.login_id} {request}\n{found}"
    if all(goes) and goes[0].startswith("/admin/"):
        landed = [ask(house, world, request, follow=goes[at]) for at, world in enumerate(worlds)]
        for each in landed:
            each.pop("next")
        found = differences(landed[0], landed[1])
        assert not found, f"{worlds[0].visitor.login_id} {request}, then {goes[0]}\n{found}"
        return 2
    return 1


def prove(house: House, login_id: str, part: str, wanted: int, *, repeatable: bool) -> int:
    """At least that many requests, none of which tells the two worlds apart."""
    worlds = open_worlds(house, login_id, part)
    who = acting(login_id)
    # Mostly what is within reach: elsewhere every request is refused alike.
    nouns = [noun for noun in NOUNS for _ in range(5 if reach(who, noun, "read") else 1)]
    stage = build()
    aims = [
        p for p in stage.places if not p.past and within_reach(who, p) and effect(who, p, part) < Effect.SHOW
    ]
    pool = Pool(stage, nouns, part, aims)
    asked = 0

    @settings(
        max_examples=max(1, -(-wanted // IN_ROW)), deadline=None, database=None, phases=[Phase.generate], verbosity=Verbosity.quiet,
        derandomize=repeatable, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(row=st.lists(requests(pool), min_size=IN_ROW, max_size=IN_ROW))
    def alike(row: list[Request]) -> None:
        nonlocal asked
        for world in worlds:
            world.put_back()
        for request in row:
            if request.program and not worlds[0].bearer:
                continue
            asked += compare(house, worlds, request)
        first, second = (written(world) for world in worlds)
        assert first == second, (
            login_id,
            row,
            [each for each in zip(first, second, strict=False) if each[0] != each[1]][:2],
        )

    alike()
    print(f"two worlds, {login_id}, {part}: {asked} requests, 0 differences")
    return asked


@pytest.mark.parametrize(
    ("login_id", "part"),
    [("staff.soseki", "everywhere"), ("clerk.soseki", "everywhere"), ("manager", "everywhere"),
     ("contractor", "everywhere"), ("librarian.kaizu", "lists"), ("staff.soseki", "lists"), ("staff.soseki", "exports")],
)  # fmt: skip
def test_two_worlds_answer_alike(house: House, login_id: str, part: str) -> None:
    assert prove(house, login_id, part, 140, repeatable=True) > 100


@pytest.mark.proof
@pytest.mark.parametrize("part", ["everywhere", "lists", "exports"])
@pytest.mark.parametrize("login_id", PEOPLE)
def test_two_worlds_answer_alike_to_ten_thousand_requests(house: House, login_id: str, part: str) -> None:
    wanted = {"everywhere": 700, "lists": 120, "exports": 120}[part]
    assert prove(house, login_id, part, wanted, repeatable=False) > wanted // 2


def test_every_page_without_an_id_is_asked_in_both_worlds(house: House) -> None:
    """What every noun has is asked of all nouns by tests.proofs.asking; this is what stands beside it."""
    beside = {**PAGES, **{at: rule for at, rule in MORE.items() if rule.on != "record"}}
    pages = {path for path, method in beside if method == "GET" and not ID.search(path)}
    known = house.app.url_map.bind("localhost")
    asked = {path for path, _ in BOARDS} | set(PLAIN) - {"/nowhere"}
    found = {str(known.match(path, return_rule=True)[0]) for path in asked}
    assert not found & LEFT_OUT.keys()
    assert pages - LEFT_OUT.keys() == found, "add it to BOARDS, PLAIN or LEFT_OUT in tests/proofs/boards.py"


def test_the_worlds_do_differ(house: House) -> None:
    first, second = open_worlds(house, "staff.soseki", "everywhere")
    masked = [
        (one, other)
        for one, other in zip(first.stood["donors"], second.stood["donors"], strict=False)
        if one["institution"] == "shinjuku"
    ]
    assert masked
    assert all(
        one.get("telephone") != other.get("telephone") or one["name"] != other["name"]
        for one, other in masked
    )
    assert len(first.stood["patrons"]) > len(second.stood["patrons"])
