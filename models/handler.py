"""取扱責任者・取扱者: who answers for an institution's personal data, and who handles it, from when until when (S19)."""

from __future__ import annotations

from models.data_classes import DataClass
from models.declaration import Noun, Section, read_fields
from models.fields import choice, colleague, date, long_text, number, text
from models.record import SYSTEM, Record, common_indexes, unique_number

INTERNAL = DataClass.INTERNAL


class Handler(Record):
    """One person's standing; who takes over is a new entry, so that the register tells who it was at any day."""

    meta = {"collection": "handlers", "indexes": [*common_indexes(), unique_number("handler_number")]}

    handler_number = number(("取扱者番号", "Handler number"), INTERNAL)
    name = text(
        ("氏名", "Name"), INTERNAL, "basic", required=True, max_length=100, listed=True, searched=True
    )
    standing = choice(("区分", "Status"), INTERNAL, "basic", "handler_standing", required=True, default="handler", listed=True, filtered=True)  # fmt: skip
    account = colleague(("アカウント", "Account"), INTERNAL, "basic", listed=True)
    duty = text(("所掌・役職", "Duties"), INTERNAL, "basic", listed=True)
    begins_on = date(("始まり", "From"), INTERNAL, "basic", required=True, listed=True, sorted=True)
    ends_on = date(("終わり", "Until"), INTERNAL, "basic", listed=True, not_before="begins_on", help=("続いているあいだは空けます。", "Empty while it lasts."))  # fmt: skip
    reported_on = date(("届出日", "Reported on"), INTERNAL, "basic")
    notes = long_text(("備考", "Notes"), INTERNAL, "basic")


HANDLER = Noun(
    name="handler",
    label=("取扱者", "Handlers"),
    singular="handler",
    place=80,
    document=Handler,
    number="handler_number",
    naming=("name",),
    numbering="H",
    counted=("名", "persons"),
    sections=(Section("basic", ("基本", "Basic")), SYSTEM),
    behaviours=("paper",),
    fields=read_fields("handler", Handler),
)
