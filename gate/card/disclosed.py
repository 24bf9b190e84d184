"""Who saw a person's data: the disclosures of one record, for those who may audit. No value of the record is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bson import ObjectId

from audit.events import note
from audit.reading import disclosures_of
from gate.reading.judging import Plans, judged
from gate.reading.loading import find_document
from gate.reading.references import label
from gate.reading.show import Act, show
from gate.refusals import BadQuestion
from models.declaration import Field, Noun
from models.registry import NOUNS
from policies.actor import Actor

SHOWN_AT_MOST = 200


@dataclass(frozen=True)
class Disclosure:
    """One act of showing. `who` is the account's name as this actor may see it, or its opaque id."""

    at: datetime
    who: str
    exit: str
    breadth: str
    fields: list[Field]
    purpose: str


@dataclass(frozen=True)
class Seen:
    """A page of the disclosures of one record, newest first. `number` is the record's, where it may be shown."""

    record: str
    number: str
    disclosures: list[Disclosure]
    after: str
    """Id to continue from; empty on the last page."""


def seen(actor: Actor, noun: Noun, record: str, after: str = "") -> Seen:
    """Who was shown personal data of a record, SHOWN_AT_MOST at a time.

    Raises:
        NotFound, Refused: out of reach, or no grant to audit there.
        BadQuestion: `after` is none of this record's disclosures.
    """
    document = find_document(actor, noun, record, "audit")
    record = str(document["_id"])
    found = disclosures_of(noun.name, record, after, SHOWN_AT_MOST + 1)
    if found is None:
        raise BadQuestion((
            "ページの指定が正しくありません。先頭から開き直してください。",
            "The page is malformed; start again from the first.",
        ))  # fmt: skip
    acts = found[:SHOWN_AT_MOST]
    note("disclosures_read", actor=actor.user, institution=actor.institution, noun=noun.name, detail=record)
    names = _names(actor, {each["actor"] for each in acts})
    (row,) = show(
        Act(actor, noun, "detail", "record"), [judged(Plans(actor, noun, "detail", [noun.number]), document)]
    )
    numbered = row[noun.number]
    return Seen(
        record,
        str(numbered.value) if numbered.verdict.shown else "",
        [
            Disclosure(
                each["at"],
                names.get(each["actor"], str(each["actor"])),
                each["exit"],
                each["breadth"],
                [noun.fields[name] for name in each["fields"] if name in noun.fields],
                each.get("purpose", ""),
            )
            for each in acts
        ],
        str(acts[-1]["_id"]) if len(found) > SHOWN_AT_MOST else "",
    )


def _names(actor: Actor, users: set[str]) -> dict[str, str]:
    keys = [ObjectId(each) for each in users if ObjectId.is_valid(each)]
    return {key: each.label for key, each in label(actor, NOUNS["user"], keys).items() if each.open}
