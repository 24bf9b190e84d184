"""Searching what is masked, by exactly what the mask shows, for everybody alike (law 2; security.md, side channels)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from pymongo.database import Database

from gate.reading.listing import list_page
from gate.reading.loading import load
from gate.reading.masked_search import offered
from gate.reading.questions import MASKED, Filter, Question
from gate.reading.small_counts import SUPPRESSED
from gate.refusals import BadQuestion, Refused
from gate.store.masked_forms import _masks_of
from gate.writing.bulk import create_many, prepare_many
from gate.writing.writing import patch
from models.registry import NOUNS
from policies.rules import RULES
from tests.world import actor, donor, patron

DONOR, PATRON = NOUNS["donor"], NOUNS["patron"]
pytestmark = pytest.mark.usefixtures("database")
Store = Database[dict[str, Any]]


def found(who: str, field: str, typed: str, institution: str = "", noun: str = "donor") -> set[str]:
    question = Question(institution, filters=(Filter(field, MASKED, typed),))
    page = list_page(actor(who), NOUNS[noun], question, [NOUNS[noun].number])
    assert page.total == len(page.rows)
    return {each.id for each in page.rows}


def two_of_one_mask() -> tuple[str, str, str]:
    """Two donors whose every masked form is the same, and a third of another."""
    return (
        donor("staff.soseki", email="kyoko@example.jp"),
        donor("staff.soseki", name="夏目 筆子", name_reading="なつめ ふでこ", telephone="090-5555-0209",
              address="東京都新宿区矢来町3", email="fude@example.jp", notes="長女"),
        donor("staff.soseki", name="森 茉莉", telephone="03-3821-5510", address="東京都文京区千駄木1", email="m@example.com"),
    )  # fmt: skip


def test_a_noun_without_rules_has_no_masked_form_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """policies/rules: such a noun is denied; the set-up's indexes are made for the others."""
    monkeypatch.delitem(RULES, "donor")
    assert _masks_of.__wrapped__("donor") == {}


ASKED = [
    ("telephone", "0209"), ("telephone", "０２０９"), ("telephone", "***-****-0209"), ("telephone", "03-3205-0209"),
    ("telephone", "090-5555-0209"), ("address", "新宿区"), ("address", "東京都新宿区"), ("address", "新宿区矢来町3"),
    ("name", "夏目"), ("name", "夏目 鏡子"), ("name", "夏目　筆子"), ("email", "example.jp"), ("email", "fude@example.jp"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "typed"), ASKED)
@pytest.mark.parametrize("who", ["staff.shinjuku", "manager", "auditor", "staff.soseki"])
def test_the_mask_answers_and_never_the_value(who: str, field: str, typed: str) -> None:
    """What is typed beyond the mask tells nothing: not to the sister museum, and not at home either."""
    first, second, _ = two_of_one_mask()
    assert found(who, field, typed) == {first, second}
    assert found(who, field, typed, "soseki") == {first, second}


@pytest.mark.parametrize(("field", "typed"), [("telephone", "5510"), ("address", "文京区"), ("name", "森"), ("email", "example.com")])  # fmt: skip
def test_another_mask_is_told_apart(field: str, typed: str) -> None:
    third = two_of_one_mask()[2]
    assert found("staff.shinjuku", field, typed) == {third}


@pytest.mark.parametrize(("field", "typed"), [
    ("telephone", "209"), ("telephone", "3205"), ("address", "早稲田"), ("address", "千代田区"), ("name", "鏡子"),
    ("name", "夏"), ("email", "kyoko@"), ("email", "jp"), ("telephone", "020.*"), ("name", ".*"), ("address", "＊＊＊＊"),
    ("telephone", ""), ("name", "＊＊＊＊"), ("telephone", "0209" * 200),
])  # fmt: skip
def test_no_part_of_a_value_that_the_mask_leaves_out_finds_it(field: str, typed: str) -> None:
    two_of_one_mask()
    with suppress(BadQuestion):  # refused as unreadable, or read and not there
        assert found("staff.shinjuku", field, typed) == set()


@pytest.mark.parametrize("field", ["name_reading", "postcode", "leave", "notes", "donor_number", "standing", "masked",
                                   "keys", "made_up", "$where", "institution"])  # fmt: skip
def test_presence_and_what_has_no_mask_cannot_be_asked(field: str) -> None:
    donor("staff.soseki")
    for who in ("staff.shinjuku", "staff.soseki"):
        with pytest.raises(BadQuestion):
            found(who, field, "1234")


def test_a_field_withheld_altogether_is_refused_with_what_would_be_allowed(database: Store) -> None:
    donor("staff.soseki")
    database["roles"].update_one({"code": "staff"}, {"$set": {"effects.donor.supervised.contact": "hide"}})
    with pytest.raises(Refused) as error:
        found("staff.shinjuku", "telephone", "0209")
    assert (error.value.status, error.value.field, error.value.narrower) == (400, "telephone", "shinjuku")
    assert found("staff.shinjuku", "telephone", "0209", "shinjuku") == set()
    with pytest.raises(Refused):
        found("staff.shinjuku", "telephone", "0209", "soseki")


def test_birth_is_not_in_lists_and_so_not_asked_for_there() -> None:
    patron()
    with pytest.raises(Refused) as error:
        found("librarian.kaizu", "dateofbirth", "1975", noun="patron")
    assert error.value.status == 400


def test_a_role_tried_on_tells_nothing_of_values_that_its_trier_may_not_see(database: Store) -> None:
    from accounts.accounts import account

    donor("staff.soseki")
    admin = database["users"].find_one({"login_id": "admin"}) or {}
    role = database["roles"].find_one({"code": "staff"}) or {}
    tried = account(str(admin["_id"]), view_as=str(role["_id"]))
    assert tried is not None
    assert tried.actor.behind is not None
    with pytest.raises(Refused):
        list_page(
            tried.actor, DONOR, Question(filters=(Filter("telephone", MASKED, "0209"),)), ["donor_number"]
        )


def test_the_masked_form_follows_every_change_and_stands_in_no_history(database: Store) -> None:
    made = donor("staff.soseki")
    patch(actor("staff.soseki"), DONOR, made, 1, {"telephone": "03-3821-5510"})
    assert found("staff.shinjuku", "telephone", "0209") == set()
    assert found("staff.shinjuku", "telephone", "5510") == {made}
    patch(actor("staff.soseki"), DONOR, made, 2, {"telephone": "", "address": "", "name": "会", "email": ""})
    stored = database["donors"].find_one() or {}
    assert stored["masked"] == {}
    assert not [each for entry in stored["outbox"] for each in entry["fields"] if each in ("masked", "keys")]
    assert "masked" not in load(actor("staff.soseki"), DONOR, made).values


def test_bulk_derives_the_same_masked_forms_as_a_form() -> None:
    values = {"name": "夏目 鏡子", "telephone": "03-3205-0209"}
    documents = prepare_many(actor("staff.soseki"), DONOR, "soseki", [values])
    assert create_many(actor("staff.soseki"), DONOR, documents) == []  # type: ignore[arg-type]
    assert len(found("staff.shinjuku", "telephone", "0209")) == 1


def test_a_list_offers_what_is_masked_in_it_and_nothing_else() -> None:
    everywhere = {"section", "shinjuku", "soseki"}
    names = [each.name for each in offered(actor("staff.shinjuku"), DONOR, everywhere)]
    assert names == ["name", "address", "telephone", "email"]
    assert offered(actor("staff.shinjuku"), DONOR, {"shinjuku"}) == []
    assert offered(actor("contractor"), DONOR, everywhere) == []
    assert offered(actor("librarian.kaizu"), PATRON, {"kaizu"}) == []


def test_small_counts_of_people_are_suppressed_where_the_people_are_not_seen() -> None:
    from gate.reading.listing import group

    for n in range(10):
        donor("staff.soseki", name=f"夏目 {n}子")
    for _ in range(9):
        donor("staff.soseki", standing="depositor")
    by = {
        who: group(actor(who), DONOR, Question("soseki"), "standing") for who in ("manager", "staff.soseki")
    }
    assert by["manager"] == {"donor": 10, "depositor": SUPPRESSED}
    assert by["staff.soseki"] == {"donor": 10, "depositor": 9}
    assert group(actor("manager"), DONOR, Question(), "standing")["depositor"] == SUPPRESSED
