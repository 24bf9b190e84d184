"""If it can't be logged, it isn't shown; what is wholly masked is no disclosure (law 6; K3, S13, S22)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from audit import streams
from audit.disclosures import LedgerClosed, disclose
from gate.card.histories import history
from gate.reading.listing import export_rows, list_page
from gate.reading.loading import load, reveal
from gate.reading.lookups import look_up
from gate.reading.questions import Question
from gate.reading.reference_matches import choices
from gate.refusals import BadQuestion, Conflict, Refused
from gate.writing.writing import patch
from models.registry import NOUNS
from tests.world import actor, donor, item, patron

pytestmark = pytest.mark.usefixtures("database")
Store = Database[dict[str, Any]]
DONOR, ITEM, PATRON = NOUNS["donor"], NOUNS["item"], NOUNS["patron"]
LISTED = ["donor_number", "name", "address"]


def told(database: Store) -> list[dict[str, Any]]:
    marks = dict.fromkeys(("_id", "at", "stream", "place", "mac"), 0)
    return list(database["disclosures"].find({}, marks))


def test_one_entry_for_a_record_names_fields_and_opaque_ids_only(database: Store) -> None:
    made = donor("staff.soseki")
    load(actor("staff.soseki"), DONOR, made)
    assert told(database) == [
        {
            "actor": actor("staff.soseki").user,
            "institution": "soseki",
            "noun": "donor",
            "exit": "detail",
            "breadth": "record",
            "subjects": [made],
            "fields": ["address", "name", "name_reading", "notes", "telephone"],
            "purpose": "",
        }
    ]


def test_one_entry_for_a_page_with_all_who_stand_on_it(database: Store) -> None:
    mine = [donor("staff.soseki", name=name) for name in ("甲 一", "乙 二")]
    donor("staff.shinjuku")
    list_page(actor("staff.soseki"), DONOR, Question(), LISTED)
    (entry,) = told(database)
    assert (set(entry["subjects"]), entry["breadth"]) == (set(mine), "list_page")


def test_what_is_wholly_masked_or_empty_or_public_is_no_disclosure(database: Store) -> None:
    made = donor("staff.soseki")
    for who in ("staff.shinjuku", "manager", "auditor", "admin"):
        load(actor(who), DONOR, made)
        list_page(actor(who), DONOR, Question(), LISTED)
        choices(actor(who), DONOR, "")
    list(export_rows(actor("staff.soseki"), DONOR, Question(), LISTED))
    load(actor("staff.soseki"), ITEM, item("staff.soseki"))
    list_page(actor("staff.soseki"), DONOR, Question(), ["donor_number", "standing"])
    assert told(database) == []


def test_a_donor_named_in_an_item_is_a_disclosure_of_the_donor(database: Store) -> None:
    made = donor("staff.soseki")
    linked = item("staff.soseki", acquisition_source=made)
    load(actor("staff.shinjuku"), ITEM, linked)
    assert told(database) == []
    load(actor("staff.soseki"), ITEM, linked)
    (entry,) = told(database)
    assert (entry["noun"], entry["subjects"], entry["fields"]) == ("donor", [made], ["name"])


def test_a_printed_list_tells_each_batch(database: Store) -> None:
    made = [donor("staff.soseki", name=f"甲 {n}") for n in "一二三"]
    list(export_rows(actor("staff.soseki"), DONOR, Question(), LISTED, exit_="print", batch=2))
    assert [each["subjects"] for each in told(database)] == [made[:2], made[2:]]


def test_an_id_is_told_as_it_is_stored_however_it_stood_in_the_address(database: Store) -> None:
    made = donor("staff.soseki")
    patch(actor("staff.soseki"), DONOR, made, 1, {"name": "夏目 筆子"})
    shouted = made.upper()
    load(actor("staff.soseki"), DONOR, shouted)
    assert [each.before["name"].value for each in history(actor("staff.soseki"), DONOR, shouted)[:1]] == [
        "夏目 鏡子"
    ]
    reveal(actor("manager"), DONOR, shouted, "name", "check")
    assert {subject for each in told(database) for subject in each["subjects"]} == {made}
    assert load(actor("manager"), DONOR, made)["name"].value == "夏目 筆子"


def test_a_revealed_field_opens_on_its_own_page_for_that_person_for_a_while(database: Store) -> None:
    from datetime import UTC, datetime, timedelta

    made, other = donor("staff.soseki"), donor("staff.soseki", name="中根 倫")
    reveal(actor("manager"), DONOR, made, "name", "notice")
    (entry,) = told(database)
    assert (entry["fields"], entry["purpose"], entry["subjects"]) == (["name"], "notice", [made])
    assert load(actor("manager"), DONOR, made)["name"].value == "夏目 鏡子"
    assert load(actor("manager"), DONOR, made)["address"].state == "masked"
    assert load(actor("manager"), DONOR, other)["name"].state == "masked"
    assert load(actor("manager"), DONOR, made, exit_="print")["name"].state == "masked"
    assert load(actor("auditor"), DONOR, made)["name"].state == "masked"
    assert list_page(actor("manager"), DONOR, Question(), LISTED).rows[1]["name"].state == "masked"
    database["reveals"].update_many({}, {"$set": {"ends_at": datetime.now(UTC) - timedelta(seconds=1)}})
    assert load(actor("manager"), DONOR, made)["name"].state == "masked"


@pytest.mark.parametrize("who", ["staff.shinjuku", "auditor", "contractor", "admin"])
def test_a_reveal_needs_its_grant(database: Store, who: str) -> None:
    made = donor("staff.soseki")
    with pytest.raises(Refused):
        reveal(actor(who), DONOR, made, "name", "check")
    assert told(database) == []
    assert database["reveals"].count_documents({}) == 0


def test_a_reveal_needs_a_purpose_and_a_field_that_is_masked() -> None:
    made = donor("staff.soseki")
    for field, purpose in (("name", ""), ("name", "興味"), ("keys", "check"), ("made_up", "check")):
        with pytest.raises(BadQuestion):
            reveal(actor("manager"), DONOR, made, field, purpose)
    linked = item("staff.soseki")
    for field in ("title", "input_status"):
        with pytest.raises(Refused):
            reveal(actor("manager"), ITEM, linked, field, "check")


def test_a_look_up_finds_exactly_and_tells_all_that_it_shows(database: Store) -> None:
    made = patron()
    (found,) = look_up(actor("librarian.kaizu"), PATRON, "phone", "0584-53-1111", "enquiry")
    assert found.id == made
    (entry,) = told(database)
    assert (entry["exit"], entry["purpose"], entry["subjects"]) == ("lookup", "enquiry", [made])
    assert set(entry["fields"]) == {each.field.name for each in found if each.field.data_class in
                                    ("identity", "contact") and each.value}  # fmt: skip
    assert look_up(actor("librarian.kaizu"), PATRON, "phone", "0584-53-111", "enquiry") == []
    with pytest.raises(BadQuestion):
        look_up(actor("librarian.kaizu"), PATRON, "phone", ".*", "enquiry")
    assert len(told(database)) == 2


def test_a_look_up_stays_in_its_institution_and_needs_its_grant() -> None:
    donor("staff.soseki")
    assert look_up(actor("staff.shinjuku"), DONOR, "telephone", "03-3205-0209", "notice") == []
    for who in ("auditor", "contractor", "admin"):
        with pytest.raises(Refused):
            look_up(actor(who), DONOR, "telephone", "03-3205-0209", "notice")


def test_a_hidden_field_cannot_be_looked_up(database: Store) -> None:
    patron()
    for field, value in (("dateofbirth", "1975-03-09"), ("sex", "male")):
        with pytest.raises(Refused) as error:
            look_up(actor("librarian.kaizu"), PATRON, field, value, "enquiry")
        assert error.value.status == 400
    database["roles"].update_one({"code": "librarian"}, {"$set": {"effects.patron.own.contact": "hide"}})
    with pytest.raises(Refused):
        look_up(actor("librarian.kaizu"), PATRON, "phone", "0584-53-1111", "enquiry")


def test_a_look_up_of_too_many_shows_none(database: Store) -> None:
    for _ in range(6):
        patron()
    with pytest.raises(BadQuestion):
        look_up(actor("librarian.kaizu"), PATRON, "surname", "平田", "enquiry")
    assert len(told(database)) == 1
    for value, purpose in (("", "enquiry"), ("　", "enquiry"), ("平田", "")):
        with pytest.raises(BadQuestion):
            look_up(actor("librarian.kaizu"), PATRON, "surname", value, purpose)


def test_history_shows_values_before_under_the_rules_of_today(database: Store) -> None:
    made = donor("staff.soseki")
    patch(actor("staff.soseki"), DONOR, made, 1, {"name": "夏目 筆子", "purpose": "deposit"})
    for who, value in (
        ("staff.soseki", "夏目 鏡子"),
        ("manager", "夏目 ＊＊＊＊"),
        ("auditor", "夏目 ＊＊＊＊"),
    ):
        newest, oldest = history(actor(who), DONOR, made)
        assert (newest.action, oldest.action) == ("edit", "create")
        assert newest.before["name"].value == value
        assert newest.before["purpose"].value == "donation"
    assert [each["exit"] for each in told(database)] == ["history"]
    for who in ("staff.shinjuku", "contractor"):
        with pytest.raises(Refused):
            history(actor(who), DONOR, made)


@pytest.fixture
def closed_ledger(database: Store, database_uri: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The ledger's own connection is closed under it, as when the store of the ledger is down; the rest goes on."""
    client = MongoClient[dict[str, Any]](database_uri)
    lost = client.get_default_database()
    client.close()
    monkeypatch.setattr(streams, "get_db", lambda: lost)
    yield
    assert told(database) == []


WAYS = ["a page", "a record", "a form", "a card", "a printed list", "a name in an item", "a choice", "a reveal",
        "a look-up", "a history", "a conflict"]  # fmt: skip


def ways(made: str, linked: str) -> dict[str, Callable[[], Any]]:
    """Every way in which the name of this donor would be shown, or opened to be shown."""
    who, printed = actor("staff.soseki"), Question()
    return {
        "a page": lambda: list_page(who, DONOR, Question(), LISTED),
        "a record": lambda: load(who, DONOR, made),
        "a form": lambda: load(who, DONOR, made, exit_="form"),
        "a card": lambda: load(who, DONOR, made, exit_="print"),
        "a printed list": lambda: next(export_rows(who, DONOR, printed, LISTED, exit_="print")),
        "a name in an item": lambda: load(who, ITEM, linked),
        "a choice": lambda: choices(who, DONOR, "夏目"),
        "a reveal": lambda: reveal(actor("manager"), DONOR, made, "name", "check"),
        "a look-up": lambda: look_up(who, DONOR, "name", "夏目 鏡子", "check"),
        "a history": lambda: history(who, DONOR, made),
        "a conflict": lambda: patch(who, DONOR, made, 1, {"purpose": "donation"}),
    }


@pytest.mark.usefixtures("closed_ledger")
@pytest.mark.parametrize("what", WAYS)
def test_nothing_personal_is_shown_when_the_ledger_cannot_be_written(database: Store, what: str) -> None:
    made = donor("staff.soseki")
    linked = item("staff.soseki", acquisition_source=made)
    patch(actor("staff.soseki"), DONOR, made, 1, {"name": "夏目 筆子"})
    patch(actor("staff.soseki"), DONOR, made, 2, {"name": "夏目 鏡子"})
    with pytest.raises(LedgerClosed):
        ways(made, linked)[what]()
    assert database["reveals"].count_documents({}) == 0


@pytest.mark.usefixtures("closed_ledger")
def test_what_is_masked_goes_on_without_a_ledger() -> None:
    made = donor("staff.soseki")
    assert load(actor("manager"), DONOR, made)["name"].value == "夏目 ＊＊＊＊"


def test_the_entry_is_there_before_anything_is_handed_out(database: Store) -> None:
    donor("staff.soseki")
    rows = export_rows(actor("staff.soseki"), DONOR, Question(), LISTED, exit_="print")
    assert told(database) == []
    next(rows)
    assert len(told(database)) == 1


def test_an_unknown_breadth_is_a_mistake_in_the_code() -> None:
    with pytest.raises(ValueError, match="breadth"):
        disclose(
            actor="a", institution="b", noun="donor", exit_="list", breadth="all", subjects=[], fields=[]
        )


def test_a_conflict_is_disclosed_too(database: Store) -> None:
    made = donor("staff.soseki")
    patch(actor("staff.soseki"), DONOR, made, 1, {"name": "夏目 筆子"})
    with pytest.raises(Conflict):
        patch(actor("staff.soseki"), DONOR, made, 1, {"name": "夏目 純一"})
    assert [each["exit"] for each in told(database)] == ["history", "form"]
