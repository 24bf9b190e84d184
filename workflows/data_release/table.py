"""A data release as a workflow: out, until it is told that it was returned or erased (S15)."""

from __future__ import annotations

from typing import Any

from workflows.engine.table import Act, Acting, Ask, State, Workflow

Document = dict[str, Any]
OUT, SETTLED = "out", "settled"
RETURNED_ON = Ask(
    "returned_on",
    ("返却・消去した日", "Returned or erased on"),
    lacking=("返却・消去した日を入力してください。", "Give the day on which it was returned or erased."),
    at_most=40,
    field="returned_on",
)
SETTLED_AS = Ask(
    "settled_as",
    ("終わり方", "How it ended"),
    lacking=("返却か消去かを選んでください。", "Choose how it ended."),
    at_most=40,
    field="settled_as",
)


def _settled(acting: Acting) -> Document:
    return dict(acting.answers)


RELEASED = Workflow(
    name="data_release",
    label=("媒体・持出し", "Data release"),
    noun="takeout",
    states=(
        State(OUT, ("持出し中", "Out"), begins=True, empty="returned_on"),
        State(SETTLED, ("返却・消去済み", "Returned or erased"), ends=True),
    ),
    acts=(
        Act(
            name="settle", words=("返却・消去を記録する", "Record the return or erasure"),
            history=("返却・消去の記録", "Returned or erased"), from_=(OUT,), to=SETTLED, actions=("edit",),
            asks=(RETURNED_ON, SETTLED_AS), writes=_settled, fields=("returned_on", "settled_as"),
            done=("返却・消去を記録しました。", "The return or erasure is recorded."), tone="primary",
        ),
    ),
)  # fmt: skip
