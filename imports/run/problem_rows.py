"""The rows that did not come in, to correct and give back: the file's own columns, and why beside them.

They hold what the file held, so they leave as any export does (decision 17): with a purpose and without the columns of
persons; or in full, entered in the register of media first (S15, S17).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gate.refusals import Refused
from imports.mapping.mapping import mapping_of
from imports.mapping.source import rows_of
from imports.run.outcomes import HELD, REFUSED
from imports.run.row_comparison import feeds
from imports.store import runs
from imports.store.source_cells import open_columns, show
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import may

Document = dict[str, Any]
REASON: Words = ("取り込めなかった理由", "Why it was not imported")
ROW: Words = ("元の行", "Row of the file")
KEPT_OUT = (REFUSED, HELD)


def kept_out(run: Document, phase: str) -> int:
    """How many rows did not come in."""
    sums = run.get("trial" if phase == "trial" else "counts", {}).get("fates", [])
    return sum(sums[outcome] for outcome in KEPT_OUT) if sums else 0


def problem_rows(
    actor: Actor, run: Document, phase: str, key: bytes, language: int, *, exit_: str = "export", purpose: str = ""
) -> tuple[list[str], Iterator[list[str]]]:  # fmt: skip
    """The heads, and the rows as texts; the disclosures are written batch by batch, before each leaves.

    Args:
        phase: `trial` or `run`.
        language: 0 for Japanese, 1 for English.
        exit_: `export`, or `takeout` where an entry stands in the register of media.
        purpose: what for, a code.

    Raises:
        Refused: no grant for that exit there. Unopened: the source is gone.
        MappingError: the mapping does not tell any more what the columns hold.
    """
    noun = NOUNS[run["noun"]]
    verdict = may(actor, noun.name, exit_, run["institution"])
    if not verdict:
        raise Refused(verdict)
    fed = feeds(mapping_of(run["mapping"]["text"]))
    columns = {column: fed.get(column, []) for column in _columns(run, phase, key)}
    told = open_columns(actor, noun, run["institution"], columns, exit_)
    header = [column for column in columns if column in told]

    def rows() -> Iterator[list[str]]:
        for numbers, cells, reasons in _batches(run, phase, key):
            shown = show(
                actor, noun, run["institution"], str(run["_id"]), cells, columns, exit_=exit_, purpose=purpose
            )
            for number, row in zip(numbers, shown, strict=True):
                why = "\n".join(each[language] for each in reasons.get(number, []))
                yield [why, str(number), *(row.get(column) or "" for column in header)]

    return [REASON[language], ROW[language], *header], rows()


Rows = tuple[list[int], list[dict[str, str]], dict[int, list[Words]]]


def _batches(run: Document, phase: str, key: bytes) -> Iterator[Rows]:
    """Batch by batch: the numbers of the rows kept out, their cells, and row → reasons."""
    for batch in runs.batches(str(run["_id"]), phase):
        wanted = [at for at, outcome in enumerate(batch["fates"]) if outcome in KEPT_OUT]
        if wanted:
            source = rows_of(key, run["_id"], batch["no"], batch)
            numbers = [batch["rows"][at] for at in wanted]
            yield numbers, [source[number].cells for number in numbers], _reasons(batch)


def _columns(run: Document, phase: str, key: bytes) -> list[str]:
    """Every column in which one of the rows has a cell: the header's, and those of rows that run beyond it."""
    widest: dict[str, None] = {}
    for _, cells, _ in _batches(run, phase, key):
        for row in cells:
            if len(row) > len(widest):
                widest |= dict.fromkeys(row)
    return list(widest)


def _reasons(batch: Document) -> dict[int, list[Words]]:
    found: dict[int, list[Words]] = {}
    for row, column, cause, _, _ in batch["problems"]:
        ja, en = batch["causes"][cause]
        said = (f"{column}: {ja}", f"{column}: {en}") if column else (ja, en)
        found.setdefault(row, []).append(said)
    return found
