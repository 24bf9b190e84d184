"""What a write of a noun does beyond its fields: the declaration names the behaviours, higher rooms register them.

A behaviour that is named and not registered stops the application at its start, and any write of that noun.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from models.data_classes import Words
from models.declaration import Noun
from models.registry import NOUNS
from policies.actor import Actor

Document = dict[str, Any]


def _accept(_actor: Actor, _noun: Noun, _document: Document, _kept: Mapping[str, Any]) -> dict[str, Words]:
    return {}


def _accept_new(_actor: Actor, _document: Document) -> dict[str, Words]:
    return {}


def _accept_removal(_actor: Actor, _document: Document) -> dict[str, Words]:
    return {}


def _derive_nothing(_kept: Mapping[str, Any]) -> Document:
    return {}


def _around_nothing(_before: Document | None, _after: Document | None) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass(frozen=True)
class Behaviour:
    """Functions that the write pipeline calls for every noun whose declaration names this behaviour."""

    check: Callable[[Actor, Noun, Document, Mapping[str, Any]], dict[str, Words]] = _accept
    """(actor, noun, stored document, changed values) → field → what is wrong with the change."""
    check_new: Callable[[Actor, Document], dict[str, Words]] = _accept_new
    """(actor, document about to be inserted) → field → what is wrong with it."""
    check_removal: Callable[[Actor, Document], dict[str, Words]] = _accept_removal
    """(actor, stored document) → what is wrong with its removal."""
    derive: Callable[[Mapping[str, Any]], Document] = _derive_nothing
    """Changed values → further values of the same update."""
    around_write: Callable[[Document | None, Document | None], AbstractContextManager[None]] = _around_nothing
    """(document before, document after) → a context around the write; None means that there is no record."""


_registered: dict[str, Behaviour] = {}


def register_behaviour(name: str, behaviour: Behaviour) -> None:
    """Register a behaviour under the name that declarations use; a repetition changes nothing."""
    _registered[name] = behaviour


def behaviours_of(noun: Noun) -> list[Behaviour]:
    """The behaviours that a noun's declaration names, in its order.

    Raises:
        RuntimeError: one of them is not registered.
    """
    if missing := [name for name in noun.behaviours if name not in _registered]:
        raise RuntimeError(f"behaviours of {noun.name} are not registered: {', '.join(missing)}")
    return [_registered[name] for name in noun.behaviours]


def check_registered() -> None:
    """Check that every behaviour that a declaration names is registered.

    Raises:
        RuntimeError: one is not.
    """
    for noun in NOUNS.values():
        behaviours_of(noun)


@contextmanager
def around_write(noun: Noun, before: Document | None, after: Document | None) -> Iterator[None]:
    """The contexts of all behaviours of a noun around one write."""
    with ExitStack() as stack:
        for behaviour in behaviours_of(noun):
            stack.enter_context(behaviour.around_write(before, after))
        yield
