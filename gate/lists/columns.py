"""The columns of a list as one person has chosen them, kept with the account: no record, and no revision of one.

What may be chosen is what the person may see in lists, at least masked, somewhere within reach. It is asked anew at every
list, so that a column which a role loses is gone from the next page (law 8).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gate.fields.kinds import kind_of
from gate.reading.shown import verdict_on
from gate.refusals import BadQuestion, only_reads
from gate.store.collections import key_of, records_of
from models.data_classes import DataClass
from models.declaration import Field, Noun
from models.registry import NOUNS
from policies.actor import Actor
from policies.effects import Effect
from policies.verdict import reach

CHOSEN = "columns"
"""The field of an account that holds them: noun → names."""
Chosen = dict[str, tuple[str, ...]]


def chosen_of(document: dict[str, Any]) -> Chosen:
    """What the stored account has chosen; whatever is not of that shape was not chosen."""
    found = document.get(CHOSEN)
    if not isinstance(found, dict):
        return {}
    return {noun: tuple(map(str, names)) for noun, names in found.items() if isinstance(names, list)}


def offered(actor: Actor, noun: Noun) -> list[Field]:
    """The fields that may be columns beside the number, in the order of the card."""
    institutions = reach(actor, noun.name, "read")
    return [each for each in noun if _is_column(noun, each) and _seen(actor, each, institutions)]


def kept(actor: Actor, noun: Noun, names: Iterable[str]) -> list[Field]:
    """Of the names chosen those that may be columns now, in their order."""
    institutions = reach(actor, noun.name, "read")
    fields = (noun.fields.get(each) for each in dict.fromkeys(names))
    return [each for each in fields if each and _is_column(noun, each) and _seen(actor, each, institutions)]


def choose_columns(actor: Actor, noun: Noun, names: list[str]) -> None:
    """Keep these columns, in this order, for this person's lists of the noun.

    Raises:
        BadQuestion: one that may not be a column of theirs.
        Refused: another role is being tried on.
    """
    only_reads(actor)
    _hold(actor, {"$set": {f"{CHOSEN}.{noun.name}": checked(actor, noun, names)}})


def forget_columns(actor: Actor, noun: Noun) -> None:
    """Go back to the declared columns.

    Raises:
        Refused: another role is being tried on.
    """
    only_reads(actor)
    _hold(actor, {"$unset": {f"{CHOSEN}.{noun.name}": ""}})


def checked(actor: Actor, noun: Noun, names: list[str]) -> list[str]:
    """The names, each once.

    Raises:
        BadQuestion: one of them may not be a column of this person's.
    """
    wanted = list(dict.fromkeys(names))
    if not set(wanted) <= {each.name for each in offered(actor, noun)}:
        raise BadQuestion(("その列は選べません。", "That column cannot be chosen."))
    return wanted


def _is_column(noun: Noun, field: Field) -> bool:
    return kind_of(field).tabular and field.data_class is not DataClass.SECRET and field.name != noun.number


def _seen(actor: Actor, field: Field, institutions: frozenset[str]) -> bool:
    return any(verdict_on(actor, field, "list", each).effect >= Effect.MASK for each in institutions)


def _hold(actor: Actor, update: dict[str, Any]) -> None:
    users = NOUNS["user"]
    records_of(users).update_one({"_id": key_of(users, actor.user)}, update)
