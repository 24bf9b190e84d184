"""What no role document can exceed: rules with a reason, read from one short file per noun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from policies.effects import Effect
from policies.masks import MASKS

Words = tuple[str, str]
EVERY: frozenset[str] = frozenset()
"""An empty set in a rule means: all of them."""

PERSONAL = frozenset({"identity", "contact", "birth", "circulation", "notes"})
"""The classes that can tell of a person."""

CLASSES = PERSONAL | {"public", "internal", "restricted", "secret"}
"""Every class of data; a field of another class is denied, whatever a role document says of it."""


@dataclass(frozen=True)
class Ceiling:
    """At most this effect, for these subjects, scopes, kinds of role and exits."""

    rule: str
    at_most: Effect
    reason: Words
    subjects: frozenset[str] = EVERY
    scopes: frozenset[str] = EVERY
    kinds: frozenset[str] = EVERY
    exits: frozenset[str] = EVERY

    def covers(self, *, subjects: tuple[str, str], scope: str, kind: str, exit_: str) -> bool:
        """Whether the rule speaks of a field (its class and `field:NAME`) here."""
        return (
            (not self.subjects or subjects[0] in self.subjects or subjects[1] in self.subjects)
            and (not self.scopes or scope in self.scopes)
            and (not self.kinds or kind in self.kinds)
            and (not self.exits or exit_ in self.exits)
        )


@dataclass(frozen=True)
class Bar:
    """These actions are never granted, for these scopes and kinds of role."""

    rule: str
    actions: frozenset[str]
    reason: Words
    scopes: frozenset[str] = EVERY
    kinds: frozenset[str] = EVERY

    def covers(self, *, action: str, scope: str, kind: str) -> bool:
        """Whether the rule bars this action here; a bar without actions bars every one."""
        return (
            (not self.actions or action in self.actions)
            and (not self.scopes or scope in self.scopes)
            and (not self.kinds or kind in self.kinds)
        )


@dataclass(frozen=True)
class Rules:
    """All that the rules say of one noun."""

    ceilings: tuple[Ceiling, ...] = ()
    bars: tuple[Bar, ...] = ()
    masks: Mapping[str, str] = field(default_factory=dict)
    """Field → name of its mask; a field without one is hidden wherever it would be masked."""

    def __post_init__(self) -> None:
        """Raises ValueError, and so stops the start, where a mask is named that there is not."""
        if unknown := sorted(set(self.masks.values()) - set(MASKS)):
            raise ValueError(f"no such mask: {', '.join(unknown)} (policies/masks.py, MASKS)")
