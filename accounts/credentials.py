"""A change of what an account signs in with: one update, and all that was opened in its name before has ended.

The update carries the account's next revision and its outbox entry, as every change of a record does, and a new stamp
(accounts.sessions). No value stands in its history: there is nothing of a password or a key to be shown, ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.sessions import forget_sessions, fresh_stamp
from accounts.tokens import forget_tokens
from audit import outbox
from audit.events import note
from audit.seals.field_seals import seal_update
from gate.refusals import NotFound
from gate.store.collections import key_of, records_of
from models.registry import NOUNS

Document = dict[str, Any]
TRIES = 20


def change_credentials(user: str, values: Document, *, by: str, action: str) -> int:
    """Set fields of class secret of an account; None takes one away. Sessions and tokens end.

    Args:
        user: the account's id.
        values: field → value to store.
        by: the account's id or `console`, for its history.
        action: what to call it there: password, factor_on, factor_off, access_ended.

    Returns:
        How many sessions there were.

    Raises:
        NotFound: no such account.
    """
    forget_tokens(user)  # killed after this, nothing has changed but that programs ask for a new token
    # guard: credentials-stamp
    stamped = values | {"stamp": fresh_stamp()}
    if not store_credentials(user, stamped, by=by, action=action):
        raise NotFound
    forget_tokens(user)
    # guard: end-all
    return forget_sessions(user)


def end_access(user: str, *, by: str, institution: str) -> int:
    """End every session and token of an account, those that are being opened at this moment too.

    Args:
        user: the account's id.
        by: who ends them, for the operation history.
        institution: the account's.

    Returns:
        How many sessions there were.
    """
    count = change_credentials(user, {}, by=by, action="access_ended")
    note("sessions_ended", actor=by, institution=institution, noun="user", detail=user)
    return count


def store_credentials(
    user: str, values: Document, *, by: str, action: str, where: Mapping[str, Any] | None = None
) -> bool:
    """Store such fields by one update with its history and seals; nothing ends. Whether the account is there as `where` says.

    Raises:
        TimeoutError: the account is being changed without pause.
    """
    noun = NOUNS["user"]
    users, there = (
        records_of(noun),
        {"_id": key_of(noun, user), "institution": {"$ne": None}, **(where or {})},
    )
    for _ in range(TRIES):
        found = users.find_one(there)
        if found is None:
            return False
        update = _update(found["revision"], values, by, action)
        seal_update(noun, found, update)
        if users.update_one({**there, "revision": found["revision"]}, update).modified_count:
            return True
    raise TimeoutError("an account is being changed without pause")


def _update(revision: int, values: Document, by: str, action: str) -> Document:
    names = sorted(name for name in values if name != "stamp")
    told = outbox.entry(actor=by, action=action, revision=revision + 1, fields=names, before={})
    kept = {name: value for name, value in values.items() if value is not None}
    gone = {name: "" for name in values if name not in kept}
    update: Document = {
        "$set": kept | {"changed_at": told["at"], "changed_by": by, "outbox_at": told["at"]},
        "$inc": {"revision": 1},
        "$push": {"outbox": told},
    }
    return update | ({"$unset": gone} if gone else {})
