"""The worker's part of an upload, done here and now."""

from __future__ import annotations

from gate.writing.derivatives import Deriving


def prepare_pictures() -> None:
    """Make ready what waits, as the worker does between its other steps."""
    work = Deriving()
    while work.step():
        pass
