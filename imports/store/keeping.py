"""A file is kept before an import names it: an operation, so that a killed process leaves no file that nothing would erase."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from bson import ObjectId

from imports.store import runs
from imports.store.sealed_source import forget_file
from workflows.engine.operations import Intent, Operation, run_operation


@contextmanager
def keeping(*, by: str, institution: str, replaces: str = "") -> Iterator[str]:
    """The id under which a file is to be kept. When the body ends, one that no import names is erased.

    Args:
        by: the account's opaque id, or `console`.
        institution: whose file it is.
        replaces: the id of a stored file that goes once an import names the new one.
    """
    about = {"file": str(ObjectId()), "replaces": replaces}
    with run_operation(FILE_KEPT, about, by=by, institution=institution) as intent:
        yield intent.about["file"]


def _forget_replaced(intent: Intent) -> None:
    if intent.about["replaces"]:
        forget_file(intent.about["replaces"])


FILE_KEPT = Operation(
    "import_file_kept",
    ("取込のファイルの保管", "An import's file kept"),
    decided=lambda intent: runs.names_file(intent.about["file"]),
    steps=(_forget_replaced,),
    undo=(lambda intent: forget_file(intent.about["file"]),),
    # A large workbook is sealed, unpacked and looked through before its import names it.
    lease=timedelta(minutes=30),
)
"""An import names the file, or there is none."""
