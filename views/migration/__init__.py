"""/migration/: a legacy file from its upload to the sign-off, one import a page."""

from views.migration import acts, held, outcome, photographs, problems, values
from views.migration.pages import pages

__all__ = ["acts", "held", "outcome", "pages", "photographs", "problems", "values"]
