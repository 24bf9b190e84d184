"""A draft that widens a role towards personal data is put in force only after a second person has approved it.

Else an administrator would reach personal data alone: by widening the role of an account of their own making (design.md,
"The policy model"; accounts.approval does the same for accounts).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId
from mongoengine.connection import get_db

from accounts.approval import PROTECTED, has_records, is_personal
from accounts.approving import NOT_YOURS, OTHER, WAIT, institutions_to_approve
from accounts.console import NAME as CONSOLE
from audit.events import note
from gate.reading.loading import find_document
from gate.refusals import NotFound, Refused
from gate.store.collections import key_of, records_of
from models.data_classes import Words
from models.declaration import Noun
from models.registry import NOUNS
from policies.actor import SCOPES, Actor
from policies.effects import Effect
from policies.verdict import Verdict
from roles.draft_documents import draft_in, stored_draft
from roles.grants import Grants, grants_in

Document = dict[str, Any]
ROLE = NOUNS["role"]
SECOND: Words = (
    "個人情報の権限が広がるため、ほかの管理者か館の管理者の承認が必要です。「アカウントの承認」の画面で承認されると適用できます。",
    "It widens access to personal data, so another administrator or a manager must approve it first, under “Approve accounts”.",
)


@dataclass(frozen=True)
class WaitingDraft:
    """A role's draft that waits for approval."""

    role: str
    name: Words
    institution: str
    by: str
    """The id of who drafted it."""
    digest: str
    before: Grants
    after: Grants
    from_: datetime | None = None
    """When an approval at the console takes effect."""


def widens(before: Grants, after: Grants) -> bool:
    """Whether people of the role would see or do more with personal data than now."""
    return any(_widens(noun, scope, before, after) for noun in PROTECTED for scope in SCOPES)


def _widens(noun: Noun, scope: str, before: Grants, after: Grants) -> bool:
    had, has = (each.effects.get(noun.name, {}).get(scope, {}) for each in (before, after))
    if any(_effect(noun, field, has) > _effect(noun, field, had) for field in _personal(noun)):
        return True
    more = set(after.actions.get(noun.name, {}).get(scope, ())) - set(
        before.actions.get(noun.name, {}).get(scope, ())
    )
    return bool(more) and any(_effect(noun, field, has) > Effect.HIDE for field in _personal(noun))


def _personal(noun: Noun) -> list[str]:
    return [field.name for field in noun if is_personal(noun, f"field:{field.name}")]


def _effect(noun: Noun, field: str, effects: dict[str, str]) -> Effect:
    """What a role shows of a field: its own rule, else that of its class."""
    own = effects.get(f"field:{field}")
    return Effect.named(own if own is not None else effects.get(str(noun.fields[field].data_class), "hide"))


def needs_second(actor: Actor, role: str, grants: Grants) -> bool:
    """Whether this actor may put these grants in force only after a second person has approved them.

    Raises:
        NotFound, Refused: the role is out of reach, or not this actor's to edit.
    """
    document = find_document(actor, ROLE, role, "edit")
    stored = stored_draft(document["_id"])
    drafted = stored and grants == draft_in(document, stored, "").grants
    # Who did not draft it is the second person.
    if drafted and stored["by"] != actor.user:
        return False
    return _waits(document, stored if drafted else {}, grants)


def _waits(document: Document, stored: Document, grants: Grants) -> bool:
    if not widens(grants_in(document), grants):
        return False
    approval = stored.get("approval") or {}
    # guard: widening-approved
    if approval and approval["from_"] <= datetime.now(UTC):
        return False
    return has_records(document["institution"])


def waiting_drafts(actor: Actor) -> list[WaitingDraft]:
    """The drafts that wait for approval in the institutions where this actor may approve."""
    institutions = institutions_to_approve(actor)
    if not institutions:
        return []
    found = []
    drafts = {each["_id"]: each for each in get_db()["role_drafts"].find({})}
    for role in records_of(ROLE).find(
        {"_id": {"$in": list(drafts)}, "institution": {"$in": sorted(institutions)}}
    ):
        if waits := _waiting(role, drafts[role["_id"]]):
            found.append(waits)
    return found


def _waiting(role: Document, stored: Document) -> WaitingDraft | None:
    draft = draft_in(role, stored, "")
    if not _waits(role, stored, draft.grants):
        return None
    name = (role.get("name", ""), role.get("name_en") or role.get("name", ""))
    from_ = (stored.get("approval") or {}).get("from_")
    return WaitingDraft(
        str(role["_id"]),
        name,
        role["institution"],
        stored["by"],
        draft.digest,
        grants_in(role),
        draft.grants,
        from_,
    )


def approve_draft(actor: Actor, role: str, digest: str) -> None:
    """Let the draft that was looked at be put in force by who drafted it.

    Raises:
        NotFound: there is no such draft within reach, or it is another by now.
        Refused: not this actor's to approve, or their own.
    """
    waits = next((each for each in waiting_drafts(actor) if (each.role, each.digest) == (role, digest)), None)
    if waits is None:
        if not institutions_to_approve(actor):
            raise Refused(Verdict(Effect.HIDE, "role-approval", NOT_YOURS))
        raise NotFound
    # guard: widening-second-person
    if waits.by == actor.user:
        raise Refused(Verdict(Effect.HIDE, "role-approval", OTHER))
    note("role_draft_approved", actor=actor.user, institution=waits.institution, noun="role", detail=role)
    _approve(key_of(ROLE, role), digest, actor.user, datetime.now(UTC))


def approve_draft_at_console(institution: str, code: str) -> datetime:
    """Approve a role's draft where there is no second person; it can be applied when WAIT is over. An alarm is raised.

    Returns:
        From when on.

    Raises:
        NotFound: the institution has no role of that code, or the role no draft that waits.
    """
    role = records_of(ROLE).find_one({"institution": institution, "code": code})
    stored = stored_draft(role["_id"]) if role else {}
    waits = _waiting(role, stored) if role and stored else None
    if waits is None:
        raise NotFound
    if waits.from_ is not None:
        return waits.from_
    from_ = (datetime.now(UTC) + WAIT).replace(microsecond=0)
    note("approved_at_console", actor=CONSOLE, institution=institution, noun="role", detail=waits.role)
    _approve(ObjectId(waits.role), waits.digest, CONSOLE, from_)
    return from_


def _approve(role: Any, digest: str, by: str, from_: datetime) -> None:
    stored, document = stored_draft(role), records_of(ROLE).find_one({"_id": role})
    if document is None or not stored or draft_in(document, stored, "").digest != digest:
        raise NotFound
    same = {"_id": role, "by": stored["by"], "at": stored["at"]}
    approval = {"by": by, "from_": from_}
    if not get_db()["role_drafts"].update_one(same, {"$set": {"approval": approval}}).modified_count:
        raise NotFound
