"""A role's draft as a workflow: drafted, previewed, put in force or discarded; an earlier version brought back."""

from __future__ import annotations

from workflows.engine.table import Act, State, Workflow

ROLE_DRAFT = Workflow(
    name="role_draft",
    label=("役割の下書き", "A role's draft"),
    noun="role",
    of_records=False,
    states=(
        State("none", ("下書きなし", "No draft"), begins=True, ends=True),
        State("drafted", ("下書きあり", "Drafted")),
    ),
    acts=(
        Act(
            name="keep_draft", words=("下書きにして確かめる", "Draft and preview"), history=("下書き", "Drafted"),
            from_=("none", "drafted"), to="drafted", actions=("edit",), tone="primary",
        ),
        Act(
            name="apply_draft", words=("適用する", "Apply"), history=("下書きの適用", "Draft applied"), from_=("drafted",), to="none",
            actions=("edit",), done=("適用しました。次の操作から効きます。", "In force from the next request."), tone="primary",
        ),
        Act(
            name="drop_draft", words=("下書きを捨てる", "Discard the draft"), history=("下書きの破棄", "Draft discarded"),
            from_=("drafted",), to="none", actions=("edit",), done=("下書きを捨てました。", "The draft was discarded."),
        ),
        Act(
            name="restore_version", words=("この版に戻す", "Restore this version"),
            history=("前の版に戻した", "Earlier version restored"), from_=("none", "drafted"), actions=("edit",),
            done=("前の版に戻しました。次の操作から効きます。", "Restored. It applies from the next request."),
        ),
    ),
    elsewhere=("下書きがありません。", "There is no draft."),
)  # fmt: skip
