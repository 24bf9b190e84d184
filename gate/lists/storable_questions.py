"""What is kept of questions: only what would be answered now, and no more of it than an account can carry."""

from __future__ import annotations

from gate.reading.listing import order_of
from gate.reading.questions import Question, institutions, selector
from gate.refusals import BadQuestion
from models.declaration import Noun
from policies.actor import Actor

LONGEST = 4_000
"""Characters of a question: forty views stand in the account, which every request reads."""


def require_storable(actor: Actor, noun: Noun, question: Question) -> None:
    """Let pass a question that would be answered to this actor now and is short enough to be kept.

    Raises:
        BadQuestion: too long, or as list_page.
        Refused: as list_page. Another may be answered, or this one on another day.
    """
    filters = (part for each in question.filters for part in (each.field, each.operator, each.value))
    if sum(map(len, (question.institution, question.text, question.sort, *filters))) > LONGEST:
        raise BadQuestion((
            f"条件が長すぎます。あわせて{LONGEST:,}字までにしてください。",
            f"The conditions are too long: at most {LONGEST:,} characters in all.",
        ))  # fmt: skip
    covered = institutions(actor, noun, question)
    selector(actor, noun, question, covered)
    order_of(actor, noun, question, covered)
