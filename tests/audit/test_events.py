"""Events of the operation history: each is of a kind that has words."""

from __future__ import annotations

import pytest
from mongoengine.connection import get_db

from audit.events import note, note_once


@pytest.mark.usefixtures("database")
def test_an_event_that_has_no_words_is_not_written() -> None:
    """S8: a ledger of codes is read by nobody."""
    about = {"actor": "somebody", "institution": "soseki", "noun": "item", "detail": ""}
    with pytest.raises(ValueError, match="flown"):
        note("flown", **about)
    with pytest.raises(ValueError, match="flown"):
        note_once("flown:1", "flown", subjects=[], fields=[], **about)
    assert get_db()["ledger"].count_documents({}) == 0
