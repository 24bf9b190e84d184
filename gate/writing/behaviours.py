"""What a write of a noun does beyond its fields: the declaration names the behaviours, the rooms register them.

They are functions on batches (gate.writing.changes): each knows the actor, the noun and the origin, and is called for
every origin alike. A behaviour that is named and not registered stops the application at its start, and any write of that noun.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from gate.writing.changes import Batch
from models.declaration import Noun
from models.registry import NOUNS

Document = dict[str, Any]


def _nothing(_: Batch) -> None:
    return


def _nothing_follows(_: Document) -> Document:
    return {}


def _around_nothing(_: Batch) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass(frozen=True)
class Behaviour:
    """Functions that the write pipeline calls for every noun whose declaration names this behaviour."""

    check: Callable[[Batch], None] = _nothing
    """Adds to `wrong` of each open change what is wrong with it."""
    derive: Callable[[Batch], None] = _nothing
    """Sets further values of open changes; they stand in the record's history."""
    follow: Callable[[Document], Document] = _nothing_follows
    """Whole document → values that follow from it alone, in no history: `flask derive` works them out again."""
    around_write: Callable[[Batch], AbstractContextManager[None]] = _around_nothing
    """A context around the store's write; it may still stop a change, and finds in `error` which ones failed."""


_registered: dict[str, Behaviour] = {}


def register_behaviour(name: str, behaviour: Behaviour) -> None:
    """Register a behaviour under the name that declarations use; a repetition changes nothing."""
    _registered[name] = behaviour


def behaviours_of(noun: Noun) -> list[Behaviour]:
    """The behaviours that a noun's declaration names, in its order.

    Raises:
        RuntimeError: one of them is not registered.
    """
    try:
        return [_registered[name] for name in noun.behaviours]
    except KeyError as error:
        missing = ", ".join(name for name in noun.behaviours if name not in _registered)
        raise RuntimeError(f"behaviours of {noun.name} are not registered: {missing}") from error


def check_registered() -> None:
    """Check that every behaviour that a declaration names is registered.

    Raises:
        RuntimeError: one is not.
    """
    for noun in NOUNS.values():
        behaviours_of(noun)


@contextmanager
def around_write(batch: Batch) -> Iterator[None]:
    """The contexts of all behaviours of a noun around the write of one batch."""
    with ExitStack() as stack:
        for behaviour in behaviours_of(batch.noun):
            stack.enter_context(behaviour.around_write(batch))
        yield
