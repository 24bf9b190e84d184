"""The behaviours of accounts, roles and institutions (gate.writing.behaviours): rights, networks, supervision, ended sessions."""

from __future__ import annotations

from accounts.networks import shuts_out
from accounts.sessions import stamped
from gate.writing.behaviours import Behaviour, check_registered, register_behaviour
from gate.writing.changes import Batch
from gate.writing.own_behaviours import register_own
from roles.rights import keep_administrators, raises_own, removes_own
from roles.supervision import starts_wrongly
from vocabularies import behaviour as vocabulary


def register_behaviours() -> None:
    """Register every behaviour that a declaration names, the gate's own among them.

    Raises:
        RuntimeError: a declaration names one that no room registered.
    """
    register_own()
    register_behaviour("own_rights", Behaviour(check=_own_rights))
    register_behaviour("own_network", Behaviour(check=_own_network))
    register_behaviour("supervision", Behaviour(check=_supervision))
    register_behaviour("administrators", Behaviour(around_write=keep_administrators))
    register_behaviour("vocabulary", vocabulary.BEHAVIOUR)
    register_behaviour("session_stamp", Behaviour(derive=_session_stamp))
    check_registered()


def _own_rights(batch: Batch) -> None:
    for change, before in batch.edits():
        change.wrong |= raises_own(batch.actor, before, change.kept)
    for change, before in batch.removals():
        change.wrong |= removes_own(batch.actor, before)


def _own_network(batch: Batch) -> None:
    for change, before in batch.edits():
        change.wrong |= shuts_out(batch.actor, batch.noun, before, change.kept)


def _supervision(batch: Batch) -> None:
    for change in batch.open():
        if change.is_new or "supervisor" in change.kept:
            change.wrong |= starts_wrongly(batch.actor, change.whole)


def _session_stamp(batch: Batch) -> None:
    for change, _ in batch.edits():
        change.set(stamped(change.kept))
