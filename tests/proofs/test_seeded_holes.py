"""Each guard of the list stands where the list says, and when it is taken out a test fails."""

from __future__ import annotations

import pytest

from tests.docs.removals import REMOVALS
from tests.proofs.seeded_holes import HOLES, PROJECT, Hole, markers, place_of, run


@pytest.mark.parametrize("hole", HOLES, ids=lambda hole: f"{hole.guard}:{hole.old.strip()[:30]}")
def test_each_guard_stands_where_the_list_says(hole: Hole) -> None:
    place_of(hole, PROJECT)
    assert hole.old != hole.new


def test_every_marker_has_a_removal_that_uses_it() -> None:
    used = {each.guard for each in (*HOLES, *REMOVALS.values())}
    assert set(markers(PROJECT)) <= used


@pytest.mark.proof
def test_almost_every_guard_taken_out_is_noticed(engine_uri: str) -> None:
    found = run(HOLES, engine_uri)
    survived = [hole for hole, test in found if not test]
    assert len(found) >= 40
    assert len(survived) <= len(found) // 20, [hole.old for hole in survived]
