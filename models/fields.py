"""The kinds of field a noun can have: each makes a MongoEngine field that carries its declaration.

Every maker takes the label, the data class and the section of the card first; the rest has defaults. What a kind reads,
checks and shows is its class in gate.fields.kinds; what lower rooms ask of a field besides stands here (`is_…`).
"""

from __future__ import annotations

from typing import Any, Unpack

import mongoengine as me
from typing_extensions import TypedDict

from models.data_classes import DataClass, Words
from models.declaration import Declared


class Traits(TypedDict, total=False):
    """What only some kinds of field declare; see Declared."""

    vocabulary: str
    target: str
    of_kind: str
    is_system: bool
    is_picture: bool
    is_reading: bool
    is_written_date: bool
    unsealed_parts: tuple[str, ...]


class Options(TypedDict, total=False):
    """What a declaration may say beyond label, class and section; see Declared."""

    help: Words
    unit: Words
    answers: tuple[Words, Words]
    listed: bool
    searched: bool
    sorted: bool
    filtered: bool
    kept_by_system: bool
    written_in: str
    unsealed: bool
    read_in: str
    not_before: str
    in_past: bool
    completes: str
    given_name: str


def _declare(
    raw: Any,
    kind: str,
    label: Words,
    data_class: DataClass,
    section: str,
    options: Options,
    **traits: Unpack[Traits],
) -> Any:
    raw.declared = Declared(
        kind=kind,
        label=label,
        data_class=data_class,
        section=section,
        **options,
        **traits,
    )
    return raw


def text(
    label: Words,
    data_class: DataClass,
    section: str,
    *,
    kind: str = "text",
    required: bool = False,
    max_length: int = 300,
    default: str | None = None,
    **options: Unpack[Options],
) -> Any:
    """One line of text, at most `max_length` characters."""
    raw = me.StringField(required=required, max_length=max_length, default=default)
    return _declare(raw, kind, label, data_class, section, options)


def number(label: Words, data_class: DataClass, *, max_length: int = 60) -> Any:
    """The number of a record, unique within its institution; the next is proposed when it is left empty."""
    said: Words = (
        "館内で重複できません。空けると次の番号を付けます。",
        "Unique in the institution; left empty, the next one is given.",
    )
    raw = me.StringField(required=True, max_length=max_length)
    options: Options = {"help": said, "listed": True, "searched": True, "sorted": True}
    return _declare(raw, "number", label, data_class, "basic", options)


def long_text(label: Words, data_class: DataClass, section: str, **options: Unpack[Options]) -> Any:
    """Several lines, at most 20,000 characters."""
    return _declare(me.StringField(max_length=20_000), "long_text", label, data_class, section, options)


def reading(label: Words, data_class: DataClass, section: str, **options: Unpack[Options]) -> Any:
    """A reading in kana (よみ)."""
    raw = me.StringField(max_length=300)
    return _declare(raw, "reading", label, data_class, section, options, is_reading=True)


def lines(label: Words, data_class: DataClass, section: str, **options: Unpack[Options]) -> Any:
    """Several short texts, one a line, in their order."""
    raw = me.ListField(me.StringField(max_length=300))
    return _declare(raw, "lines", label, data_class, section, options)


def network_list(label: Words, data_class: DataClass, section: str, **options: Unpack[Options]) -> Any:
    """Networks of IPv4 and IPv6, one a line, in their shortest form (policies.networks)."""
    raw = me.ListField(me.StringField(max_length=60))
    return _declare(raw, "networks", label, data_class, section, options)


def integer(
    label: Words,
    data_class: DataClass,
    section: str,
    *,
    required: bool = False,
    minimum: int | None = None,
    maximum: int | None = None,
    default: int | None = None,
    **options: Unpack[Options],
) -> Any:
    """A whole number within 64 bits, at least `minimum` and at most `maximum`."""
    raw = me.IntField(required=required, min_value=minimum, max_value=maximum or 2**53, default=default)
    raw.maximum = maximum
    return _declare(raw, "integer", label, data_class, section, options)


def boolean(label: Words, data_class: DataClass, section: str, **options: Unpack[Options]) -> Any:
    """Yes or no; no when nothing was said."""
    return _declare(me.BooleanField(default=False), "boolean", label, data_class, section, options)


def date(
    label: Words,
    data_class: DataClass,
    section: str,
    *,
    required: bool = False,
    **options: Unpack[Options],
) -> Any:
    """A day, kept as text `YYYY-MM-DD` (ISO 8601): it sorts rightly and has no time zone to go wrong."""
    raw = me.StringField(required=required, regex=r"^\d{4}-\d{2}-\d{2}$")
    return _declare(raw, "date", label, data_class, section, options)


def moment(label: Words, data_class: DataClass, section: str, **options: Unpack[Options]) -> Any:
    """A point in time, UTC, set by the system."""
    options["kept_by_system"] = True
    return _declare(me.DateTimeField(), "moment", label, data_class, section, options)


def minute(
    label: Words, data_class: DataClass, section: str, *, required: bool = False, **options: Unpack[Options]
) -> Any:
    """A planned time of Japan's clock, kept as text `YYYY-MM-DDTHH:MM`: it sorts rightly, and Japan has no summer time."""
    raw = me.StringField(required=required, regex=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$")
    return _declare(raw, "minute", label, data_class, section, options)


def colleague(
    label: Words,
    data_class: DataClass,
    section: str,
    *,
    required: bool = False,
    of_kind: str = "",
    **options: Unpack[Options],
) -> Any:
    """An account of the same government, by its id. Only its name is shown, to whoever may see the field."""
    raw = me.StringField(required=required, max_length=40)
    return _declare(raw, "colleague", label, data_class, section, options, of_kind=of_kind)


def choice(
    label: Words,
    data_class: DataClass,
    section: str,
    vocabulary: str,
    *,
    required: bool = False,
    default: str | None = None,
    **options: Unpack[Options],
) -> Any:
    """One code of a vocabulary (models.vocabularies)."""
    raw = me.StringField(required=required, max_length=80, default=default)
    return _declare(raw, "choice", label, data_class, section, options, vocabulary=vocabulary)


def reference(
    label: Words,
    data_class: DataClass,
    section: str,
    target: str,
    *,
    required: bool = False,
    **options: Unpack[Options],
) -> Any:
    """Another record, by its id; what is shown of it is the gate's decision on that noun."""
    raw = me.DynamicField(required=required)
    return _declare(raw, "reference", label, data_class, section, options, target=target)


def references(
    label: Words, data_class: DataClass, section: str, target: str, **options: Unpack[Options]
) -> Any:
    """Several other records, by their ids, in their order."""
    raw = me.ListField(me.DynamicField())
    return _declare(raw, "references", label, data_class, section, options, target=target)


def parts(
    label: Words, data_class: DataClass, section: str, part: type[Any], **options: Unpack[Options]
) -> Any:
    """Rows that belong to the record, each with an id of its own, so that edits never pair by position."""
    return _declare(me.EmbeddedDocumentListField(part), "parts", label, data_class, section, options)


def written_date(
    label: Words, data_class: DataClass, section: str, part: type[Any], **options: Unpack[Options]
) -> Any:
    """A date as people write it, with the interval that it means (models.period)."""
    raw = me.EmbeddedDocumentField(part)
    return _declare(raw, "period", label, data_class, section, options, is_written_date=True)


def picture(
    label: Words, data_class: DataClass, section: str, *, required: bool = False, **options: Unpack[Options]
) -> Any:
    """The id of a stored picture (gate.fields.pictures)."""
    raw = me.StringField(required=required, max_length=40)
    return _declare(raw, "image", label, data_class, section, options, is_picture=True)


def proposed_readings() -> Any:
    """The readings that a machine proposed and nobody has confirmed yet, by the names of their fields (law 9)."""
    raw = me.ListField(me.StringField(max_length=60))
    said: Words = ("自動よみ", "Proposed readings")
    return _declare(raw, "field_names", said, DataClass.INTERNAL, "system", {"kept_by_system": True})


def hidden(
    label: Words,
    data_class: DataClass,
    raw: Any,
    *,
    unsealed: bool = False,
    unsealed_parts: tuple[str, ...] = (),
) -> Any:
    """A field that only the system reads and writes, whatever its shape. `unsealed`, `unsealed_parts`: see Declared."""
    options: Options = {"kept_by_system": True, "unsealed": unsealed}
    traits: Traits = {"is_system": True, "unsealed_parts": unsealed_parts}
    return _declare(raw, "system", label, data_class, "system", options, **traits)
