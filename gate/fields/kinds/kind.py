"""What every kind of field is: how a value of it is read, checked, asked for, shown, and sent away.

A kind is one class, and this is the one it begins from: a line of text. A room that wants to know something of a field
asks its kind (`kind_of`), and never compares the kind's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape as html
from typing import Any, ClassVar, Literal, Protocol

from gate.refusals import BadQuestion
from models.data_classes import Words
from models.declaration import Field

JOINED = " / "
"""Between several values on one line."""
EMPTY: tuple[Any, ...] = (None, "", [])
TEXT: dict[str, Any] = {"type": "string"}
"""The JSON Schema of a text."""

NO_FIELD: Words = ("この項目は入力できません。", "This field cannot be entered.")
UNNAMED = "非表示"
"""The label of a record whose name this reader may not see."""

Json = Any
Schema = dict[str, Any]
Condition = dict[str, Any]


class Named(Protocol):
    """Another record as this reader may see it (gate.reading.shown.Reference)."""

    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def open(self) -> bool: ...


Labels = Mapping[str, Named]
"""`noun:id` → the record, for all that the shown values refer to."""


Say = Callable[[Words], str]
"""Words in the reader's language."""


class Page(Protocol):
    """Where a value is written as HTML: views.shared.cells."""

    @property
    def references(self) -> Labels: ...
    @property
    def kept(self) -> dict[Any, Any]:
        """What is alike in every row of an answer: what it is → how it is written."""
        ...

    def say(self, words: Words, /) -> str:
        """Words in the reader's language."""
        ...

    def said(self, ja: str, en: str) -> str:
        """The same, escaped."""
        ...

    def address(self, noun: str) -> str:
        """The address of a noun's records without an id, escaped."""
        ...

    def in_both_calendars(self, value: Mapping[str, Any]) -> str:
        """A written date with what it is taken to mean."""
        ...

    def what_it_means(self, value: Mapping[str, Any]) -> str:
        """What it is taken to mean alone; empty where that would add nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Control:
    """How a form asks for a value. `name` is one of CONTROLS in views/records/templates/macros/controls.html."""

    name: str = "line"
    size: Literal["narrow", "middle", "wide"] = "middle"
    type: str = "text"
    """Of a line: the type of its input."""
    keyboard: str = ""
    """Of a line: which keyboard a telephone offers (inputmode)."""
    verbatim: bool = False
    """Of a line: neither a capital is put first nor its spelling looked at."""
    rows: int = 0
    """Of an area: its lines."""
    counted: bool = True
    """Whether the form says how many characters are left."""
    grouped: bool = False
    """Whether it is made of several inputs, which a legend names together."""


def plain(text: Any) -> str:
    """Text as HTML. A page asks for it hundreds of times, and marking each piece as safe would take as long again."""
    # guard: escape
    return html(str(text))


def whole(text: Any) -> str:
    """What is never broken over two lines."""
    return f'<span class="whole">{plain(text)}</span>'


def cut(text: str, length: int) -> str:
    """At most `length` characters of a text."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


class Kind:
    """One kind of field. A class with a `name` of its own is a kind, and is found by it: `kind_of(field)`."""

    name: ClassVar[str]
    """As models.fields declares it."""
    control: ClassVar[Control] = Control()
    filtered_by: ClassVar[Literal["line", "menu", "day", "period"]] = "line"
    """How a list asks for a value to filter by."""
    wide: ClassVar[bool] = False
    """Whether it takes a whole line of the card."""
    amount: ClassVar[bool] = False
    """Whether it stands at the right of its column in a table of parts."""
    linked: ClassVar[bool] = False
    """Whether its cell is a link by itself, so that it cannot be the link to the record as well."""
    proposed: ClassVar[bool] = False
    """Whether the next one is given where it is left empty."""
    tabular: ClassVar[bool] = True
    """Whether it has a column in lists and sheets."""
    from_column: ClassVar[bool] = True
    """Whether one column of a legacy file can give its whole value."""
    several: ClassVar[bool] = False
    """Whether it holds a list of values."""
    by_rows: ClassVar[bool] = False
    """Whether those are rows with an id of their own, which people change one by one."""
    by_lines: ClassVar[bool] = False
    """Whether those are texts, one a line."""
    names_account: ClassVar[bool] = False
    """Whether it holds an account's id, of which only the person's name is shown."""
    chosen_account: ClassVar[bool] = False
    """Whether that account is chosen from a list, and so also sent back by a form."""
    has_terms: ClassVar[bool] = False
    """Whether its value is a term of a vocabulary."""
    has_answers: ClassVar[bool] = False
    """Whether its value is a yes or a no."""
    is_day: ClassVar[bool] = False
    """Whether its value is a day, or a span of days, as people write it."""
    is_dated: ClassVar[bool] = False
    """Whether a spreadsheet may rightly hold its value as a date."""
    is_count: ClassVar[bool] = False
    """Whether its value is a number to count with."""
    is_digits: ClassVar[bool] = False
    """Whether a spreadsheet would take its value for a number, and spoil it."""
    is_free_text: ClassVar[bool] = False
    """Whether people write in it what they like."""
    is_one_line: ClassVar[bool] = False
    """Whether line breaks become spaces."""
    keeps_text: ClassVar[bool] = False
    """Whether it keeps a text letter by letter as it was written."""
    collated: ClassVar[bool] = False
    """Whether lists have its texts in the order of a dictionary (japanese.order)."""
    repeats: ClassVar[bool] = False
    """Whether the same values come again and again, so that what was read of one is worth remembering."""
    looked_up: ClassVar[bool] = False
    """Whether a record can be found by exactly its value, of personal data (gate.reading.lookups)."""
    mask_tells: ClassVar[bool] = False
    """Whether all values that a look-up takes for the same have the same masked form."""
    never_null: ClassVar[bool] = False
    """Whether its JSON has a value also where nothing is recorded."""

    def __init_subclass__(cls) -> None:
        """Enter the class under its name."""
        if "name" in vars(cls):
            known = KINDS.setdefault(cls.name, cls())
            if type(known) is not cls:
                raise TypeError(f"two classes are the kind of field {cls.name!r}: {type(known)} and {cls}")

    # What comes in

    def read(self, field: Field, raw: Any) -> Any:
        """What is stored of what was typed; None when it is empty.

        Raises:
            Wrong: with what is wrong and what to do.
        """
        raise NotImplementedError(
            f"{type(self).__name__} does not say how a value is read (gate.fields.kinds)"
        )

    def as_input(self, field: Field, value: Any) -> Any:  # noqa: ARG002
        """A stored value, or what was typed, as its control shows it."""
        return "" if value is None else str(value)

    def options(self, field: Field) -> dict[str, Words]:  # noqa: ARG002
        """What may be chosen; empty where one types."""
        return {}

    # What is asked

    def filters(self, field: Field) -> dict[str, Words]:
        """What a list can be filtered by; empty where one types."""
        return self.options(field)

    def place(self, field: Field) -> str:
        """Where the store holds what a filter compares."""
        return field.name

    def exactly(self, field: Field, text: str) -> Any:  # noqa: ARG002
        """The store's condition for this value.

        Raises:
            BadQuestion: the field could not hold it.
        """
        return text

    def bounded(self, field: Field, text: str, *, begins: bool) -> Condition:  # noqa: ARG002
        """The store's condition for this value or a later (`begins`) or an earlier one.

        Raises:
            BadQuestion: the kind has no order that people would ask for, or the field could not hold the value.
        """
        raise BadQuestion(("この項目は範囲で絞り込めません。", "This field cannot be filtered by range."))

    def same(self, field: Field, value: Any) -> Condition:
        """The store's condition for all values that a look-up takes for this one."""
        return {field.name: value}

    # What is shown, as text

    def text(self, field: Field, value: Any, say: Say) -> str:
        """A typed or stored value as one line, to lay side by side; empty when there is none."""
        return "" if value in EMPTY else self.written(field, value, say)

    def written(self, field: Field, value: Any, say: Say) -> str:  # noqa: ARG002
        """A value that is not empty, as one line."""
        return JOINED.join(map(str, value)) if isinstance(value, list) else str(value)

    def exported(self, field: Field, value: Any, say: Say, labels: Labels) -> str:  # noqa: ARG002
        """A value that is not empty, as a cell of a sheet."""
        return value if type(value) is str else self.written(field, value, say)

    def piece(self, field: Field, value: Any, say: Say) -> str:  # noqa: ARG002
        """A value that is not empty, as a piece of the line that a row of parts is."""
        return str(value)

    # What is shown, on a page

    def cell(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        """HTML of a value that is not empty, in the little room of a list."""
        return plain(value)

    def card(self, field: Field, value: Any, page: Page) -> str:
        """HTML of a value that is not empty, where it has room: cards and their prints."""
        return self.cell(field, value, page)

    # What is sent

    def json(self, field: Field, value: Any, labels: Labels) -> Json:  # noqa: ARG002
        """A value as the API sends it; None where nothing is recorded."""
        return None if value in (None, "", {}) else str(value)

    def schema(self, field: Field) -> Schema:  # noqa: ARG002
        """The JSON Schema (2020-12) of that, but for the None."""
        return dict(TEXT)


KINDS: dict[str, Kind] = {}
"""Name → kind, filled by the classes themselves."""


def kind_of(field: Field) -> Kind:
    """The kind of a field."""
    return KINDS[field.declared.kind]
