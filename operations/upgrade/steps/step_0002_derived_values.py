"""What follows from each record: search keys, masked forms, intervals of dates, what a card lacks.

It is due again whenever a version derives something else: `what_derives` says so.
"""

from __future__ import annotations

from gate.writing.derived_values import derive_all, how_many, lacking, what_derives
from models.data_classes import Words
from operations.upgrade.step import Progress, Step


def _run(progress: Progress) -> Words | None:
    done = derive_all(progress.keep, progress.position)
    said = f"{done.changed:,}件を作り直しました。", f"{done.changed:,} records were set right."
    if not done.reread:
        return said
    return (
        f"{said[0]}うち{done.reread:,}件は年代の読み方が変わりました。記録の履歴に残しています。",
        f"{said[1]} Of these, the dates of {done.reread:,} are read differently than before; each record's history says so.",
    )


STEP = Step(
    2,
    ("検索の手がかり・伏せた形・年代の区間を作成", "Derive search keys, masked forms and intervals of dates"),
    pending=lacking,
    run=_run,
    total=how_many,
    follows=what_derives(),
)
