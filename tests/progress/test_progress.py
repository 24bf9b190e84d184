"""The boards of progress count through the gate: what each may count, and what the counts say (S5)."""

from __future__ import annotations

import pytest
from mongoengine.connection import get_db

from gate.reading.listing import list_page
from gate.reading.questions import Filter, Question
from gate.refusals import BadQuestion, Refused
from gate.writing.writing import patch
from models.completeness import ALWAYS, asked_of, lacking
from models.declaration import Noun
from models.vocabularies import terms
from policies.actor import Actor
from progress.counts import ITEM, Scope, completeness, count_by_status
from tests.world import actor, item

pytestmark = pytest.mark.usefixtures("database")


def board(who: Actor, scope: Scope | None = None) -> dict[tuple[str, str], dict[str, tuple[int, int]]]:
    """(institution, group) → status → (records, pieces)."""
    return {
        (each.institution, each.group): {code: (n, each.pieces[code]) for code, n in each.records.items()}
        for each in count_by_status(who, scope or Scope())
    }


def test_records_and_pieces_by_institution_rank_and_status() -> None:
    item(rank="A", input_status="done", object_count="3")
    item(rank="B", input_status="done")
    item(rank="D")
    item("staff.soseki", input_status="awaiting_check", object_count="10")
    assert board(actor("manager")) == {
        ("shinjuku", "AB"): {"done": (2, 4)},
        ("shinjuku", "CD"): {"not_started": (1, 1)},
        ("soseki", "none"): {"awaiting_check": (1, 10)},
    }
    assert board(actor("manager"), Scope("shinjuku", "CD")) == {("shinjuku", "CD"): {"not_started": (1, 1)}}
    assert board(actor("manager"), Scope(group="none")) == {("soseki", "none"): {"awaiting_check": (1, 10)}}


@pytest.mark.parametrize("who", ["librarian.kaizu", "auditor.kaizu"])
def test_the_other_government_counts_nothing(who: str) -> None:
    item(rank="A")
    with pytest.raises(Refused):
        count_by_status(actor(who), Scope())


@pytest.mark.parametrize("scope", [Scope("kaizu"), Scope("nowhere"), Scope("$ne")])
def test_an_institution_out_of_reach_is_not_counted(scope: Scope) -> None:
    for counted in (count_by_status, completeness):
        with pytest.raises(Refused):
            counted(actor("manager"), scope)


def test_an_unknown_group_is_a_bad_question() -> None:
    with pytest.raises(BadQuestion):
        count_by_status(actor("manager"), Scope(group="Z"))


@pytest.mark.parametrize("hidden", ["rank", "input_status", "object_count"])
def test_what_is_withheld_is_not_counted_by(hidden: str) -> None:
    """Asking is refused with 400, and never answered with a part."""
    get_db()["roles"].update_many(
        {"code": "staff"}, {"$set": {f"effects.item.supervised.field:{hidden}": "hide"}}
    )
    with pytest.raises(Refused) as error:
        count_by_status(actor("staff.shinjuku"), Scope())
    assert error.value.status == 400
    assert count_by_status(actor("staff.shinjuku"), Scope("shinjuku")) == []


def test_figures_leave_as_a_file_only_from_where_the_role_exports() -> None:
    item()
    assert count_by_status(actor("staff.shinjuku"), Scope("shinjuku"), action="export")
    for who, scope in (("staff.shinjuku", Scope()), ("contractor", Scope()), ("auditor", Scope("shinjuku"))):
        with pytest.raises(Refused):
            count_by_status(actor(who), scope, action="export")


def test_a_card_lacks_what_its_type_asks_for() -> None:
    made = item(object_type="painting", rank="A", maker="見本 絵師", location="第1収蔵庫")
    found = completeness(actor("staff.shinjuku"), Scope("shinjuku"))
    assert [(each.object_type, each.records, each.whole) for each in found] == [("painting", 1, 0)]
    assert set(found[0].lacking) == {
        "materials", "acquisition_method", "description", "photographs", "period", "dimensions"
    }  # fmt: skip
    patch(actor("staff.shinjuku"), ITEM, made, 1, {"object_type": "document"})
    after = completeness(actor("staff.shinjuku"), Scope("shinjuku"))[0]
    assert "dimensions" not in after.lacking  # not asked of a document
    filled = len(after.asked) - len(after.lacking)
    assert after.filled == pytest.approx(filled / len(after.asked))


def test_whether_a_withheld_field_is_filled_is_not_told() -> None:
    """The place in the store is for the institution's own eyes: neither asked of the sister's cards, nor counted."""
    item("staff.soseki", object_type="document")
    sister = completeness(actor("staff.shinjuku"), Scope("soseki"))[0]
    assert "location" not in sister.asked
    assert "location" not in sister.lacking
    assert "location" in completeness(actor("staff.soseki"), Scope("soseki"))[0].lacking


def test_the_records_behind_a_number_are_as_many_as_it_says() -> None:
    for rank in "AABCD":
        item(rank=rank, input_status="done")
    question = Question(
        "shinjuku", filters=(Filter("rank", "any", "A,B"), Filter("input_status", "is", "done"))
    )
    page = list_page(actor("manager"), ITEM, question, ["rank"])
    assert page.total == board(actor("manager"))["shinjuku", "AB"]["done"][0] == 3
    for wrong in (Filter("rank", "any", "A,Z"), Filter("rank", "any", ""), Filter("title", "any", "a,b")):
        with pytest.raises(BadQuestion):
            list_page(actor("manager"), ITEM, Question(filters=(wrong,)), ["rank"])


def test_every_object_type_says_what_it_asks_for_and_no_field_that_may_name_people() -> None:
    noun: Noun = ITEM
    for kind in terms("object_type"):
        asked = asked_of(kind)
        assert len(asked) == len(set(asked)) > len(ALWAYS), kind
        assert {str(noun.fields[name].data_class) for name in asked} <= {"public", "internal", "restricted"}
    required = {each.name for each in noun if each.required and each.declared.section != "system"}
    assert required <= set(ALWAYS)
    assert lacking({"title": "x"})[0] == "accession_number"
