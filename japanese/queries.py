"""What a person typed into the search box, and where it stands in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from japanese.keys import joined, places_of, reading_pieces
from japanese.other_forms import Edit, edits_of, question_key, without_prefix

MAX_QUERY = 400
MAX_TERMS = 12

_QUOTES = {'"': '"', "“": "”", "”": "”", "「": "」", "『": "』", "＂": "＂"}
_TERM = re.compile(
    r"(?P<minus>[-－−‐–]?)"
    r"(?:(?P<open>[\"“”「『＂])(?P<phrase>[^\"“”」』＂]*)[\"“”」』＂]?|(?P<word>[^\s\"“”「『＂]+))"
)


@dataclass(frozen=True)
class Query:
    """Keys that must all be in a record, and keys that must not; as typed in `shown` (words, without minus)."""

    included: tuple[str, ...]
    excluded: tuple[str, ...]
    shown: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.included or self.excluded)


def query_terms(text: str) -> Query:
    """A search box read: words are AND, "…" and 「…」 are phrases, a minus before one excludes it.

    A full-width space parts words too. A quotation mark that is never closed runs to the end. Words whose key
    is empty (a lone ・) are left out. At most MAX_QUERY characters and MAX_TERMS words are read.
    """
    included: dict[str, str] = {}
    excluded: dict[str, str] = {}
    for found in list(_TERM.finditer(without_prefix(text[:MAX_QUERY])))[:MAX_TERMS]:
        typed = found["phrase"] if found["open"] else found["word"]
        key = question_key(typed)
        if not key or not key.strip("-"):
            continue
        (excluded if found["minus"] else included).setdefault(key, typed)
    return Query(tuple(included), tuple(excluded), tuple(included.values()))


def highlight(
    text: str, keys: list[str] | tuple[str, ...], *, reading: bool = False
) -> list[tuple[str, bool]]:
    """The text cut into (segment, is a hit), joined giving the text again; hits that touch are one.

    `keys` are search keys, not words as typed. A sign that folds to several letters (㈱) is marked whole.
    `reading`: of a reading, what its looser key holds is a hit too.
    """
    places = [places_of(text), joined(reading_pieces(text))] if reading else [places_of(text)]
    places += [_edited(key, owners, edits) for key, owners in places for edits in edits_of(key)]
    spans: list[tuple[int, int]] = []
    for key in keys:
        for key_text, owners in places:
            at = key_text.find(key) if key else -1
            while at >= 0:
                spans.append((owners[at][0], owners[at + len(key) - 1][1]))
                at = key_text.find(key, at + 1)
    return _cut(text, sorted(spans))


def _edited(key: str, owners: list[tuple[int, int]], edits: list[Edit]) -> tuple[str, list[tuple[int, int]]]:
    """Another form of a key, each of its characters with the part of the text that it came from."""
    said, places, at = "", list[tuple[int, int]](), 0
    for each in edits:
        said += key[at : each.start] + each.said
        places += owners[at : each.start]
        places += [(owners[each.start][0], owners[each.end - 1][1])] * len(each.said)
        at = each.end
    return said + key[at:], places + owners[at:]


def _cut(text: str, spans: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    out: list[tuple[str, bool]] = []
    at = 0
    for start, end in merged:
        out += [(text[at:start], False), (text[start:end], True)]
        at = end
    out.append((text[at:], False))
    return [(segment, hit) for segment, hit in out if segment]


def snippet(
    text: str, keys: list[str] | tuple[str, ...], around: int = 30, *, reading: bool = False
) -> list[tuple[str, bool]]:
    """As `highlight`, but only `around` characters either side of the first hit, … where cut; the start if none."""
    segments = highlight(text, keys, reading=reading)
    if segments and not any(hit for _, hit in segments):
        return [(text[: 2 * around] + ("…" if len(text) > 2 * around else ""), False)]
    first = next((at for at, (_, hit) in enumerate(segments) if hit), 0)
    before = "".join(segment for segment, _ in segments[:first])
    after = "".join(segment for segment, _ in segments[first + 1 :])
    kept = [(f"…{before[-around:]}" if len(before) > around else before, False)]
    hits = segments[first : first + 1]
    tail = segments[first + 1 :]
    if len(after) > around:
        tail = _head(tail, around)
    return [(segment, hit) for segment, hit in [*kept, *hits, *tail] if segment]


def _head(segments: list[tuple[str, bool]], length: int) -> list[tuple[str, bool]]:
    out: list[tuple[str, bool]] = []
    for segment, hit in segments:
        out.append((segment[:length], hit))
        length -= len(segment)
        if length <= 0:
            break
    return [*out, ("…", False)]
