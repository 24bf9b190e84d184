"""What refers to a record, on its card and where it is to be removed."""

from __future__ import annotations

from typing import NamedTuple

from gate.card.uses import Use, uses
from gate.reading.shown import Row
from models.data_classes import Words
from models.declaration import Noun
from policies.actor import Actor
from views.requests.addresses import address
from views.shared.frame import about


class Used(NamedTuple):
    """One line: which records by which field, the newest of them, and the list of all."""

    label: Words
    named: list[tuple[str, str]]
    """Each by what this reader may see of its name, with its address; "" where it cannot be opened."""
    all: Words
    url: str


def used_by(who: Actor, noun: Noun, row: Row) -> list[Used]:
    """What refers to a record, as far as this person may see it."""
    return [_used(each, row.id) for each in uses(who, noun, row.id)]


def _used(use: Use, id_: str) -> Used:
    noun, field = use.noun, use.field
    card = address(f"{noun.name}.details_view")
    named = [(each.label, f"{card}?id={each.id}" if each.open else "") for each in use.named]
    question = {f"f.{field.name}": id_} | ({"institution": use.institution} if use.institution else {})
    many = about(use.total)
    return Used(
        (f"{noun.label[0]}({field.label[0]})", f"{noun.label[1]} ({field.label[1]})"),
        named,
        (f"一覧で見る({many}{noun.counted[0]})", f"Open the list ({many} {noun.counted[1]})"),
        address(f"{noun.name}.index_view", question),
    )
