"""The worker goes on while there is work, waits for a store that is away, and ends when it is asked."""

from threading import Event

import pytest
from pymongo.errors import AutoReconnect, ServerSelectionTimeoutError

from jobs.loop import run


def silent(_ja: str, _en: str) -> None:
    """Nobody is told."""


def test_it_goes_on_at_once_while_there_is_work() -> None:
    stop, left = Event(), [3, 2, 1]

    def step() -> int:
        if not left:
            stop.set()
            return 0
        return left.pop()

    run([step], stop, silent, pause=3600)
    assert left == []


def test_a_store_that_is_away_is_waited_for_and_told_of_once() -> None:
    stop, told = Event(), []
    answers = iter([AutoReconnect("donor 山田花子"), ServerSelectionTimeoutError("x"), None])

    def step() -> int:
        answer = next(answers)
        if answer is not None:
            raise answer
        stop.set()
        return 1

    run([step], stop, lambda ja, en: told.append((ja, en)), pause=0.001)
    assert len(told) == 2
    assert "AutoReconnect" in told[0][0]
    assert "花子" not in repr(told)
    assert "back" in told[1][1]


def test_a_mistake_that_is_not_the_stores_ends_it() -> None:
    def step() -> int:
        raise KeyError("outbox")

    with pytest.raises(KeyError):
        run([step], Event(), silent)


def test_others_see_that_it_moves_before_each_step() -> None:
    stop, seen = Event(), list[str]()

    def first() -> int:
        seen.append("a")
        return 0

    def last() -> int:
        seen.append("b")
        stop.set()
        return 0

    run([first, last], stop, silent, pause=0, moved=lambda: seen.append("."))
    assert seen == [".", "a", ".", "b"]


def test_it_does_nothing_once_it_was_asked_to_stop() -> None:
    stop = Event()
    stop.set()
    run([lambda: pytest.fail("it worked on")], stop, silent)
