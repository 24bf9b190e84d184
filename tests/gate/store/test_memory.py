"""What a process remembers holds for its seconds, and no more entries than it may hold."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from gate.store import memory
from gate.store.memory import Memory


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time of all memories."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_an_entry_holds_for_its_seconds_from_when_it_was_put(clock: list[float]) -> None:
    kept: Memory[str, int] = Memory(most=5, seconds=20)
    assert kept.kept("a", lambda: 1) == 1
    clock[0] += 20
    assert (kept.get("a"), kept.kept("a", lambda: 2)) == (1, 1)
    clock[0] += 1
    assert kept.get("a") is None
    assert kept.kept("a", lambda: 3) == 3
    assert kept.get("a") == 3


def test_where_it_is_full_the_oldest_goes_and_no_other(clock: list[float]) -> None:
    kept: Memory[str, int] = Memory(most=2)
    for key in ("a", "b", "a", "c"):  # a was put again after b
        kept.put(key, ord(key))
    clock[0] += 1e9
    assert sorted(kept.all_keys()) == ["a", "c"]


def test_what_is_over_serves_once_more_while_the_new_value_is_made(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: Memory[str, int] = Memory(most=5, seconds=300)
    begun: list[Callable[[], int]] = []
    monkeypatch.setattr(memory, "beside", lambda: SimpleNamespace(submit=begun.append))
    kept.put("a", 1)
    clock[0] += 301
    assert kept.kept_renewing("a", lambda: 2) == 1
    assert kept.kept_renewing("a", lambda: 2) == 1
    assert len(begun) == 1  # it is being made: not twice
    begun[0]()
    assert kept.kept_renewing("a", lambda: 3) == 2


def test_what_is_forgotten_is_made_again() -> None:
    kept: Memory[str, int] = Memory(most=5)
    kept.put("a", 1)
    kept.drop("a")
    assert kept.get("a") is None
    kept.put("b", 1)
    kept.clear()
    assert kept.get("b") is None
