"""/migration/: a legacy file from its upload to the sign-off, one import a page."""

from views.imports import (
    acts,
    held_rows,
    mapping_acts,
    outcome,
    photographs,
    problems,
    values,
    witness,
    words,
)
from views.imports.pages import pages

__all__ = [
    "acts",
    "held_rows",
    "mapping_acts",
    "outcome",
    "pages",
    "photographs",
    "problems",
    "values",
    "witness",
    "words",
]
