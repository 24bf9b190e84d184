"""`flask worker`: drains outboxes into the ledger, and whatever else waits in the background."""

from __future__ import annotations

import signal
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
from operations.pulse import Pulse
from operations.store_indexes import owned_indexes
from oversight.alarm_messages import AlarmStep, channels
from workflows.engine import operations


@click.command(
    help="裏の仕事をする(操作履歴の送出など)。SIGTERM か Ctrl-C で終わる。 / Do the background work, such as sealing the "
    "operation history, until SIGTERM or Ctrl-C."
)
@with_appcontext
@with_store
def worker() -> None:
    """See the help above."""
    stop = Event()

    def asked(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, asked)
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
        seal,
        *steps(second_place(), say),
        tell_alarms,
        operations.step,
        imports.step,
        Deriving().step,
        Recounting(stop.is_set).step,
    )
    with Pulse(find(settings.var).places) as pulse:
        run(todo, stop, say, moved=pulse.moved)
