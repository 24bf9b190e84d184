"""Numbers and identifiers as people write them, as they are stored; what can be read in two ways is refused."""

from __future__ import annotations

import re
from typing import Any

from gate.fields.typed_text import Wrong, plain, short_enough
from japanese.contact_points import postcode, telephones
from japanese.isbn import IsbnError, isbn_as_written
from japanese.written_numbers import decimal_number, half_width, whole_number, yen
from models.declaration import Field

MOST_DIGITS = 15
YEN = "円"


def whole_number_of(field: Field, text: str) -> int:
    """A whole number with its counter, 3点, or yen where the field is counted in yen.

    Raises:
        Wrong: it is none, or could be read in two ways (12,5).
    """
    # 500.00 of a system that keeps cents; 1.000 may be a thousand, and stays refused.
    count = whole_number(re.sub(r"(?<=[0-9])\.0{1,2}$", "", half_width(text)))
    number = count.number if count and (not count.counter or field.declared.unit[0] != YEN) else None
    if number is None and field.declared.unit[0] == YEN:
        number = yen(text)
    if number is None or len(str(abs(number))) > MOST_DIGITS:
        raise Wrong((
            "整数で入力してください(例: 1200、1,200)。",
            "Please enter a whole number, for example 1200 or 1,200.",
        ), text)  # fmt: skip
    return number


def decimal_of(text: str) -> str:
    """A decimal as it was written.

    Raises:
        Wrong: it is none, or could be read in two ways (12,5).
    """
    number = decimal_number(text)
    whole, _, decimals = (number or "").partition(".")
    if number is None or len(whole) > 9 or len(decimals) > 6:
        raise Wrong((
            "数字で入力してください(例: 12.5)。小数点は「.」です。",
            "Please enter a number, for example 12.5; the decimal sign is a point.",
        ), text)  # fmt: skip
    return number


def telephone_of(field: Field, raw: Any) -> str | None:
    """One telephone number or several, with extensions, as they were written; half-width.

    Raises:
        Wrong: something else stands there.
    """
    text = short_enough(field, half_width(plain(raw)))
    if text and telephones(text) is None:
        raise Wrong((
            "電話番号は数字とハイフンで入力してください。例: 03-1234-5678、03-1234-5678(内線12)",
            "Use digits and hyphens, for example 03-1234-5678 or 03-1234-5678 (ext. 12).",
        ), text)  # fmt: skip
    return text or None


def postcode_of(field: Field, raw: Any) -> str | None:
    """A Japanese postcode with its hyphen; a foreign one as it was written.

    Raises:
        Wrong: it is neither.
    """
    text = plain(raw)
    found = postcode(text)
    if text and found is None:
        raise Wrong((
            "郵便番号は7桁で入力してください。例: 162-0045(海外の郵便番号はそのまま入力できます)",
            "Seven digits, for example 162-0045; a foreign postcode as it is written.",
        ), text)  # fmt: skip
    return short_enough(field, found) if found else None


def isbn_of(field: Field, raw: Any) -> str | None:
    """An ISBN of ten or thirteen digits, with its hyphens where they were typed.

    Raises:
        Wrong: it is none, or its check digit does not fit.
    """
    text = plain(raw)
    if not text:
        return None
    try:
        return short_enough(field, isbn_as_written(text))
    except IsbnError as error:
        if error.check:
            raise Wrong((
                "ISBNの最後の桁(検査数字)が合いません。打ち間違いがないか確かめてください。本に誤って印刷されたものは備考に書いてください。",
                "The last digit (check digit) of this ISBN does not fit: look for a slip. Put one that is misprinted into the notes.",
            ), text) from error  # fmt: skip
        raise Wrong((
            "ISBNは10桁か13桁です。例: 978-4-00-310103-2",
            "An ISBN has ten or thirteen digits, for example 978-4-00-310103-2.",
        ), text) from error  # fmt: skip
