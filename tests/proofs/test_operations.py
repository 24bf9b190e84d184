"""Operations over several records, cut off between any two steps and taken up again in any order: all of it or nothing."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from bson import ObjectId
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from gate.refusals import Conflict
from operations.checks.unfinished import unfinished
from settings import environment
from tests.proofs.conftest import House
from tests.proofs.moving import MOVING, PLACES, THINGS, Cut, ask, begin, cut_at, move, papers, place, things
from workflows.engine import operations
from workflows.engine.operations import intents, register_operations, step, stuck

CHOSEN = st.lists(st.sampled_from(THINGS), min_size=1, max_size=3, unique=True)
CUT = st.integers(0, 14)
"""The command at which it is cut; 0 and what lies beyond its last: not at all."""


def run_out() -> None:
    """Let every lease run out."""
    intents().update_many({}, {"$set": {"until": datetime(2000, 1, 1, tzinfo=UTC)}})


def work_off() -> None:
    """The worker, until nothing is left."""
    run_out()
    for _ in range(20):
        if not step():
            return
        run_out()
    raise AssertionError("the worker never ends")


class Moves(RuleBasedStateMachine):
    """People and the worker move things; any of them may end at any command to the store."""

    histories: ClassVar[int] = 0
    cuts: ClassVar[Counter[str]] = Counter()

    @initialize()
    def clear(self) -> None:
        """Four things of this history's own: deleting those of the one before would be most of the work."""
        type(self).histories += 1
        self.things = [f"{self.histories}:{each}" for each in THINGS]
        self.papers: list[ObjectId] = []
        self.acknowledged: set[ObjectId] = set()
        place(self.things)

    def cutting(self, act: Any, nth: int, *, after: bool) -> bool:
        """Do it, or a part of it; whether it came to its end."""
        try:
            with cut_at(nth, after=after) as reached:
                act()
        except Cut:
            self.cuts[f"{reached[nth - 1]} {'after' if after else 'before'}"] += 1
            return False
        return True

    @rule(those=CHOSEN, to=st.sampled_from(PLACES), nth=CUT, after=st.booleans(), twice=st.booleans())
    def somebody_moves(self, those: list[int], to: str, nth: int, after: bool, twice: bool) -> None:  # noqa: FBT001
        """A paper, pressed once or twice."""
        paper = ask(to)
        self.papers.append(paper)
        for _ in range(1 + twice):
            with suppress(Conflict):
                if self.cutting(
                    lambda: move(paper, [self.things[each] for each in those], to), nth, after=after
                ):
                    self.acknowledged.add(paper)

    @rule(nth=CUT, after=st.booleans())
    def worker_passes(self, nth: int, after: bool) -> None:  # noqa: FBT001
        """One pass of the worker, cut off or not."""
        run_out()
        self.cutting(step, nth, after=after)

    @invariant()
    def each_is_before_or_after(self) -> None:
        """A reader at any moment: a thing stands where the last paper on it says."""
        self.looked_at()

    def looked_at(self) -> dict[str, Any]:
        """Every thing, each as it was before or after."""
        there = {each["_id"]: each for each in things().find({"_id": {"$in": self.things}})}
        for each in there.values():
            assert each["place"] == (each["went"][-1][1] if each["went"] else "a"), each
        return there

    def teardown(self) -> None:
        """The worker has run: nothing is half done."""
        work_off()
        assert intents().find_one() is None
        there = self.looked_at()
        went = Counter((paper, thing) for thing, each in there.items() for paper, _ in each["went"])
        assert all(each["holder"] is None for each in there.values()), there
        for paper in papers().find({"_id": {"$in": self.papers}}):
            decided = paper["state"] == "decided"
            wanted = paper.get("things", []) if decided else []
            moved = {thing: went[str(paper["_id"]), thing] for thing in self.things}
            assert moved == {thing: int(thing in wanted) for thing in self.things}, (paper, there)
            assert not paper.get("operations"), paper
            assert decided or paper["_id"] not in self.acknowledged, paper


@pytest.fixture
def trial(house: House) -> None:
    house.turn_to("operations")
    register_operations([MOVING])
    begin()


@pytest.mark.parametrize(
    ("histories", "steps"),
    [pytest.param(40, 5, id="some"), pytest.param(10_000, 3, id="10,000", marks=pytest.mark.proof)],
)
def test_cut_off_between_any_two_steps_it_is_all_or_nothing(trial: None, histories: int, steps: int) -> None:
    """The design's law 4: what spans documents is an operation that can be taken up again."""
    Moves.histories, Moves.cuts = 0, Counter()
    run_state_machine_as_test(
        Moves,
        settings=settings(
            max_examples=histories, stateful_step_count=steps, deadline=None, database=None, derandomize=histories < 1_000,
            suppress_health_check=list(HealthCheck), phases=(Phase.generate,),
        ),
    )  # fmt: skip
    print(
        f"\n{Moves.histories} histories, {sum(Moves.cuts.values())} cuts at {len(Moves.cuts)} points, nothing half done"
    )
    assert Moves.histories >= histories * 0.9
    assert len(Moves.cuts) >= 8


def test_every_point_of_one_operation_is_cut_once(trial: None) -> None:
    """Without chance: before and after each command, then the worker."""
    paper = ask("b")
    with cut_at(0, after=False) as reached:
        move(paper, [0, 1], "b")
    for nth in range(1, len(reached) + 1):
        for after in (False, True):
            begin()
            paper = ask("b")
            with pytest.raises(Cut), cut_at(nth, after=after):
                move(paper, [0, 1], "b")
            work_off()
            decided = (papers().find_one({"_id": paper}) or {})["state"] == "decided"
            places = [each["place"] for each in things().find({"_id": {"$in": [0, 1]}})]
            assert places == (["b", "b"] if decided else ["a", "a"]), (nth, after)
            assert things().count_documents({"holder": {"$ne": None}}) == 0, (nth, after)


def test_a_refused_operation_leaves_nothing_for_the_worker(trial: None) -> None:
    things().update_one({"_id": 1}, {"$set": {"holder": "another"}})
    with pytest.raises(Conflict):
        move(ask("b"), [0, 1], "b")
    assert intents().count_documents({}) == 0
    assert [each["holder"] for each in things().find().sort("_id", 1)] == [None, "another", None, None]


def test_the_worker_leaves_alone_what_its_own_process_still_does(trial: None) -> None:
    with pytest.raises(Cut), cut_at(4, after=True):
        move(ask("b"), [0], "b")
    assert step() == 0
    assert intents().count_documents({}) == 1


def test_what_cannot_be_ended_is_named_and_does_not_hold_up_the_others(
    trial: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Cut), cut_at(4, after=True):
        move(ask("b"), [0], "b")
    with pytest.raises(Cut), cut_at(4, after=True):
        move(ask("c"), [1], "c")
    first = intents().find_one(sort=[("_id", 1)]) or {}
    intents().update_one(
        {"_id": first["_id"]}, {"$set": {"about.things": 5}}
    )  # what no step can do anything with
    for _ in range(operations.TRIES + 1):
        run_out()
        step()
        step()
    assert (things().find_one({"_id": 1}) or {})["place"] == "c"
    [found] = stuck()
    assert (found.id, found.error, found.words) == (str(first["_id"]), "TypeError", MOVING.words)
    assert found.tries >= operations.TRIES
    [line] = unfinished(environment.read())
    assert not line.well
    assert MOVING.words[0] in line.words[0]
    assert found.id in line.words[1]


def test_an_operation_of_another_version_is_named(trial: None) -> None:
    intents().insert_one({
        "kind": "unheard_of", "by": "", "institution": "soseki", "about": {}, "tries": 0,
        "at": datetime(2000, 1, 1, tzinfo=UTC), "until": datetime(2000, 1, 1, tzinfo=UTC),
    })  # fmt: skip
    assert step() == 1
    assert [each.name for each in stuck()] == ["unheard_of"]


def test_what_no_worker_would_end_is_not_begun(trial: None) -> None:
    unknown = operations.Operation("unknown", ("知らない", "Unknown"), lambda _: True, (lambda _: None,))
    with (
        pytest.raises(RuntimeError, match="declared_workflows"),
        operations.run_operation(unknown, {}, by="", institution=""),
    ):
        raise AssertionError("begun")
    with pytest.raises(RuntimeError, match="not complete"):
        register_operations([operations.Operation("empty", ("空", "Empty"), lambda _: True, ())])
    assert intents().count_documents({}) == 0
