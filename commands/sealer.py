"""`flask sealer`: moves what waits into the ledger and its copies, beside the worker, so that no import holds it up."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from audit.drain import steps
from audit.sealer import seal
from commands.audit import second_place
from commands.opening import with_store
from commands.words import say
from commands.worker import stop_on_signals
from engine import find, garbage
from jobs.loop import run
from operations.beats import SEALER
from operations.pulse import Pulse


@click.command(
    help="操作履歴と閲覧記録を台帳と写しへ送り続ける。動いていないあいだは flask worker が代わりに送る。SIGTERM か Ctrl-C で終わる。 / Seal the "
    "ledgers, until SIGTERM or Ctrl-C. While it does not run, flask worker does it."
)
@with_appcontext
@with_store
def sealer() -> None:
    """See the help above."""
    stop = stop_on_signals()
    garbage.limit_collections(garbage.BATCHES)
    with Pulse(find(current_app.config["SETTINGS"].var).places, SEALER) as pulse:
        run((seal, *steps(second_place(), say)), stop, say, moved=pulse.moved)
