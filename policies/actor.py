"""Who asks: an account, its institution, those under the same supervisor, and its role's grants."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from policies.effects import Effect

Words = tuple[str, str]
SCOPES = ("own", "supervised")
KINDS = frozenset({"administrator", "manager", "staff", "librarian", "auditor", "contractor"})
"""The kinds of role that ceilings speak of; a role of another kind would slip past them, so it is granted nothing."""
CONSOLE = "console"
"""The kind of accounts.console's role, which is made in code; no stored role can be of it."""

Actions = Mapping[str, Mapping[str, frozenset[str]]]
"""noun → scope → actions."""
Effects = Mapping[str, Mapping[str, Mapping[str, Effect]]]
"""noun → scope → subject (a data class, or `field:NAME`) → effect."""


@dataclass(frozen=True)
class Role:
    """What a role document grants; ceilings still apply on top of it."""

    id: str
    name: Words
    role_kind: str
    """One of KINDS, or CONSOLE; empty where the stored one is none of them."""
    actions: Actions
    effects: Effects
    judged: dict[tuple[Any, ...], Any] = field(default_factory=dict, compare=False, repr=False)
    """What policies.verdict has worked out for this role: it never changes, and a page asks it hundreds of times."""

    @classmethod
    def from_document(
        cls,
        *,
        role_id: str,
        name: Words,
        kind: str,
        actions: Mapping[str, object],
        effects: Mapping[str, object],
    ) -> Role:
        """A role from its stored form; whatever is not of the right shape grants nothing.

        Args:
            role_id: opaque id.
            name: for people.
            kind: administrator, manager, staff, librarian, auditor or contractor.
            actions: noun → scope → list of actions.
            effects: noun → scope → subject → name of an effect.
        """
        granted = {
            noun: {scope: frozenset(map(str, _items(scopes, scope))) for scope in SCOPES}
            for noun, scopes in _nouns(actions)
        }
        seen = {
            noun: {
                scope: {str(subject): Effect.named(name) for subject, name in _pairs(scopes, scope).items()}
                for scope in SCOPES
            }
            for noun, scopes in _nouns(effects)
        }
        return cls(role_id, name, kind if kind in KINDS else "", granted, seen)


def _nouns(stored: object) -> list[tuple[str, Mapping[str, object]]]:
    if not isinstance(stored, Mapping):
        return []
    return [(noun, scopes) for noun, scopes in stored.items() if isinstance(scopes, Mapping)]


def _items(scopes: Mapping[str, object], scope: str) -> list[object]:
    found = scopes.get(scope)
    return found if isinstance(found, list) else []


def _pairs(scopes: Mapping[str, object], scope: str) -> Mapping[str, str]:
    found = scopes.get(scope)
    return found if isinstance(found, Mapping) else {}


@dataclass(frozen=True)
class Actor:
    """An account for the length of one request.

    `supervised` are the institutions under the same supervisor as the actor's own, its own left out: for the
    section, those it supervises; for a museum, its section and its sister. Everything else is "other", and
    nothing of another is ever reached.
    """

    user: str
    login_id: str
    institution: str
    supervised: frozenset[str]
    role: Role
    revealed: Container[tuple[str, str, str]] = frozenset()
    """(noun, record id, field) that this actor has revealed for a purpose and may still see."""
    address: str = ""
    """The network address that this request comes from; "" where nothing came over a network."""
    device: str = field(default="", repr=False)
    """The cookie by which its browser shows that it is a known one; it is counted by it, and permits nothing."""
    oversees: frozenset[str] = frozenset()
    """Of those, the ones that the actor's own institution supervises: it is told their people's names."""
    language: str = "ja"
    """In which words are told that have no name of their own: a role at an institution."""
    behind: Role | None = None
    """Who really looks, when `role` is another role being tried on: nothing is shown that this one may not see."""

    def scope_of(self, institution: object) -> str | None:
        """own, supervised, or None for another (or no) institution."""
        if not isinstance(institution, str) or not institution:
            return None
        if institution == self.institution:
            return "own"
        # guard: supervised-scope
        return "supervised" if institution in self.supervised else None
