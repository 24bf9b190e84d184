"""`flask worker`: whatever waits in the background, and the ledger's sealing while no `flask sealer` runs."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from threading import Event
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext

from audit.drain import steps
from audit.sealer import seal
from commands.audit import second_place
from commands.opening import with_store
from commands.words import say
from engine import find, garbage
from gate.counts.counted import Recounting
from gate.store.collections import make_indexes
from gate.writing.derivatives import Deriving
from imports.work import Work
from jobs.loop import run
from operations.beats import SEALER, lives
from operations.pulse import Pulse
from operations.store_indexes import owned_indexes
from oversight.alarm_messages import AlarmStep, channels
from vocabularies.merge_records import Merging
from workflows.engine import operations

GLANCE = 5.0
"""Seconds between looks whether a sealer lives."""


def stop_on_signals() -> Event:
    """An event that SIGTERM and Ctrl-C set."""
    stop = Event()

    def asked(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, asked)
    return stop


def unless_sealer_lives(step: Callable[[], int]) -> Callable[[], int]:
    """A step of sealing, done here only while no sealer (`flask sealer`) gives signs of life. Done by both it is done once."""
    looked, elsewhere = -GLANCE, False

    def once() -> int:
        nonlocal looked, elsewhere
        if time.monotonic() - looked >= GLANCE:
            looked, elsewhere = time.monotonic(), lives(SEALER)
        return 0 if elsewhere else step()

    return once


@click.command(
    help="裏の仕事をする(操作履歴の送出など)。SIGTERM か Ctrl-C で終わる。 / Do the background work, such as sealing the "
    "operation history, until SIGTERM or Ctrl-C."
)
@with_appcontext
@with_store
def worker() -> None:
    """See the help above."""
    stop = stop_on_signals()
    garbage.limit_collections(garbage.BATCHES)
    make_indexes(
        owned_indexes()
    )  # those of the records may take long: imports.step builds them beside its work
    imports = Work(current_app.config["IMPORT_KEY"], unsure=True)
    settings = current_app.config["SETTINGS"]
    try:
        receivers = channels(settings.alarm_mail, settings.smtp, settings.alarm_hook)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    tell_alarms = AlarmStep(receivers, f"{settings.own_address}/audit/", say)
    todo: tuple[Callable[[], int], ...] = (
        *(unless_sealer_lives(each) for each in (seal, *steps(second_place(), say))),
        tell_alarms,
        operations.step,
        imports.step,
        Merging().step,
        Deriving().step,
        Recounting(stop.is_set).step,
    )
    with Pulse(find(settings.var).places) as pulse:
        run(todo, stop, say, moved=pulse.moved)
