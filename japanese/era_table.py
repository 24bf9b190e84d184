"""The eras (元号) from 大化 to 令和, both courts of 1331-1392 among them, and years told by them.

First years of the eras before Meiji agree with every reference table (243 were compared one by one with a published
one); days of 大正, 昭和, 平成 and 令和 are those of their proclamations. An era before 明治6 counts lunisolar years: 天保3年 is told as 1832,
although its last weeks fall in February 1833. The old era keeps its last year in full (天保15年 and 弘化元年 are both
1844), and 明治45年7月30日 and 大正15年12月25日 were written as such on the day, so both eras hold those two days.
"""

from __future__ import annotations

from dataclasses import dataclass

from japanese.period import OPEN_END, day_number, year_end, year_of
from japanese.variants import fold_variants

LUNAR_UNTIL = 1872

# Name and first year; the last year is the first of the next, unless it is said.
_COMMON = """
大化645 白雉650-654 朱鳥686-686 大宝701 慶雲704 和銅708 霊亀715 養老717 神亀724 天平729-749 天平感宝749 天平勝宝749 天平宝字757
天平神護765 神護景雲767 宝亀770 天応781 延暦782 大同806 弘仁810 天長824 承和834 嘉祥848 仁寿851 斉衡854 天安857 貞観859
元慶877 仁和885 寛平889 昌泰898 延喜901 延長923 承平931 天慶938 天暦947 天徳957 応和961 康保964 安和968 天禄970 天延973
貞元976 天元978 永観983 寛和985 永延987 永祚989 正暦990 長徳995 長保999 寛弘1004 長和1012 寛仁1017 治安1021 万寿1024
長元1028 長暦1037 長久1040 寛徳1044 永承1046 天喜1053 康平1058 治暦1065 延久1069 承保1074 承暦1077 永保1081 応徳1084
寛治1087 嘉保1094 永長1096 承徳1097 康和1099 長治1104 嘉承1106 天仁1108 天永1110 永久1113 元永1118 保安1120 天治1124
大治1126 天承1131 長承1132 保延1135 永治1141 康治1142 天養1144 久安1145 仁平1151 久寿1154 保元1156 平治1159 永暦1160
応保1161 長寛1163 永万1165 仁安1166 嘉応1169 承安1171 安元1175 治承1177 養和1181 寿永1182 元暦1184 文治1185 建久1190
正治1199 建仁1201 元久1204 建永1206 承元1207 建暦1211 建保1213 承久1219 貞応1222 元仁1224 嘉禄1225 安貞1227 寛喜1229
貞永1232 天福1233 文暦1234 嘉禎1235 暦仁1238 延応1239 仁治1240 寛元1243 宝治1247 建長1249 康元1256 正嘉1257 正元1259
文応1260 弘長1261 文永1264 建治1275 弘安1278 正応1288 永仁1293 正安1299 乾元1302 嘉元1303 徳治1306 延慶1308 応長1311
正和1312 文保1317 元応1319 元亨1321 正中1324 嘉暦1326 元徳1329-1332 元弘1331-1334 正慶1332-1333 建武1334-1338
明徳1390 応永1394 正長1428 永享1429 嘉吉1441 文安1444 宝徳1449 享徳1452 康正1455 長禄1457 寛正1460 文正1466 応仁1467
文明1469 長享1487 延徳1489 明応1492 文亀1501 永正1504 大永1521 享禄1528 天文1532 弘治1555 永禄1558 元亀1570 天正1573
文禄1592 慶長1596 元和1615 寛永1624 正保1644 慶安1648 承応1652 明暦1655 万治1658 寛文1661 延宝1673 天和1681 貞享1684
元禄1688 宝永1704 正徳1711 享保1716 元文1736 寛保1741 延享1744 寛延1748 宝暦1751 明和1764 安永1772 天明1781 寛政1789
享和1801 文化1804 文政1818 天保1830 弘化1844 嘉永1848 安政1854 万延1860 文久1861 元治1864 慶応1865-1868
"""
_SOUTH = "延元1336 興国1340 正平1346 建徳1370 文中1372 天授1375 弘和1381 元中1384-1392"
_NORTH = """暦応1338 康永1342 貞和1345 観応1350 文和1352 延文1356 康安1361 貞治1362 応安1368 永和1375 康暦1379
永徳1381 至徳1384 嘉慶1387 康応1389-1390"""


@dataclass(frozen=True)
class Era:
    """An era: name, first and last day (day numbers; whole years before Meiji), letter and romaji if modern."""

    name: str
    earliest: int
    latest: int
    letter: str = ""
    romaji: str = ""

    @property
    def first_year(self) -> int:
        return year_of(self.earliest)

    @property
    def modern(self) -> bool:
        return self.letter != ""

    def year(self, number: int) -> int:
        """The year (CE) of the era's `number`-th year; beyond its end too."""
        return self.first_year + number - 1


MODERN = (
    Era("明治", day_number(1868), day_number(1912, 7, 30), "M", "Meiji"),
    Era("大正", day_number(1912, 7, 30), day_number(1926, 12, 25), "T", "Taisho"),
    Era("昭和", day_number(1926, 12, 25), day_number(1989, 1, 7), "S", "Showa"),
    Era("平成", day_number(1989, 1, 8), day_number(2019, 4, 30), "H", "Heisei"),
    Era("令和", day_number(2019, 5, 1), OPEN_END, "R", "Reiwa"),
)


def _read(table: str) -> list[Era]:
    rows = [(word.rstrip("0123456789-"), word.lstrip(word.rstrip("0123456789-"))) for word in table.split()]
    firsts = [int(years.split("-")[0]) for _, years in rows]
    eras = []
    for at, (name, years) in enumerate(rows):
        last = int(years.split("-")[1]) if "-" in years else firsts[at + 1]
        eras.append(Era(fold_variants(name), day_number(firsts[at]), year_end(last)))
    return eras


ERAS: tuple[Era, ...] = (*_read(_COMMON), *_read(_SOUTH), *_read(_NORTH), *MODERN)
BY_NAME = {era.name: era for era in ERAS}
BY_LETTER = {era.letter: era for era in MODERN} | {era.name[0]: era for era in MODERN}
BY_ROMAJI = {era.romaji.lower(): era for era in MODERN}


def to_era(year: int, month: int | None = None, day: int | None = None) -> str:
    """A year, month or day of the Gregorian calendar as its era tells it: 1897 -> 明治30年.

    A year of change without a day that decides it gives both (1912 -> 明治45年/大正元年), and so do the two courts
    (1340 -> both). Before 1873 only the year is told, its months being lunar. "" where there was no era.
    """
    if year <= LUNAR_UNTIL or month is None:
        first, last = day_number(year), year_end(year)
    else:
        first = day_number(year, month, day or 1)
        last = day_number(year, month, day or 31)
    held = [era for era in ERAS if era.earliest <= last and first <= era.latest]
    if day is not None and year > LUNAR_UNTIL:
        held = held[-1:]
    tail = "" if month is None or year <= LUNAR_UNTIL else f"{month}月" + (f"{day}日" if day else "")
    return "/".join(f"{era.name}{_ordinal(year - era.first_year + 1)}年{tail}" for era in held)


def _ordinal(number: int) -> str:
    return "元" if number == 1 else str(number)
