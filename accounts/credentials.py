"""A change of what an account signs in with: one update, and all that was opened in its name before has ended.

The update carries the account's next revision and its outbox entry, as every change of a record does, and a new stamp
(accounts.sessions). No value stands in its history: there is nothing of a password or a key to be shown, ever.
"""

from __future__ import annotations

from typing import Any

from accounts.sessions import forget_sessions, fresh_stamp
from accounts.tokens import forget_tokens
from audit import outbox
from audit.events import note
from gate.refusals import NotFound
from gate.store.collections import key_of, records_of
from models.registry import NOUNS

Document = dict[str, Any]
TRIES = 20


def change_credentials(user: str, values: Document, *, by: str, action: str) -> None:
    """Set fields of class secret of an account; None takes one away. Sessions and tokens end.

    Args:
        user: the account's id.
        values: field → value to store.
        by: the account's id or `console`, for its history.
        action: what to call it there: password, factor_on, factor_off.

    Raises:
        NotFound: no such account.
    """
    users, key = records_of(NOUNS["user"]), key_of(NOUNS["user"], user)
    forget_tokens(user)  # killed after this, nothing has changed but that programs ask for a new token
    for _ in range(TRIES):
        found = users.find_one({"_id": key, "institution": {"$ne": None}}, {"revision": 1})
        if found is None:
            raise NotFound
        update = _update(found["revision"], values, by, action)
        if users.update_one({"_id": key, "revision": found["revision"]}, update).modified_count:
            forget_tokens(user)
            forget_sessions(user)
            return
    raise TimeoutError("an account is being changed without pause")


def end_access(user: str, *, by: str, institution: str) -> int:
    """End every session and token of an account, those that are being opened at this moment too.

    Args:
        user: the account's id.
        by: who ends them, for the operation history.
        institution: the account's.

    Returns:
        How many sessions there were.
    """
    stamp = {"$set": {"stamp": fresh_stamp()}}
    records_of(NOUNS["user"]).update_one({"_id": key_of(NOUNS["user"], user)}, stamp)
    forget_tokens(user)
    # guard: end-all
    count = forget_sessions(user)
    note("sessions_ended", actor=by, institution=institution, noun="user", detail=user)
    return count


def _update(revision: int, values: Document, by: str, action: str) -> Document:
    told = outbox.entry(actor=by, action=action, revision=revision + 1, fields=sorted(values), before={})
    kept = {name: value for name, value in values.items() if value is not None}
    gone = {name: "" for name in values if name not in kept}
    update: Document = {
        "$set": kept
        # guard: credentials-stamp
        | {"stamp": fresh_stamp(), "changed_at": told["at"], "changed_by": by, "outbox_at": told["at"]},
        "$inc": {"revision": 1},
        "$push": {"outbox": told},
    }
    return update | ({"$unset": gone} if gone else {})
