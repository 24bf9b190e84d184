"""The reading of a text as an institution's own records have it, and otherwise as the dictionary has it.

Only texts that name nobody are compared with records: what a donor is called is read by the dictionary alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from gate.reading.shown import verdict_on
from gate.store.collections import records_of
from japanese.proposed_readings import Word, join_readings, words_of
from models.data_classes import PERSONAL
from models.declaration import Field, Noun
from policies.actor import Actor
from policies.verdict import may

AT_MOST = 60
"""Runs of words that are looked for at a time, and records that are read."""
_FORGOTTEN = "unconfirmed"


def proposed_reading(actor: Actor, noun: Noun, field: Field, text: str, institution: str) -> str:
    """The reading proposed for the text of a field whose reading `field.declared.fills`; "" where there is none.

    Words of the institution's own records come first, the longest before others; the rest is the dictionary's.
    """
    text = " ".join(text.split())
    words = words_of(text)
    known = _known(actor, noun, field, institution, dict.fromkeys([text, *_runs(words)])) if words else {}
    if text in known:
        return known[text]
    return join_readings(list(_joined(words, known)))


def _runs(words: list[Word]) -> Iterator[str]:
    """Neighbouring words as one text, the longest first; a single sign is no word of anybody's."""
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            text = "".join(each.text for each in words[start : start + length]).strip()
            if len(text) > 1:
                yield text


def _known(
    actor: Actor, noun: Noun, field: Field, institution: str, texts: dict[str, None]
) -> dict[str, str]:
    """Text → its reading, of the institution's records that this actor may search by both; the newest holds."""
    reading = noun.fields[field.declared.fills]
    # Sorted fields have an index of institution and value; a scan of all records is no aid to a typist.
    open_to_all = not {field.data_class, reading.data_class} & PERSONAL and field.declared.sorted
    if not open_to_all or not may(actor, noun.name, "read", institution):
        return {}
    if not all(verdict_on(actor, each, "search", institution).shown for each in (field, reading)):
        return {}
    asked = {"institution": institution, field.name: {"$in": list(texts)[:AT_MOST]}}
    seen = {field.name: 1, reading.name: 1, _FORGOTTEN: 1}
    found: dict[str, str] = {}
    for each in records_of(noun).find(asked, seen).sort("_id", 1).limit(AT_MOST):
        if each.get(reading.name) and reading.name not in (each.get(_FORGOTTEN) or ()):
            found[each[field.name]] = each[reading.name]
    return found


def _joined(words: list[Word], known: dict[str, str]) -> Iterator[Word]:
    """The words with known runs as one word each, from the left, the longest run first."""
    at = 0
    while at < len(words):
        for end in range(len(words), at, -1):
            text = "".join(each.text for each in words[at:end])
            if text in known:
                yield Word(text, known[text])
                at = end
                break
        else:
            yield words[at]
            at += 1
