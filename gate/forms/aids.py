"""What a form says of one field while it is typed: how it is understood, and what it would put into other fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gate.fields.size_rows import rows_as_written
from gate.fields.typed_text import Wrong
from gate.fields.validation import clean_field
from gate.forms.known_readings import proposed_reading
from japanese.dimensions import read_sizes
from japanese.postcodes import place_of
from japanese.proposed_readings import split_name
from models.data_classes import Words
from models.declaration import Field, Noun
from models.registry import NOUNS
from policies.actor import Actor

LONGEST = 2_000
"""Characters; of a longer text nothing is said."""


@dataclass
class Aid:
    """What is said of a text, and what it would put into which field."""

    of: Field | None = None
    """The field that `understood` is of: a date, or the rows of sizes that a text tells."""
    understood: Any = None
    """The value as it would be stored."""
    wrong: Words | None = None
    """Why it could not be stored."""
    told: Words | None = None
    fills: dict[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    """Pieces of sizes that are not understood: they stay in the text alone."""


def is_aided(declared: Field) -> bool:
    """Whether something may be said of a field's text."""
    told = declared.is_written_date or declared.declared.fills or declared.declared.given_name
    return bool(told) or _rows_of(declared) is not None


def _rows_of(declared: Field) -> Field | None:
    """The rows that are read from the text of a field."""
    return next((each for each in NOUNS[declared.noun] if each.declared.written_in == declared.name), None)


def explain_typed(actor: Actor, noun: Noun, declared: Field, text: str, institution: str) -> Aid:
    """What is said of the text of an aided field; nothing of an empty or endless one."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        return Aid()
    if declared.is_written_date:
        return _understood(declared, {"text": text})
    if rows := _rows_of(declared):
        found = _understood(rows, rows_as_written(text))
        found.unread = read_sizes(text).unread
        return found
    found = Aid()
    given = declared.declared.given_name
    if given and (names := split_name(text)):
        found.told = ("姓と名に分けました。", "Divided into family and given name.")
        if given != declared.name:
            found.fills = dict(zip((declared.name, given), names, strict=True))
            return found  # each part has a reading of its own
        found.fills[given] = " ".join(names)
    if target := noun.fields.get(declared.declared.fills):
        _complete(found, actor, noun, declared, target, text, institution)
    return found


def _complete(
    found: Aid, actor: Actor, noun: Noun, declared: Field, target: Field, text: str, institution: str
) -> None:
    if target.is_reading:
        if reading := proposed_reading(actor, noun, declared, text, institution):
            found.fills[target.name] = reading
    elif place := place_of(text):
        found.fills[target.name] = place.address
        found.told = (place.reading, place.reading)


def _understood(declared: Field, typed: Any) -> Aid:
    try:
        return Aid(of=declared, understood=clean_field(declared, typed))
    except Wrong as error:
        return Aid(wrong=error.words)
