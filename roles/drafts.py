"""A role's next version: drafted, previewed as what changes for whom, then applied; earlier versions can come back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mongoengine.connection import get_db

from gate.reading.loading import find_document
from gate.reading.names import names_of
from gate.reading.references import label
from gate.refusals import BadQuestion, NotFound
from gate.store.collections import records_of
from models.data_classes import LABELS, DataClass, Words
from models.registry import NOUNS
from models.vocabularies import terms
from policies.actor import SCOPES, Actor
from policies.effects import LABELS as EFFECT_LABELS
from policies.effects import Effect
from policies.exits import ACTIONS
from roles.grants import PARTS, Grants, check, grants_in, save_grants

ROLE = NOUNS["role"]
VERSIONS_AT_MOST = 100
REPLACED_KEPT = 5
"""Drafts that were replaced and are still known."""


@dataclass(frozen=True)
class Change:
    """One difference between what a role grants and what it would grant. `gains`: more is allowed or shown."""

    noun: str
    scope: str
    subject: Words
    before: Words
    after: Words
    gains: bool


@dataclass(frozen=True)
class Draft:
    """A version that is not in force: whose it is, on which revision it stands."""

    revision: int
    by: str
    at: datetime
    grants: Grants

    @property
    def digest(self) -> str:
        """What names exactly this draft: its grants and the revision that it stands on."""
        written = json.dumps([self.revision, vars(self.grants)], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(written.encode()).hexdigest()


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
    return get_db()["role_drafts"].find_one({"_id": document["_id"]}) or {}


def _draft(actor: Actor, document: dict[str, Any], found: dict[str, Any]) -> Draft:
    # A draft of before a role's networks were drafted says nothing of them: they are as they stand.
    grants = grants_in({**document, **{name: found[name] for name in PARTS if name in found}})
    return Draft(found["revision"], names_of(actor, [found["by"]])[found["by"]], found["at"], grants)


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
    """
    found = _previewed(actor, role, digest)
    if found is None:
        raise BadQuestion(("下書きがありません。", "There is no draft."))
    draft, stored = found
    revision = save_grants(actor, role, draft.revision, draft.grants)
    _forget(stored)
    return revision


def drop_draft(actor: Actor, role: str, digest: str) -> None:
    """Forget the draft that was looked at; forgetting what is not there is no error.

    Raises:
        DraftChanged: it is another than was looked at.
    """
    if found := _previewed(actor, role, digest):
        _forget(found[1])


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


def restore(actor: Actor, role: str, version: int, revision: int) -> int:
    """Bring an earlier version back, as a new one on top: nothing of the history is lost.

    Raises:
        NotFound: no such version. Others as roles.grants.save_grants: ceilings may have come down since.
    """
    for each in versions(actor, role):
        if each.revision == version:
            return save_grants(actor, role, revision, each.grants)
    raise NotFound


def changes(before: Grants, after: Grants) -> list[Change]:
    """What differs between two versions: what is asked of its people, then by noun, scope and subject."""
    found = _asked(before, after)
    for noun in NOUNS:
        for scope in SCOPES:
            had, has = (set(each.actions.get(noun, {}).get(scope, [])) for each in (before, after))
            found += [_act(noun, scope, each, gains=each in has) for each in ACTIONS if each in had ^ has]
            seen, sees = (each.effects.get(noun, {}).get(scope, {}) for each in (before, after))
            found += _effects(noun, scope, seen, sees)
    return found


def _asked(before: Grants, after: Grants) -> list[Change]:
    """What holds for the whole role has no scope; less asked of its people is more allowed to them."""
    found = []
    if before.second_factor != after.second_factor:
        had, has = (terms("second_factor")[each.second_factor] for each in (before, after))
        gains = after.second_factor == "none"
        found.append(Change("role", "", ROLE.fields["second_factor"].label, had, has, gains))
    if before.networks != after.networks:
        had, has = _listed(before.networks), _listed(after.networks)
        gains = not after.networks or (bool(before.networks) and set(before.networks) <= set(after.networks))
        found.append(Change("role", "", ROLE.fields["networks"].label, had, has, gains))
    return found


def _listed(networks: list[str]) -> Words:
    return ("、".join(networks), ", ".join(networks)) if networks else ("限らない", "not limited")


def _act(noun: str, scope: str, action: str, *, gains: bool) -> Change:
    no, yes = ("できない", "not allowed"), ("できる", "allowed")
    return Change(noun, scope, ACTIONS[action], no if gains else yes, yes if gains else no, gains)


def _effects(noun: str, scope: str, had: dict[str, str], has: dict[str, str]) -> list[Change]:
    found = []
    for subject in sorted(had.keys() | has.keys()):
        before, after = Effect.named(had.get(subject, "hide")), Effect.named(has.get(subject, "hide"))
        if before is not after:
            words = _words(noun, subject)
            found.append(
                Change(noun, scope, words, EFFECT_LABELS[before], EFFECT_LABELS[after], after > before)
            )
    return found


def _words(noun: str, subject: str) -> Words:
    if subject.startswith("field:"):
        return NOUNS[noun].fields[subject.removeprefix("field:")].label
    return LABELS[DataClass(subject)]
