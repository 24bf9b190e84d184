"""/settings/: what an institution decides for itself, in one place; vocabularies first."""

from views.settings import files, merging, pages, vocabularies

PAGES = (pages.pages, vocabularies.pages)
"""The blueprints of this room; files and merging stand below the vocabularies."""

__all__ = ["PAGES", "files", "merging"]
