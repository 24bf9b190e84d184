"""`flask derive`: after an update of this panel, what follows from the records is worked out anew."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from commands.opening import with_store
from commands.words import progress, say
from gate.writing.derived_values import derive_all, how_many
from operations.store_indexes import ensure_indexes


@click.command(
    help="検索の手がかり・伏せた形・年代の区間・索引を作り直す。新しい版にしたあとに一度。記録の内容と履歴は変わらない(読み方が変わった年代の区間だけは、"
    "編集として履歴に残る)。 / Work out again what follows from the records: search keys, masked forms, intervals of dates, "
    "indexes. Once after an update. No record's content or history changes, except that the interval of a date which is "
    "read otherwise than before is changed as an edit, with its history."
)
@with_appcontext
@with_store
def derive() -> None:
    """See the help above."""
    ensure_indexes()
    with progress("記録を調べています", "Looking at the records", how_many(), "") as (bar, task):
        done = derive_all(lambda count: bar.advance(task, count))
    say(f"{done.changed:,}件を作り直しました。", f"{done.changed:,} records were set right.")
    if done.reread:
        say(
            f"うち{done.reread:,}件は年代の読み方が変わりました。記録の履歴に残しています。",
            f"Of these, the dates of {done.reread:,} are read otherwise than before; each record's history says so.",
        )
