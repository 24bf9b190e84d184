"""What Excel shows of a number: the usual formats, padded, with decimals, with words around, as dates; others are marked.

Source: ECMA-376 part 1, 18.8.30 and 18.8.31 (number formats and their built-in ids).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from imports.formats.xlsx.marks import DIGITS, EXPONENT, FORMAT, ROUNDED, UNIT, UNSHOWN
from imports.formats.xlsx.serial_dates import DateFormat

Shown = tuple[str | int, str]
"""What stands in the cell and its mark, "" for none. An int is a whole number without padding."""
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss", 48: "##0.0E+0", 49: "@",
    # What Excel in Japan puts behind these ids (18.8.30, ja-jp).
    27: "ge.m.d", 28: 'ggge"年"m"月"d"日"', 29: 'ggge"年"m"月"d"日"', 30: "m/d/yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"時"mm"分"', 33: 'h"時"mm"分"ss"秒"', 34: 'yyyy"年"m"月"', 35: 'm"月"d"日"', 36: "ge.m.d", 50: "ge.m.d",
    51: 'ggge"年"m"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'ggge"年"m"月"d"日"', 55: 'yyyy"年"m"月"',
    56: 'm"月"d"日"', 57: "ge.m.d", 58: 'ggge"年"m"月"d"日"',
}  # fmt: skip
_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]|(?P<general>General|G/標準|標準)'
    r"|(?P<exponent>E[+-])|(?P<sign>[0#?.,%/@])|(?P<letter>[a-z])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")
_CURRENCY = frozenset("¥￥$€£円元")
_MINUS = frozenset("-−△▲()")
_DATE_LETTERS = frozenset("ymdhsgea")
_FIFTEEN = Decimal(10) ** 15
REMEMBERED = 20_000


@dataclass
class _Section:
    """One of the up to four parts of a format."""

    raw: str
    pieces: list[tuple[str, str]] = field(default_factory=list)
    """(kind, text): `word`, `sign`, `exponent`, `general`."""
    condition: tuple[str, Decimal] | None = None
    date: DateFormat | None = None
    strange: bool = False


class NumberFormat:
    """A cell format's code. `shown` gives what a number is shown as."""

    def __init__(self, code: str, *, from_1904: bool = False) -> None:
        """`from_1904`: the workbook counts its days from 1904."""
        self._from_1904 = from_1904
        self._sections = [_section(each) for each in _split(code)][:4]
        self._known: dict[str, Shown] = {}
        self._zeros = _zeros_of(self._sections[0])
        """What a whole number is padded to, where that is all; 0: the format does more, or may."""

    def shown(self, raw: str) -> Shown:
        """What Excel shows of a number, and its mark.

        Raises:
            ValueError: it is no number.
        """
        if self._zeros and raw.isdecimal() and raw.isascii() and len(raw) <= 15:
            return int(raw) if self._zeros == 1 else raw.zfill(self._zeros), ""
        found = self._known.get(raw)
        if found is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = self._known[raw] = self._worked_out(raw)
        return found

    def _worked_out(self, raw: str) -> Shown:
        try:
            # Excel keeps and shows 15 digits; what lies behind them is the dust of binary fractions.
            value = Decimal(f"{float(raw):.15g}")
            if value.is_finite() and abs(value) >= _FIFTEEN:
                value = Decimal(raw)
        except (InvalidOperation, OverflowError) as error:
            raise ValueError(raw) from error
        if not value.is_finite():
            raise ValueError(raw)
        section, negative = self._chosen(value)
        if section is None or section.strange:
            return str(_plain(value)[0]), FORMAT
        if section.date:
            return section.date.shown(float(value), str(_plain(value)[0]), from_1904=self._from_1904)
        if any(kind == "general" or text == "@" for kind, text in section.pieces):
            return _plain(value)
        return _numeral(section, value, negative=negative)

    def _chosen(self, value: Decimal) -> tuple[_Section | None, bool]:
        """The section for a value, and whether it is the one for negative numbers, which shows their sign itself."""
        parts = self._sections
        if any(each.condition for each in parts):
            for each in parts:
                if each.condition is None or _holds(value, each.condition):
                    return each, False
            return None, False
        if value < 0 and len(parts) > 1:
            return parts[1], True
        return (parts[2], False) if value == 0 and len(parts) > 2 else (parts[0], False)


def _zeros_of(section: _Section) -> int:
    if section.strange or section.date or section.condition:
        return 0
    if section.pieces in ([("general", "General")], [("sign", "@")]):
        return 1
    return len(section.pieces) if all(piece == ("sign", "0") for piece in section.pieces) else 0


def _split(code: str) -> list[str]:
    parts, at = [""], 0
    for each in re.finditer(r'"[^"]*"|\\.|[_*].|\[[^\]]*\]|;|.', code, re.DOTALL):
        if each[0] == ";":
            parts.append("")
            at += 1
        else:
            parts[at] += each[0]
    return parts


def _section(raw: str) -> _Section:
    made, letters = _Section(raw), set[str]()
    for each in _PIECE.finditer(raw):
        kind = each.lastgroup or ""
        if kind in ("quoted", "escaped", "other"):
            made.pieces.append(("word", each[kind]))
        elif kind == "bracket":
            if told := _CONDITION.fullmatch(each[kind]):
                made.condition = (told[1], Decimal(told[2]))
            elif each[kind].startswith("$"):
                made.pieces.append(("word", each[kind][1:].split("-")[0]))
            elif each[kind].lower().strip("hms") == "":
                letters.add("h")
        elif kind == "letter":
            letters.add(each[kind].lower())
        elif kind:
            made.pieces.append((kind, each[kind]))
    signs = [text for kind, text in made.pieces if kind == "sign"]
    if letters:
        made.strange = not letters & _DATE_LETTERS or bool(letters - _DATE_LETTERS - set("np/"))
        made.date = DateFormat(raw)
    else:
        made.strange = "/" in signs and bool({"?", "#", "0"} & set(signs))
    return made


def _holds(value: Decimal, condition: tuple[str, Decimal]) -> bool:
    sign, bound = condition
    return {
        "<": value < bound, ">": value > bound, "=": value == bound, "<=": value <= bound, ">=": value >= bound,
        "<>": value != bound,
    }[sign]  # fmt: skip


def _plain(value: Decimal) -> Shown:
    """All of a number's digits, never with an exponent."""
    if value == value.to_integral_value():
        whole = int(value)
        return (str(whole), DIGITS) if abs(value) >= _FIFTEEN else (whole, "")
    return f"{value:f}", ""


def _numeral(section: _Section, value: Decimal, *, negative: bool) -> Shown:
    before, pattern, behind = _around(section.pieces)
    whole, _, decimals = _marks_of(pattern)
    if any(kind == "exponent" for kind, _ in pattern):
        return str(_plain(value)[0]), EXPONENT
    if not pattern or pattern[-1][1] == ",":
        return str(_plain(value)[0]), FORMAT if pattern else UNSHOWN
    shown = value * 100 if any(text == "%" for _, text in [*pattern, *behind]) else value
    rounded = abs(shown).quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    if rounded != abs(shown):
        return str(_plain(value)[0]), ROUNDED
    figures, _, fraction = f"{rounded:f}".partition(".")
    fraction = _decimals(fraction, decimals)
    figures = _filled(figures.lstrip("0"), whole)
    text = figures + (f".{fraction}" if fraction else "")
    if not text:
        return str(_plain(value)[0]), UNSHOWN
    return _worded(_words(before, negative), text, _words(behind, negative), minus=value < 0)


def _worded(before: str, text: str, behind: str, *, minus: bool) -> Shown:
    """The number with its words; those behind a bare number are left out, for they are its unit: 12点, 3.5cm."""
    sign = "-" if minus else ""
    if before or behind == "%":
        return f"{sign}{before}{text}{behind}", ""
    if not behind and not text.startswith("0") and text.isdecimal() and len(text) <= 15:
        return int(sign + text), ""
    if not behind and text == "0":
        return 0, ""
    return sign + text, UNIT if behind else ""


def _around(
    pieces: list[tuple[str, str]],
) -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[tuple[str, str]]]:
    """What stands before, within and behind the places of digits."""
    places = [
        at
        for at, (kind, text) in enumerate(pieces)
        if kind == "exponent" or (kind == "sign" and text in "0#?.,")
    ]
    if not places:
        return pieces, [], []
    first, last = places[0], places[-1]
    return pieces[:first], pieces[first : last + 1], pieces[last + 1 :]


def _marks_of(pattern: list[tuple[str, str]]) -> tuple[list[tuple[str, str]], str, str]:
    """The places of whole digits with the words between; the point; the places of decimals."""
    point = next((at for at, piece in enumerate(pattern) if piece == ("sign", ".")), len(pattern))
    decimals = "".join(text for kind, text in pattern[point + 1 :] if kind == "sign" and text in "0#?")
    return pattern[:point], "." if point < len(pattern) else "", decimals


def _filled(figures: str, places: list[tuple[str, str]]) -> str:
    """Digits put into their places from the right: 1690051 in 000-0000 is 169-0051. Commas of thousands are left out."""
    slots = [at for at, (kind, text) in enumerate(places) if kind == "sign" and text in "0#?"]
    rest, found = figures, ""
    for at in range(len(places) - 1, -1, -1):
        kind, text = places[at]
        if at not in slots:
            found = (text if kind == "word" and (rest or "0" in _zeros(places[:at])) else "") + found
        elif slots and at == slots[0]:
            found = (rest or ("0" if text == "0" else "")) + found
            rest = ""
        else:
            digit, rest = rest[-1:], rest[:-1]
            found = (digit or ("0" if text == "0" or "0" in _zeros(places[:at]) else "")) + found
    return found


def _zeros(places: list[tuple[str, str]]) -> str:
    return "".join(text for kind, text in places if kind == "sign" and text == "0")


def _decimals(fraction: str, places: str) -> str:
    """The decimals without those zeros that the format does not ask for."""
    least = len(places.rstrip("#?"))
    return fraction[:least] + fraction[least:].rstrip("0")


def _words(pieces: list[tuple[str, str]], negative: bool) -> str:
    """Words beside a number, without currency and, where the section shows a minus its own way, without that."""
    words = "".join(text for kind, text in pieces if kind == "word" or text == "%").strip()
    dropped = _CURRENCY | (_MINUS if negative else frozenset())
    return "".join(sign for sign in words if sign not in dropped).strip()
