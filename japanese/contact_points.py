"""Telephone numbers, postcodes and mail addresses as people write them in Japan, each in one form to compare by."""

from __future__ import annotations

import re

from japanese.written_numbers import half_width

_EXTENSION = r"(?:\(?\s*(?:内線|内|ext\.?|extension|x|#)\s*[:.]?\s*[0-9]{1,6}\s*\)?)"
_NUMBER = (
    r"(?:\+[0-9]{1,3}(?:[ .-]?\(?[0-9]{1,5}\)?){1,6}"  # +81 3 1234 5678
    r"|0[0-9]{1,4}(?: [0-9]{1,4}){2}|0[0-9]{2,5} [0-9]{5,8}|[0-9(][0-9().-]{4,18}[0-9])"
)
_LABEL = r"(?:(?:tel|fax|電話|携帯|自宅|勤務先|代表|携帯電話|fax番号)[.:\s]*)?"
_NOTE = r"(?:\s*\((?!内|ext|x)[^()0-9]{1,12}\))?"
_ONE = re.compile(rf"{_LABEL}(?P<number>{_NUMBER})(?:\s*(?P<extension>{_EXTENSION}))?{_NOTE}", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[、,;/・\n]|または|or)\s*|\s{1,}", re.IGNORECASE)
_DIGITS = range(6, 16)
_JAPANESE_POSTCODE = re.compile(r"(?:〒\s*)?([0-9]{3})\s*-?\s*([0-9]{4})")
_FOREIGN_POSTCODE = re.compile(
    r"(?=[A-Z0-9 -]*[0-9])(?=.*[A-Z])[A-Z0-9][A-Z0-9 -]{2,8}[A-Z0-9]|[0-9]{4,6}|[0-9]{5}-[0-9]{4}|[0-9]{2}-[0-9]{3}"
)
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)


def telephones(text: str) -> list[tuple[str, str]] | None:
    """Each telephone number of a cell and its extension, as written; None when something else stands in it.

    `03-1234-5678(内線12) / 090-1111-2222` → two, the first with its extension.
    """
    plain, at = re.sub(r"\s*([-()])\s*", r"\1", half_width(text)), 0
    found: list[tuple[str, str]] = []
    while at < len(plain):
        one = _ONE.match(plain, at)
        if one is None or len(re.sub(r"\D", "", one["number"])) not in _DIGITS:
            return None
        found.append((one["number"].strip(), (one["extension"] or "").strip(" ()")))
        at = one.end()
        between = _BETWEEN.match(plain, at) if at < len(plain) else None
        if between is None and at < len(plain) and plain[at - 1] != ")":
            return None
        at = between.end() if between else at
    return found or None


def telephone_digits(text: str) -> tuple[str, ...]:
    """The digits of each number in a cell, without extensions, +81 as 0: what telephone numbers are compared by."""
    return tuple(dict.fromkeys(_national(number) for number, _ in telephones(text) or ()))


def _national(number: str) -> str:
    digits = re.sub(r"\D", "", re.sub(r"\(0\)", "", number) if number.startswith("+") else number)
    return f"0{digits[2:]}" if number.startswith("+81") else digits


def postcode(text: str) -> str | None:
    """A postcode in its one form: `〒1690051` → `169-0051`; a foreign one as it is written; else None."""
    plain = re.sub(r"\s+", " ", half_width(text)).upper()
    if found := _JAPANESE_POSTCODE.fullmatch(plain):
        return f"{found[1]}-{found[2]}"
    return plain if _FOREIGN_POSTCODE.fullmatch(plain) else None


def mail_address(text: str) -> str | None:
    """An address of the form that mail is really sent to, `name.@` and `a..b@` of old telephones too; else None."""
    name, at, domain = text.rpartition("@")
    return f"{name}{at}{domain.lower()}" if _MAIL.fullmatch(text) else None
