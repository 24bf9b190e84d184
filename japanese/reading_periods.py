"""A written date understood: one date, or dates joined and hedged by the words that people use."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from japanese.day_orders import ORDERS, decided, evidence, in_order
from japanese.joining import calendar_of, joined, narrowed
from japanese.period import DAY_OR_MONTH, OPEN_END, OPEN_START, Span, Unit, worst
from japanese.period_text import EVENTS, pieces_outside_brackets, split_outside_brackets
from japanese.reigns import read_reign
from japanese.shared_words import shared_ways
from japanese.written_ages import read_age
from japanese.written_cycles import read_cycle, read_eight_figures, read_two_figures
from japanese.written_english import read_english
from japanese.written_years import read_before_present, read_century, read_dated, read_era


def _about(span: Span) -> Span:
    return span.about()


def _uncertain(span: Span) -> Span:
    return span.uncertain()


def _until(span: Span) -> Span:
    return replace(span, earliest=OPEN_START)


def _since(span: Span) -> Span:
    return replace(span, latest=OPEN_END)


def _as_it_is(span: Span) -> Span:
    return span


Hedge = Callable[[Span], Span]
_MADE = (
    "製作|制作|製造|作製|作成|造立|築造|建立|建築|竣工|刊行|出版|発行|発売|撮影|印刷|版行|開板|購入|書写|消印|初版|再版|"
    "重版|改版|再刊|重刊|増刷|翻刻|鋳造|改築|再建|修復|修理|創業|開業|受入|寄贈|寄託|受贈|収集|蒐集|採集|採取|発掘|出土|発見|"
    "入手|取得|移管|登録|奉納|献納|展示|出品|刊|作|製|銘|筆|写|刷|摺|版|書|画"
)
_SUFFIXES: tuple[tuple[re.Pattern[str], Hedge], ...] = (
    (re.compile(r"\((?:推定|伝|伝承|\?|か)\)$|(?:\?|か|カ|推定|伝|らしい)$"), _uncertain),
    (re.compile(r"(?:頃|ころ|ごろ|前後|あたり|辺り)$"), _about),
    (re.compile(r"(?:以前|より前|まで|迄)$|\s+(?:or earlier|or before)$"), _until),
    (
        re.compile(r"(?:以降|以後|以来|より後|から|~)$|\s+(?:or later|or after)$|\s*-\s*present$|~現在$"),
        _since,
    ),
    (re.compile(rf"(?:に|の)?(?:{_MADE})$|年間$|\s+(?:{EVENTS})$"), _as_it_is),
)
_PREFIXES: tuple[tuple[re.Pattern[str], Hedge], ...] = (
    (
        re.compile(
            r"^(?:約|およそ|凡そ|おおよそ|概ね|ほぼ|circa|ca\.?|c\.?(?=\s*\d)|c\.|about|around|approximately)\s*"
        ),
        _about,
    ),
    (
        re.compile(r"^(?:推定|伝承|伝|恐らく|おそらく|多分|\?|probably|possibly|perhaps|likely)[\s:・]*"),
        _uncertain,
    ),
    (re.compile(r"^(?:~|before\s+|by\s+|until\s+|prior to\s+|no(?:t)? later than\s+)"), _until),
    (re.compile(r"^(?:after\s+|since\s+|no(?:t)? earlier than\s+)"), _since),
    (re.compile(rf"^(?:(?:{EVENTS})\s*:?\s+(?:in\s+)?|(?:{_MADE})(?:年代?)?:|in\s+|the\s+)"), _as_it_is),
)
_JOINED = re.compile(r"[,、;・]|\bor\b|\band\b|または|又は|もしくは|及び|および|と|(?<=[\d年期代紀])/")
_OR = re.compile(r"\bor\b|または|又は|もしくは")
_RANGES = (
    re.compile("~"),
    re.compile("から|より"),
    re.compile(r"\s+to\s+|-\s*to\s+"),
    re.compile(r"\s*-\s*"),
)
_LOST_WAVE = re.compile(r"(?<=期)\?(?=.期)")
_LATER = re.compile(rf"(?:{EVENTS})\s+(?:later|posthumously)|this drawing no date")
_HEDGED = re.compile(r"\bca?\.|頃|ころ|ごろ")


# Every way to cut a text is tried, so a text of many cuts would take long; nobody dates by more than these.
_SEPARATORS = re.compile(r"[-~・、,;/]")
_MAX_SEPARATORS = 20


def understood(text: str) -> Span | None:
    """The interval that a plain text (japanese.period_text) means, or None. Never raises."""
    if len(_SEPARATORS.findall(text)) > _MAX_SEPARATORS:
        return None
    days = evidence([text])
    if not days["either"]:
        return understand(text)
    if order := decided(days):
        return understand(in_order(text, order))
    return _in_either_order([understand(in_order(text, order)) for order in ORDERS])


def _in_either_order(ways: list[Span | None]) -> Span | None:
    """The union of what 03/04/2005 means day first and month first; 10/11/1945 - 12/09/1945 has only one meaning."""
    read = [span for span in ways if span is not None]
    if len(read) < 2:
        return read[0] if read else None
    first, second = read
    return replace(
        first,
        earliest=min(first.earliest, second.earliest),
        latest=max(first.latest, second.latest),
        notes=tuple(dict.fromkeys(first.notes + second.notes)),
    ).uncertain(DAY_OR_MONTH)


@lru_cache(maxsize=8_192)
def understand(text: str) -> Span | None:
    """As `understood`, for the parts of a text that is short enough."""
    for read in (_one_date, _suffixed, _prefixed, _bracketed, _ranged, _listed):
        if text and (span := read(text)) is not None:
            return span
    return None


_READERS = (
    read_dated,
    read_era,
    read_century,
    read_before_present,
    read_age,
    read_english,
    read_cycle,
    read_reign,
    read_eight_figures,
    read_two_figures,
)


def _one_date(text: str) -> Span | None:
    return next((span for read in _READERS if (span := read(text)) is not None), None)


def _suffixed(text: str) -> Span | None:
    return _hedged(text, _SUFFIXES)


def _prefixed(text: str) -> Span | None:
    return _hedged(text, _PREFIXES)


def _hedged(text: str, hedges: tuple[tuple[re.Pattern[str], Hedge], ...]) -> Span | None:
    for pattern, hedge in hedges:
        rest = pattern.sub("", text, count=1).strip()
        if rest == text or _belongs_to_one_of_several(rest, hedge):
            continue
        if (span := understand(rest)) is not None:
            return hedge(span)
    return None


def _belongs_to_one_of_several(rest: str, hedge: Hedge) -> bool:
    """Whether the word hedges only the nearest of several dates: the first c. of "c. 1942, printed c. 2000"."""
    if len(pieces_outside_brackets(rest, _JOINED)) > 1 and _one_date(rest) is None:
        return True
    if hedge is _until and re.search("から|より|~", rest):
        return True
    return hedge is _about and _HEDGED.search(rest) is not None


def _bracketed(text: str) -> Span | None:
    """江戸時代(19世紀), 1897年(明治30), 縄文時代(早期~後期), 昭和5年(複製): the bracket narrows, or is noted as unread."""
    if not text.endswith(")"):
        return None
    at = text.rfind("(")
    outside, inside = text[:at].strip(), text[at + 1 : -1].strip()
    if at < 0 or not outside:
        return understand(inside) if at == 0 else None
    if (span := _one_date(outside + inside) or _bracket_of_parts(outside, inside)) is not None:
        return span
    span = understand(outside)
    if span is None:
        return None
    narrower = understand(inside)
    if narrower is None:
        return span.noted(
            (f"（{inside}）は年代として読んでいません。", f"({inside}) was not read as a date.")
        )
    return narrowed(span, narrower)


def _bracket_of_parts(outside: str, inside: str) -> Span | None:
    parts = re.split(r"[~・、,\-]", _LOST_WAVE.sub("~", inside))
    if len(parts) < 2 or any(_one_date(outside + part) is None for part in parts):
        return None
    return _ranged(outside + inside) or _listed(outside + inside)


def _ranged(text: str) -> Span | None:
    mended = _LOST_WAVE.sub("~", text)
    for pattern in _RANGES:
        for left, right in split_outside_brackets(mended, pattern):
            span = _range(left, right)
            if span is not None and mended != text:
                return span.noted(
                    ("「?」は「〜」が失われたものとして読みました。", "'?' was read as a lost '〜'.")
                )
            if span is not None:
                return span
    return None


def _range(left: str, right: str) -> Span | None:
    left = re.sub(r"^(?:from|between)\s+", "", left)
    right = re.sub("(?:まで|迄)$", "", right)
    if not left or not right:
        return None
    for one, other in shared_ways(left, right):
        first, last = understand(one), understand(other)
        if first is None or last is None or first.earliest > last.latest or first.earliest > last.earliest:
            continue
        return Span(
            first.earliest,
            last.latest,
            _coarser(first, last),
            worst(first.certainty, last.certainty),
            calendar_of(first, last),
            tuple(dict.fromkeys(first.notes + last.notes)),
        )
    return None


_UNITS: tuple[Unit, ...] = ("day", "month", "year", "decade", "wide")


def _coarser(first: Span, last: Span) -> Unit:
    return _UNITS[max(_UNITS.index(first.unit), _UNITS.index(last.unit))]


def _listed(text: str) -> Span | None:
    """Several dates: the narrower when one holds the other (江戸時代、19世紀), or else from the first to the last."""
    pieces = pieces_outside_brackets(text, _JOINED)
    dated = [piece for piece in pieces if not _LATER.fullmatch(piece)]
    if len(pieces) < 2 or not dated:
        return None
    spans = _understood(dated)
    if spans is None:
        return None
    whole = spans[0]
    for span in spans[1:]:
        whole = joined(whole, span, narrowing="(" in text)
    if len(dated) < len(pieces):
        return whole.noted(
            ("後年の刷りなどの日付は読んでいません。", "A later printing without a date was left out.")
        )
    return whole.uncertain() if _OR.search(text) else whole


def _understood(pieces: list[str]) -> list[Span] | None:
    spans = []
    for at, piece in enumerate(pieces):
        ways = [piece]
        if at > 0:
            ways = [other for _, other in shared_ways(pieces[0], piece)]
        elif len(pieces) > 1:
            ways = [one for one, _ in shared_ways(piece, pieces[-1])]
        span = next((span for way in ways if (span := understand(way)) is not None), None)
        if span is None:
            return None
        spans.append(span)
    return spans
