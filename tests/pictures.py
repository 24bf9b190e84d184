"""The worker's part of an upload, done here and now."""

from __future__ import annotations

from mongoengine.connection import get_db

from gate.fields.stored_pictures import KIND
from gate.writing.derivatives import Deriving


def prepare_pictures() -> None:
    """Make ready what waits, as the worker does between its other steps."""
    work = Deriving()
    # A picture that no record names (another test's) is left for later, and says that nothing waited.
    for _ in range(get_db()["jobs"].count_documents({"kind": KIND}) + 1):
        while work.step():
            pass
