"""作業申請: a contractor's work, asked for beforehand, approved by another person, witnessed and reported (S14)."""

from __future__ import annotations

from typing import Any

import mongoengine as me

from models.data_classes import DataClass
from models.declaration import Noun, Section, read_fields
from models.fields import choice, colleague, hidden, long_text, minute, moment, number, parts, text
from models.part import new_part_id
from models.record import SYSTEM, Record, common_indexes, unique_number

INTERNAL, IDENTITY = DataClass.INTERNAL, DataClass.IDENTITY


class Passage(me.EmbeddedDocument):
    """One person's stay in the machine room (入退室)."""

    meta: dict[str, Any] = {"strict": False}
    id = hidden(("行", "Row"), INTERNAL, me.StringField(default=new_part_id))
    who = text(("入室者", "Who"), IDENTITY, "passages", required=True, max_length=100)
    entered_at = minute(("入室", "In at"), INTERNAL, "passages", required=True)
    left_at = minute(("退室", "Out at"), INTERNAL, "passages")
    witness = text(("立会", "Witnessed by"), INTERNAL, "passages", max_length=100)


class WorkRequest(Record):
    """One piece of work in one window of time. What was asked stays as it was approved: `policies.papers` sees to it."""

    meta = {
        "collection": "work_requests",
        "indexes": [
            *common_indexes(),
            unique_number("request_number"),
            {"fields": ["contractor", "work_status"], "cls": False},
        ],
    }

    request_number = number(("申請番号", "Request number"), INTERNAL)
    work = text(("作業内容", "Work"), INTERNAL, "basic", required=True, listed=True, searched=True)
    why = text(("作業の理由", "Reason"), INTERNAL, "basic", required=True)
    work_place = choice(("作業場所", "Place"), INTERNAL, "basic", "work_place", required=True, listed=True, filtered=True)  # fmt: skip
    contractor = colleague(
        ("委託事業者のアカウント", "Contractor's account"),
        INTERNAL,
        "basic",
        required=True,
        of_kind="contractor",
        listed=True,
        help=(
            "承認された時間のあいだだけ、下のアドレスからサインインできます。",
            "It can sign in only while the approved window lasts, and only from the address below.",
        ),
    )
    begins_at = minute(("開始予定", "Begins"), INTERNAL, "basic", required=True, listed=True, sorted=True)
    ends_at = minute(("終了予定", "Ends"), INTERNAL, "basic", required=True, listed=True)
    network = text(
        ("接続元のアドレス", "Network address"),
        INTERNAL,
        "basic",
        kind="network",
        required=True,
        max_length=60,
        help=(
            "作業で使う端末のアドレス。例: 192.168.10.21 または 192.168.10.16/28",
            "Of the terminal used for the work, for example 192.168.10.21 or 192.168.10.16/28.",
        ),
    )
    witness = colleague(("立会人", "Witness"), INTERNAL, "basic", required=True, listed=True, help=("館の職員。", "A person of the institution."))  # fmt: skip
    notes = long_text(("備考", "Notes"), INTERNAL, "basic")
    work_status = choice(
        ("状況", "Status"),
        INTERNAL,
        "decision",
        "work_status",
        default="requested",
        listed=True,
        filtered=True,
        kept_by_system=True,
    )
    decided_by = text(("決裁者", "Decided by"), INTERNAL, "decision", kind="account", kept_by_system=True)
    decided_at = moment(("決裁日時", "Decided at"), INTERNAL, "decision")
    decision_note = text(("決裁の意見", "Note on the decision"), INTERNAL, "decision", max_length=500, kept_by_system=True)  # fmt: skip
    closed_by = text(("終えた人", "Closed by"), INTERNAL, "decision", kind="account", kept_by_system=True)
    closed_at = moment(("終えた日時", "Closed at"), INTERNAL, "decision")
    outcome = text(("結果", "Outcome"), INTERNAL, "decision", max_length=500, kept_by_system=True)
    passages = parts(("入退室", "Entries and exits"), IDENTITY, "passages", Passage, kept_by_system=True)


WORK_REQUEST = Noun(
    name="work_request",
    label=("作業申請", "Work requests"),
    singular="work request",
    place=110,
    document=WorkRequest,
    number="request_number",
    naming=("request_number", "work"),
    numbering="W",
    sections=(
        Section("basic", ("申請", "Request")),
        Section("decision", ("決裁と結果", "Decision and outcome")),
        Section("passages", ("入退室", "Machine room")),
        SYSTEM,
    ),
    behaviours=("paper",),
    fields=read_fields("work_request", WorkRequest),
)
