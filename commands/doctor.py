"""`flask doctor`: is everything where it should be? Each check says what it found and, if need be, what to do."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from commands.words import said
from operations.status import examine

SECONDS = 8.0
"""For all checks together: who runs this may be looking for what does not answer."""


@click.command(
    help="動作の前提を点検する。すべて良いときだけ終了コード0。 / Check what the application rests on. Exit status 0 only when all is "
    "well."
)
@with_appcontext
def doctor() -> None:
    """See the help above."""
    told = examine(current_app.config["SETTINGS"], seconds=SECONDS)
    for each in (finding for found in told for finding in found.findings):
        click.echo(f"{each.sign} {said(each.about)}: {said(each.words)}")
    if not all(each.well for each in told):
        raise SystemExit(1)
