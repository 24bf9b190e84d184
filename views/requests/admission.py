"""What an account that has signed in may not pass in a request: its networks, its missing second factor."""

from __future__ import annotations

from flask import request

from accounts.accounts import Account

OPEN_TO_ALL = frozenset(
    {"signin.login", "signin_code.show", "signin_code.send", "resets.show", "resets.use", "static", "health.healthz",
     "language.choose", "first_run.show", "first_run.set_up", "security_txt.show"}
)  # fmt: skip
"""Endpoints that need no sign-in."""
WITHOUT_FACTOR = ("second_factor", "signin", "signin_code", "resets", "language")
"""The pages for somebody whose role asks for a second factor that is not set up yet."""
FRESH_AT = "fresh_at"
"""In a session: when the password was last given in it, in seconds since 1970."""
NETWORK, FACTOR = "network", "factor"


def barred(found: Account) -> str:
    """What keeps an account that has signed in out of this request: its NETWORK, its missing FACTOR, or nothing."""
    if not found.may_come_from(request.remote_addr or ""):
        return NETWORK
    # guard: factor-forced
    # guard: factor-owed
    if found.wants_factor and not found.has_factor and request.blueprint not in WITHOUT_FACTOR:
        return FACTOR
    return ""
