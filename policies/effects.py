"""How much of a value a person gets: hide < mask < show < edit."""

from __future__ import annotations

from enum import IntEnum

Words = tuple[str, str]


class Effect(IntEnum):
    """Ordered, so that the lesser of two effects is their minimum."""

    HIDE = 0
    MASK = 1
    SHOW = 2
    EDIT = 3

    @classmethod
    def named(cls, name: str) -> Effect:
        """The effect a role document names; anything unknown is HIDE, because a refusal is the safe reading."""
        # guard: unknown-effect-hides
        return cls[name.upper()] if isinstance(name, str) and name.upper() in cls.__members__ else cls.HIDE


LABELS: dict[Effect, Words] = {
    Effect.HIDE: ("非表示", "Hidden"),
    Effect.MASK: ("一部を伏せる", "Masked"),
    Effect.SHOW: ("表示", "Shown"),
    Effect.EDIT: ("表示・更新", "Shown and edited"),
}
