"""Nobody raises their own rights, and no government is ever without an administrator.

The second is held by one document, the list of administrators of the government's top institution: an administrator
is first taken off that list, on the condition that another stays on it, and only then changed. Two administrators
who remove each other at the same moment cannot both succeed. Account and list are two documents, so a change of both is
an operation: where a process dies between the two, the worker makes the list what the accounts say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from bson import ObjectId

from accounts.accounts import role_of
from gate.refusals import Invalid
from gate.store.collections import records_of
from gate.writing.changes import Batch
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor, Role
from policies.effects import Effect
from workflows.engine.operations import Intent, Operation, run_operation

Document = dict[str, Any]
LAST: Words = (
    "最後の管理者です。先にほかの管理者を決めてください。",
    "This is the last administrator; appoint another one first.",
)
OWN: Words = (
    "自分の権限や停止は変えられません。ほかの管理者に依頼してください。",
    "You cannot change your own rights; ask another administrator.",
)
KIND: Words = (
    "種類は変えられません。新しい役割を作ってください。",
    "The kind cannot be changed; make a new role.",
)
FLOOR: Words = (
    "システム管理者の役割から、役割とアカウントの閲覧・更新は外せません。",
    "An administrator's role keeps reading and editing roles and users.",
)
KEPT_BY_ADMINISTRATORS = tuple((noun, action) for noun in ("role", "user") for action in ("read", "edit"))


def raises_own(actor: Actor, document: Document, kept: Mapping[str, Any]) -> dict[str, Words]:
    """What is wrong with a change of a user or role, as far as it touches the actor's own rights."""
    if str(document["_id"]) == actor.user:
        return {name: OWN for name in ("role", "disabled", "institution") if name in kept}
    # guard: own-second-factor
    if kept.get("second_factor", "required") != "required" and str(document["_id"]) == own_role(actor):
        return {"second_factor": OWN}
    return {"role_kind": KIND} if "role_kind" in kept and "role_kind" in document else {}


def removes_own(actor: Actor, document: Document) -> dict[str, Words]:
    """What is wrong with a removal: people do not remove their own account."""
    return {"": OWN} if str(document["_id"]) == actor.user else {}


def own_role(actor: Actor) -> str:
    """The id of the role that really acts, also where another is being tried on."""
    return (actor.behind or actor.role).id


def grants_more(before: Role, after: Role) -> bool:
    """Whether a role would give anything that it does not give now."""
    for noun, scopes in after.actions.items():
        for scope, actions in scopes.items():
            if actions - before.actions.get(noun, {}).get(scope, frozenset()):
                return True
    for noun, scoped in after.effects.items():
        for scope, subjects in scoped.items():
            had = before.effects.get(noun, {}).get(scope, {})
            if any(effect > _had(had, subject) for subject, effect in subjects.items()):
                return True
    return _field_rules_gone(before, after)


def _had(had: Mapping[str, Effect], subject: str) -> Effect:
    return had.get(subject, Effect.HIDE)


def _field_rules_gone(before: Role, after: Role) -> bool:
    """A field's own rule that falls away leaves the field to its class, which may give more."""
    return any(
        subject.startswith("field:") and subject not in after.effects.get(noun, {}).get(scope, {})
        for noun, scoped in before.effects.items()
        for scope, subjects in scoped.items()
        for subject in subjects
    )


def keeps_operating(kind: str, actions: Mapping[str, Mapping[str, list[str]]]) -> bool:
    """Whether a role of this kind would still let its administrators undo what they do."""
    if kind != "administrator":
        return True
    own = {noun: set(scopes.get("own", [])) for noun, scopes in actions.items()}
    return all(action in own.get(noun, set()) for noun, action in KEPT_BY_ADMINISTRATORS)


def is_administrator(user: Mapping[str, Any]) -> bool:
    """Whether a stored account now administers: a role of that kind, and not disabled."""
    role = records_of(NOUNS["role"]).find_one({"_id": user.get("role")}, {"role_kind": 1})
    return bool(role and role.get("role_kind") == "administrator" and not user.get("disabled"))


def top_of(institution: str) -> str:
    """The institution that supervises this one, else itself: where its government's administrators are kept."""
    found = records_of(NOUNS["institution"]).find_one({"_id": institution}, {"supervisor": 1}) or {}
    return str(found.get("supervisor") or institution)


@contextmanager
def keep_administrators(batch: Batch) -> Iterator[None]:
    """Around a write of users: off the list before it, where one ceases to administer; on it after, where one begins.

    A change that would leave no administrator is stopped.
    """
    with ExitStack() as stack:
        for change in batch.open():
            user = change.whole or change.before or {}
            was = change.before is not None and is_administrator(change.before)
            will = bool(change.whole) and is_administrator(change.whole)
            if was == will:
                continue
            top, key = top_of(str(user.get("institution"))), str(user["_id"])
            stack.enter_context(
                run_operation(ADMINISTRATORS, {"top": top, "user": key}, by="", institution=top)
            )
            if was and not _take_off(top, key):
                change.error = Invalid({"role": LAST, "": LAST})
        yield


def _list_as_stored(intent: Intent) -> None:
    """On the list where the account administers as it is stored, else off it; again where it was changed meanwhile."""
    top, key = intent.about["top"], intent.about["user"]
    listed: bool | None = None
    for _ in range(AT_ONCE):
        user = records_of(NOUNS["user"]).find_one({"_id": ObjectId(key)}) or {}
        if (now := bool(user) and is_administrator(user)) is listed:
            return
        if now:
            list_administrator(top, key)
        else:
            records_of(NOUNS["institution"]).update_one({"_id": top}, {"$pull": {"administrators": key}})
        listed = now


ADMINISTRATORS = Operation(
    "administrators",
    ("管理者の名簿", "List of administrators"),
    decided=lambda _: True,
    steps=(_list_as_stored,),
)
"""An account begins or ceases to administer, and the list of its government's administrators with it."""
AT_ONCE = 5
"""So often an account may be changed while its list is written."""


def _take_off(top: str, user: str) -> bool:
    """Take an administrator off the list; False where no other stands on it."""
    taken = records_of(NOUNS["institution"]).update_one(
        # guard: last-administrator
        {"_id": top, "administrators": {"$elemMatch": {"$ne": user}}},
        {"$pull": {"administrators": user}},
    )
    return bool(taken.matched_count)


def list_administrator(top: str, user: str) -> None:
    """Put an account on its government's list of administrators; a repetition changes nothing."""
    records_of(NOUNS["institution"]).update_one({"_id": top}, {"$addToSet": {"administrators": user}})


def check_grants(actor: Actor, document: Document, actions: Document, effects: Document) -> dict[str, Words]:
    """What is wrong with new grants of a role, as far as they touch the actor's own rights or the last way back."""
    if not keeps_operating(document["role_kind"], actions):
        return {"": FLOOR}
    after = role_of({**document, "actions": actions, "effects": effects})
    if str(document["_id"]) == (actor.behind or actor.role).id and grants_more(role_of(document), after):
        return {"": OWN}
    return {}
