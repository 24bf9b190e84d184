"""The indexes that this version declares, made where they are absent.

Where an import took some away, it or the worker builds them (gate.store.bulk_indexes): they are not awaited here.
"""

from __future__ import annotations

from gate.store.bulk_indexes import anybody_owes
from gate.store.collections import Indexes, absent_indexes, make_indexes
from models.data_classes import Words
from operations.store_indexes import declared_indexes, owned_indexes
from operations.upgrade.step import Progress, Step


def _wanted() -> Indexes:
    return owned_indexes() if anybody_owes() else declared_indexes()


def _absent() -> list[str]:
    return absent_indexes(_wanted())


def _run(progress: Progress) -> Words | None:
    for collection, models in _wanted().items():
        if lacking := len(absent_indexes({collection: models})):
            make_indexes({collection: models})
            progress.keep({}, lacking)
    return None


STEP = Step(
    1, ("索引を作成", "Build indexes"), pending=lambda: len(_absent()), run=_run, cheap=True, named=_absent
)
