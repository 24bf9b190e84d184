"""Many records of one shape: permissions are asked once, the validator is the same (law 7).

What is made here is stored by imports.store.record_writes and told to the ledger by the batch, so a document has no outbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from gate.fields.validation import missing
from gate.refusals import Invalid, Refused
from gate.writing.permissions import Memory, editable, unreachable
from gate.writing.statuses import first_status
from gate.writing.writing import defaults, derived
from models.data_classes import Words
from models.declaration import Noun
from policies.actor import Actor
from policies.papers import contradictions, kept_as_written
from policies.verdict import may

Document = dict[str, Any]


class Preparing:
    """One actor, one institution, the fields that a file fills. It lives no longer than a batch or a minute (law 8)."""

    def __init__(self, actor: Actor, noun: Noun, institution: str, names: Iterable[str], action: str) -> None:
        """Args:
            action: create or edit; each is asked, and each of the fields.

        Raises:
            Refused: no such grant there, or a field that this actor may not edit.
            Invalid: no such field.
        """
        for asked in ("import", action):
            verdict = may(actor, noun.name, asked, institution)
            if not verdict:
                raise Refused(verdict)
        self.actor, self.noun, self.institution = actor, noun, institution
        self.memory = Memory()
        editable(actor, noun, institution, names, self.memory)
        self._defaults = defaults(noun)
        self._target = [each.name for each in noun if each.declared.target and each.name != "institution"]

    def unreachable(self, kept: Mapping[str, Any]) -> dict[str, Words]:
        """References that this actor cannot read, or that are not there."""
        asked = {name: kept[name] for name in self._target if kept.get(name)}
        return unreachable(self.actor, self.noun, self.institution, asked, self.memory) if asked else {}

    def contradicting(self, before: Document, kept: Document) -> dict[str, Words]:
        """What the rules of this noun say against a change of a record, whoever makes it."""
        return kept_as_written(self.noun.name, before, kept, user=self.actor.user) or contradictions(
            self.noun.name, {**before, **kept}
        )

    def document(self, kept: Document, wrong: dict[str, Words], id_: Any, at: datetime) -> Document:
        """A whole document with that id, ready to insert, from what gate.fields.validation.clean gave.

        Raises:
            Invalid: what cannot be stored.
        """
        document = {
            **self._defaults,
            **{name: value for name, value in kept.items() if value not in (None, [])},
        }
        document["institution"] = self.institution
        document["_id"] = id_  # before the keys: some of them hang on it
        wrong = {**missing(self.noun, document), **wrong, **self.unreachable(kept)}
        if wrong := wrong or contradictions(self.noun.name, document):
            raise Invalid(wrong)
        document |= first_status(self.noun.name, document, self.actor.user, at)
        document = derived(self.noun, document)
        document["revision"] = 1
        document["created_at"] = document["changed_at"] = at
        document["created_by"] = document["changed_by"] = self.actor.user
        return document
