"""Charts drawn on the server as SVG: no script, no other host. Each stands beside its table, which says the same."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

_BAR = Markup(
    '<svg class="chart stacked" viewBox="0 0 100 10" preserveAspectRatio="none" width="100%" height="14" aria-hidden="true">{}</svg>'
)
_PIECE = Markup('<rect class="{}" x="{:.3f}" y="0" width="{:.3f}" height="10"/>')


def stacked(parts: Sequence[tuple[str, int]], most: int) -> Markup:
    """One bar of several parts, side by side.

    Args:
        parts: (class, size) from left to right.
        most: the size that fills the whole width.
    """
    at, drawn = 0, []
    for style, size in parts:
        if size and most:
            drawn.append(_PIECE.format(style, 100 * at / most, 100 * size / most))
        at += size
    return _BAR.format(Markup("").join(drawn))
