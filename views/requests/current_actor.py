"""Who asks, in this request."""

from __future__ import annotations

from flask import g

from policies.actor import Actor


def actor() -> Actor:
    """The actor of the account that this request was admitted for."""
    found: Actor = g.account.actor
    return found
