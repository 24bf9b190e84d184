"""Values that can be known again wherever they surface: one for each record and field, of the field's own kind.

A twin is another value of the same field whose masked form is the same: what a mask shows is in both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from models.declaration import Field
from models.vocabularies import starting_terms
from policies.rules import RULES

KANA = "かきくけこさしすせそ"
TWIN = 500_000
WARD, FAMILY, DOMAIN = "東京都新宿区", "苗字", "example.jp"
BEFORE = {"to_ward": WARD, "family_name": f"{FAMILY} "}
SHAPES = re.compile(
    r"zq(?P<word>\d{6})x"
    rf"|ぬめ(?P<kana>[{KANA}]{{6}})"
    r"|(?<![0-9a-f])8(?P<whole>\d{6})31(?![0-9a-f])"
    r"|(?P<day>19\d\d-\d\d-\d\d)"
    r"|090-(?P<phone>\d{4})"
    r"|(?<!\d)9(?P<post>\d\d-\d{4})(?!\d)"
    r"|(?<!\d)979831(?P<isbn>\d{6})\d(?!\d)"
    r"|(?<!\d)(?P<size>\d{1,6})\.831831"
)


def word(n: int) -> str:
    """The text of number n."""
    return f"ZQ{n:06d}X"


def kana(n: int) -> str:
    """The reading of number n."""
    return "ぬめ" + "".join(KANA[int(each)] for each in f"{n:06d}")


def isbn(n: int) -> str:
    """The ISBN of number n."""
    digits = f"979831{n:06d}"
    return f"{digits}{-sum(int(each) * (3 if at % 2 else 1) for at, each in enumerate(digits)) % 10}"


def day(n: int, m: int) -> str:
    """A day whose year follows from n alone, and whose place in the year from n and m."""
    place = n * 7
    return (date(1911 + place // 360 % 88, 1, 1) + timedelta(days=(place + m * 113) % 360)).isoformat()


def planted(field: Field, n: int, *, twin: bool = False) -> Any:
    """A value for a field, told from every other by n; its twin differs in all that a mask leaves out.

    Of references it says only which of two records is meant, of files what is written in them: the stage makes both.
    """
    m = n + TWIN if twin else n
    text = BEFORE.get(RULES[field.noun].masks.get(field.name, "") if field.noun in RULES else "", "") + word(
        m
    )
    if field.kind == "choice":
        codes = list(starting_terms(field.declared.vocabulary))
        return codes[(n + twin) % len(codes)]
    made = {
        "reading": kana(m),
        "lines": [word(m), f"{word(m)}の二行目"],
        "networks": ["0.0.0.0/0", "::/0", f"2001:db8:{m >> 16:x}:{m % 65536:x}::/64"],  # whoever asks may come
        "integer": int(f"8{m:06d}31"),
        "boolean": twin,
        "date": day(n, 1 if twin else 0),
        "moment": datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=m),
        "period": {"text": f"明治{word(m)}", "earliest": 18680101 + m, "latest": 19120730, "certainty": "exact"},
        "parts": [{"id": f"{n:08x}", "who": word(m), "entered_at": "2026-04-01T09:00", "witness": word(m)}]
        if field.name == "passages"
        else [{"id": f"{n:08x}", "part": word(m), "dimension": "height", "value": f"{m}.831831", "unit": "cm"}],
        "minute": f"{day(n, 1 if twin else 0)}T09:00",
        "telephone": f"090-{(n + 5_000 * twin) % 10_000:04d}-{n % 10_000:04d}",
        "postcode": f"9{m // 10_000:02d}-{m % 10_000:04d}",
        "email": f"{word(m).lower()}@{DOMAIN}",
        "address": f"https://{DOMAIN}/{word(m)}",
        "isbn": isbn(m),
        "decimal": f"{m}.831831",
        "login": word(m),
        "code": word(m).lower(),
        "reference": "other" if twin else "same",
        "colleague": "other" if twin else "same",
        "account": "other" if twin else "same",
        "references": "other" if twin else "same",
        "image": word(m),
        "system": None,
    }  # fmt: skip
    return made.get(field.kind, text)


def tokens_of(value: Any) -> set[str]:
    """What of a value is looked for."""
    return set(tokens_in(repr(value)))


def tokens_in(text: str) -> Iterator[str]:
    """Every planted token in a text, however its letters, its kana or its thousands are written."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = re.sub(r"(?<=\d),(?=\d{3})", "", folded.translate(_HIRAGANA))
    folded = re.sub(
        r"\b(19\d\d)年(\d{1,2})月(\d{1,2})日", lambda m: f"{m[1]}-{int(m[2]):02d}-{int(m[3]):02d}", folded
    )
    for found in SHAPES.finditer(folded):
        yield f"{found.lastgroup}:{found[found.lastgroup or 0]}"


_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
