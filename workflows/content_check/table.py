"""An item's input status, and the acts of the content check: passed, or sent back with what needs correcting (S5)."""

from __future__ import annotations

from typing import Any

from models.vocabularies import terms
from workflows.engine.table import Act, Acting, Ask, State, Workflow

Document = dict[str, Any]
CHECKED = ("awaiting_check", "done")
"""The statuses in which a record can be passed or sent back."""
COMMENT = Ask(
    "comment",
    ("直してほしいこと", "What needs correcting"),
    lacking=(
        "差し戻すときは、直してほしいことを入力してください。",
        "To send it back, say what needs correcting.",
    ),
    at_most=1_000,
    is_reason=True,
)


def _sent_back(acting: Acting) -> Document:
    return {"check_comment": acting.answers["comment"]}


CHECK = Workflow(
    name="content_check",
    label=("入力状況と点検", "Input status and content check"),
    noun="item",
    state_field="input_status",
    states=tuple(
        State(code, words, begins=code in ("not_started", "in_progress"), ends=code == "done")
        for code, words in terms("input_status").items()
    ),
    acts=(
        Act(
            name="submit", words=("点検に出す", "Submit for check"), history=("点検に出した", "Submitted for check"),
            from_=("not_started", "in_progress", "sent_back"), to="awaiting_check", actions=("edit",),
            done=("点検に出しました。", "Submitted for check."), tone="primary", in_form=True,
        ),
        Act(
            name="pass", words=("点検済み(完了)", "Approve"), history=("点検で完了", "Passed its check"), from_=CHECKED, to="done",
            actions=("edit",), done=("完了にしました。", "Approved."), tone="primary",
        ),
        Act(
            name="send_back", words=("差し戻す", "Send back"), history=("差戻し", "Sent back"), from_=CHECKED, to="sent_back",
            actions=("edit",), asks=(COMMENT,), writes=_sent_back, fields=("check_comment",),
            done=("差し戻しました。", "Sent back."),
        ),
    ),
    typed=True,
    entered="in_progress",
    on_card=False,
    elsewhere=(
        "点検待ちか完了の記録だけを点検できます。",
        "Only records that are waiting for a check, or are done, can be checked.",
    ),
)  # fmt: skip
