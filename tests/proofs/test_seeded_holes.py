"""Each guard of the list stands where the list says, and when it is taken out a test fails."""

from __future__ import annotations

import pytest

from tests.proofs.seeded_holes import HOLES, PROJECT, Hole, run


@pytest.mark.parametrize("hole", HOLES, ids=lambda hole: f"{hole.file}:{hole.old.strip()[:30]}")
def test_each_guard_stands_where_the_list_says(hole: Hole) -> None:
    assert (PROJECT / hole.file).read_text().count(hole.old) == 1, (
        "the guard has moved: mend HOLES in seeded_holes.py"
    )
    assert hole.old != hole.new


@pytest.mark.proof
def test_almost_every_guard_taken_out_is_noticed(engine_uri: str) -> None:
    found = run(HOLES, engine_uri)
    survived = [hole for hole, test in found if not test]
    assert len(found) >= 40
    assert len(survived) <= len(found) // 20, [hole.old for hole in survived]
