"""One short file per noun, named as the noun is, which a curator could read aloud."""

from __future__ import annotations

from importlib import import_module

from models.registry import NOUNS
from policies.ceilings import Rules

RULES: dict[str, Rules] = {name: import_module(f"{__name__}.{name}").RULES for name in NOUNS}
"""Noun → its rules. A noun without a file of rules keeps the application from starting."""
