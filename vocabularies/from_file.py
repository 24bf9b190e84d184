"""Terms from a file: each row is looked at first, and what would come of it is told before anything is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from gate.refusals import Conflict, Invalid
from japanese.keys import search_key
from models.data_classes import Words
from models.vocabularies import VOCABULARIES
from policies.actor import Actor
from vocabularies.editing import Listed, add_term, listed, rename_term

AT_MOST = 500
"""Rows of one file."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "label": ("語(日本語)", "日本語", "語", "名称", "term", "term (japanese)", "japanese", "label", "ja"),
    "label_en": ("語(英語)", "英語", "term (english)", "english", "label_en", "en"),
    "code": ("コード", "code"),
}
"""What is read of a row → the headings that it may stand under."""
NEW, KNOWN, RENAMED, WRONG = "new", "known", "renamed", "wrong"


@dataclass(frozen=True)
class Line:
    """One row of the file, and what comes of it."""

    number: int
    label: str
    label_en: str
    code: str
    becomes: str = WRONG
    why: Words = ("", "")
    id: str = ""
    revision: int = 0


def columns_in(header: Iterable[str]) -> dict[str, str]:
    """What is read → the column of the file that holds it; one that the file lacks is left out."""
    by_key = {search_key(each): each for each in header}
    found = {
        name: next((by_key[search_key(each)] for each in known if search_key(each) in by_key), "")
        for name, known in COLUMNS.items()
    }
    return {name: column for name, column in found.items() if column}


def looked_at(actor: Actor, vocabulary: str, institution: str, lines: Iterable[Line]) -> list[Line]:
    """Each row with what would come of it: a new term, a known one, a known one renamed, or nothing and why.

    Raises:
        NotFound, Refused: as vocabularies.editing.permit.
    """
    there = listed(actor, vocabulary, institution)
    coded = {each.code: each for each in there}
    named = {search_key(name): each for each in there for name in (*each.label, *each.aliases)}
    seen: set[str] = set()
    return [_one(vocabulary, line, coded, named, seen) for line in lines]


def _one(
    vocabulary: str, line: Line, coded: Mapping[str, Listed], named: Mapping[str, Listed], seen: set[str]
) -> Line:
    if not line.label or not line.label_en:
        said = "日本語と英語の両方が要ります。", "It needs both Japanese and English."
        return replace(line, why=said)
    key = line.code or search_key(line.label)
    if key in seen:
        return replace(
            line,
            why=("同じ語がこのファイルの上の行にあります。", "It stands in an earlier row of this file."),
        )
    seen.add(key)
    known = coded.get(line.code) if line.code else named.get(search_key(line.label))
    if known is None and not VOCABULARIES[vocabulary].is_open:
        return replace(
            line, why=("この語彙には語を加えられません。", "No term can be added to this vocabulary.")
        )
    if known is None:
        return replace(line, becomes=NEW)
    called = {*known.label, *known.aliases}
    same = known.label == (line.label, line.label_en) or (not line.code and line.label in called)
    return replace(line, becomes=KNOWN if same else RENAMED, id=known.id, revision=known.revision)


def store(actor: Actor, vocabulary: str, institution: str, lines: Iterable[Line]) -> Iterator[Line]:
    """Store what was looked at, row by row, each with what came of it. Done again, what is there is known.

    Raises:
        NotFound, Refused: as looked_at.
    """
    for line in looked_at(actor, vocabulary, institution, lines):
        try:
            if line.becomes == NEW:
                add_term(actor, vocabulary, institution, line.label, line.label_en, line.code)
            elif line.becomes == RENAMED:
                rename_term(actor, line.id, line.revision, line.label, line.label_en)
            yield line
        except Invalid as error:
            yield replace(line, becomes=WRONG, why=next(iter(error.errors.values())))
        except Conflict:
            yield replace(line, becomes=WRONG, why=("その間に変更されました。", "It was changed meanwhile."))
