"""A museum's old ledger as Access wrote it, invented: cp932, two-line cells, era dates, and planted faults of twenty kinds.

`python -m tests.imports.legacy FILE` writes one of 20,000 rows with 300 faults to look at.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

HEADER = (
    "資料番号",
    "資料名",
    "よみ",
    "点数",
    "分類",
    "年代",
    "作者",
    "法量",
    "受入日",
    "寄贈者番号",
    "収蔵場所",
    "備考",
)
MAPPING = """
noun = "item"
[constants]
input_status = "awaiting_check"
[fields]
accession_number = "資料番号"
title = "資料名"
title_reading = "よみ"
object_count = "点数"
object_type = { column = "分類", terms = "type", unknown = "refuse" }
period = "年代"
maker = "作者"
dimensions = { sizes = "法量", unit = "cm" }
acquisition_date = { day = "受入日" }
acquisition_source = { donor = { number = "寄贈者番号" } }
location = "収蔵場所"
notes = "備考"
[terms.type]
"民具" = "folk"
"古文書" = "document"
"浮世絵" = "print"
"""
BAD_BYTES = "<壊れた字>"
Row = list[str]


def _put(column: str, text: str) -> Callable[[Row, Row], None]:
    at = HEADER.index(column)

    def plant(row: Row, _first: Row) -> None:
        row[at] = text

    return plant


def _repeat(row: Row, first: Row) -> None:
    row[0] = first[0]


def _widen(row: Row, _first: Row) -> None:
    row.append("余分")


@dataclass(frozen=True)
class Kind:
    """One kind of fault: how it is planted, the column it is to be told of, words of the reason, whether it keeps out."""

    name: str
    plant: Callable[[Row, Row], None]
    column: str
    said: str
    fatal: bool = True


KINDS = (
    Kind("no number", _put("資料番号", " "), "資料番号", "入力してください"),
    Kind("number twice", _repeat, "資料番号", "行目にもあります"),
    Kind("number bent to a day", _put("資料番号", "1月2日"), "資料番号", "変えた番号"),
    Kind("number bent to an exponent", _put("資料番号", "1.2E+05"), "資料番号", "変えた番号"),
    Kind("no title", _put("資料名", "　"), "資料名", "入力してください"),
    Kind("title too long", _put("資料名", "長" * 501), "資料名", "500字まで"),
    Kind("reading not in kana", _put("よみ", "hibachi火鉢"), "よみ", "かなで"),
    Kind("count is no number", _put("点数", "三つほど"), "点数", "整数"),
    Kind("count below one", _put("点数", "0"), "点数", "1以上"),
    Kind("unknown word", _put("分類", "怪しいもの"), "分類", "語彙にもない"),
    Kind("size unreadable", _put("法量", "両手ほど"), "法量", "寸法として", fatal=False),
    Kind("day that is none", _put("受入日", "昭和50年13月45日"), "受入日", "日付として"),
    Kind("no such donor", _put("寄贈者番号", "D999999"), "寄贈者番号", "この番号の寄贈者"),
    Kind("a column too many", _widen, "", "列の数"),
    Kind("bytes that are no character", _put("作者", f"山{BAD_BYTES}"), "作者", "読み取れません"),
    Kind("gaiji", _put("作者", "森〓外"), "作者", "外字", fatal=False),
    Kind("private use", _put("収蔵場所", "\ue000棚"), "収蔵場所", "外字", fatal=False),
    Kind("lost to a question mark", _put("備考", "陶器 ?器 土器"), "備考", "「?」に化けた", fatal=False),
    Kind("telephone in the notes", _put("備考", "連絡は03-3205-0209へ"), "備考", "電話番号", fatal=False),
    Kind("what must not be collected", _put("備考", "前所有者は前科あり"), "備考", "犯罪", fatal=False),
)
_NAMES = (
    ("火鉢", "ひばち", "民具"),
    ("内藤新宿絵図", "ないとうしんじゅくえず", "浮世絵"),
    ("地券", "ちけん", "古文書"),
)
_PERIODS = ("明治30年頃", "江戸時代後期", "大正5年", "昭和十年代", "寛永年間", "不明", "", "c. 1870-1880")


@dataclass
class Ledger:
    """The file's bytes and what is planted in it."""

    raw: bytes = b""
    planted: dict[int, Kind] = field(default_factory=dict)
    """Row as a spreadsheet counts → the fault."""


def ledger(rows: int, each: int, seed: int = 1) -> Ledger:
    """A ledger of so many rows with `each` faults of every kind, at places thrown by the seed's dice."""
    dice = Random(seed)
    made = [ledger_row(dice, at, seed) for at in range(rows)]
    places = dice.sample(range(1, rows), each * len(KINDS))
    found = Ledger()
    for n, place in enumerate(places):
        kind = KINDS[n % len(KINDS)]
        kind.plant(made[place], made[0])
        found.planted[place + 2] = kind
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(made)
    found.raw = out.getvalue().encode("cp932").replace(BAD_BYTES.encode("cp932"), b"\x81\xff")
    return found


def ledger_row(dice: Random, at: int, seed: int) -> Row:
    """A row with nothing wrong in it."""
    name, reading, kind = dice.choice(_NAMES)
    year = dice.randint(2, 63)
    return [
        f"旧{seed}-{at + 1:06d}", f"{name} {at % 97}", reading, str(dice.randint(1, 9)), kind, dice.choice(_PERIODS), "三代 豊国",
        dice.choice(("12.5×30cm", "縦5.2cm 横3.1cm", "径12㎝", "10.5", "")), dice.choice((f"昭和{year}年4月1日", "1999/3/31", "")),
        dice.choice(("", "D000001")), f"第{dice.randint(1, 3)}収蔵庫", dice.choice(("", "箱書きあり\n二行目  ", "　一部欠損　")),
    ]  # fmt: skip


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(ledger(20_000, 15).raw)
