"""Saved views at the gate: each refusal says its own reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.lists.saved_views import save_view
from gate.reading.questions import Question
from gate.refusals import Refused
from models.registry import NOUNS
from tests.world import actor


@pytest.mark.usefixtures("database")
def test_who_reads_none_of_it_is_not_told_of_another_role() -> None:
    librarian, shinjuku = actor("librarian.kaizu"), actor("staff.shinjuku")
    tried = replace(shinjuku, behind=shinjuku.role)
    rules = []
    for who in (librarian, tried):
        with pytest.raises(Refused) as refused:
            save_view(who, NOUNS["item"], "x", Question(), None)
        rules.append(refused.value.verdict.rule)
    assert rules[0] != "view-as"
    assert rules[1] == "view-as"
