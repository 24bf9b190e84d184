"""A ward's list of archaeological sites, invented: the columns and the habits of the published one.

Several periods in brackets, wide spaces between words, and characters that an older system wrote as "?".
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from imports.mapping.mapping import read_mapping
from tests.imports.doing import problems

MAPPING = Path(__file__).resolve().parents[2] / "seeds" / "mappings" / "shinjuku-sites.toml"
COUNT = 151
HEADER = (
    "JASID", "自治体コード", "遺跡番号", "ふりがな", "遺跡名", "所在地", "時代", "種別", "主な遺構/概要", "主な出土品",
    "経度", "緯度",
)  # fmt: skip
_PERIODS = (
    "[縄文時代][弥生時代（後期）]",
    "[縄文時代（早期?後期）][近世]",
    "[奈良時代][平安時代]",
    "[旧石器時代]",
)
UNREAD = (28, 78, 128)
"""The sites whose reading is none: it held a character that was lost."""
_FINDS = ("土器　石器", "磁器 陶器 ?器 土器 瓦", "石器　ナイフ形石器　石核", "")


def sites(encoding: str, count: int = COUNT) -> bytes:
    """The file as a system of that encoding writes it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(HEADER)
    for at in range(1, count + 1):
        writer.writerow((
            1310400000 + at * 100, 13104, str(at), _reading(at), f"川の上No.{at}遺跡", "新宿区 川の上四丁目　 川の上五丁目",
            _PERIODS[at % 4], "包蔵地・集落", "[縄文時代]竪穴住居跡　土坑　[近世]溝状遺構", _FINDS[at % 4], 139.67 + at / 1e4, 35.72,
        ))  # fmt: skip
    return out.getvalue().encode(encoding)


def _reading(at: int) -> str:
    return "かわのうえ??1いせき" if at in UNREAD else ("かわのうえいせき", "")[at % 2]


def lost_and_listed(path: Path, encoding: str, run: str) -> tuple[dict[tuple[int, str], int], ...]:
    """(row, column) → how many characters were lost in the cell: as the file has them, and as the import lists them."""
    read = read_mapping(MAPPING).columns
    with path.open(encoding=encoding, newline="") as file:
        lost = {
            (row, column): cell.count("?")
            for row, cells in enumerate(csv.DictReader(file), 2)
            for column, cell in cells.items()
            if column in read and "?" in cell
        }
    listed = {
        (each.row, each.column): len(each.places) for each in problems(run) if "「?」" in each.reason[0]
    }
    return lost, listed
