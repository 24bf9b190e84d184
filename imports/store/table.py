"""The states of an import and of a zip of photographs, and the acts that lead from one to another, the worker's included (S3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from models.data_classes import Words
from policies.actor import Actor
from workflows.engine.table import Act, Condition, State, Workflow

SECOND: Words = (
    "取込を行った本人は確認の署名ができません。ほかの職員に頼んでください。",
    "The person who ran the import cannot sign it off; ask a colleague.",
)
BY_SYSTEM: Words = ("(自動)", "(by itself)")


def runners(run: Mapping[str, Any]) -> set[str]:
    """Everybody who had a hand in an import: who uploaded, tried, ran or changed it."""
    return {run["made_by"], *(each["by"] for each in run["history"])} - {""}


def _another_person(actor: Actor, run: Mapping[str, Any]) -> bool:
    return actor.behind is None and actor.user not in runners(run)


SECOND_PERSON = Condition("second-person", _another_person, SECOND)
OPEN = ("uploaded", "tried")
"""States in which a mapping may still change: nothing is in yet. What is half in goes on by what it began with, or back."""
IMPORT_ACTION = ("import",)
_ENDS = ("signed", "undone", "unread")


def _by_person(name: str, words: Words, from_: tuple[str, ...], to: str = "", **more: Any) -> Act:
    return Act(name=name, words=words, history=words, from_=from_, to=to, actions=IMPORT_ACTION, **more)


def _by_system(name: str, said: Words, from_: tuple[str, ...], to: str, **more: Any) -> Act:
    return Act(name=name, words=BY_SYSTEM, history=said, from_=from_, to=to, **more)


def _ended(job: str, state: str, failed: str, stopped: str = "") -> Iterator[Act]:
    """How a job ends that could not go on, or was stopped."""
    yield _by_system(f"{job}_failed", ("続けられない", "It cannot go on"), (state,), failed)
    yield _by_system(f"{job}_stopped", ("止められた", "It was stopped"), (state,), stopped or failed)


IMPORT = Workflow(
    name="import",
    label=("データの取込", "Import"),
    noun="item",
    of_records=False,
    in_history=False,
    states=(
        State("opening", ("ファイルを読んでいます", "Reading the file"), begins=True),
        State("unread", ("ファイルを読めませんでした", "The file could not be read"), ends=True),
        State("uploaded", ("対応づけ", "Mapping"), begins=True),
        State("trying", ("試しの取込中", "Trying")),
        State("tried", ("試しの結果", "Tried")),
        State("running", ("取込中", "Running")),
        State("stopped", ("止めています", "Stopped")),
        State("failed", ("続けられません", "Cannot go on")),
        State("ran", ("取込済み", "Imported")),
        State("reconciling", ("突合中", "Reconciling")),
        State("deciding", ("保留の行を処理中", "Deciding what was held")),
        State("reconciled", ("突合済み・署名待ち", "Reconciled, to be signed off")),
        State("signed", ("確認済み", "Signed off"), ends=True),
        State("undoing", ("取消中", "Undoing")),
        State("half_undone", ("取消の途中で止めています", "Undone in part")),
        State("undone", ("取り消しました", "Undone"), ends=True),
    ),
    acts=(
        _by_person("read_again", ("読み方を変える", "Read it another way"), (*OPEN, "unread"), "opening", job="open"),
        _by_system("opened", ("ファイルを読んだ", "The file is read"), ("opening",), "uploaded"),
        *_ended("open", "opening", "unread"),
        _by_person("map", ("対応表を保存する", "Save the mapping"), OPEN, "uploaded"),
        _by_person("try", ("試す", "Try"), OPEN, "trying", job="trial"),
        _by_person("stop_trial", ("止める", "Stop"), ("trying",), "uploaded"),
        _by_system("tried", ("試し終えた", "The trial ended"), ("trying",), "tried"),
        *_ended("trial", "trying", "uploaded"),
        _by_person("run", ("取り込む", "Import"), ("tried", "stopped", "failed"), "running", job="run", tone="primary"),
        _by_person("run_at_once", ("コマンドで取り込む", "Import by command"), ("uploaded",), "running", job="run"),
        _by_person("stop", ("止める", "Stop"), ("running",), "stopped"),
        _by_system("ran", ("取り込み終えた", "The import ended"), ("running",), "ran"),
        *_ended("run", "running", "failed", "stopped"),
        _by_system("reconcile", ("突合を始めた", "Reconciliation began"), ("ran",), "reconciling", job="reconcile"),
        _by_system("reconciled", ("突合し終えた", "Reconciliation ended"), ("reconciling",), "reconciled"),
        *_ended("reconcile", "reconciling", "failed"),
        _by_person("decide", ("保留の行を決める", "Decide on held rows"), ("reconciled",), "deciding", job="decide"),
        _by_system("decided", ("保留の行を処理し終えた", "Held rows are done"), ("deciding",), "ran"),
        *_ended("decide", "deciding", "failed"),
        _by_person("sign", ("確認の署名をする", "Sign off"), ("reconciled",), "signed", holds=(SECOND_PERSON,), tone="primary"),
        _by_person(
            "undo", ("取り消す", "Undo"), ("ran", "reconciled", "stopped", "failed", "half_undone"), "undoing", job="undo",
            tone="danger",
        ),
        _by_person("stop_undo", ("止める", "Stop"), ("undoing",), "half_undone"),
        _by_system("undone", ("取り消し終えた", "Undoing ended"), ("undoing",), "undone"),
        *_ended("undo", "undoing", "half_undone"),
        _by_person("erase", ("元データを消去する", "Erase the source"), ("signed", "undone", *OPEN, "opening", "unread")),
    ),
)  # fmt: skip

STOPS: Mapping[str, Act] = {
    state: act for act in IMPORT.acts if act.name.startswith("stop") for state in act.from_
}
"""State of an import → the act by which a person stops what is at work."""

PHOTOGRAPHS = Workflow(
    name="photographs",
    label=("写真の取込", "Import of photographs"),
    noun="media",
    of_records=False,
    in_history=False,
    states=(
        State("uploaded", ("まだ始まっていません", "Not begun yet"), begins=True),
        State("attaching", ("写真を付けています", "Importing photographs")),
        State("stopped", ("止めています", "Stopped")),
        State("failed", ("続けられません", "Cannot go on")),
        State("attached", ("終わりました", "Done"), ends=True),
    ),
    acts=(
        _by_person(
            "go_on", ("続きから取り込む", "Continue from where it stopped"), ("uploaded", "stopped", "failed"), "attaching",
            job="photographs", tone="primary",
        ),
        _by_person("stop", ("止める", "Stop"), ("attaching",), "stopped"),
        # Stopped after its last photograph it is as done as one that was not.
        _by_system("attached", ("付け終えた", "All came"), ("attaching", "stopped"), "attached"),
        *_ended("photographs", "attaching", "failed", "stopped"),
        _by_person(
            "give_up", ("やめてzipを消去する", "Cancel and erase the zip"), ("uploaded", "stopped", "failed", "attached"), "attached",
        ),
    ),
)  # fmt: skip

JOBS: Mapping[str, tuple[Workflow, Act]] = {
    act.job: (workflow, act) for workflow in (IMPORT, PHOTOGRAPHS) for act in workflow.acts if act.job
}
"""Kind of job → an act that it begins with, of those that lead to the same state."""


def failed(job: str) -> Act:
    """How an import goes on of which this job could not."""
    return JOBS[job][0].act(f"{job}_failed")


def stopped(job: str) -> Act:
    """The same, where somebody asked it to stop."""
    return JOBS[job][0].act(f"{job}_stopped")


def state_in(job: str) -> str:
    """The state in which an import stands while this job is at work."""
    return JOBS[job][1].to
