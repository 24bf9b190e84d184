"""`flask upgrade`: stored data of an earlier version, brought to this version's shape; `make run` does it before it serves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from flask.cli import with_appcontext

from commands.opening import with_store
from commands.words import progress, say, stop
from operations.upgrade.discovery import newest
from operations.upgrade.running import upgrade as run
from operations.upgrade.step import LeaseLost, Step


@click.command(
    help="前の版の保存データを、この版の形に更新する。必要な手順だけを行い、途中で止まっても、もう一度実行すれば続きから進む。記録の内容と履歴は"
    "変わらない(読み方が変わった年代の区間だけは、編集として履歴に残る)。 / Bring stored data of an earlier version to this version's "
    "shape: the steps that are due. Stopped midway, run it again and it goes on. No record's content or history changes, "
    "except that the interval of a date which is read differently is changed as an edit, with its history."
)
@click.option("--again", is_flag=True, help="済んだ手順もやり直す / Run the steps that are done as well")
@with_appcontext
@with_store
def upgrade(again: bool) -> None:
    """See the help above."""
    if not bring_up_to_date(again=again):
        say(
            f"更新するものはありません(手順{newest()}まで済み)。",
            f"Nothing is due; the stored data went through all {newest()} steps.",
        )


@click.command(help="flask upgrade --again の前の版での名前。 / The former name of flask upgrade --again.")
@with_appcontext
@with_store
def derive() -> None:
    """See the help above."""
    say("flask derive は flask upgrade になりました。", "flask derive is flask upgrade now.")
    bring_up_to_date(again=True)


def bring_up_to_date(*, again: bool = False, quick: bool = False) -> bool:
    """Run what is due and say what was done; whether anything was. Ends the command where something is left.

    `quick`: as operations.upgrade.running.upgrade.
    """
    try:
        outcome = run(_bar, _wait, again=again, quick=quick)
    except LeaseLost:
        stop(
            "ほかのプロセスが更新を引き継ぎました。flask doctor で確かめてください。",
            "Another process took the upgrade over; flask doctor says how far it is.",
        )
    for words in outcome.said:
        say(*words)
    if outcome.left:
        stop(
            f"まだ更新が必要です({'、'.join(each.words[0] for each in outcome.left)})。前の版が動いていないことを確かめて、もう一度 flask upgrade を実行して"
            "ください。",
            f"Something is left ({', '.join(each.words[1] for each in outcome.left)}): see that no earlier version runs, and run "
            "flask upgrade once more.",
        )
    return bool(outcome.ran)


@contextmanager
def _bar(step: Step, total: int) -> Iterator[Callable[[int], None]]:
    numbered = f"{step.number}. {step.words[0]}", f"{step.number}. {step.words[1]}"
    with progress(*numbered, total, "") as (bar, task):
        yield lambda more: bar.advance(task, more)


def _wait() -> None:
    say(
        "ほかのプロセスが保存データを更新しています。終わるまで待ちます。",
        "Another process upgrades the stored data; waiting until it is done.",
    )
