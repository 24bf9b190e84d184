"""A look-up: exact, with a purpose, told first (law 2)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from bson import ObjectId
from pymongo.database import Database

from gate.reading.lookups import fields_of, look_up
from gate.refusals import BadQuestion, Refused
from models.registry import NOUNS
from tests.world import actor, donor

DONOR, PATRON = NOUNS["donor"], NOUNS["patron"]
Store = Database[dict[str, Any]]
pytestmark = pytest.mark.usefixtures("database")


def found(who: str, field: str, value: str, noun: str = "donor") -> list[str]:
    return [each.id for each in look_up(actor(who), NOUNS[noun], field, value, "enquiry")]


@pytest.mark.parametrize(("field", "typed"), [
    ("telephone", "03-3205-0209"), ("telephone", "0332050209"), ("telephone", "０３－３２０５－０２０９"),
    ("telephone", "03 (3205) 0209"), ("name", "夏目 鏡子"), ("name", "夏目　鏡子"), ("name", " 夏目 鏡子 "),
    ("name_reading", "ナツメ キョウコ"), ("email", "ＫＹＯＫＯ@example.jp".lower()),
])  # fmt: skip
def test_a_value_is_found_however_it_is_typed(field: str, typed: str) -> None:
    made = donor("staff.soseki", email="kyoko@example.jp")
    donor("staff.soseki", name="森 茉莉", name_reading="もり まり", telephone="03-3205-0200")
    assert found("staff.soseki", field, typed) == [made]


@pytest.mark.parametrize("typed", ["03-3205-0209", "0332050209", "090-1111-2222", "09011112222"])
def test_each_telephone_of_a_cell_finds_its_record(typed: str) -> None:
    made = donor("staff.soseki", telephone="03-3205-0209（内線12） / 090-1111-2222")
    donor("staff.soseki", telephone="03-3205-0200")
    assert found("staff.soseki", "telephone", typed) == [made]


@pytest.mark.parametrize("typed", ["162-0044", "1620044", "〒１６２−００４４"])
def test_a_postcode_is_found_as_it_is_stored_today_and_once_was(database: Store, typed: str) -> None:
    today, once = (donor("staff.soseki", postcode="162-0044") for _ in range(2))
    database["donors"].update_one({"_id": ObjectId(once)}, {"$set": {"postcode": "1620044"}})
    assert sorted(found("staff.soseki", "postcode", typed)) == sorted([today, once])


@pytest.mark.parametrize(("field", "typed"), [
    ("telephone", "3205-0209"), ("telephone", "0209"), ("telephone", "03-3205-020"), ("telephone", "103-3205-0209"),
    ("telephone", ".*"), ("telephone", "03-3205"), ("telephone", "1-1111-2222"), ("name", "夏目"), ("name", ".*"), ("name", "夏目 ＊＊＊＊"), ("address", "東京都新宿区"),
])  # fmt: skip
def test_a_part_of_a_value_finds_nothing(field: str, typed: str) -> None:
    donor("staff.soseki")
    donor("staff.soseki", telephone="03-3205-0200(内線20) / 01-1111-2222")
    with suppress(BadQuestion):  # refused as unreadable, or read and not there
        assert found("staff.soseki", field, typed) == []


@pytest.mark.parametrize("field", ["notes", "leave", "donor_number", "standing", "keys", "masked", "made_up"])
def test_only_names_and_contacts_are_looked_up(field: str) -> None:
    donor("staff.soseki")
    with pytest.raises(BadQuestion):
        found("staff.soseki", field, "夏目家")


def test_the_screen_offers_what_the_gate_answers() -> None:
    assert [each.name for each in fields_of(actor("staff.soseki"), DONOR)] == [
        "name", "name_reading", "postcode", "address", "telephone", "email",
    ]  # fmt: skip
    assert fields_of(actor("manager"), DONOR)
    assert "dateofbirth" not in [each.name for each in fields_of(actor("librarian.kaizu"), PATRON)]
    for who in ("auditor", "contractor", "admin"):
        assert fields_of(actor(who), DONOR) == []


def test_a_refused_look_up_costs_none(database: Store) -> None:
    for who, field, value, purpose in (
        ("staff.soseki", "telephone", "", "enquiry"), ("staff.soseki", "telephone", "x", "enquiry"),
        ("staff.soseki", "telephone", "03-3205-0209", "curiosity"), ("auditor", "telephone", "03-3205-0209", "inspection"),
    ):  # fmt: skip
        with pytest.raises((BadQuestion, Refused)):
            look_up(actor(who), DONOR, field, value, purpose)
    assert database["hourly_counters"].count_documents({}) == 0
