"""Every kind of row that an import keeps out, each as a small file with a good row before and after it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from accounts.console import console
from gate.writing.writing import create
from imports.run.outcomes import HELD, MERGED, REFUSED
from models.registry import NOUNS
from tests.imports.doing import made
from tests.imports.legacy import BAD_BYTES, HEADER, KINDS, MAPPING, Kind, ledger_row

FAULT = 3
"""The row at fault: the header is row 1."""
PLAIN = "noun = 'item'\n[fields]\naccession_number = 'no'\ntitle = 'title'\nlocation = 'place'\n"
SIZED = PLAIN + "dimensions = { sizes = 'size' }\n"
COUNTED = PLAIN + "object_count = 'count'\n"
WRITTEN = PLAIN + "period = { text = 'said', earliest = 'from', latest = 'to' }\n"
MEASURED = PLAIN + "dimensions = [{ column = 'height', dimension = 'height', unit = 'cm' }]\n"
MERGING = PLAIN.replace("[fields]", "[options]\nrepeated = 'merge'\n[fields]")
RETURNED = (
    "noun = 'item'\n[options]\nreturned = true\nrevision = '版'\nhouse = '館'\n"
    "[fields]\naccession_number = 'no'\ntitle = 'title'\n"
    "dimensions = 'size'\nnotes = 'notes'\nacquisition_source = 'donor'\n"
)
GIVEN = (
    "noun = 'item'\n[fields]\naccession_number = 'no'\ntitle = 'title'\n"
    "acquisition_source = { donor = { number = 'D', name = 'name' }, create = false }\n"
)
Document = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One file, and what is to become of its row FAULT."""

    name: str
    raw: str
    mapping: str = PLAIN
    told: Mapping[str, Any] = field(default_factory=dict)
    """What is said of the import beside its file: its mode."""
    before: Callable[[], object] = lambda: None
    """What stands in the store when it begins."""
    fate: int = REFUSED
    bad_bytes: bool = False

    def bytes(self) -> bytes:
        """The file."""
        if not self.bad_bytes:
            return self.raw.encode("utf-8-sig")
        return self.raw.encode("cp932").replace(BAD_BYTES.encode("cp932"), b"\x81\xff")


def _planted(kind: Kind) -> Case:
    dice = Random(1)
    rows = [ledger_row(dice, at, 1) for at in range(3)]
    kind.plant(rows[1], rows[0])
    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEADER, *rows])
    return Case(kind.name, out.getvalue(), MAPPING, before=_donor, bad_bytes=True)


def _donor(name: str = "夏目 鏡子", number: str = "D000001") -> str:
    return create(console("soseki"), NOUNS["donor"], "soseki", {"donor_number": number, "name": name})


def _twins() -> None:
    _donor("苗字 太郎", "D1")
    _donor("苗字 太郎", "D2")


def _three(**values: Any) -> None:
    for number in ("1", "2", "3"):
        made(accession_number=number, **values)


def _file(row: str, header: str = "no,title,place", good: str = "{},壺,棚") -> str:
    return "\n".join([header, good.format(1), row, good.format(3)]) + "\n"


def _back(**changed: str) -> str:
    cells = {"no": "2", "title": "壺", "size": "", "notes": "", "donor": "", "版": "1", "館": "", **changed}
    header = ",".join(cells)
    return _file(",".join(cells.values()), header, "{},壺,,,,1,")


UPDATING = {"mode": "update"}
CASES = (
    *(_planted(kind) for kind in KINDS if kind.fatal),
    Case("a row too short", _file("2,皿")),
    Case("a row too long", _file("2,皿,棚,余り")),
    Case("a row of its number alone", _file("2")),
    Case("words behind a quoted cell", _file('2,"甲" 壺,棚')),
    Case("words behind a quoted cell of a row too short", _file('2,"甲" 壺')),
    Case("a short row where sizes are read", _file("2,皿", "no,title,place,size", "{},壺,棚,5cm"), SIZED),
    Case("a short row where bounds are read", _file("2", "no,title,place,said,from,to", "{},壺,棚,明治,1868,1912"), WRITTEN),
    Case("a short row where numbers are read", _file("2,皿", "no,title,place,height", "{},壺,棚,5"), MEASURED),
    Case("a short row of our own export", _file("2,壺", "no,title,size,notes,donor,版,館", "{},壺,,,,1,"), RETURNED, UPDATING, _three),
    Case("a short row of a known donor", _file("2", "no,title,D,name", "{},壺,D000001,"), GIVEN, before=_donor),
    Case("a number below the least", _file("2,皿,棚,-1", "no,title,place,count", "{},壺,棚,1"), COUNTED),
    Case("bounds the wrong way round", _file("2,皿,棚,明治,1912,1868", "no,title,place,said,from,to", "{},壺,棚,明治,1868,1912"), WRITTEN),
    Case("a number that is taken", _file("2,皿,棚"), before=lambda: made(accession_number="2")),
    Case("a number that is not there", _file("9,皿,棚", good="{},壺,棚"), told=UPDATING, before=_three),
    Case("a required field emptied", _file("2,,棚"), told=UPDATING | {"blank_erases": True}, before=_three),
    Case("the same again", _file("1,壺,棚"), MERGING, fate=MERGED),
    Case("the number again, saying something else", _file("1,皿,棚"), MERGING),
    Case("a donor who is not there", _file("2,皿,D9,", "no,title,D,name", "{},壺,,"), GIVEN),
    Case("a donor who is not to be made", _file("2,皿,,苗字 花子", "no,title,D,name", "{},壺,,"), GIVEN),
    Case("a donor who could be two", _file("2,皿,,苗字 太郎", "no,title,D,name", "{},壺,,"), GIVEN, before=_twins, fate=HELD),
    Case("a record edited since it was written out", _back(title="甕", 版="9"), RETURNED, UPDATING, _three, HELD),
    Case("another institution's record", _back(title="甕", 館="shinjuku"), RETURNED, UPDATING, _three),
    Case("a part that is none", _back(size="両手ほど"), RETURNED, UPDATING, _three),
    Case("a reference that is not there", _back(donor="D9"), RETURNED, UPDATING, _three),
    Case("a cell that was cut", _back(notes="長" * 32_767), RETURNED, UPDATING, _three),
)  # fmt: skip
