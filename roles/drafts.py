"""A role's next version: drafted, previewed as what changes for whom, then applied; earlier versions can come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId
from mongoengine.connection import get_db

from gate.reading.loading import find_document
from gate.reading.names import names_of
from gate.reading.references import label
from gate.refusals import BadQuestion, Invalid, NotFound
from gate.store.collections import records_of
from models.registry import NOUNS
from policies.actor import Actor
from roles.draft_documents import Draft, draft_in, stored_draft
from roles.draft_table import ROLE_DRAFT
from roles.grants import PARTS, Grants, check, grants_in, save_grants
from roles.widening import SECOND, needs_second
from workflows.engine.operations import Intent, Operation, bears, run_operation, unmark

ROLE = NOUNS["role"]
VERSIONS_AT_MOST = 100
REPLACED_KEPT = 5
"""Drafts that were replaced and are still known."""


class DraftChanged(Exception):
    """The draft is not the one that was previewed; nothing was done."""

    def __init__(self, now: Draft, previewed: Grants | None) -> None:
        """Args:
        now: the draft as it stands.
        previewed: what was previewed, where it is still known.
        """
        super().__init__(now.digest)
        self.now = now
        self.previewed = previewed


@dataclass(frozen=True)
class Version:
    """A version that was in force until `at`, when `who` replaced it."""

    revision: int
    at: datetime
    who: str
    grants: Grants


def keep_draft(actor: Actor, role: str, revision: int, grants: Grants) -> str:
    """Store what an administrator means to grant, so that it can be looked at before it holds; one draft a role.

    Returns:
        The name of whose draft it replaced, where that was another person's; else "".

    Raises:
        NotFound, Refused, Invalid, Conflict: as roles.grants.save_grants.
    """
    document, _ = check(actor, role, revision, grants)
    drafts, before = get_db()["role_drafts"], _stored(document)
    made = {"revision": revision, "by": actor.user, "at": datetime.now(UTC), **vars(grants)}
    # The ones before stay for a while: who previewed one of them is told how it differs from the one in its place.
    earlier = (
        [{k: v for k, v in before.items() if k not in ("_id", "replaced")}, *before.get("replaced", [])]
        if before
        else []
    )
    drafts.replace_one({"_id": document["_id"]}, {**made, "replaced": earlier[:REPLACED_KEPT]}, upsert=True)
    by = before.get("by", actor.user)
    return names_of(actor, [by])[by] if by != actor.user else ""


def draft_of(actor: Actor, role: str) -> Draft | None:
    """The draft of a role, if there is one, for those who may read roles."""
    document = find_document(actor, ROLE, role)
    found = _stored(document)
    return _draft(actor, document, found) if found else None


def _stored(document: dict[str, Any]) -> dict[str, Any]:
    return stored_draft(document["_id"])


def _draft(actor: Actor, document: dict[str, Any], found: dict[str, Any]) -> Draft:
    return draft_in(document, found, names_of(actor, [found["by"]])[found["by"]])


def _previewed(actor: Actor, role: str, digest: str) -> tuple[Draft, dict[str, Any]] | None:
    """The draft that was previewed, as long as it is the one there is; None where there is none.

    Raises:
        DraftChanged: another stands in its place.
    """
    document = find_document(actor, ROLE, role, "edit")
    found = _stored(document)
    if not found:
        return None
    now = _draft(actor, document, found)
    if now.digest != digest:
        earlier = (_draft(actor, document, each) for each in found.get("replaced", []))
        raise DraftChanged(now, next((each.grants for each in earlier if each.digest == digest), None))
    return now, found


def apply_draft(actor: Actor, role: str, digest: str) -> int:
    """Put the draft that was previewed in force; returns the role's revision.

    Args:
        actor: who applies it.
        role: its id.
        digest: of the draft that was previewed (Draft.digest).

    Raises:
        BadQuestion: there is no draft.
        DraftChanged: it is another than was previewed. Others as roles.grants.save_grants.
        Invalid: it widens access to personal data, and no second person has approved it.
    """
    found = _previewed(actor, role, digest)
    if found is None:
        raise BadQuestion(ROLE_DRAFT.elsewhere)
    draft, stored = found
    if needs_second(actor, role, draft.grants):
        raise Invalid({"": SECOND})
    about = {"role": str(stored["_id"]), "by": stored["by"], "at": stored["at"]}
    with run_operation(DRAFT_APPLIED, about, by=actor.user, institution=actor.institution) as intent:
        revision = save_grants(
            actor, role, draft.revision, draft.grants, action="apply_draft", mark=str(intent.id)
        )
    if revision == draft.revision:  # what it grants was in force already
        _forget(stored)
    return revision


def drop_draft(actor: Actor, role: str, digest: str) -> None:
    """Forget the draft that was looked at; forgetting what is not there is no error.

    Raises:
        DraftChanged: it is another than was looked at.
    """
    if found := _previewed(actor, role, digest):
        _forget(found[1])


def _forget_applied(intent: Intent) -> None:
    about = intent.about
    _forget({"_id": ObjectId(about["role"]), "by": about["by"], "at": about["at"]})


DRAFT_APPLIED = Operation(
    "draft_applied",
    ("役割の下書きの適用", "A role's draft put in force"),
    decided=lambda intent: bears(ROLE, ObjectId(intent.about["role"]), intent),
    steps=(_forget_applied, lambda intent: unmark(ROLE, ObjectId(intent.about["role"]), intent)),
)
"""The role grants what its draft said, and the draft is gone."""


def _forget(stored: dict[str, Any]) -> None:
    """Delete this draft, and not one that took its place since."""
    get_db()["role_drafts"].delete_one({"_id": stored["_id"], "by": stored["by"], "at": stored["at"]})


def concerned(actor: Actor, role: str) -> list[str]:
    """The accounts that hold a role, as this actor may name them."""
    document = find_document(actor, ROLE, role)
    keys = [
        each["_id"]
        for each in records_of(NOUNS["user"]).find({"role": document["_id"]}, {"_id": 1}).limit(500)
    ]
    return sorted(each.label for each in label(actor, NOUNS["user"], keys).values())


def versions(actor: Actor, role: str) -> list[Version]:
    """The versions that were in force before the present one, newest first.

    Raises:
        NotFound, Refused: out of reach, or no grant to read histories there.
    """
    document = find_document(actor, ROLE, role, "history")
    key = str(document["_id"])
    sealed = (
        get_db()["revisions"]
        .find({"noun": "role", "record": key})
        .sort("revision", -1)
        .limit(VERSIONS_AT_MOST)
    )
    acts = {each["revision"]: each for each in sealed} | {
        each["revision"]: each for each in document.get("outbox", [])
    }
    now: dict[str, Any] = vars(grants_in(document))
    found: list[Version] = []
    who = names_of(actor, (each["actor"] for each in acts.values()))
    for revision in sorted(acts, reverse=True):
        act = acts[revision]
        before: dict[str, Any] = act.get("before", {})
        if not set(PARTS) & set(act["fields"]) or act["action"] == "create":
            continue
        now = {name: before.get(name, value) for name, value in now.items()}
        found.append(Version(revision - 1, act["at"], who.get(act["actor"], act["actor"]), grants_in(now)))
    return found


def restore(actor: Actor, role: str, version: int, revision: int) -> int | None:
    """Bring an earlier version back, as a new one on top: nothing of the history is lost. Returns the role's revision.

    One that a second person must approve becomes the role's draft instead; then None is returned.

    Raises:
        NotFound: no such version. Others as roles.grants.save_grants: ceilings may have come down since.
    """
    for each in versions(actor, role):
        if each.revision == version:
            if needs_second(actor, role, each.grants):
                keep_draft(actor, role, revision, each.grants)
                return None
            return save_grants(actor, role, revision, each.grants, action="restore_version")
    raise NotFound
