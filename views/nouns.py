"""The screens of every noun, in the order of the menu: each from the file that is named as the noun is."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from models.registry import NOUNS
from views.guarded import GuardedView

VIEWS: tuple[Callable[[], GuardedView], ...] = tuple(import_module(f"views.{name}").view for name in NOUNS)
"""Made anew for each application."""
