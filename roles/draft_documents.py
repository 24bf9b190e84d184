"""A role's draft as the store keeps it: one for each role, named by a digest of what it grants."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mongoengine.connection import get_db

from roles.grants import PARTS, Grants, grants_in

Document = dict[str, Any]


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


def stored_draft(role: Any) -> Document:
    """The draft of the role with this key; empty where there is none."""
    return get_db()["role_drafts"].find_one({"_id": role}) or {}


def draft_in(document: Document, stored: Document, by: str) -> Draft:
    """A stored draft of a stored role; `by`: what its author is called."""
    # A draft of before a role's networks were drafted says nothing of them: they are as they stand.
    grants = grants_in({**document, **{name: stored[name] for name in PARTS if name in stored}})
    return Draft(stored["revision"], by, stored["at"], grants)
