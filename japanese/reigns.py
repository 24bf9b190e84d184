"""Years told by reigns of China and Korea: 光緒22年, 乾隆元年. First and last years as histories print them.

Names that were eras of Japan too (嘉慶, 弘治, 正徳) are Japanese as far as the Japanese era ran (japanese.written_years).
"""

from __future__ import annotations

import re

from japanese.period import Span, day_number, year_end
from japanese.variants import fold_variants

_TABLE = """
洪武1368-1398 建文1399-1402 永楽1403-1424 洪煕1425-1425 宣徳1426-1435 正統1436-1449 景泰1450-1457 天順1457-1464
成化1465-1487 弘治1488-1505 正徳1506-1521 嘉靖1522-1566 隆慶1567-1572 万暦1573-1620 泰昌1620-1620 天啓1621-1627
崇禎1628-1644 順治1644-1661 康煕1662-1722 雍正1723-1735 乾隆1736-1795 嘉慶1796-1820 道光1821-1850 咸豊1851-1861
同治1862-1874 光緒1875-1908 宣統1909-1912 建陽1896-1897 光武1897-1907 隆煕1907-1910
"""
_REIGNS = {
    fold_variants(name): (int(first), int(last))
    for name, first, last in re.findall(r"(\D+?)(\d{4})-(\d{4})\s+", _TABLE.replace("\n", " "))
}
_YEAR = re.compile(rf"(?:大?[清明]|朝鮮|大韓)?({'|'.join(_REIGNS)})(\d{{1,2}}|元)年?")
_SOLAR = frozenset(fold_variants(name) for name in ("建陽", "光武", "隆煕"))
"""Korea counted by the Gregorian calendar from 1896."""


def is_year_of_reign(name: str, count: int) -> bool:
    """Whether a reign of this name had so many years."""
    first, last = _REIGNS.get(name, (0, -1))
    return 1 <= count <= last - first + 1


def read_reign(text: str) -> Span | None:
    """A year of a reign; its months are of another calendar and are not read."""
    found = _YEAR.fullmatch(text)
    if found is None:
        return None
    count = 1 if found[2] == "元" else int(found[2])
    if not is_year_of_reign(found[1], count):
        return None
    year = _REIGNS[found[1]][0] + count - 1
    return Span(
        day_number(year), year_end(year), "year", calendar="gregorian" if found[1] in _SOLAR else "lunar"
    )
