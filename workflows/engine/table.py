"""A workflow as a table of transitions: states, and the acts that lead from one to another.

Buttons, permissions, the API's `acts`, history lines and docs/workflows.md are made from it. A table that is not
complete stops the application at its start (`faults`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor
from policies.exits import ACTIONS

Document = dict[str, Any]
TONES = ("primary", "plain", "danger")


@dataclass(frozen=True)
class Acting:
    """One act on one document as it is tried: what conditions and writes are worked out from."""

    actor: Actor
    document: Mapping[str, Any]
    answers: Mapping[str, str]
    """Name of what the act asks → what was typed, trimmed."""
    now: datetime


@dataclass(frozen=True)
class Condition:
    """What must hold for an act, by name, and what is said where it does not."""

    name: str
    holds: Callable[[Actor, Mapping[str, Any]], bool]
    words: Words


@dataclass(frozen=True)
class Ask:
    """What an act asks of the person: a line of text."""

    name: str
    label: Words
    lacking: Words | None = None
    """What is said where nothing was typed; None where the answer may stay empty."""
    at_most: int = 500
    is_reason: bool = False
    """It is the reason that stands in the record's history."""
    field: str = ""
    """The field of the noun that it fills, whose kind makes the input on the screen; empty for a line of text."""


@dataclass(frozen=True)
class State:
    """A state's stored code, its words, and whether a document begins or ends in it."""

    code: str
    words: Words
    begins: bool = False
    ends: bool = False
    empty: str = ""
    """Where no field holds the state: the field that is empty in it, and filled in the next state of the table."""


def _write_nothing(_acting: Acting) -> Document:
    return {}


@dataclass(frozen=True)
class Act:
    """One transition. `to` is empty where the state stays as it is."""

    name: str
    words: Words
    """The button."""
    history: Words
    """The line in histories and ledgers."""
    from_: tuple[str, ...]
    to: str = ""
    actions: tuple[str, ...] = ()
    """Actions of the policy, of which a role must grant one; none where the system itself does it."""
    holds: tuple[Condition, ...] = ()
    asks: tuple[Ask, ...] = ()
    writes: Callable[[Acting], Document] = _write_nothing
    fields: tuple[str, ...] = ()
    """The fields of a record that `writes` gives, for the check of the table and for permissions."""
    done: Words = ("記録しました。", "Recorded.")
    paper: str = ""
    """The name of the paper that it prints."""
    tone: str = "plain"
    job: str = ""
    """The kind of job that works on it from then on."""
    in_form: bool = False
    """A button of the record's own form, which saves what was typed and does it in the same update."""
    form: str = ""
    """The form that it stands in, where it is not the card's common one with all buttons side by side."""


@dataclass(frozen=True)
class Workflow:
    """The table: whose states they are, which there are, and what leads from one to another."""

    name: str
    label: Words
    noun: str
    """The noun whose actions grant the acts."""
    states: tuple[State, ...]
    acts: tuple[Act, ...]
    state_field: str = ""
    """The field of the noun's records that holds the state; empty where it follows from others (State.empty)."""
    of_records: bool = True
    """False where the states are not the noun's records' own, but of a document about them: a draft, an import."""
    on_card: bool = True
    """Its acts are buttons on the record's card; False where they have a screen of their own."""
    in_history: bool = True
    """Its acts stand in the histories of the noun's records and in the ledgers, under their names."""
    typed: bool = False
    """The state is also a field of the form: an editor of that field may choose any."""
    elsewhere: Words = (
        "いまの状況では、この手続きはできません。状況を確かめてください。",
        "That cannot be done as it stands; look at its current state.",
    )
    entered: str = ""
    """The state in which a record begins that is entered by a form; empty: the one that the noun declares."""
    papers: Collection[str] = field(default=frozenset())
    """Papers that its acts may name."""

    def act(self, name: str) -> Act:
        """The act of that name.

        Raises:
            KeyError: there is none.
        """
        for each in self.acts:
            if each.name == name:
                return each
        raise KeyError(name)

    def condition(self, code: str) -> Document:
        """What the store must find in a record for it to be in this state."""
        if self.state_field:
            return {self.state_field: code}
        state = next(each for each in self.states if each.code == code)
        filled = [each.empty for each in self.states[: self.states.index(state)] if each.empty]
        return {name: {"$ne": None} for name in filled} | ({state.empty: None} if state.empty else {})

    def state_of(self, document: Mapping[str, Any]) -> str:
        """The code of the state that a record is in."""
        if self.state_field:
            return str(document.get(self.state_field) or "")
        return next(each.code for each in self.states if not each.empty or not document.get(each.empty))

    def words_of(self, code: str) -> Words:
        """A state in words.

        Raises:
            KeyError: no such state.
        """
        return next((each.words for each in self.states if each.code == code), None) or _unknown(code)


def _unknown(code: str) -> Words:
    raise KeyError(code)


def faults(workflow: Workflow) -> list[str]:
    """What is missing or wrong in a table, a line each, naming the act or state."""
    found = [*_of_states(workflow)]
    names = [each.name for each in workflow.acts]
    found += [f"act {each}: declared twice" for each in sorted({n for n in names if names.count(n) > 1})]
    for act in workflow.acts:
        found += [f"act {act.name}: {said}" for said in _of_act(workflow, act)]
    return [f"workflow {workflow.name}: {each}" for each in found]


def _of_states(workflow: Workflow) -> Iterator[str]:
    if workflow.noun not in NOUNS:
        yield f"there is no noun {workflow.noun!r}"
    elif workflow.state_field and workflow.state_field not in NOUNS[workflow.noun].fields:
        yield f"{workflow.noun} has no field {workflow.state_field!r} (models/{workflow.noun}.py)"
    if workflow.of_records and not workflow.state_field and not _last_state_is_open(workflow):
        yield "no field holds its state: name it (Workflow.state_field), or what is empty in all states but the last"
    if not any(each.begins for each in workflow.states):
        yield "no state begins it (State.begins)"
    if workflow.entered and not any(
        each.begins and each.code == workflow.entered for each in workflow.states
    ):
        yield f"a record is entered in {workflow.entered!r}, which begins nothing (State.begins)"
    entered = {act.to for act in workflow.acts}
    left = {code for act in workflow.acts if act.to for code in act.from_}
    for state in workflow.states:
        if not all(state.words):
            yield f"state {state.code}: no words in both languages"
        if not (state.begins or state.code in entered or workflow.typed):
            yield f"state {state.code}: no act leads to it"
        if not (state.ends or state.code in left or workflow.typed):
            yield f"state {state.code}: no act leads out of it, and it is no end (State.ends)"


def _last_state_is_open(workflow: Workflow) -> bool:
    return [bool(each.empty) for each in workflow.states] == [True] * (len(workflow.states) - 1) + [False]


def _of_act(workflow: Workflow, act: Act) -> Iterator[str]:
    known = {each.code for each in workflow.states}
    if not act.from_:
        yield "from no state"
    yield from (f"there is no state {code!r}" for code in sorted({*act.from_, act.to} - known - {""}))
    for name, words in (("words", act.words), ("history", act.history), ("done", act.done)):
        if not all(each.strip() for each in words):
            yield f"no {name} in both languages"
    yield from (
        f"there is no action {each!r} (policies/exits.py)" for each in act.actions if each not in ACTIONS
    )
    if act.in_form and (act.asks or act.fields or not (act.to and workflow.state_field)):
        yield "it stands in the record's form, and so asks and writes nothing but its state"
    if act.tone not in TONES:
        yield f"there is no tone {act.tone!r}"
    if act.paper and act.paper not in workflow.papers:
        yield f"there is no paper {act.paper!r} (Workflow.papers)"
    fields = NOUNS[workflow.noun].fields if workflow.noun in NOUNS else {}
    for name in act.fields:
        if name not in fields:
            yield f"it writes {name!r}, which is no field of {workflow.noun} (models/{workflow.noun}.py)"
    yield from (
        f"condition {each.name!r} has no words" for each in act.holds if not (each.name and all(each.words))
    )
