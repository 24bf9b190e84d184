"""The operating guide (操作手引): the pages of docs/guide as HTML, with their links between each other rewritten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from engine.places import PROJECT

FOLDER = PROJECT / "docs" / "guide"
CONTENTS = "README"
"""The page that lists the others: `/help/` itself."""

_MARKDOWN = MarkdownIt("js-default", {"html": False})
"""CommonMark with tables; HTML in a page is shown as text."""
# A browser makes a space of a line's end; between Japanese sentences stands none.
_MARKDOWN.add_render_rule("softbreak", lambda *_: "")


@dataclass(frozen=True)
class Page:
    """One page of the guide: its first heading, and what follows it as HTML."""

    title: str
    body: Markup


@cache
def names() -> frozenset[str]:
    """The names of the pages, the list of contents left out."""
    return frozenset(path.stem for path in FOLDER.glob("*.md")) - {CONTENTS}


def read_page(name: str, link_to: Callable[[str], str]) -> Page:
    """Render one page.

    Args:
        name: one of `names()`, or CONTENTS.
        link_to: gives the address of another page by its name.

    Raises:
        KeyError: there is no such page.
    """
    if name != CONTENTS and name not in names():
        raise KeyError(name)
    tokens = _MARKDOWN.parse(_text(FOLDER / f"{name}.md"))
    heading, body = tokens[1].content, tokens[3:]
    for token in _links(body):
        token.attrSet("href", _target(str(token.attrGet("href")), link_to))
    return Page(heading, Markup(_MARKDOWN.renderer.render(body, _MARKDOWN.options, {})))  # noqa: S704 - our own files, HTML off


def _links(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from (each for each in token.children or () if each.type == "link_open")


def _target(href: str, link_to: Callable[[str], str]) -> str:
    """`donors.md` as the address of that page; any other link as it is written."""
    page, _, part = href.partition("#")
    if not page.endswith(".md"):
        return href
    return link_to(page.removesuffix(".md")) + (f"#{part}" if part else "")


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
