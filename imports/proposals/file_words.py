"""The words that a whole file has for the vocabularies of its mapping, counted by the trial; sealed like the file's rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from imports.formats.form import SheetRow
from imports.mapping.mapping import Mapping as Columns
from imports.mapping.rules import Copy
from imports.store import runs
from imports.store.sealed_source import Unopened, opened, sealed
from imports.store.source_cells import show
from models.registry import NOUNS
from policies.actor import Actor

Document = dict[str, Any]
PHASE = "words"
MOST = 20_000
"""Different words of one field that are told apart."""


@dataclass(frozen=True)
class Word:
    """One word of the file."""

    said: str
    count: int
    code: str
    """The term that it becomes; "" where nobody has decided."""


def vocabularies(mapping: Columns) -> dict[str, Copy]:
    """Field → its rule, of the fields that take words of a vocabulary."""
    return {
        name: rule for name, rule in mapping.rules.items()
        if isinstance(rule, Copy) and (rule.terms is not None or rule.labels is not None)
    }  # fmt: skip


class WordCount:
    """The words of one file, counted row by row."""

    def __init__(self, mapping: Columns) -> None:
        self._mapping = mapping
        self._rules = vocabularies(mapping)
        self._found: dict[str, Counter[str]] = {name: Counter() for name in self._rules}

    def add(self, rows: Iterable[SheetRow]) -> None:
        """Count the words of these rows."""
        if not self._rules:
            return
        for row in rows:
            cells = self._mapping.cells(row.cells)
            for name, rule in self._rules.items():
                word, counts = cells.get(rule.column, "").strip(), self._found[name]
                if word and (word in counts or len(counts) < MOST):
                    counts[word] += 1

    def words(self, name: str) -> list[Word]:
        """A field's words, the most frequent first, each with the term that the mapping gives it."""
        rule = self._rules.get(name)
        if rule is None:
            return []
        return [Word(said, count, rule.term_of(said)) for said, count in self._found[name].most_common()]

    def keep(self, run: str, key: bytes) -> None:
        """Write them down with the columns that they stood in, in place of what an earlier trial counted."""
        told = [
            [name, self._rules[name].column, list(counts.items())] for name, counts in self._found.items()
        ]
        runs.forget_batches(run, PHASE)
        runs.keep_batch(run, PHASE, 0, {"source": sealed(key, f"{run}:{PHASE}", told)})

    def read(self, run: str, key: bytes) -> bool:
        """Take over what the trial counted, of the columns that still fill the same fields; False where there was none."""
        kept = runs.batch(run, PHASE, 0, only=("source",))
        try:
            told = opened(key, f"{run}:{PHASE}", kept["source"]) if kept and "source" in kept else None
        except Unopened:
            return False
        for name, column, counts in told or ():
            if name in self._rules and self._rules[name].column == column:
                self._found[name] = Counter(dict(counts))
        return told is not None


def words_of_file(
    run: Mapping[str, Any], key: bytes, mapping: Columns, rows: Iterable[SheetRow]
) -> WordCount:
    """The words that the trial counted in the whole file; before one, those of these first rows."""
    found = WordCount(mapping)
    found.add(rows)
    found.read(str(run["_id"]), key)
    return found


def shown_words(actor: Actor, run: Mapping[str, Any], name: str, words: list[Word]) -> list[Word] | None:
    """The words as far as this actor may see what they fill, disclosed first where they are of persons; None where not.

    Raises:
        LedgerClosed: the disclosure could not be written.
    """
    noun = NOUNS[run["noun"]]
    rows = [{name: each.said} for each in words]
    shown = show(actor, noun, run["institution"], str(run["_id"]), rows, {name: [noun.fields[name]]})
    return None if any(row[name] is None for row in shown) else words
