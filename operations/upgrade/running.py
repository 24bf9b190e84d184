"""Bring a store's data to this version's shape: every step that is due, in order, by one process at a time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Event

from jobs.queue import holder
from models.data_classes import Words
from operations.upgrade.discovery import all_steps
from operations.upgrade.stamp import Stamp, begin, due_steps, finish, hold_upgrade, keep, read_stamp
from operations.upgrade.step import Position, Progress, Step

Show = Callable[[Step, int], AbstractContextManager[Callable[[int], None]]]
"""Shows a bar for a step of so many units; what it yields is called with how many more are done."""
PAUSE = 0.5
"""Seconds until it is asked again whether the other process has come to its end."""


@dataclass
class Upgraded:
    """What a run did: the words of each step that ran, and the steps for which something waits still."""

    said: list[Words] = field(default_factory=list)
    ran: list[Step] = field(default_factory=list)
    left: list[Step] = field(default_factory=list)


def waiting_steps(*, quick: bool = False) -> list[tuple[Step, int]]:
    """The steps that are due, each with how many units wait for it, as far as that is asked for.

    `quick`: look at the stamp, and ask the store only what it tells at once.

    Raises:
        NewerStore, PyMongoError: as operations.upgrade.stamp.read_stamp.
    """
    due = due_steps()
    asked = [step for step in all_steps() if step in due or not step.once]
    found = ((step, step.pending() if step.cheap or not quick else 0) for step in asked)
    return [(step, count) for step, count in found if count or step in due]


def upgrade(
    show: Show, tell_waiting: Callable[[], None], *, again: bool = False, quick: bool = False
) -> Upgraded:
    """Run every step that is due. It can be killed at any point, and the next run goes on from there.

    While another process does it, wait; what that one did is not due any more.

    Args:
        show: shows a step that runs.
        tell_waiting: called once when another process has the upgrade in hand.
        again: run the steps that are done as well.
        quick: as waiting_steps.

    Raises:
        NewerStore, PyMongoError: as operations.upgrade.stamp.read_stamp.
        LeaseLost: this process stood still for so long that another took over.
    """
    who, told = holder(), False
    while True:
        with hold_upgrade(who) as ours:
            if ours:
                return _run(who, show, again=again, quick=quick)
        if not told:
            told = True
            tell_waiting()
        Event().wait(PAUSE)


def _run(who: str, show: Show, *, again: bool, quick: bool) -> Upgraded:
    outcome = Upgraded()
    due = {step.number: count for step, count in waiting_steps(quick=quick)}
    for step in all_steps():
        if step.number in due or (again and not step.once):
            outcome.ran.append(step)
            if words := _one(who, step, due.get(step.number, 0), show):
                outcome.said.append(words)
    if outcome.ran:
        outcome.left = [step for step, _ in waiting_steps(quick=quick)]
    return outcome


def _one(who: str, step: Step, count: int, show: Show) -> Words | None:
    begin(who, step)
    position, seen = _where(read_stamp(), step)
    with show(step, step.total() if step.total else count) as tell:
        tell(seen)

        def stored(at: Position) -> None:
            keep(who, step, at, progress.seen)

        progress = Progress(position, stored, tell, seen)
        words = step.run(progress)
    finish(who, step)
    return words


def _where(stamp: Stamp, step: Step) -> tuple[Position, int]:
    """Where a killed run of this very step stood, and how much it had looked at."""
    kept = stamp.under_way.get(str(step.number))
    if kept is None or kept["follows"] != step.follows:
        return {}, 0
    return dict(kept["at"]), int(kept["seen"])
