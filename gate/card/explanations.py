"""Why a value is withheld: by every exit, the effect, the rule that gave it, and its reason."""

from __future__ import annotations

from dataclasses import dataclass

from gate.reading.loading import find_document
from gate.reading.questions import field_named
from gate.reading.shown import verdict_on
from models.declaration import Field, Noun
from policies.actor import Actor
from policies.exits import NEEDS
from policies.verdict import Verdict


@dataclass(frozen=True)
class Explanation:
    """One field of one record for one actor: exit → verdict, and whose record it is."""

    field: Field
    institution: str
    verdicts: dict[str, Verdict]


def explain(actor: Actor, noun: Noun, record: str, field: str) -> Explanation:
    """The verdicts on a field of a record within reach.

    Raises:
        NotFound, Refused: as gate.reading.loading.find_document. BadQuestion: no such field.
    """
    document = find_document(actor, noun, record)
    declared = field_named(noun, field)
    institution = document["institution"]
    return Explanation(
        declared, institution, {exit_: verdict_on(actor, declared, exit_, institution) for exit_ in NEEDS}
    )
