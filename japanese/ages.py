"""The ages (時代) of Japan, and the dynasties and reigns of China and Korea that museum labels name.

Bounds are conventions, for finding, not findings, and scholars differ. Archaeology: rounded calibrated years (縄文 from
about 16,000 years ago, 弥生 from the 10th century BCE as the 国立歴史民俗博物館 dates it; books before 2000 give 縄文 some
thousands of years, 弥生 some centuries, younger). History: as Japanese schoolbooks. 近世 is 1573-1868.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from japanese.period import OPEN_END, Span, day_number, year_end

Years = tuple[int, int]


@dataclass(frozen=True)
class Age:
    """An age: its names (ja, en, lower case), first and last year (astronomical), and divisions of its own."""

    names: tuple[str, ...]
    years: Years
    divisions: dict[str, Years] = field(default_factory=dict)
    needs_suffix: bool = False

    @property
    def span(self) -> Span:
        return years_span(*self.years)


def years_span(first: int, last: int) -> Span:
    """From the first day of one year to the last of another; 9999 has no end."""
    return Span(day_number(first), OPEN_END if last >= 9999 else year_end(last))


_JOMON = {
    "草創期": (-13_999, -9399),
    "早期": (-9399, -4999),
    "前期": (-4999, -3499),
    "中期": (-3499, -2499),
    "後期": (-2499, -1299),
    "晩期": (-1299, -399),
}
_YAYOI = {
    "早期": (-899, -699),
    "前期": (-699, -349),
    "中期": (-349, 50),
    "後期": (50, 250),
    "終末期": (200, 250),
}
_KOFUN = {"前期": (250, 400), "中期": (400, 500), "後期": (500, 600), "終末期": (600, 710)}

_JAPAN = (
    Age(
        ("旧石器", "先土器", "岩宿", "palaeolithic", "paleolithic", "japanese paleolithic"),
        (-37_999, -13_999),
    ),
    Age(("縄文", "jomon"), (-13_999, -399), _JOMON),
    Age(("弥生", "yayoi"), (-899, 250), _YAYOI),
    Age(("古墳", "kofun"), (250, 710), _KOFUN),
    Age(("飛鳥", "asuka"), (592, 710)),
    Age(("白鳳", "hakuho"), (645, 710)),
    Age(("奈良", "nara"), (710, 794)),
    Age(("平安", "heian"), (794, 1185)),
    Age(("藤原",), (894, 1185), needs_suffix=True),
    Age(("院政期",), (1086, 1185)),
    Age(("鎌倉", "kamakura"), (1185, 1333)),
    Age(("南北朝", "nanbokucho"), (1333, 1392)),
    Age(("室町", "muromachi", "ashikaga"), (1336, 1573)),
    Age(("戦国", "sengoku"), (1467, 1573)),
    Age(("安土桃山", "桃山", "織豊", "azuchi-momoyama", "momoyama"), (1573, 1603)),
    Age(("江戸", "徳川", "edo", "tokugawa"), (1603, 1868)),
    Age(("化政", "文化文政"), (1804, 1830)),
    Age(("幕末", "bakumatsu"), (1853, 1868)),
    Age(("原始",), (-37_999, 592), needs_suffix=True),
    Age(("古代",), (592, 1185)),
    Age(("中世", "medieval"), (1185, 1573)),
    Age(("近世", "early modern"), (1573, 1868)),
    Age(("近代",), (1868, 1945)),
    Age(("近現代",), (1868, 9999)),
    Age(("現代",), (1945, 9999)),
    Age(("戦前", "prewar", "pre-war"), (1868, 1945)),
    Age(("昭和戦前",), (1926, 1945)),
    Age(("戦中", "戦時中", "wartime"), (1937, 1945)),
    Age(("戦後", "昭和戦後", "postwar", "post-war"), (1945, 1989)),
)
_ABROAD = (
    Age(("殷", "商", "shang"), (-1599, -1045), needs_suffix=True),
    Age(("西周", "western zhou"), (-1045, -770)),
    Age(("周", "zhou"), (-1045, -255), needs_suffix=True),
    Age(("春秋",), (-769, -402), needs_suffix=True),
    Age(("漢", "han"), (-205, 220), needs_suffix=True),
    Age(("前漢", "western han"), (-205, 8)),
    Age(("後漢", "eastern han"), (25, 220)),
    Age(("三国", "three kingdoms"), (220, 280)),
    Age(("六朝", "six dynasties"), (222, 589)),
    Age(("隋", "sui"), (581, 618), needs_suffix=True),
    Age(("唐", "tang"), (618, 907), needs_suffix=True),
    Age(("五代", "five dynasties"), (907, 960)),
    Age(("宋", "song"), (960, 1279), needs_suffix=True),
    Age(("北宋", "northern song"), (960, 1127)),
    Age(("南宋", "southern song"), (1127, 1279)),
    Age(("遼", "liao"), (916, 1125), needs_suffix=True),
    Age(("元", "yuan"), (1271, 1368), needs_suffix=True),
    Age(("明", "ming"), (1368, 1644), needs_suffix=True),
    Age(("清", "qing"), (1644, 1912), needs_suffix=True),
    Age(("宣徳", "xuande"), (1426, 1435)),
    Age(("成化", "chenghua"), (1465, 1487)),
    Age(("嘉靖", "jiajing"), (1522, 1566)),
    Age(("万暦", "wanli"), (1573, 1620)),
    Age(("康煕", "kangxi"), (1662, 1722)),
    Age(("雍正", "yongzheng"), (1723, 1735)),
    Age(("乾隆", "qianlong"), (1736, 1795)),
    Age(("jiaqing",), (1796, 1820)),
    Age(("道光", "daoguang"), (1821, 1850)),
    Age(("同治", "tongzhi"), (1862, 1874)),
    Age(("光緒", "guangxu"), (1875, 1908)),
    Age(("高麗", "goryeo"), (918, 1392)),
    Age(("新羅", "silla"), (-56, 935)),
    Age(("朝鮮", "李朝", "joseon"), (1392, 1910), needs_suffix=True),
)
AGES: tuple[Age, ...] = _JAPAN + _ABROAD
BY_AGE_NAME = {name: age for age in AGES for name in age.names}
