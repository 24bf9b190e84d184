"""ISBN: ten digits of old, thirteen of today, with hyphens or without; one number whichever way it is written."""

from __future__ import annotations

import re

from japanese.written_numbers import half_width

_PREFIX = re.compile(r"ISBN(?:-?1[03])?[\s:]*", re.IGNORECASE)
_SIGNS = re.compile(r"[\s-]+")


class IsbnError(ValueError):
    """This is no ISBN; `wrong_check` when only its last digit is at fault, and then `check` is the right one."""

    def __init__(self, text: str, check: str = "") -> None:
        super().__init__(text)
        self.check = check


def isbn_as_written(text: str) -> str:
    """The ISBN with its hyphens as they were typed, half-width, without the word ISBN.

    Raises:
        IsbnError: it has not ten or thirteen digits, or the check digit does not fit.
    """
    written = _PREFIX.sub("", half_width(text), count=1).strip().upper()
    isbn13(written)
    return re.sub(r"\s+", "-", written)


def isbn13(text: str) -> str:
    """The thirteen digits of an ISBN.

    Raises:
        IsbnError: as isbn_as_written.
    """
    digits = _SIGNS.sub("", _PREFIX.sub("", half_width(text), count=1)).upper()
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        _agree(text, digits[-1], _check10(digits[:9]))
        return _with_check(f"978{digits[:9]}")
    if re.fullmatch(r"97[89][0-9]{10}", digits):
        _agree(text, digits[-1], _with_check(digits[:12])[-1])
        return digits
    raise IsbnError(text)


def isbn_forms(text: str) -> tuple[str, ...]:
    """The digits by which an ISBN is asked for: thirteen, and ten where there are; none when it is no ISBN."""
    try:
        thirteen = isbn13(text)
    except IsbnError:
        return ()
    if not thirteen.startswith("978"):
        return (thirteen,)
    return thirteen, thirteen[3:12] + _check10(thirteen[3:12])


def _agree(text: str, check: str, right: str) -> None:
    if check != right:
        raise IsbnError(text, right)


def _check10(nine: str) -> str:
    rest = -sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def _with_check(twelve: str) -> str:
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(twelve))
    return f"{twelve}{-total % 10}"
