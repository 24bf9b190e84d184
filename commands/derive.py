"""`flask derive`: after an update of this panel, what follows from the records is worked out anew."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from commands.opening import with_store
from commands.words import progress, say
from gate.deriving import derive_anew, how_many
from operations.store_indexes import ensure_indexes


@click.command(
    help="検索の手がかり・伏せた形・年代の区間・索引を作り直す。新しい版にしたあとに一度。記録の内容と履歴は変わらない。 / Work out anew what "
    "follows from the records: search keys, masked forms, intervals of dates, indexes. Once after an update; no record's "
    "content or history changes."
)
@with_appcontext
@with_store
def derive() -> None:
    """See the help above."""
    ensure_indexes()
    with progress("記録を調べています", "Looking at the records", how_many(), "") as (bar, task):
        changed = derive_anew(lambda count: bar.advance(task, count))
    say(f"{changed:,}件を作り直しました。", f"{changed:,} records were set right.")
