"""Looking a record up by the full value of a field: for a clerk with a caller on the line (law 2).

One has to know the value to find it; each look-up has a purpose, is disclosed before its answer is shown, gives few
hits, and is counted: by trying numbers one after another a list could be told in spite of its masks.
"""

from __future__ import annotations

from typing import Any

from gate.fields.kinds import kind_of
from gate.fields.typed_text import Wrong
from gate.fields.validation import clean_field
from gate.reading.judging import Plans, judged
from gate.reading.loading import PURPOSES
from gate.reading.questions import Question, field_named, institutions
from gate.reading.references import resolve
from gate.reading.show import Act, show
from gate.reading.shown import Row, verdict_on
from gate.refusals import BadQuestion, Refused
from gate.store.collections import records_of
from gate.store.hourly_limits import spend
from gate.store.masked_forms import masks_of
from models.data_classes import DataClass
from models.declaration import Field, Noun
from models.vocabularies import offered
from policies import masks
from policies.actor import Actor
from policies.effects import Effect
from policies.verdict import reach

Document = dict[str, Any]
HITS = 5
CLASSES = frozenset({DataClass.IDENTITY, DataClass.CONTACT, DataClass.BIRTH})
LONGEST = 300


def fields_of(actor: Actor, noun: Noun) -> list[Field]:
    """The fields that this actor may look up somewhere: personal ones of one value, at least masked there."""
    houses = sorted(reach(actor, noun.name, "lookup"))
    return [
        field
        for field in noun
        if _may_be_looked_up(field)
        and any(verdict_on(actor, field, "lookup", each).effect >= Effect.MASK for each in houses)
    ]


def _may_be_looked_up(field: Field) -> bool:
    return field.data_class in CLASSES and kind_of(field).looked_up


def look_up(actor: Actor, noun: Noun, field: str, value: str, purpose: str) -> list[Row]:
    """Records whose field is exactly this value, at most HITS, disclosed before they are shown.

    The value is read as the validator reads it, so that full-width digits match; hyphens in a telephone number do
    not count.

    Raises:
        Refused: no look-up grant, or a field that is hidden here (400).
        BadQuestion: unknown purpose or field, a value that the field could not hold, or more hits than are shown.
        TooMany: the look-ups of the hour are spent.
    """
    if purpose not in offered(PURPOSES, actor.institution):
        raise BadQuestion(("目的を一覧から選んでください。", "Choose a purpose from the list."))
    houses = sorted(institutions(actor, noun, Question(), "lookup"))
    asked = field_named(noun, field)
    verdicts = {each: verdict_on(actor, asked, "lookup", each) for each in houses}
    # A field that is not even masked cannot be asked for: each answer would tell it.
    covered = [each for each, verdict in verdicts.items() if verdict.effect >= Effect.MASK]
    if not covered:
        raise Refused(next(iter(verdicts.values())), status=400, field=field)
    if not _may_be_looked_up(asked):
        raise BadQuestion(("この項目では照会できません。", "Records cannot be looked up by this field."))
    exact, narrowed = _exactly(noun, asked, value)
    where = {"institution": {"$in": covered}, **exact}
    spend(actor, "lookup", noun.name)
    documents = list(records_of(noun).find({**where, **narrowed}, {"keys": 0, "outbox": 0}).limit(HITS + 1))
    if narrowed and not documents:  # the second number of a cell: its masked form is the first's
        documents = list(records_of(noun).find(where, {"keys": 0, "outbox": 0}).limit(HITS + 1))
    plans = Plans(actor, noun, "list", [each.name for each in noun if each.declared.listed])
    found = resolve(actor, [judged(plans, each) for each in documents])
    rows = show(Act(actor, noun, "lookup", "list_page", purpose), found, confirms=asked.name)
    if len(documents) > HITS:
        raise BadQuestion((
            "該当が多すぎます。ほかの項目で照会してください。",
            "Too many records match; look up another field.",
        ))  # fmt: skip
    return rows


def _exactly(noun: Noun, field: Field, typed: str) -> tuple[Document, Document]:
    """The store's condition for exactly this value, and one by which an index narrows it."""
    try:
        value = clean_field(field, typed[: LONGEST + 1]) if typed.strip() else None
    except Wrong as error:
        raise BadQuestion(error.words) from error
    if value is None:
        raise BadQuestion(("照会する値を入れてください。", "Give the value to look up."))
    kind = kind_of(field)
    # The masked form is indexed, and is the same for all whose first number could match.
    mask = masks_of(noun).get(field.name)
    form = masks.apply(mask, value) if mask and kind.mask_tells else masks.HIDDEN
    return kind.same(field, value), {} if form == masks.HIDDEN else {f"masked.{field.name}": form}
