"""The registers of responsible persons, handlers and trainings, and what they lack (S19, S21)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from gate.refusals import Invalid
from gate.writing.writing import create
from models.registry import NOUNS
from oversight.registers import lacking, of_house, standing_on
from tests.world import actor

Document = dict[str, Any]
DAY = "2026-11-21"


def handler(standing: str = "handler", **values: str) -> str:
    who = actor("staff.shinjuku")
    given = {"name": "学芸 担当", "standing": standing, "begins_on": "2020-04-01", **values}
    return create(who, NOUNS["handler"], who.institution, given)


def training(held_on: str, *attended: str) -> str:
    who = actor("staff.shinjuku")
    given = {"held_on": held_on, "subject": "個人情報の取扱い", "attended": list(attended)}
    return create(who, NOUNS["training"], who.institution, given)


@pytest.mark.parametrize(
    ("held_on", "untrained"),
    [("2025-11-21", False), ("2025-11-20", True), ("2026-11-21", False), ("2026-11-22", True), (None, True)],
)
def test_a_training_holds_for_a_year(
    database: Database[Document], held_on: str | None, untrained: bool
) -> None:
    id_ = handler()
    if held_on:
        training(held_on, id_)
    assert (id_ in of_house("shinjuku", DAY).untrained) is untrained


def test_the_institution_says_for_how_long(database: Database[Document]) -> None:
    id_ = handler()
    training("2025-01-01", id_)
    assert of_house("shinjuku", DAY).untrained == (id_,)
    database["institutions"].update_one({"_id": "shinjuku"}, {"$set": {"training_months": 24}})
    assert of_house("shinjuku", DAY).untrained == ()


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({}, False), ({"begins_on": "2026-11-22"}, True), ({"ends_on": "2026-11-20"}, True),
        ({"ends_on": "2026-11-21"}, False),
    ],
)  # fmt: skip
def test_somebody_is_responsible_on_each_day(
    database: Database[Document], values: Any, missing: bool
) -> None:
    handler("responsible", **values)
    assert of_house("shinjuku", DAY).responsible is missing
    assert len(standing_on("shinjuku", DAY)) == (not missing)


def test_only_those_who_stand_in_the_register_need_a_training(database: Database[Document]) -> None:
    handler(ends_on="2021-03-31")
    assert of_house("shinjuku", DAY).untrained == ()


def test_a_government_is_reminded_of_its_own_institutions(database: Database[Document]) -> None:
    handler("responsible")
    houses = {each.institution: each for each in lacking(actor("manager"))}
    assert set(houses) == {"section", "shinjuku", "soseki"}
    assert not houses["shinjuku"].responsible
    assert len(houses["shinjuku"].untrained) == 1
    assert {each.institution for each in lacking(actor("admin.kaizu"))} == {"kaizu"}
    assert lacking(actor("contractor")) == []


def test_a_register_holds_nothing_that_cannot_be(database: Database[Document]) -> None:
    with pytest.raises(Invalid):
        handler(ends_on="2019-01-01")
    with pytest.raises(Invalid):
        handler(begins_on="")
    with pytest.raises(Invalid):
        training((date.fromisoformat(DAY) + timedelta(days=1)).isoformat(), "0" * 24)
    with pytest.raises(Invalid):
        handler(account="0" * 24)
    with pytest.raises(Invalid):
        handler(account=actor("staff.soseki").user)  # another institution's people are not chosen from
    assert handler(account=actor("staff.shinjuku").user)
