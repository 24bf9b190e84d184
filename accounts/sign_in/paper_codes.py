"""Codes that one person reads from paper and another machine is told by keyboard."""

from __future__ import annotations

import secrets

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""No letter or digit that is taken for another, and no capitals: just under five bits each."""


def paper_code(groups: int) -> str:
    """So many groups of five letters and digits, drawn from the system's chance."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(groups))
