"""Sizes as ledgers and catalogues write them: `縦24.5×横36.2cm（B5判）`, `口径12.3～13.0`, `一尺二寸`, `sheet: 9 1/2 x 12 in.`

What is understood becomes measurements; what is not is named, piece by piece. Nothing is guessed: 12,5 may be 12.5 or 12
and 5, so it is not understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from japanese.measures import NOTES, UNITS, WEIGHTS, folded
from japanese.size_words import (
    ABOUT,
    BOTH,
    BRACKET,
    KNOWN_PART,
    LABEL,
    LONE_UNIT,
    NAMED,
    NEW_GROUP,
    PIECE,
    REMARK,
    SEPARATOR,
    UNIT_OF_ALL,
    amount_at,
    dimension_of,
)


@dataclass(frozen=True)
class Measurement:
    """One size: of which part, which way, how much; `accuracy` is "" or one of about, least, most."""

    part: str
    dimension: str
    """height, width, depth, diameter, length or weight."""
    value: str
    unit: str
    accuracy: str = ""


@dataclass(frozen=True)
class Sizes:
    """What a text says of sizes, and the pieces of it that are not understood."""

    measured: tuple[Measurement, ...]
    unread: tuple[str, ...] = ()


@dataclass
class _Size:
    """A measurement whose unit may still be said further on."""

    part: str
    dimension: str
    amounts: list[tuple[str, str]]
    """(value, accuracy); two of a range."""
    unit: str
    said: str
    joined: bool


_NEXT = {"": "height", "height": "width", "width": "depth", "length": "width"}
"""What an amount without a label is, by what stood before it."""


def read_sizes(text: str, unit: str = "cm", dimension: str = "") -> Sizes:
    """The sizes that a text tells.

    Args:
        text: as written.
        unit: of the amounts where the text names none; a weight among lengths must name its own.
        dimension: which way a single amount without a label runs, where that is known; else it is a height.
    """
    plain = folded(text)
    if plain[:1] in ("(", "[") and plain.find(")" if plain[0] == "(" else "]") == len(plain) - 1:
        plain = plain[1:-1].strip()
    return _Reader(plain, unit, dimension).read()


@dataclass
class _Reader:
    """One text, from its beginning; every method takes what it knows and moves `at` behind it."""

    text: str
    unit: str
    alone: str
    """Which way an amount runs that stands alone."""
    at: int = 0
    sizes: list[_Size] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    part: str = ""
    waiting: list[tuple[str, str, str]] = field(default_factory=list)
    """Labels (part, dimension, as written) whose amounts are still to come: 縦×横 24.5×36.2."""
    about: bool = False
    joined: bool = False
    """Whether × stands before."""
    doubt: str = ""
    """What was not understood before: `amount` leaves none behind it a direction by its place, a `word` none that stands
    alone."""
    behind: int = -1
    """Where the last amount ends."""

    def read(self) -> Sizes:
        while self.at < len(self.text):
            if not (self._separated() or self._known()):
                self._not_understood()
        self.unread += [said for _, _, said in self.waiting]
        return Sizes(tuple(self._measured()), tuple(self.unread))

    def _known(self) -> bool:
        return (
            self._said_unit() or self._bracket() or self._note() or self._amount() or self._said_about()
            or self._label() or self._named()
        )  # fmt: skip

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.match(self.text, self.at)

    def _separated(self) -> bool:
        if found := self._match(NEW_GROUP):
            self.joined, self.doubt, self.about, self.part = False, "", False, ""
            self.at = found.end()
            return True
        if (found := self._match(SEPARATOR)) is None or not found[0]:
            return False
        self.joined = bool(found["by"])
        if not self.joined:
            self.about = False
            self.doubt = "" if self.doubt == "word" and found[0].strip() else self.doubt
        self.at = found.end()
        return True

    def _said_unit(self) -> bool:
        if found := self._match(UNIT_OF_ALL):
            unit = UNITS[(found["in"] or found["out"]).lower()]
            for each in self.sizes:
                each.unit = each.unit or unit
            self.unit = unit
        else:
            found = self._match(LONE_UNIT) if self.sizes and not self.sizes[-1].unit else None
            if found is None:
                return False
            self.sizes[-1].unit = UNITS[found["unit"].lower()]
        self.at = found.end()
        return True

    def _bracket(self) -> bool:
        """A remark in brackets that is understood: a format, a label of what stands before, the same in inches."""
        if (found := self._match(BRACKET)) is None:
            return False
        inner = found[1].strip()
        label = LABEL.fullmatch(inner)
        if label and not label["part"] and self.at == self.behind:
            self.sizes[-1].dimension = dimension_of(label)
        elif label and not label["part"] and amount_at(self.text[found.end() :].lstrip()):
            self.waiting.append(("", dimension_of(label), found[0]))
        elif REMARK.fullmatch(inner) and self.sizes:
            self._remark(inner)
        elif not NOTES.fullmatch(inner) and not self._repeats(inner):
            return False
        self.at = found.end()
        return True

    def _remark(self, inner: str) -> None:
        """Which part the last row of joined amounts is of."""
        for each in reversed(self.sizes):
            each.part = f"{each.part}({inner})" if each.part else inner
            if not each.joined:
                return

    def _repeats(self, inner: str) -> bool:
        """Whether it says in another unit what stands before it."""
        other = _Reader(inner, "", "").read()
        units = {each.unit for each in other.measured}
        last = [each for each in self.sizes if each.part == self.part][-len(other.measured) :]
        return (
            not other.unread
            and len(units) == 1
            and len(last) == len(other.measured) > 0
            and all((each.unit or self.unit) not in units for each in last)
        )

    def _note(self) -> bool:
        found = self._match(NOTES)
        if found is None or not re.match(r"$|[\s、。;,/()\[\]]", self.text[found.end() :]):
            return False
        if self.waiting and re.match("[0-9]", found[0]):
            return False  # 高12 幅8: no count
        self.waiting.clear()
        self.at = found.end()
        return True

    def _said_about(self) -> bool:
        if (found := self._match(ABOUT)) is None:
            return False
        self.about, self.at = True, found.end()
        return True

    def _label(self) -> bool:
        if found := self._match(BOTH):
            self.waiting += [(self.part, "height", found[0]), (self.part, "width", found[0])]
        elif found := self._match(LABEL):
            part, remark = found["part"] or "", found["remark"] or ""
            part = f"{part}({remark})" if part and remark else part or remark
            self.waiting.append((part, dimension_of(found), found[0].strip()))
        else:
            return False
        self.doubt = ""
        self.at = found.end()
        return True

    def _named(self) -> bool:
        found = self._match(NAMED) or self._match(KNOWN_PART)
        if found is None:
            return False
        self.part, self.joined, self.doubt = found["part"].strip(), False, ""
        self.at = found.end()
        return True

    def _amount(self) -> bool:
        found = amount_at(self.text[self.at :])
        if found is None or (self.doubt == "amount" and not self.waiting):
            return False
        length, amounts, unit, suffix = found
        part, dimension, label = self.waiting.pop(0) if self.waiting else ("", suffix, "")
        if not dimension:
            dimension = "weight" if unit in WEIGHTS else self._direction(length)
        if not dimension:
            return False
        if self.about:
            amounts = [(value, accuracy or "about") for value, accuracy in amounts]
        said = f"{label} {self.text[self.at : self.at + length]}".strip()
        self.sizes.append(_Size(part or self.part, dimension, amounts, unit, said, self.joined))
        self.at = self.behind = self.at + length
        self.joined, self.doubt = False, ""
        return True

    def _direction(self, length: int) -> str:
        """Which way an amount without a label runs, by its place; "" where that is not certain."""
        alone = not self.joined and not re.match(r"\s*(?:[×x*✕]|by\b)", self.text[self.at + length :])
        if alone and (self.doubt or self.alone):
            return "" if self.doubt else self.alone
        mine = [each for each in self.sizes if each.part == self.part and each.dimension != "weight"]
        if not mine:
            return "height"
        # A second row of joined amounts is another object's.
        if not self.joined and any(each.joined for each in mine):
            return ""
        return _NEXT.get(mine[-1].dimension, "")

    def _not_understood(self) -> None:
        found = self._match(PIECE)
        end = found.end() if found else len(self.text)
        piece = self.text[self.at : end].strip()
        if piece.strip("()[].:"):
            label = " ".join(said for _, _, said in self.waiting)
            self.unread.append(f"{label} {piece}".strip())
            self.doubt = "amount" if re.search("[0-9]", piece) else "word"
        self.waiting.clear()
        self.at = end

    def _measured(self) -> list[Measurement]:
        self._say_units()
        found = []
        for each in self.sizes:
            if not each.unit or (each.dimension == "weight") != (each.unit in WEIGHTS):
                self.unread.append(each.said)
                continue
            found += [
                Measurement(each.part, each.dimension, value, each.unit, accuracy)
                for value, accuracy in each.amounts
                if float(value)  # 0 stands where nothing was measured
            ]
        return found

    def _say_units(self) -> None:
        """A unit holds for what stands before it without one; then for what follows; then the given one."""
        for weights in (False, True):
            those = [each for each in self.sizes if (each.dimension == "weight") == weights]
            for order in (reversed(those), iter(those)):
                unit = ""
                for each in order:
                    unit = each.unit = each.unit or unit
            default = self.unit if (self.unit in WEIGHTS) == weights else ""
            for each in those:
                each.unit = each.unit or default
