"""媒体・持出し: the register of what was taken out of the panel, on which medium, for what, until when (S15, S17)."""

from __future__ import annotations

from models.data_classes import DataClass
from models.declaration import Noun, Section, read_fields
from models.fields import boolean, choice, colleague, date, integer, long_text, number, text
from models.record import SYSTEM, Record, common_indexes, unique_number

INTERNAL = DataClass.INTERNAL


class Takeout(Record):
    """One entry: an export of personal data makes its own, anything else is written in. No passphrase is ever held."""

    meta = {
        "collection": "takeouts",
        "indexes": [*common_indexes(), unique_number("takeout_number"), {"fields": ["institution", "due_on"], "cls": False}],
    }  # fmt: skip

    takeout_number = number(("持出番号", "Register number"), INTERNAL)
    content = text(("内容", "What"), INTERNAL, "basic", required=True, listed=True, searched=True)
    purpose = choice(("目的", "Purpose"), INTERNAL, "basic", "use_purpose", required=True, listed=True, filtered=True)  # fmt: skip
    records = integer(("件数", "Records"), INTERNAL, "basic", minimum=0, listed=True, unit=("件", "records"))
    takeout_medium = choice(("媒体", "Medium"), INTERNAL, "basic", "takeout_medium", required=True, listed=True, filtered=True)  # fmt: skip
    destination = text(("持出し先", "Where to"), INTERNAL, "basic", required=True)
    encrypted = boolean(("暗号化・パスワード", "Encrypted"), INTERNAL, "basic", listed=True, filtered=True)
    taken_by = colleague(("持ち出す人", "Taken by"), INTERNAL, "basic", required=True, listed=True)
    taken_on = date(("持出日", "Taken on"), INTERNAL, "basic", listed=True, sorted=True)
    due_on = date(("返却・消去の期限", "Return or erase by"), INTERNAL, "basic", listed=True, sorted=True)
    returned_on = date(("返却・消去した日", "Returned or erased on"), INTERNAL, "end", listed=True)
    settled_as = choice(("終わり方", "How it ended"), INTERNAL, "end", "takeout_end")
    notes = long_text(("備考", "Notes"), INTERNAL, "end")
    exported = boolean(
        ("画面からの書き出し", "Exported from the panel"), INTERNAL, "end", kept_by_system=True
    )


TAKEOUT = Noun(
    name="takeout",
    label=("媒体・持出し", "Removable media"),
    singular="removable medium",
    place=100,
    document=Takeout,
    number="takeout_number",
    naming=("takeout_number", "content"),
    numbering="T",
    sections=(
        Section("basic", ("持出し", "Taken out")),
        Section("end", ("返却・消去", "Return or erasure")),
        SYSTEM,
    ),
    behaviours=("paper",),
    fields=read_fields("takeout", Takeout),
)
