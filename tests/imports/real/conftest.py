"""Tests on published records that are no part of the repository: `make test-real` names their folder."""

import os
from pathlib import Path

import pytest

FOLDER = os.environ.get("SHUZOKO_REAL_RECORDS", "")
collect_ignore_glob = [] if FOLDER else ["test_*.py"]
"""Where no folder is named nothing is collected here: the other tests need nothing but the repository."""


@pytest.fixture(scope="session")
def records() -> Path:
    """The folder of the records."""
    return Path(FOLDER).resolve()
