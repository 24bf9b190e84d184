"""Named masks: what of a value may stand in its place. A mask that cannot parse its value shows nothing.

Each takes the value as text and returns its masked form at a width that does not tell the value's length,
or None where it cannot say anything safe.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

Mask = Callable[[str], str | None]

HIDDEN = "＊＊＊＊"
"""What stands for a value of which nothing may be shown: always the same width."""

_WARD = re.compile(
    r"^(?P<kept>(?:東京都|北海道|(?:京都|大阪)府|.{2,3}県)?(?:[^\s\d0-9]{1,7}?郡)?[^\s\d]{1,7}?[区市町村])"
)
_DESIGNATED = re.compile(
    r"^(?P<kept>(?:東京都|北海道|(?:京都|大阪)府|.{2,3}県)?[^\s\d]{1,6}?市[^\s\d]{1,5}?区)"
)


def last_digits(value: str) -> str | None:
    """`090-1234-5678` → `***-****-5678`: the last four digits of a telephone number of 9 to 15 digits."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", value))
    return f"***-****-{digits[-4:]}" if 9 <= len(digits) <= 15 else None


def to_ward(value: str) -> str | None:
    """An address down to its ward, city, town or village: `東京都新宿区＊＊＊＊`."""
    found = _DESIGNATED.match(value.strip()) or _WARD.match(value.strip())
    return found["kept"] + HIDDEN if found else None


def family_name(value: str) -> str | None:
    """The family name where a space divides the name: `山田 花子` → `山田 ＊＊＊＊`; otherwise nothing."""
    parts = value.replace("\u3000", " ").split()
    return f"{parts[0]} {HIDDEN}" if len(parts) == 2 and 1 <= len(parts[0]) <= 8 else None


def year_only(value: str) -> str | None:
    """`1975-03-09` → `1975-**-**`."""
    found = re.match(r"^(\d{4})-\d{2}-\d{2}$", value)
    return f"{found[1]}-**-**" if found else None


def mail_domain(value: str) -> str | None:
    """`hanako@example.jp` → `****@example.jp`."""
    local, at, domain = value.rpartition("@")
    return f"****@{domain}" if at and local and re.fullmatch(r"[A-Za-z0-9.-]{1,253}", domain) else None


def presence(value: str) -> str | None:
    """That there is something, and nothing of what it is."""
    return HIDDEN if value else None


MASKS: dict[str, Mask] = {
    "last_digits": last_digits,
    "to_ward": to_ward,
    "family_name": family_name,
    "year_only": year_only,
    "mail_domain": mail_domain,
    "presence": presence,
}


def apply(name: str, value: object) -> str:
    """The masked form of a value; HIDDEN when the mask is unknown, fails, or has nothing safe to say.

    An empty value is masked like any other: a mask that is absent where there is no value would tell that.
    """
    mask = MASKS.get(name)
    try:
        masked = mask(str(value)) if mask and value not in (None, "", [], {}) else None
    except Exception:  # law 1: an exception is a denial, whatever it was
        masked = None
    return masked if masked is not None else HIDDEN
