"""Who acts at the console: seeding, importing and operating, where nobody has signed in.

Whoever may run a command on the server's console already holds its store and keys; a sign-in would protect nothing.
What they write must still pass the gate like everything else: one validator, the ceilings that hold for every kind of
role, an outbox entry naming `console`. So the console is an actor whose role has a kind of its own. No ceiling or bar
names that kind, so only those that hold for all bind it (credentials leave by no exit). Its grants end at one
institution, and no role of this kind can be made or stored: the vocabulary of role kinds does not have it.
"""

from __future__ import annotations

from models.data_classes import DataClass
from models.registry import NOUNS
from policies.actor import Actor, Role
from policies.effects import Effect

NAME = "console"
_ACTIONS = frozenset({"audit", "create", "edit", "history", "import", "read", "remove"})
_EFFECTS = {str(each): Effect.EDIT for each in DataClass if each is not DataClass.SECRET}
_OPERATED = ("institution", "role", "user")


def console(institution: str, supervised: frozenset[str] = frozenset()) -> Actor:
    """The actor of a command on the server's own console, for the records of one institution.

    `supervised`: the institutions that this one supervises, where it may operate accounts, as an administrator does.
    """
    own = {noun: {"own": _ACTIONS} for noun in NOUNS}
    effects = {noun: {"own": _EFFECTS} for noun in NOUNS}
    role = Role(
        id=NAME,
        name=("操作卓", "Console"),
        role_kind=NAME,
        actions=own | {noun: {"own": _ACTIONS, "supervised": _ACTIONS} for noun in _OPERATED},
        effects=effects | {noun: {"own": _EFFECTS, "supervised": _EFFECTS} for noun in _OPERATED},
    )
    return Actor(
        user=NAME,
        login_id=NAME,
        institution=institution,
        supervised=supervised,
        oversees=supervised,
        role=role,
    )
