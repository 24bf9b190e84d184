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


_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 720, 260, 56, 28, 12
_STEPS = 4


def cumulative(labels: Sequence[str], lines: Sequence[tuple[str, Sequence[int | None]]], name: str) -> Markup:
    """Lines that only rise, over the same points of time.

    Args:
        labels: what stands under each point.
        lines: (class, value at each point or None where there is none yet); told apart by dash, not colour alone.
        name: what the chart shows, for the ear; the table beside it holds the figures.
    """
    most = _round_up(max((value or 0 for _, values in lines for value in values), default=0))
    across, down = (_WIDTH - _LEFT - 12) / max(1, len(labels) - 1), _HEIGHT - _TOP - _BOTTOM
    xs = [_LEFT + at * across for at in range(len(labels))]
    pieces = [
        _grid(most, down),
        *(_LABEL.format(x, _HEIGHT - 8, said) for x, said in zip(xs, labels, strict=True)),
    ]
    for style, values in lines:
        points = [
            (x, _TOP + down * (1 - value / most))
            for x, value in zip(xs, values, strict=True)
            if value is not None
        ]
        pieces.append(_LINE.format(style, " ".join(f"{x:.1f},{y:.1f}" for x, y in points)))
        pieces += [_DOT.format(style, x, y) for x, y in points]
    return _LINES.format(_WIDTH, _HEIGHT, name, Markup("").join(pieces))


def _grid(most: int, down: int) -> Markup:
    marks = []
    for step in range(_STEPS + 1):
        y = _TOP + down * (1 - step / _STEPS)
        marks.append(
            _RULE.format(_LEFT, _WIDTH - 12, y)
            + _SCALE.format(_LEFT - 8, y + 4, f"{most * step // _STEPS:,}")
        )
    return Markup("").join(marks)


def _round_up(most: int) -> int:
    """The next number that a scale of four steps can end with."""
    size = _STEPS
    while size < most:
        size = next(
            (size * factor // 10 for factor in (15, 20, 30, 50) if size * factor // 10 >= most), size * 10
        )
    return size


_LINES = Markup('<svg class="chart lines" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>')
_LABEL = Markup('<text class="mark" x="{:.1f}" y="{}" text-anchor="middle">{}</text>')
_SCALE = Markup('<text class="mark" x="{}" y="{:.1f}" text-anchor="end">{}</text>')
_RULE = Markup('<path class="rule" d="M{0} {2:.1f}H{1}"/>')
_LINE = Markup('<polyline class="{}" points="{}"/>')
_DOT = Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="3"/>')
