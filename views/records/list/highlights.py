"""The cell of a search's list that says in which field the words were found, with the hits marked."""

from __future__ import annotations

from markupsafe import Markup

from gate.fields.kinds.kind import plain
from gate.reading.shown import Found, Row
from words import t, w


def found_cell(row: Row) -> Markup:
    """Field and snippet, one after another; of a record found by other ways (only what is left out), nothing."""
    said = "".join(f'<span class="hit"><span class="soft">{plain(w(each.field.label))}</span> {_text(each)}</span>' for each in row.found)  # fmt: skip
    label = plain(t("見つかった所", "Found in"))
    return Markup(f'<td class="kind-found" data-label="{label}"><div class="line">{said}</div></td>')  # noqa: S704 - escaped above


def _text(found: Found) -> str:
    return "".join(f"<mark>{plain(text)}</mark>" if hit else plain(text) for text, hit in found.pieces)
