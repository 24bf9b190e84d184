"""A change of many records that was shown and waits for its yes: which field, how, and of which records as they then stood.

It is kept for some minutes, for its owner alone. No former value is kept (law 5); fields of persons are not changed so.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from mongoengine.connection import get_db
from pymongo import IndexModel

from gate.fields.kinds import kind_of
from gate.reading.shown import verdict_on
from gate.refusals import BadQuestion
from models.data_classes import PERSONAL
from models.declaration import Field, Noun
from policies.actor import Actor
from policies.effects import Effect
from policies.verdict import reach

INDEXES = {"pending_changes": [IndexModel([("ends_at", 1)], expireAfterSeconds=0)]}
MINUTES = 30
HOWS = ("set", "clear", "replace")


@dataclass(frozen=True)
class FieldChange:
    """What is done to one field of many records: set to `value`, cleared, or `value` in it replaced by `instead`."""

    field: str
    how: str
    value: str = ""
    instead: str = ""

    def of(self, before: Any) -> Any:
        """The field's value afterwards, as it would be typed."""
        if self.how == "clear":
            return ""
        return str(before or "").replace(self.value, self.instead) if self.how == "replace" else self.value


def changeable(actor: Actor, noun: Noun) -> list[Field]:
    """The fields that this actor may change so, wherever they may edit: texts and single references, of no person."""
    houses = reach(actor, noun.name, "edit")
    return [
        field
        for field in noun.editable()
        if houses
        and (kind_of(field).is_free_text or field.declared.target)
        and not kind_of(field).several
        and field.name not in (noun.number, *noun.numbered_by, "institution")
        and field.data_class not in PERSONAL
        and all(verdict_on(actor, field, "form", each).effect is Effect.EDIT for each in houses)
    ]


def keep_pending(actor: Actor, noun: Noun, change: FieldChange, stands: Sequence[tuple[str, int]]) -> str:
    """Keep a change of these records (id, revision) for MINUTES; its id."""
    id_ = secrets.token_hex(12)
    get_db()["pending_changes"].insert_one(
        {
            "_id": id_, "actor": actor.user, "noun": noun.name, "change": asdict(change),
            "stands": [list(each) for each in stands], "ends_at": datetime.now(UTC) + timedelta(minutes=MINUTES),
        }
    )  # fmt: skip
    return id_


def take_pending(actor: Actor, noun: Noun, id_: str) -> tuple[FieldChange, list[tuple[str, int]]]:
    """A change that waits, and the records that it is of. It waits no longer: it is done once.

    Raises:
        BadQuestion: unknown, another's, done already, or its time is over.
    """
    mine = {"_id": id_, "actor": actor.user, "noun": noun.name}
    found = get_db()["pending_changes"].find_one(mine)
    if (
        found is None
        or found["ends_at"] < datetime.now(UTC)
        or not get_db()["pending_changes"].delete_one(mine).deleted_count
    ):
        raise BadQuestion((
            "確認の画面の期限が過ぎたか、もう実行されています。一覧から選び直してください。",
            "The preview has ended, or it was carried out already. Choose again from the list.",
        ))  # fmt: skip
    return FieldChange(**found["change"]), [(record, revision) for record, revision in found["stands"]]
