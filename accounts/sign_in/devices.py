"""A browser that an account has signed in from before, known by a cookie (decision 0013).

Strangers can spend the attempts of any login id that they know, from anywhere. So a known device has attempts of its own
(accounts.lockout): while strangers hold the lock of the name, its person's right password still opens.

The cookie holds a random id and, for each account that signed in there, a day and a MAC over the account's id and stamp.
It names nobody, and nothing is stored of it; whatever ends an account's sessions draws a new stamp, and no entry of before
fits any more. It is no key: it opens nothing without the password.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

LASTS = timedelta(days=180)
"""From the account's last sign-in there."""
HELD = 8
"""Accounts that one browser is known to: a museum's desk is shared."""
_COOKIE = re.compile(r"([\w-]{22})((?:\.\d{1,6}~[\w-]{22}){0,8})", re.ASCII)


def is_device_cookie(cookie: str) -> bool:
    """Whether a cookie has the form of one; whether it is one, known_device says."""
    return _COOKIE.fullmatch(cookie) is not None


def known_device(cookie: str, account: dict[str, Any] | None, pepper: bytes) -> str:
    """The device's id where its cookie proves that this account signed in from it; empty where it does not.

    Args:
        cookie: as the browser sent it.
        account: as stored; None where there is none.
        pepper: the secret kept outside the store.
    """
    found = _COOKIE.fullmatch(cookie)
    if found is None or account is None:
        return ""
    id_, today = found[1], _today()
    wanted = range(today - LASTS.days, today + 2)  # a clock may have been set back by a day since
    for each in found[2].split(".")[1:]:
        day, _, given = each.partition("~")
        right = _mac(id_, int(day), str(account["_id"]), account.get("stamp") or "", pepper)
        # guard: device-compared
        if int(day) in wanted and hmac.compare_digest(given, right):
            return id_
    return ""


def device_cookie(cookie: str, user: str, stamp: str, pepper: bytes) -> str:
    """The cookie of a browser after an account has signed in from it; the other accounts that it knew stay known.

    Args:
        cookie: as the browser sent it; what is none begins a new one.
        user: the account's id.
        stamp: the account's stamp now.
        pepper: the secret kept outside the store.
    """
    found = _COOKIE.fullmatch(cookie)
    id_, before = (found[1], found[2].split(".")[1:]) if found else (secrets.token_urlsafe(16), [])
    mine = {
        f"{day}~{_mac(id_, int(day), user, stamp, pepper)}" for day in {e.partition("~")[0] for e in before}
    }
    fresh = f"{_today()}~{_mac(id_, _today(), user, stamp, pepper)}"
    return ".".join([id_, fresh, *[each for each in before if each not in mine]][: HELD + 1])


def _today() -> int:
    return (datetime.now(UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days


def _mac(id_: str, day: int, user: str, stamp: str, pepper: bytes) -> str:
    # guard: device-stamp
    made = hmac.new(pepper, f"device:{id_}:{day}:{user}:{stamp}".encode(), sha256).digest()[:16]
    return base64.urlsafe_b64encode(made).decode().rstrip("=")
