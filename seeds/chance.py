"""Chance that repeats: the same number and place give the same record, however many are made around it."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

Values = dict[str, object]
"""Field → as a person would type it; what the gate's validator takes."""
Read = tuple[str, str]
"""A word and its reading in kana."""


def chance(*place: object) -> Random:
    """The dice for one record: of this seed, noun, institution and position."""
    return Random("/".join(map(str, place)))  # noqa: S311 - invented records, not secrets


def joined(words: Sequence[Read]) -> Read:
    """Words one after another, and their readings likewise."""
    return "".join(each[0] for each in words), "".join(each[1] for each in words)
