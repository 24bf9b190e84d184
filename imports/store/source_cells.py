"""Cells of a legacy file as an actor may see them: a column is as open as the fields that it feeds.

A column that feeds nothing could hold anything, so it counts as free text that may name people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from audit.disclosures import disclose
from gate.reading.shown import verdict_on
from models.data_classes import PERSONAL
from models.declaration import Field, Noun
from policies.actor import Actor
from policies.verdict import may

WITHHELD = None


def open_columns(
    actor: Actor, noun: Noun, institution: str, columns: Mapping[str, Iterable[Field]], exit_: str = "detail"
) -> dict[str, set[str]]:
    """Of the columns those whose cells this actor may have by this exit, each with the names of personal fields in it.

    Args:
        columns: column → the fields that it feeds; none where it feeds none.
        exit_: `detail` on a screen; `export`, by which nothing personal leaves; `takeout`.
    """
    mine = actor.scope_of(institution) == "own" and bool(may(actor, noun.name, "create", institution))
    found: dict[str, set[str]] = {}
    for column, fed in columns.items():
        fields = list(fed)
        if fields:
            shown = all(verdict_on(actor, each, exit_, institution).shown for each in fields)
            personal = {each.name for each in fields if each.data_class in PERSONAL}
        else:
            shown = mine and exit_ != "export"
            personal = {"source"}
        if shown:
            found[column] = personal
    return found


def show(
    actor: Actor, noun: Noun, institution: str, subject: str, rows: list[dict[str, str]],
    columns: Mapping[str, Iterable[Field]], *, exit_: str = "detail", purpose: str = "",
) -> list[dict[str, str | None]]:  # fmt: skip
    """Rows of cells, what is withheld as None; their disclosure written first.

    Raises:
        LedgerClosed: the disclosure could not be written; nothing is to be shown.
    """
    opened = open_columns(actor, noun, institution, columns, exit_)
    told = {
        name
        for column, personal in opened.items()
        for name in personal
        if any(row.get(column) for row in rows)
    }
    if told:
        disclose(
            actor=actor.user, institution=institution, noun=noun.name, exit_=exit_,
            breadth="record" if len(rows) == 1 else "batch", subjects=[subject], fields=told,
            purpose=purpose,
        )  # fmt: skip
    return [{column: cell if column in opened else WITHHELD for column, cell in row.items()} for row in rows]
