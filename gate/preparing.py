"""Many records of one shape: permissions are asked once, equal values are read once, the validator is the same (law 7).

What is made here is stored by gate.importing and told to the ledger by the batch, so a document has no outbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from gate.kinds import MAX_ROWS
from gate.permitting import Memory, editable, unreachable
from gate.refusals import Invalid, Refused
from gate.statuses import first_status
from gate.typed import Wrong
from gate.validating import clean_field, missing
from gate.writing import defaults, derived
from models.data_classes import Words
from models.declaration import Field, Noun
from models.part import new_part_id
from policies.actor import Actor
from policies.papers import contradictions, kept_as_written
from policies.verdict import may

Document = dict[str, Any]
_REPEATING = frozenset({"choice", "period", "date", "integer", "boolean", "reading", "text"})
"""Kinds of field whose values come again and again in one file."""
REMEMBERED = 20_000
NO_FIELD: Words = ("この項目は入力できません。", "This field cannot be entered.")


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
        self.known: dict[Any, Any] = {}
        """Values read already; one run hands it from batch to batch, for it holds nothing that rights bear on."""
        self._entered = {each.name: each for each in noun if not each.declared.kept_by_system}
        self._target = [each.name for each in noun if each.declared.target and each.name != "institution"]

    def cleaned(self, values: Mapping[str, Any]) -> tuple[Document, dict[str, Words]]:
        """As gate.validating.clean, each value of a repeating kind read once."""
        kept: Document = {}
        wrong: dict[str, Words] = {}
        for name, raw in values.items():
            field = self._entered.get(name)
            if field is None:
                wrong[name] = NO_FIELD
                continue
            try:
                kept[name] = self._read(field, raw)
            except Wrong as error:
                wrong[name] = error.words
        return kept, wrong

    def _read(self, field: Field, raw: Any) -> Any:
        kind = field.declared.kind
        if kind == "parts" and isinstance(raw, list) and not field.required:
            return self._rows(field, raw)
        if kind not in _REPEATING:
            return clean_field(field, raw)
        found = self._once(field, tuple(raw.items()) if isinstance(raw, dict) else raw, raw)
        return dict(found) if isinstance(found, dict) else found

    def _rows(self, field: Field, raw: list[Any]) -> list[Document]:
        """Rows read one by one: sizes repeat, and sets of them do not. Each gets an id of its own."""
        if len(raw) > MAX_ROWS or not all(isinstance(each, dict) and "id" not in each for each in raw):
            return cast("list[Document]", clean_field(field, raw))
        return [
            {**row, "id": new_part_id()}
            for each in raw
            for row in self._once(field, tuple(each.items()), [each])
        ]

    def _once(self, field: Field, said: Any, raw: Any) -> Any:
        key = (field.name, said)
        if key not in self.known:
            if len(self.known) >= REMEMBERED:
                self.known.clear()
            try:
                self.known[key] = clean_field(field, raw)
            except Wrong as error:
                self.known[key] = error
        found = self.known[key]
        if isinstance(found, Wrong):
            raise found
        return found

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
        """A whole document with that id, ready to insert, from what `cleaned` gave.

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
