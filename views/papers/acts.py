"""An entry of the ledgers as a row of a paper: when, what, of which kind of record, and its particulars; never a value."""

from __future__ import annotations

from typing import Any

from models.registry import NOUNS
from views.acts import ACTS
from views.guarded.explaining import EXIT_LABELS
from views.purposes import purpose_words
from views.words import day, t, w

SUBJECTS = 5


def act_heads() -> list[str]:
    """The heads of such a table."""
    return [t("日時", "When"), t("こと", "What"), t("記録の種類", "Kind of record"), t("詳細", "Particulars")]


def act_row(entry: dict[str, Any]) -> list[str]:
    """One row."""
    noun = NOUNS.get(entry.get("noun") or "")
    action = entry.get("action", "")
    return [
        day(entry["at"]),
        w(ACTS.get(action, (action, action))),
        w(noun.label) if noun else "",
        particulars(entry),
    ]


def _detail(entry: dict[str, Any]) -> str:
    """What the act said of itself; of what left, its purpose in words."""
    said = str(entry.get("detail", ""))
    if entry.get("action") in ("exported", "printed"):
        return " ".join(purpose_words(each) for each in said.split(" "))
    return said


def particulars(entry: dict[str, Any]) -> str:
    """Exit, purpose, names of fields, opaque ids, and what the act said of itself."""
    noun = NOUNS.get(entry.get("noun") or "")
    fields = [
        w(noun.fields[name].label) if noun and name in noun.fields else name
        for name in entry.get("fields", [])
    ]
    subjects = entry.get("subjects", [])
    more = len(subjects) - SUBJECTS
    said = [
        w(EXIT_LABELS.get(entry.get("exit", ""), ("", ""))),
        purpose_words(entry.get("purpose", "")),
        t("、", ", ").join(fields),
        " ".join(subjects[:SUBJECTS]) + (t(f" ほか{more}件", f" and {more} more") if more > 0 else ""),
        _detail(entry),
    ]
    return " / ".join(each for each in said if each)
