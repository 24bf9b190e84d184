"""Whatever is killed in the midst of saving, all that was acknowledged is there, and the panel serves again."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import processes
from tests.recovery.panel import NAMES, Panel, Person


@pytest.fixture
def panel(tmp_path: Path) -> Iterator[Panel]:
    made = Panel.on_a_free_port(tmp_path / "var")
    yield made
    assert made.stop() == 0
    assert [made.pid(name) for name in NAMES] == [None] * len(NAMES)


@pytest.mark.parametrize(
    "kills", [pytest.param(4, id="each once"), pytest.param(20, id="twenty times", marks=pytest.mark.proof)]
)
def test_nothing_acknowledged_is_lost_whichever_process_is_killed(panel: Panel, kills: int) -> None:
    """S4, S12: kill -9 of web, worker, gateway and PostgreSQL while two people save."""
    panel.run()
    chance = random.Random(kills)
    over = threading.Event()
    acknowledged: dict[str, str] = {}

    def keep_saving(login_id: str, person: Person) -> None:
        number = 0
        while not over.is_set():
            number += 1
            title = f"{login_id} {number:06d}"
            if id_ := person.saves(title):
                acknowledged[id_] = title

    # Both have signed in before anything is killed.
    people = [
        threading.Thread(target=keep_saving, args=(each, Person(panel, each)))
        for each in ("staff.shinjuku", "staff.soseki")
    ]
    for each in people:
        each.start()
    try:
        for at in range(kills):
            so_far = len(acknowledged)
            assert processes.wait_until(lambda: len(acknowledged) > so_far + chance.randrange(1, 8), 60)  # noqa: B023
            name = NAMES[at % 4]
            pid = panel.pid(name)
            assert pid is not None, name
            os.kill(pid, signal.SIGKILL)
            assert processes.wait_until(lambda: panel.pid(name) not in (None, pid), 60), name  # noqa: B023
            assert processes.wait_until(panel.serves, 60), name
    finally:
        over.set()
        for each in people:
            each.join(timeout=90)
    assert not any(each.is_alive() for each in people)
    reader = Person(panel, "staff.shinjuku")
    lost = [
        title
        for id_, title in acknowledged.items()
        if title not in reader.get(f"/admin/item/details/?id={id_}")
    ]
    print(f"\n{kills} kills, {len(acknowledged)} acknowledged, {len(lost)} lost")
    assert len(acknowledged) >= 3 * kills
    assert lost == []


def test_a_killed_supervisor_is_followed_by_one_that_serves(panel: Panel) -> None:
    """What the panel cannot mend by itself, the next `make run` does."""
    panel.run()
    kept = Person(panel, "staff.soseki").saves("起動し直しても残る")
    assert kept
    assert panel.supervisor is not None
    panel.supervisor.kill()
    panel.supervisor.wait()
    panel.run()
    assert "起動し直しても残る" in Person(panel, "staff.soseki").get(f"/admin/item/details/?id={kept}")
