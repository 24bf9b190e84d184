"""計画: how many records and pieces an institution means to have entered in each month of a fiscal year (S5)."""

from __future__ import annotations

from typing import Any

from models.data_classes import DataClass
from models.declaration import Noun, Section, read_fields
from models.fields import choice, integer, long_text, text
from models.record import SYSTEM, Record, common_indexes, unique_number

INTERNAL = DataClass.INTERNAL
MONTHS = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)
"""The months of a fiscal year in their order."""
_ENGLISH = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December")  # fmt: skip


def _records(month: int) -> Any:
    unit = ("件", "records")
    return integer((f"{month}月", _ENGLISH[month - 1]), INTERNAL, "records", minimum=0, maximum=1_000_000, unit=unit)  # fmt: skip


def _pieces(month: int) -> Any:
    label = (f"{month}月(点数)", f"{_ENGLISH[month - 1]} (pieces)")
    return integer(label, INTERNAL, "pieces", minimum=0, maximum=10_000_000, unit=("点", "pieces"))


class Plan(Record):
    """One plan for an institution, a fiscal year and a group of ranks; its number says which, so there is one of each."""

    meta = {"collection": "plans", "indexes": [*common_indexes(), unique_number("plan_number")]}

    plan_number = text(
        ("計画番号", "Plan number"), INTERNAL, "basic", required=True, kept_by_system=True, listed=True, sorted=True
    )  # fmt: skip
    fiscal_year = integer(
        ("年度", "Fiscal year"),
        INTERNAL,
        "basic",
        required=True,
        minimum=2000,
        maximum=2200,
        listed=True,
        help=("西暦で。4月から翌年3月まで。", "The year in which its April falls; it ends in March."),
    )
    rank_group = choice(
        ("ランクの区分", "Ranks"), INTERNAL, "basic", "rank_group", required=True, listed=True, filtered=True
    )
    records_04, records_05, records_06 = _records(4), _records(5), _records(6)
    records_07, records_08, records_09 = _records(7), _records(8), _records(9)
    records_10, records_11, records_12 = _records(10), _records(11), _records(12)
    records_01, records_02, records_03 = _records(1), _records(2), _records(3)
    pieces_04, pieces_05, pieces_06 = _pieces(4), _pieces(5), _pieces(6)
    pieces_07, pieces_08, pieces_09 = _pieces(7), _pieces(8), _pieces(9)
    pieces_10, pieces_11, pieces_12 = _pieces(10), _pieces(11), _pieces(12)
    pieces_01, pieces_02, pieces_03 = _pieces(1), _pieces(2), _pieces(3)
    notes = long_text(("備考", "Notes"), INTERNAL, "basic")


PLAN = Noun(
    name="plan",
    label=("入力計画", "Input plans"),
    singular="input plan",
    place=120,
    document=Plan,
    number="plan_number",
    naming=("plan_number",),
    numbered_by=("fiscal_year", "rank_group"),
    sections=(
        Section("basic", ("基本", "Basic")),
        Section("records", ("月ごとの目標(件)", "Target of each month (records)")),
        Section("pieces", ("月ごとの目標(点)", "Target of each month (pieces)")),
        SYSTEM,
    ),
    fields=read_fields("plan", Plan),
)
