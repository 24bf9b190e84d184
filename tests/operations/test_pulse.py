"""The worker's signs of life: given while its loop moves, and telling when somebody set the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from mongoengine.connection import disconnect

from engine.places import Places, places_for
from engine.watching import has_pulse, pulse_file
from operations import pulse
from operations.beats import SEALER, Beats, last_beat, last_jump
from operations.checks.work import sealer_process
from settings import environment
from tests.serving import beside
from tests.world import connect

worker = import_module("commands.worker")  # the package's own name is the command


@pytest.fixture
def _store(database_uri: str) -> Iterator[None]:
    uri, name = beside(database_uri, "beats")
    database = connect(uri)
    yield
    database.client.drop_database(name)
    disconnect("default")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = places_for(tmp_path, {"HOME": str(tmp_path)})
    made.make()
    return made


@pytest.mark.usefixtures("_store")
def test_a_loop_that_moves_has_a_pulse_and_an_end(places: Places) -> None:
    with pulse.Pulse(places):
        pass
    assert float(pulse_file(places).read_text()) > 0
    last = last_beat()
    assert last is not None
    assert last[1]  # it ended in order


@pytest.mark.usefixtures("_store")
def test_a_loop_that_hangs_has_none(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "LONGEST_STEP", 0.0)
    with pytest.raises(KeyError), pulse.Pulse(places):
        raise KeyError
    assert not pulse_file(places).exists()
    assert last_beat() is None


@pytest.mark.usefixtures("_store")
def test_the_worker_seals_only_while_no_sealer_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "GLANCE", 0.0)
    step, settings = worker.unless_sealer_lives(lambda: 1), environment.read({})

    def told() -> list[tuple[bool, str]]:
        return [(each.well, each.words[1]) for each in sealer_process(settings)]

    assert (step(), told()) == (1, [(True, "the worker seals; no sealer runs")])
    sealer = Beats(name=SEALER)
    sealer.beat()
    assert (step(), told()) == (0, [(True, "it runs")])
    Beats(lambda: datetime.now(UTC) - timedelta(minutes=1), name=SEALER).beat()  # killed a minute ago
    assert step() == 1
    assert "the worker seals in its place" in told()[0][1]
    sealer.beat()
    sealer.end()
    assert step() == 1


@pytest.mark.parametrize(("left", "alive"), [("", True), ("1", False)])
def test_an_old_sign_of_life_is_none_and_a_missing_one_is_waited_for(
    places: Places, left: str, alive: bool
) -> None:
    pulse_file(places).write_text(left)
    assert has_pulse(places, 1) is alive


@pytest.mark.usefixtures("_store")
@pytest.mark.parametrize(("set_by", "told"), [(0, None), (20, None), (-7200, -7200), (300, 300)])
def test_a_clock_that_was_set_is_told(set_by: int, told: int | None) -> None:
    now, passed = datetime.now(UTC), 1_000.0
    beats = Beats(lambda: now, lambda: passed)
    beats.beat()
    now, passed = now + timedelta(seconds=5 + set_by), passed + 5
    beats.beat()
    jump = last_jump()
    assert (jump and jump[1]) == told
