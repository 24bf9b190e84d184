"""Papers that stay as they were written: which fields of a record may no longer change, and which contradict each other.

Both answers are field → what is wrong, as the validator gives them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from policies.work import wrong_window

Words = tuple[str, str]
DECIDED: Words = (
    "決裁された申請は変えられません。新しい申請を出してください。",
    "A request that was decided cannot be changed; make a new one.",
)
ANOTHERS: Words = (
    "申請を変えられるのは申請した人だけです。その人に依頼するか、不承認にしてください。",
    "Only the person who made the request may change it; ask them, or refuse it.",
)

REGISTERED: Words = (
    "持ち出したときの記載は変えられません。補足は備考に書いてください。",
    "What was registered cannot be changed; add to it in the notes.",
)
BEFORE: Words = ("持ち出した日より後にしてください。", "It must not be before the day it was taken out.")
SETTLING = frozenset({"returned_on", "settled_as", "notes"})
"""What of a takeout is filled in later."""


def kept_as_written(
    noun: str, document: Mapping[str, Any], names: Iterable[str], *, user: str
) -> dict[str, Words]:
    """Which of these changes a paper no longer takes from this person."""
    if noun == "work_request":
        if document.get("work_status") != "requested":
            return dict.fromkeys(names, DECIDED)
        # Or an approver could write the window that they then approve.
        if document.get("created_by") != user:
            return dict.fromkeys(names, ANOTHERS)
    if noun == "takeout":
        return {name: REGISTERED for name in names if name not in SETTLING}
    return {}


def contradictions(noun: str, document: Mapping[str, Any]) -> dict[str, Words]:
    """What in a whole record cannot be true together."""
    if noun == "work_request" and document.get("begins_at") and document.get("ends_at"):
        wrong = wrong_window(document["begins_at"], document["ends_at"])
        return {"ends_at": wrong} if wrong else {}
    if noun == "takeout":
        return _of_takeout(document)
    return {}


def _of_takeout(document: Mapping[str, Any]) -> dict[str, Words]:
    wrong = {name: BEFORE for name in ("due_on", "returned_on") if _before(document, name, "taken_on")}
    for one, other in (("returned_on", "settled_as"), ("settled_as", "returned_on")):
        if document.get(one) and not document.get(other):
            wrong[other] = (
                "返却・消去の日と方法は、合わせて入力してください。",
                "Give both the day and how it ended.",
            )
    return wrong


def _before(document: Mapping[str, Any], later: str, earlier: str) -> bool:
    """Whether a day that should follow another stands before it; days are texts that sort."""
    return bool(document.get(later) and document.get(earlier) and document[later] < document[earlier])
