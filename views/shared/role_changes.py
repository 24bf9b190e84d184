"""What differs between two versions of a role, as rows for a template."""

from __future__ import annotations

from typing import Any

from models.registry import NOUNS
from roles.grant_changes import Change
from words import w

SCOPE_WORDS = {"own": ("自館", "Own"), "supervised": ("同じ課の館", "Supervised")}


def change_rows(found: list[Change]) -> list[dict[str, Any]]:
    """Build the changes of a role as rows for the template."""
    return [
        {
            "noun": w(NOUNS[each.noun].label),
            "scope": w(SCOPE_WORDS[each.scope]) if each.scope else "",
            "subject": w(each.subject),
            "before": w(each.before),
            "after": w(each.after),
            "gains": each.gains,
        }
        for each in found
    ]
