"""What stands on a paper: headed parts, each with facts, a table or a sentence. All of it is text, already in one language."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """A table; `widths` are shares of the sheet's width, one for each column, equal when left out."""

    heads: list[str]
    rows: list[list[str]]
    widths: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """A headed part. `name` is what its data is called in a file: small Latin letters."""

    name: str
    title: str
    said: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    table: Table | None = None


@dataclass(frozen=True)
class Paper:
    """A whole paper; `about` stands under the title: facts of the paper itself."""

    title: str
    house: str
    about: list[tuple[str, str]]
    parts: list[Part]
    empty: str = "該当なし"
    """What stands where a table has no row: nothing to tell is told, too."""
