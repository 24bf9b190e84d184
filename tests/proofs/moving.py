"""Things moved by a paper, several at a time: the smallest operation over several records that needs all of its parts.

A thing is claimed, the paper decides, the things go. Each is one document of the real store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from bson import ObjectId
from mongoengine.connection import get_db
from pymongo.collection import Collection

from gate.refusals import Conflict
from workflows.engine.operations import Intent, Operation, run_operation

Document = dict[str, Any]
THINGS = tuple(range(4))
PLACES = ("a", "b", "c")


def things() -> Collection[Document]:
    """Where each stands, who has claimed it, and the papers by which it went."""
    found: Collection[Document] = get_db()["trial_things"]
    return found


def papers() -> Collection[Document]:
    """What was asked, and whether it was decided."""
    found: Collection[Document] = get_db()["trial_papers"]
    return found


def _decided(intent: Intent) -> bool:
    return papers().find_one({"_id": intent.about["paper"], "operations": str(intent.id)}) is not None


def _go(intent: Intent) -> None:
    for thing in intent.about["things"]:
        things().update_one(
            {"_id": thing, "holder": str(intent.id)},
            {
                "$set": {"place": intent.about["to"], "holder": None},
                "$push": {"went": [str(intent.about["paper"]), intent.about["to"]]},
            },
        )


def _release(intent: Intent) -> None:
    for thing in intent.about["things"]:
        things().update_one({"_id": thing, "holder": str(intent.id)}, {"$set": {"holder": None}})


def _unmark(intent: Intent) -> None:
    papers().update_one({"_id": intent.about["paper"]}, {"$pull": {"operations": str(intent.id)}})


MOVING = Operation(
    "trial_moving", ("試しの移動", "A trial move"), decided=_decided, steps=(_go, _unmark), undo=(_release,)
)


def ask(to: str) -> ObjectId:
    """A paper that is not decided."""
    paper = ObjectId()
    papers().insert_one({"_id": paper, "state": "asked", "to": to})
    return paper


def move(paper: ObjectId, those: list[Any], to: str) -> None:
    """Move things by a paper.

    Raises:
        Conflict: one of them is claimed, or the paper is decided; nothing is moved.
    """
    about = {"paper": paper, "things": those, "to": to}
    with run_operation(MOVING, about, by="somebody", institution="soseki") as intent:
        for thing in those:
            claimed = things().update_one(
                {"_id": thing, "holder": None}, {"$set": {"holder": str(intent.id)}}
            )
            if not claimed.modified_count:
                raise Conflict(None, frozenset())
        decided = papers().update_one(
            {"_id": paper, "state": "asked"},
            {"$set": {"state": "decided", "things": those}, "$push": {"operations": str(intent.id)}},
        )
        if not decided.modified_count:
            raise Conflict(None, frozenset())


def begin() -> None:
    """All things at the first place, no paper, no intent."""
    for collection in (things(), papers(), get_db()["intents"]):
        collection.delete_many({})
    place(THINGS)


def place(those: Iterable[Any]) -> None:
    """Things at the first place, beside any others."""
    things().insert_many([{"_id": each, "place": "a", "holder": None, "went": []} for each in those])


class Cut(BaseException):
    """The process ends here."""


@contextmanager
def cut_at(nth: int, *, after: bool) -> Iterator[list[str]]:
    """Raise at the nth command to the store, before it or `after` it was done; from then on nothing reaches the store.

    Gives the commands that were reached. 0: never.
    """
    reached: list[str] = []
    real = {
        name: getattr(Collection, name) for name in ("insert_one", "update_one", "delete_one", "find_one")
    }

    def cutting(name: str) -> Any:
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            reached.append(f"{name} {self.name}")
            if nth and (len(reached) > nth or (len(reached) == nth and not after)):
                raise Cut
            answer = real[name](self, *args, **kwargs)
            if nth and len(reached) == nth:
                raise Cut
            return answer

        return call

    try:
        for name in real:
            setattr(Collection, name, cutting(name))
        yield reached
    finally:
        for name, method in real.items():
            setattr(Collection, name, method)
