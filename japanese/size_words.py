"""The words of a text of sizes as patterns, and the amount that a text begins with: what japanese.dimensions reads by."""

from __future__ import annotations

import re

from japanese.measures import AMOUNT, DIMENSION, SHAKU, UNITS, plain_amount, shaku_amount
from japanese.readings import to_hiragana, to_katakana

_LATIN = "|".join(sorted((word for word in DIMENSION if word.isascii()), key=len, reverse=True))
_KANA = "|".join(
    sorted(
        {form for word in DIMENSION if not word.isascii() for form in (word, to_katakana(word))},
        key=len,
        reverse=True,
    )
)
_UNIT = "|".join(re.escape(each) for each in sorted(UNITS, key=len, reverse=True))
_STOPS = r"\s0-9:=×、。,;()\[\]/~・+"
_SINGLE = f"(?:{_KANA}|(?:{_LATIN})(?![A-Za-z])\\.?)"
LABEL = re.compile(
    rf"(?:(?P<part>[^{_STOPS}A-Za-z.尺寸約凡]{{0,8}}?)(?P<kana>{_KANA})|(?P<latin>{_LATIN})(?![A-Za-z])\.?)\s*"
    rf"(?:\((?!\s*(?:単位|{_UNIT}|{_LATIN}))(?P<remark>[^()0-9]{{1,12}})\)\s*)?[:=]?\s*"
    rf"(?=$|[0-9(~]|[〇一二三四五六七八九十百]|約|凡|およそ|c\.|ca\.?|approx|[×x・]\s*{_SINGLE}|(?<=\s){_SINGLE}|計測|測定|不明|未|[-—]\s)",
    re.IGNORECASE,
)
BOTH = re.compile(r"縦横|たてよこ|タテヨコ")
UNIT_OF_ALL = re.compile(
    rf"\s*(?:[(\[]\s*(?:単位\s*[:は]?\s*)?(?P<in>{_UNIT})\.?\s*[)\]]|単位\s*[:は]?\s*(?P<out>{_UNIT})(?![A-Za-z]))",
    re.IGNORECASE,
)
LONE_UNIT = re.compile(rf"(?P<unit>{_UNIT})(?![A-Za-z])\.?", re.IGNORECASE)
NUMBER = re.compile(
    rf"(?P<from>{AMOUNT})"
    rf"(?:\s*(?:{_UNIT})?\s*(?:~|-(?=[0-9.]+\s*(?:[×x)、\s]|{_UNIT}|$)))\s*(?P<to>{AMOUNT}))?"
    rf"(?:\s*(?P<unit>{_UNIT})(?![a-wyz])\.?)?(?:\s*(?P<suffix>h|w|d|l|high|wide|deep|diam)(?![A-Za-z]|[.:=]?\s*[0-9])\.?)?",
    re.IGNORECASE,
)
SUFFIXES = {"high": "height", "wide": "width", "deep": "depth"}
AFTER = re.compile(
    r"\s*(?:(?P<least>以上)|(?P<most>以下|以内)|(?P<about>程度?|前後|ほど|内外|弱|強|位|くらい))"
)
ABOUT = re.compile(r"(?:約|およそ|凡そ|凡|(?:approximately|approx|about|circa|ca|c)\b\.?)\s*", re.IGNORECASE)
SEPARATOR = re.compile(r"\s*(?P<by>[×x*✕╳╲]|by\b)\s*|[\s、。;,・+]+", re.IGNORECASE)
NEW_GROUP = re.compile(r"\s*[/\n;]\s*")
ENDS = re.compile(r"$|[\s×x*✕、。;・/()\[\]~]|,(?![0-9])|(?:[hwdl]|diam|dia)\b", re.IGNORECASE)
NAMED = re.compile(rf"(?P<part>[^{_STOPS}][^0-9:×、,;()\[\]/]{{0,40}}?)\s*:\s*")
_PARTS = (
    "本紙|全体|総体|画面|画寸|額縁|額装|額|外寸|内寸|外法|内法|表装|表具|軸装|箱|外箱|内箱|中箱|身|蓋|台座|台紙|台|本体|刀身|鞘|柄|像|袋|帙|料紙|表紙|"
    "包紙|封筒|印面|版面|器|各|左隻|右隻|左|右|上|下|大|小|表|裏|外|内|最大|最小|残存|現存|復元|推定|全|イメージ|シート|マット|フレーム|"
    "image|sheet|support|frame|framed|overall|plate|mount|paper|each|base|mat|board|panel|canvas|lid|box|sight|block|composition"
)
KNOWN_PART = re.compile(
    rf"(?P<part>{_PARTS})(?![A-Za-z])\s*(?=[0-9約(A-Za-z〇一二三四五六七八九十縦横高径長幅厚])", re.IGNORECASE
)
REMARK = re.compile(rf"{_PARTS}|内法|外法|実寸|.*(?:寸法|含む|含|込み|込|除く|除|のみ|部|時)", re.IGNORECASE)
"""What in brackets says which part the sizes before it are of."""
BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
PIECE = re.compile(
    r"\([^()]*\)|(?:(?:[^\s、;/()\[\]]|(?<=[0-9])/(?=[0-9]))+(?:\s*[×x]\s*(?=[0-9]))?)+|.", re.IGNORECASE
)


def dimension_of(found: re.Match[str]) -> str:
    """The dimension that a label of LABEL names."""
    return DIMENSION[to_hiragana(found["kana"] or "") or found["latin"].lower()]


Found = tuple[int, list[tuple[str, str]], str, str]
"""How long it is, (value, accuracy) once or twice, its unit and the dimension that stands behind it, or ""."""


def amount_at(text: str) -> Found | None:
    """The amount that a text begins with."""
    found = SHAKU.match(text)
    if found and found[0].strip() and (amount := shaku_amount(found)):
        return _with_accuracy(text, found.end(), [amount.value], amount.unit, "")
    found = NUMBER.match(text)
    if found is None or not any(each.match(text, found.end()) for each in (ENDS, AFTER, LABEL, KNOWN_PART)):
        return None
    values = [value for each in (found["from"], found["to"]) if each and (value := plain_amount(each))]
    if len(values) != 1 + bool(found["to"]) or (found["to"] and float(values[0]) > float(values[1])):
        return None
    suffix = (found["suffix"] or "").lower()
    dimension = SUFFIXES.get(suffix) or DIMENSION.get(suffix, "")
    return _with_accuracy(
        text, found.end(), values, UNITS[found["unit"].lower()] if found["unit"] else "", dimension
    )


def _with_accuracy(text: str, end: int, values: list[str], unit: str, dimension: str) -> Found:
    after = AFTER.match(text, end)
    said = (after.lastgroup or "") if after else ""
    end = after.end() if after else end
    if len(values) == 2:
        return end, [(values[0], "least"), (values[1], "most")], unit, dimension
    return end, [(values[0], said)], unit, dimension
