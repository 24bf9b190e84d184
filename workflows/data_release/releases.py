"""Personal data taken out: entered in the register before anything leaves, shown in full only where the role takes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bson import ObjectId

from audit.events import note_once
from gate.reading.listing import export_rows
from gate.reading.questions import Question, institutions, selector
from gate.reading.shown import Row, verdict_on
from gate.refusals import Invalid, Refused
from gate.store.clock import today
from gate.store.collections import records_of
from gate.writing.changes import Origin
from gate.writing.writing import create
from models.data_classes import PERSONAL
from models.declaration import Noun
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import may, reach
from workflows.data_release.table import OUT, RELEASED
from workflows.engine.operations import Intent, Operation, run_operation

REGISTER = NOUNS["takeout"]


@dataclass(frozen=True)
class Taking:
    """What a takeout is for, and where it goes; `due_on` is a day as typed."""

    purpose: str
    medium: str
    destination: str
    due_on: str


@dataclass(frozen=True)
class Takeout:
    """A takeout that stands in the register: its entry, how many records it is to hold, and their rows as they come."""

    entry: str
    count: int
    rows: Iterator[Row]


def takes_out(actor: Actor, noun: Noun) -> bool:
    """Whether this actor may take personal data of this noun out, in full, somewhere; the register included."""
    houses = reach(actor, noun.name, "takeout")
    registers = bool(may(actor, "takeout", "create", actor.institution))
    return registers and any(
        field.data_class in PERSONAL and verdict_on(actor, field, "takeout", each).shown
        for each in houses
        for field in noun
    )


def take_out(
    actor: Actor,
    noun: Noun,
    question: Question,
    columns: Iterable[str],
    taking: Taking,
    *,
    at_most: int | None = None,
) -> Takeout:
    """Enter it in the register, and only then give the rows. Their disclosures are written batch by batch.

    `at_most`: how many records the form of the file can hold.

    Raises:
        Refused: no grant to take this noun out, or to write in the register.
        Invalid: what was said of it cannot stand in the register, field → message.
        BadQuestion: as a list.
    """
    covered = institutions(actor, noun, question, "takeout")
    count = records_of(noun).count_documents(selector(actor, noun, question, covered))
    if at_most is not None and count > at_most:
        raise Invalid({"": (
            f"この形では{at_most:,}件までです。絞り込むか、CSVにしてください。",
            f"In this form {at_most:,} records at most; filter the list, or take CSV.",
        )})  # fmt: skip
    entry = enter(actor, noun, count, taking)
    rows = export_rows(actor, noun, question, list(columns), exit_="takeout", purpose=taking.purpose)
    return Takeout(entry, count, rows)


def enter(actor: Actor, noun: Noun, count: int, taking: Taking, what: str = "の書き出し") -> str:
    """Enter a takeout in the register and in the ledger; the entry's id. That it may leave was asked before.

    Args:
        count: how many records or rows leave.
        what: what leaves, as the register says it behind the noun's name.

    Raises:
        Refused: no grant to write in the register. Invalid: as take_out.
    """
    verdict = may(actor, "takeout", "create", actor.institution)
    if not verdict:
        raise Refused(verdict)
    entry = ObjectId()
    about = {"entry": str(entry), "noun": noun.name, "count": count}
    with run_operation(RELEASE, about, by=actor.user, institution=actor.institution):
        _register(actor, entry, count, taking, f"{noun.label[0]}{what}(個人情報を含む)")
    return str(entry)


def _is_registered(intent: Intent) -> bool:
    return records_of(REGISTER).find_one({"_id": ObjectId(intent.about["entry"])}, {"_id": 1}) is not None


def _tell_ledger(intent: Intent) -> None:
    entry, noun, count = (intent.about[name] for name in ("entry", "noun", "count"))
    note_once(
        f"taken_out:{entry}", "taken_out", actor=intent.by, institution=intent.institution, noun=noun, subjects=[],
        fields=[], detail=f"{entry} {count}",
    )  # fmt: skip


RELEASE = Operation(
    "data_release",
    ("持出しの登録", "A data release registered"),
    decided=_is_registered,
    steps=(_tell_ledger,),
)
"""An entry of the register, and the ledger's word of it."""


def _register(actor: Actor, entry: ObjectId, count: int, taking: Taking, content: str) -> None:
    """Write the entry. A number that another took meanwhile is replaced by the next one."""
    values = {
        "content": content,
        "purpose": taking.purpose,
        "records": count,
        "takeout_medium": taking.medium,
        "destination": taking.destination,
        "encrypted": True,
        "taken_by": actor.user,
        "taken_on": str(today()),
        "due_on": taking.due_on,
    }
    if not taking.due_on.strip():
        raise Invalid({"due_on": ("返却・消去の期限を入力してください。", "Give the day by which it is returned or erased.")})  # fmt: skip
    system = {"exported": True}
    create(actor, REGISTER, actor.institution, values, system=system, id_=entry, origin=Origin.WORKFLOW)


def overdue(actor: Actor) -> int:
    """How many takeouts within reach have passed their day and are neither returned nor erased; counted to 1,000."""
    houses = reach(actor, "takeout", "read")
    if not houses:
        return 0
    asked = {
        "institution": {"$in": sorted(houses)},
        "due_on": {"$lt": str(today())},
        **RELEASED.condition(OUT),
    }
    return records_of(REGISTER).count_documents(asked, limit=1_000)
