"""What the project knows about a noun and its fields, declared once, on the MongoEngine document itself.

Screens, filters, search, import, export, API and the tables in docs are derived from these declarations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mongoengine import Document
from mongoengine.base import BaseField

from models.data_classes import DataClass, Words


@dataclass(frozen=True, slots=True)
class Declared:
    """The part of a field's declaration that MongoEngine has no place for."""

    kind: str
    label: Words
    data_class: DataClass
    section: str
    help: Words = ("", "")
    vocabulary: str = ""
    target: str = ""
    unit: Words = ("", "")
    answers: tuple[Words, Words] = (("はい", "Yes"), ("いいえ", "No"))
    """What a boolean shows when it is true, and when it is not."""
    listed: bool = False
    searched: bool = False
    sorted: bool = False
    read_in: str = ""
    """The field that holds its reading: lists are in order of that, where there is one."""
    filtered: bool = False
    not_before: str = ""
    """Of a day: the field of the same data class whose day it must not precede."""
    in_past: bool = False
    """Of a day: it has happened, so that it cannot lie in the future."""
    kept_by_system: bool = False
    written_in: str = ""
    """Of rows of sizes: the field that holds them as they were written. Rows that are not given are read from it."""
    completes: str = ""
    """The field that what is typed here helps to fill beside its reading: a postcode the address."""
    given_name: str = ""
    """Of a person's name: the field that the given name belongs in; the same one where both stand in it, apart by a space."""
    of_kind: str = ""
    """Of a colleague: the one kind of role that the account must have; empty: any but a contractor's."""
    is_system: bool = False
    """Only the system reads and writes it, whatever its shape."""
    is_picture: bool = False
    """It names a stored file."""
    is_reading: bool = False
    """It is written in kana, and found by it."""
    is_written_date: bool = False
    """A date as people write it, with the interval that it means."""
    unsealed: bool = False
    """The ledger does not seal its value (audit.seals.field_seals): it follows from others, or decides nothing."""
    unsealed_parts: tuple[str, ...] = ()
    """Of a field that is sealed: parts that change with use."""

    @property
    def fills(self) -> str:
        """The field that what is typed here helps to fill; "" where there is none."""
        return self.completes or self.read_in


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a noun as every other room sees it."""

    noun: str
    name: str
    declared: Declared
    required: bool
    max_length: int | None
    minimum: int | None
    maximum: int | None
    default: Any
    parts: tuple[Field, ...] = ()
    at: str = ""
    """The institution whose record is asked about (fields_of); "" where it is any within reach."""

    @property
    def kind(self) -> str:
        """The name of its class in gate.fields.kinds: no other room asks for it by that name."""
        return self.declared.kind

    @property
    def is_system(self) -> bool:
        """Whether only the system reads and writes it."""
        return self.declared.is_system

    @property
    def is_picture(self) -> bool:
        """Whether it names a stored file."""
        return self.declared.is_picture

    @property
    def is_reading(self) -> bool:
        """Whether it is written in kana."""
        return self.declared.is_reading

    @property
    def is_written_date(self) -> bool:
        """Whether it is a date as people write it, with its interval."""
        return self.declared.is_written_date

    @property
    def columns(self) -> tuple[Field, ...]:
        """Its parts as a table shows them: the system's own left out."""
        return tuple(each for each in self.parts if not each.declared.is_system)

    def answer(self, value: Any) -> Words:
        """What this boolean shows for a value."""
        return self.declared.answers[0 if value else 1]

    @property
    def label(self) -> Words:
        """The field's name for people: (Japanese, English)."""
        return self.declared.label

    @property
    def data_class(self) -> DataClass:
        """The kind of data it holds."""
        return self.declared.data_class


@dataclass(frozen=True, slots=True)
class Section:
    """A group of fields, as on the paper card."""

    name: str
    label: Words


@dataclass(frozen=True, slots=True)
class Noun:
    """A kind of record: its document, its fields in the order of the card, and how its records are named."""

    name: str
    label: Words
    singular: str
    """One such record in English, as within a sentence: “New work request” (Japanese has no number)."""
    place: int
    """Where it stands among the nouns, the menu's order: in tens, so that another fits in between."""
    document: type[Document]
    number: str
    """The field that identifies a record within its institution (資料番号 …); unique there."""
    naming: tuple[str, ...]
    """The fields whose shown values make a record's label in lists and references."""
    sections: tuple[Section, ...]
    numbering: str = ""
    """Prefix of proposed numbers (採番); an empty prefix still proposes the next number."""
    numbered_by: tuple[str, ...] = ()
    """Fields whose values make the number, where it is no running one: they stay as they were first written."""
    joined: tuple[tuple[str, ...], ...] = ()
    """Searched fields of one data class that people write as one: a surname and a first name, without a space."""
    counted: Words = ("件", "records")
    belongs: str = "institution"
    """The field that names the record's institution."""
    is_institution: bool = False
    """Each record is an institution itself: its id is its number, and it belongs to itself."""
    made_within: str = ""
    """The field that names the institution whose people may make such a record, where it is not the record's own."""
    kept_by_sections: bool = False
    """A section, which supervises institutions, has such records of its own."""
    in_settings: bool = False
    """It is reached by the page of settings, and has no place of its own among the kinds of record."""
    picture: str = ""
    """The field that holds the picture, where a record is a picture."""
    card: tuple[str, ...] = ()
    """The fields of the paper card, in its order: a form begins with them, and the rest is folded. An institution may
    have a card of its own (gate.forms.card_layouts). Empty: the form goes by sections."""
    card_by: str = ""
    """The choice whose terms may have cards of their own, as types of object have."""
    known_by: tuple[tuple[str, ...], ...] = ()
    """What tells that two records may be of one person: each a field, or the fields that together are a name."""
    behaviours: tuple[str, ...] = ()
    """Names of what its writes do beyond its fields (gate.writing.behaviours), in this order."""
    fields: dict[str, Field] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields.values())

    def editable(self) -> Iterator[Field]:
        """The fields that a person may type (policy permitting)."""
        return (each for each in self if not each.declared.kept_by_system)


# Each record's own fields come first on the card; those that all records share close it.
_COMMON = frozenset(
    [
        "institution",
        "revision",
        "created_at",
        "created_by",
        "changed_at",
        "changed_by",
        "keys",
        "masked",
        "intervals",
        "sort_keys",
        "beginnings",
        "imported",
        "drawn",
        "outbox",
        "outbox_at",
        "seal_salt",
    ]
)


def read_fields(noun: str, document: type[Any]) -> dict[str, Field]:
    """The declared fields of a MongoEngine document, in their order.

    Raises:
        TypeError: a field has no declaration, so nothing could say who may see it (law 1).
    """
    found: dict[str, Field] = {}
    own_first = sorted(document._fields_ordered, key=lambda name: name in _COMMON)
    for name in own_first:
        if name in ("id", "_cls") and "declared" not in vars(document._fields[name]):
            continue
        raw: BaseField = document._fields[name]
        declared = getattr(raw, "declared", None)
        if declared is None:
            raise TypeError(f"{noun}.{name} has no data class: declare it with models.fields")
        inner = getattr(getattr(raw, "field", raw), "document_type", None)
        found[name] = Field(
            noun=noun,
            name=name,
            declared=declared,
            required=bool(raw.required) or bool(getattr(raw, "primary_key", False)),
            max_length=getattr(raw, "max_length", None)
            or getattr(getattr(raw, "field", None), "max_length", None),
            minimum=getattr(raw, "min_value", None),
            maximum=getattr(raw, "maximum", None),
            default=raw.default,
            parts=tuple(read_fields(noun, inner).values())
            if inner is not None and not declared.is_system
            else (),
        )
    return found
