"""The table of all roles says what the gate decides: the same verdict, before there is a person."""

from __future__ import annotations

import pytest

from models.registry import NOUNS
from policies.exits import EXITS, NEEDS
from policies.verdict import Ask, decide
from roles.overview import overview
from tests.world import ACCOUNTS, actor


def test_the_exits_of_the_table_are_those_that_a_role_can_open() -> None:
    assert set(EXITS) == {exit_ for exit_, needed in NEEDS.items() if needed}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("login_id", ACCOUNTS)
def test_every_cell_is_what_the_gate_decides_for_a_person_of_that_role(login_id: str) -> None:
    """S10: role × noun × class × exit, for own and supervised records."""
    who = actor(login_id)
    reader = actor("admin.kaizu" if login_id.endswith("kaizu") else "admin")
    checked = 0
    for noun in NOUNS.values():
        for scope, house in (
            ("own", who.institution),
            *(("supervised", each) for each in sorted(who.supervised)[:1]),
        ):
            (mine,) = [each for each in overview(reader, noun, scope) if each.id == who.role.id]
            for data_class, by_exit in mine.lines:
                fields = [each for each in noun if each.data_class is data_class and each.kind != "system"]
                for exit_, seen in by_exit.items():
                    asks = (Ask(noun.name, each.name, str(data_class), exit_, house) for each in fields)
                    assert set(seen) == {decide(who, ask).effect for ask in asks}, (
                        noun.name,
                        data_class,
                        exit_,
                    )
                    checked += 1
    assert checked > 300


@pytest.mark.usefixtures("database")
def test_a_city_administrator_sees_no_role_of_the_ward() -> None:
    item = NOUNS["item"]
    assert not {each.id for each in overview(actor("admin.kaizu"), item, "own")} & {
        each.id for each in overview(actor("admin"), item, "own")
    }
