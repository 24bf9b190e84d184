"""Who may save a view of a list for everybody of an institution: those who run it, in the name of their own alone."""

from __future__ import annotations

from policies.actor import Actor

KEEPERS = frozenset({"administrator", "manager", "librarian"})


def keeps_views(actor: Actor) -> bool:
    """Whether the views of this person's institution are theirs to save and to take away."""
    return actor.role.role_kind in KEEPERS and actor.behind is None
