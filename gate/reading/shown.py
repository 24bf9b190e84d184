"""What leaves the gate: a record as one actor may see it by one exit. The stored document goes no further than this file.

`judged` puts a verdict on each value; the result stays inside the gate until `gate.reading.show` has disclosed it. Rows,
values, references, files and cells are of types that cannot be made without the receipt of that disclosure (law 6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple, Never, NoReturn, Self

from gridfs import GridOut

from audit.disclosures import Receipt, Undisclosed
from gate.fields.kinds.kind import UNNAMED
from models.data_classes import PERSONAL, Words
from models.declaration import Field, Noun
from models.registry import NOUNS
from policies.actor import Actor
from policies.effects import Effect
from policies.verdict import Ask, Verdict, decide

Document = dict[str, Any]
GONE: Words = ("削除済みの記録", "(removed record)")
WITHHELD = UNNAMED


class _Sealed:
    """What has left the gate is not made, copied or changed by any other code."""

    __slots__ = ()

    def __new__(cls, *_: Never) -> Self:
        raise Undisclosed(f"only gate.reading.show makes a {cls.__name__}")

    @classmethod
    def _make(cls, iterable: Iterable[Any]) -> Self:  # noqa: ARG003 - a named tuple's own signature
        raise Undisclosed(f"only gate.reading.show makes a {cls.__name__}")

    def _replace(self, **_: Any) -> NoReturn:
        raise Undisclosed(f"a {type(self).__name__} is never changed")


class _Reference(NamedTuple):
    noun: str
    id: str
    label: str
    open: bool
    house: str = ""
    """The institution whose record it is, where that may be told."""


class Reference(_Sealed, _Reference):  # type: ignore[misc] # a named tuple's _make has secret arguments
    """Another record, by id, with as much of its name as this actor may see."""

    __slots__ = ()

    @classmethod
    def to(cls, row: Row) -> Reference:
        """A record that this actor may read, by what of its name is shown."""
        label = row.label
        said = label if label != row.id else WITHHELD
        return tuple.__new__(cls, (row.noun.name, row.id, said, True, row.institution))

    @classmethod
    def withheld(cls, noun: Noun, id_: str) -> Reference:
        """A record that this actor may not read."""
        return tuple.__new__(cls, (noun.name, id_, WITHHELD, False, ""))

    @classmethod
    def gone(cls, noun: Noun, id_: str) -> Reference:
        """A record that is not there any more."""
        return tuple.__new__(cls, (noun.name, id_, GONE[0], False, ""))

    @classmethod
    def colleague(cls, id_: str, name: str) -> Reference:
        """An account by the name that its colleagues are told (gate.reading.names)."""
        return tuple.__new__(cls, ("user", id_, name, False, ""))


class _Value(NamedTuple):
    field: Field
    value: Any
    verdict: Verdict


class Shown(_Sealed, _Value):  # type: ignore[misc] # as Reference
    """One field's value as it may be shown: in full, masked, or not at all (`value` is then None)."""

    __slots__ = ()

    @property
    def state(self) -> str:
        """shown, masked or hidden."""
        if self.verdict.shown:
            return "shown"
        return "masked" if self.verdict.effect is Effect.MASK else "hidden"

    @property
    def editable(self) -> bool:
        """Whether this actor may change it."""
        return self.verdict.effect is Effect.EDIT and not self.field.declared.kept_by_system


@dataclass(frozen=True, slots=True)
class Found:
    """Where words were found: the field, and of its text pieces, each with whether it is a hit."""

    field: Field
    pieces: list[tuple[str, bool]]


Judgement = tuple[Field, Any, Verdict]
"""A field, as much of its value as may be shown, and why."""


@dataclass(slots=True)
class Judged:
    """A stored record with its verdicts, not disclosed yet: of no use outside the gate until `show` makes it a Row."""

    noun: Noun
    id: str
    institution: str
    revision: int
    values: dict[str, Judgement]
    references: dict[str, Reference] = field(default_factory=dict)
    """`noun:id` → the reference, for every reference in the values; filled by gate.reading.references."""
    found: tuple[Found, ...] = ()
    """In the list of a search, where its words stand; filled by gate.reading.matches."""

    def discloses(self) -> set[str]:
        """Names of personal fields that stand here in full and are not empty: what the ledger must hold."""
        return {
            name
            for name in _personal(self.noun.name)
            if (each := self.values.get(name)) and each[2].shown and each[1] not in (None, "", [], {})
        }


@dataclass(frozen=True, slots=True, init=False)
class Row:
    """A record as shown. `values` holds the fields asked for, withheld ones too, marked as such."""

    noun: Noun
    id: str
    institution: str
    revision: int
    values: Mapping[str, Shown]
    references: Mapping[str, Reference]
    """`noun:id` → the reference, for every reference in the shown values."""
    found: tuple[Found, ...]
    """In the list of a search, where its words stand."""

    def __init__(self, receipt: Receipt, judged: Judged) -> None:
        """Raises:
        Undisclosed: the receipt is not that of this record's disclosure.
        """
        _require(receipt, judged.noun.name, judged.id, judged.discloses())
        # A page makes hundreds of them; called by its name, a named tuple takes half as long again.
        made, kind, keep = tuple.__new__, Shown, object.__setattr__
        keep(self, "noun", judged.noun)
        keep(self, "id", judged.id)
        keep(self, "institution", judged.institution)
        keep(self, "revision", judged.revision)
        keep(self, "values", {name: made(kind, each) for name, each in judged.values.items()})
        keep(self, "references", judged.references)
        keep(self, "found", judged.found)

    def __iter__(self) -> Iterator[Shown]:
        return iter(self.values.values())

    def __getitem__(self, name: str) -> Shown:
        return self.values[name]

    @property
    def label(self) -> str:
        """The record's name from whatever of its naming fields may be seen; its number at the least, or its id."""
        said = [
            str(each.value)
            for name in self.noun.naming
            if (each := self.values.get(name)) and each.verdict.effect is not Effect.HIDE and each.value
        ]
        return " ".join(said) or self.id


class File:
    """The bytes of a record's file as they are served, with their type and length."""

    __slots__ = ("chunks", "length", "mime")

    def __init__(self, receipt: Receipt, of: Field, record: str, stored: GridOut) -> None:
        """Raises:
        Undisclosed: the file is personal, and the receipt is not that of its disclosure.
        """
        _require(receipt, of.noun, record, {of.name} if of.data_class in PERSONAL else ())
        self.chunks: Iterator[bytes] = iter(lambda: stored.read(262_144), b"")
        self.mime = str((stored.metadata or {}).get("mime", "application/octet-stream"))
        self.length = stored.length


class Cells(Mapping[str, str | None]):
    """Column → cell of a legacy file's row, or None where the column is withheld."""

    __slots__ = ("_cells",)

    def __init__(
        self, receipt: Receipt, noun: str, subject: str, cells: Mapping[str, str], opened: Mapping[str, set[str]]
    ) -> None:  # fmt: skip
        """Args:
            opened: the columns that may be shown, each with the names of personal fields in it.

        Raises:
            Undisclosed: a personal cell is in it, and the receipt is not that of its disclosure.
        """
        told = set[str]().union(
            *(opened[column] for column, cell in cells.items() if cell and column in opened)
        )
        _require(receipt, noun, subject, told)
        self._cells = {column: cell if column in opened else None for column, cell in cells.items()}

    def __getitem__(self, column: str) -> str | None:
        return self._cells[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)


def _require(receipt: Receipt, noun: str, subject: str, fields: Iterable[str]) -> None:
    # guard: shown-with-receipt
    if type(receipt) is not Receipt or not receipt.covers(noun, subject, fields):
        raise Undisclosed(f"{noun}: nothing is shown without the receipt of its disclosure")


@cache
def _personal(noun: str) -> tuple[str, ...]:
    return tuple(each.name for each in NOUNS[noun] if each.data_class in PERSONAL)


def verdict_on(actor: Actor, field_: Field, exit_: str, institution: Any) -> Verdict:
    """The verdict on one declared field."""
    return decide(actor, Ask(field_.noun, field_.name, str(field_.data_class), exit_, institution))
