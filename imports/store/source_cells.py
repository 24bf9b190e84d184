"""Cells of a legacy file as an actor may see them: a column is as open as the fields that it feeds.

A column that feeds nothing could hold anything, so it counts as free text that may name people.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from gate.reading.judging import may_be_opened
from gate.reading.show import Act, show_cells
from gate.reading.shown import Cells, verdict_on
from models.data_classes import PERSONAL
from models.declaration import Field, Noun
from policies.actor import Actor
from policies.verdict import may


def open_columns(
    actor: Actor, noun: Noun, institution: str, columns: Mapping[str, Iterable[Field]], exit_: str = "detail",
    revealed: Container[tuple[str, str]] = (),
) -> dict[str, set[str]]:  # fmt: skip
    """Of the columns those whose cells this actor may have by this exit, each with the names of personal fields in it.

    Args:
        columns: column → the fields that it feeds; none where it feeds none.
        exit_: `detail` on a screen; `export`, by which nothing personal leaves; `takeout`.
        revealed: (noun, field) that this actor has revealed of the records beside the cells.
    """
    mine = actor.scope_of(institution) == "own" and bool(may(actor, noun.name, "create", institution))
    found: dict[str, set[str]] = {}
    for column, fed in columns.items():
        fields = list(fed)
        if fields:
            shown = all(is_open(actor, each, exit_, institution, revealed) for each in fields)
            personal = {each.name for each in fields if each.data_class in PERSONAL}
        else:
            shown = mine and exit_ != "export"
            personal = {"source"}
        if shown:
            found[column] = personal
    return found


def is_open(
    actor: Actor, field: Field, exit_: str, institution: str, revealed: Container[tuple[str, str]] = ()
) -> bool:
    """Whether what a field holds is shown in full to this actor, by its verdict or by a reveal; arguments as open_columns."""
    verdict = verdict_on(actor, field, exit_, institution)
    opened = exit_ == "detail" and may_be_opened(field, verdict) and (field.noun, field.name) in revealed
    return verdict.shown or opened


def show(
    actor: Actor, noun: Noun, institution: str, subject: str, rows: list[dict[str, str]],
    columns: Mapping[str, Iterable[Field]], *, exit_: str = "detail", purpose: str = "",
    revealed: Container[tuple[str, str]] = (),
) -> list[Cells]:  # fmt: skip
    """Rows of cells, what is withheld as None; their disclosure written first.

    Raises:
        LedgerClosed: the disclosure could not be written; nothing is to be shown.
    """
    opened = open_columns(actor, noun, institution, columns, exit_, revealed)
    act = Act(actor, noun, exit_, "record" if len(rows) == 1 else "batch", purpose, institution)
    return show_cells(act, subject, rows, opened)
