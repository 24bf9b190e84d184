"""Edits by people with different rights interleave, from old screens and at once: nothing withheld and nothing
concurrent is ever changed by somebody who could not see it, and every accepted edit is in the history exactly once."""

from __future__ import annotations

import threading
from typing import Any, ClassVar

import pytest
from bson import ObjectId
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from mongoengine.connection import get_db

from audit.sealer import seal
from gate.reading.shown import verdict_on
from gate.refusals import Conflict, Invalid, NotFound, Refused
from gate.writing.writing import patch
from models.registry import NOUNS
from models.vocabularies import terms
from policies.verdict import may
from tests.proofs.browsing import Visitor
from tests.proofs.conftest import House
from tests.proofs.knowing import acting
from tests.proofs.stage import Stage

Document = dict[str, Any]
FIELDS = {
    "item": ["title", "maker", "location", "provenance", "notes", "rank", "input_status"],
    "donor": ["name", "address", "telephone", "notes", "standing"],
    "patron": ["surname", "phone", "notes", "sex"],
    "exhibition": ["title", "venue", "notes"],
}
STATUSES = [code for code in terms("input_status")][:3]
SAID = {"rank": ["A", "B"], "input_status": STATUSES, "standing": ["donor", "depositor"],
        "sex": ["male", "female"], "telephone": ["03-1111-2222", "03-3333-4444"], "phone": ["0584-11-2222", "0584-33-4444"]}  # fmt: skip
EDITORS = [
    "staff.shinjuku",
    "staff.soseki",
    "manager",
    "clerk.soseki",
    "librarian.kaizu",
    "contractor",
    "auditor",
    "admin",
]
HOUSE_OF = {
    "item": ("shinjuku", "soseki"),
    "donor": ("shinjuku", "soseki"),
    "patron": ("kaizu",),
    "exhibition": ("soseki",),
}


def changes_of(noun: str) -> st.SearchStrategy[dict[str, str]]:
    """Some fields of a noun with what is typed into them; withheld ones as likely as any."""

    def typed(names: list[str]) -> st.SearchStrategy[dict[str, str]]:
        return st.fixed_dictionaries(
            {name: st.sampled_from(SAID.get(name, ["甲", "乙", "丙", ""])) for name in names}
        )

    return st.lists(st.sampled_from(FIELDS[noun]), min_size=1, max_size=3, unique=True).flatmap(typed)


def stored(noun: str, record: str) -> Document:
    """The document as it lies in the store."""
    found = get_db()[str(NOUNS[noun].document._meta["collection"])].find_one({"_id": ObjectId(record)})
    assert found is not None
    return dict(found)


class Desks(RuleBasedStateMachine):
    """Several people at their desks, each with screens that may be old."""

    house: ClassVar[House]
    stage: ClassVar[Stage]
    edits: ClassVar[int] = 0
    tries: ClassVar[int] = 0
    screens = Bundle("screens")

    @initialize()
    def begin(self) -> None:
        """The stage as it was."""
        self.house.set_stage("desks")
        self.records = sorted(
            {
                (p.noun, p.record)
                for p in self.stage.places
                if p.noun in FIELDS and p.house in HOUSE_OF[p.noun]
            }
        )
        self.now = {record: self.values(noun, record) for noun, record in self.records}
        self.accepted: dict[str, list[tuple[int, frozenset[str]]]] = {
            record: [] for _, record in self.records
        }

    @staticmethod
    def values(noun: str, record: str) -> Document:
        """Every field of a record that is not the system's."""
        document = stored(noun, record)
        return {
            f.name: document.get(f.name)
            for f in NOUNS[noun]
            if f.kind != "system" and f.declared.section != "system"
        }

    @rule(target=screens, who=st.sampled_from(EDITORS), at=st.integers(0, 11))
    def open_screen(self, who: str, at: int) -> tuple[str, str, str, int]:
        """Somebody opens a record's form, and it stands open."""
        noun, record = self.records[at % len(self.records)]
        return who, noun, record, int(stored(noun, record)["revision"])

    @rule(
        at=st.integers(0, 11),
        who=st.sampled_from(["manager", "clerk.soseki", "staff.soseki"]),
        data=st.data(),
    )
    def save_at_once(self, at: int, who: str, data: st.DataObject) -> None:
        """Somebody who edits some of it opens and saves, nobody between."""
        noun, record = self.records[at % len(self.records)]
        self.save((who, noun, record, int(stored(noun, record)["revision"])), data)

    @rule(screen=screens, data=st.data())
    def save(self, screen: tuple[str, str, str, int], data: st.DataObject) -> None:
        """The screen is saved through the gate, with whatever fields."""
        who, noun, record, revision = screen
        changes = data.draw(changes_of(noun))
        try:
            patch(acting(who), NOUNS[noun], record, revision, changes)
        except (Refused, NotFound, Invalid, Conflict):
            assert self.values(noun, record) == self.now[record]
        self.settle(who, noun, record, revision, changes)

    @rule(screen=screens, data=st.data())
    def send(self, screen: tuple[str, str, str, int], data: st.DataObject) -> None:
        """The screen is sent as a form."""
        who, noun, record, revision = screen
        changes = data.draw(changes_of(noun))
        sent = [("revision", str(revision)), ("_fields", ",".join(changes)), *changes.items()]
        Visitor(self.house.app, who, self.cookie(who)).post(f"/admin/{noun}/edit/?id={record}", sent)
        self.settle(who, noun, record, revision, changes)

    def settle(self, who: str, noun: str, record: str, revision: int, changes: dict[str, str]) -> None:
        """What of the record is different now is what this person typed, from the screen as it stood, and may edit."""
        Desks.tries += 1
        after = self.values(noun, record)
        # What the system keeps of an edit (who set the status, when) follows from it; nobody types it.
        changed = {
            name
            for name in after
            if after[name] != self.now[record][name] and not NOUNS[noun].fields[name].declared.kept_by_system
        }
        if not changed:
            return
        actor, house = acting(who), stored(noun, record)["institution"]
        assert may(actor, noun, "edit", house), (who, noun, changed)
        for name in changed:
            assert name in changes, (who, noun, name)
            assert (after[name] or "") == changes[name], (who, noun, name)
            assert verdict_on(actor, NOUNS[noun].fields[name], "detail", house).shown, (who, noun, name)
        assert revision == 2 + len(self.accepted[record]), (who, noun, "saved from an old screen")
        self.accepted[record].append((revision + 1, frozenset(changed)))
        self.now[record] = after
        Desks.edits += 1

    _cookies: ClassVar[dict[str, str]] = {}

    def cookie(self, who: str) -> str:
        """The session of somebody who signed in once."""
        if who not in self._cookies:
            self._cookies[who] = Visitor(self.house.app, who).cookie
        return self._cookies[who]

    @rule()
    def seal_now(self) -> None:
        """The sealer passes by."""
        seal()

    @invariant()
    def nothing_changes_by_itself(self) -> None:
        """Every record is as the accepted edits made it, and its history holds each of them once."""
        for noun, record in self.records:
            assert self.values(noun, record) == self.now[record], (noun, record)
            told = [each["revision"] for each in stored(noun, record).get("outbox", [])]
            sealed = [
                each["revision"]
                for each in get_db()["revisions"].find({"noun": noun, "record": record}, {"revision": 1})
            ]
            assert len(sealed) == len(set(sealed))
            assert len(told) == len(set(told))
            assert set(told) | set(sealed) == {2} | {revision for revision, _ in self.accepted[record]}, (
                noun,
                record,
            )


@pytest.fixture
def stage(house: House) -> Stage:
    """The stage, for the machine to begin from each time."""
    Desks.house, Desks.stage = house, house.set_stage("desks")
    Desks.edits = Desks.tries = 0
    Desks._cookies = {}
    return Desks.stage


def interleave(examples: int, steps: int, *, repeatable: bool) -> None:
    """Runs of the desks."""
    limits = settings(max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
                      derandomize=repeatable, phases=[Phase.generate], suppress_health_check=list(HealthCheck))  # fmt: skip
    run_state_machine_as_test(Desks, settings=limits)
    print(
        f"nothing lost: {Desks.tries} saves tried, {Desks.edits} accepted, 0 lost, each in the history once"
    )
    assert 0 < Desks.edits < Desks.tries


def test_interleaved_edits_lose_nothing(stage: Stage) -> None:
    interleave(20, 40, repeatable=True)


@pytest.mark.proof
def test_many_interleaved_edits_lose_nothing(stage: Stage) -> None:
    interleave(60, 50, repeatable=False)


def save_at_once(many: list[tuple[str, dict[str, str]]], record: str, revision: int) -> list[str]:
    """Everybody saves the same revision of an item at the same moment; what each was told."""
    together, outcomes = threading.Barrier(len(many)), list[str]()
    actors = {who: acting(who) for who, _ in many}

    def save(who: str, changes: dict[str, str]) -> None:
        together.wait()
        try:
            patch(actors[who], NOUNS["item"], record, revision, changes)
            outcomes.append("saved")
        except Conflict:
            outcomes.append("told")

    threads = [threading.Thread(target=save, args=each) for each in many]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return outcomes


def test_of_many_who_save_at_once_one_wins_and_the_others_are_told(stage: Stage) -> None:
    record = next(p.record for p in stage.places if p.noun == "item" and p.house == "shinjuku")
    for turn in range(3):
        before = stored("item", record)
        status = next(each for each in STATUSES if each != before["input_status"])
        many = [("staff.shinjuku", {"title": f"題{turn}-{at}"}) for at in range(3)] + [
            ("manager", {"input_status": status})
        ] * 3
        outcomes = save_at_once(many, record, before["revision"])
        after = stored("item", record)
        assert sorted(outcomes) == ["saved", *["told"] * 5]
        assert after["revision"] == before["revision"] + 1
        names = ("title", "input_status", "location", "notes", "maker")
        assert len([name for name in names if before.get(name) != after.get(name)]) == 1
