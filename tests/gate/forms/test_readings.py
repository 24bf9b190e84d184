"""Readings that are proposed, and how long it is known that nobody has confirmed them (2D, 1)."""

from typing import Any

import pytest
from pymongo.database import Database

from gate.forms.aids import explain_typed
from gate.forms.known_readings import proposed_reading
from gate.refusals import Conflict
from gate.writing.changes import Origin
from gate.writing.writing import Edit, Editing, create, patch, patch_many
from models.registry import NOUNS
from tests.world import actor, item, stored_item

pytestmark = pytest.mark.usefixtures("database")
Store = Database[dict[str, Any]]
ITEM, DONOR = NOUNS["item"], NOUNS["donor"]
TITLE = ITEM.fields["title"]


def proposed(text: str, who: str = "staff.shinjuku", house: str = "shinjuku") -> str:
    return proposed_reading(actor(who), ITEM, TITLE, text, house)


def test_the_dictionary_reads_what_no_record_has() -> None:
    assert proposed("縄文土器") == "じょうもんどき"


def test_the_institutions_own_words_come_first_also_within_a_longer_title() -> None:
    item("staff.shinjuku", title="道草庵", title_reading="みちくさあん")
    assert proposed("道草庵") == "みちくさあん"
    assert proposed("道草庵書簡") == "みちくさあんしょかん"
    assert proposed("道草庵", "staff.soseki", "soseki") != "みちくさあん"


def test_a_reading_that_nobody_confirmed_is_no_authority() -> None:
    who = actor("staff.shinjuku")
    create(
        who,
        ITEM,
        "shinjuku",
        {"title": "縄文土器", "title_reading": "あいうえお"},
        proposed={"title_reading": True},
    )
    assert proposed("縄文土器") == "じょうもんどき"


def test_what_a_person_is_called_is_never_read_from_another_persons_record() -> None:
    create(actor("staff.soseki"), DONOR, "soseki", {"name": "山田 花子", "name_reading": "やまだ かすみこ"})
    found = explain_typed(actor("staff.soseki"), DONOR, DONOR.fields["name"], "山田花子", "soseki")
    assert found.fills == {"name": "山田 花子", "name_reading": "やまだ はなこ"}


@pytest.mark.parametrize("text", ["", " ", "\0", "𠮷" * 5_000, "<script>", "$gt", "???"])
def test_any_text_whatever_is_read_or_left(text: str) -> None:
    explain_typed(actor("staff.shinjuku"), ITEM, TITLE, text, "shinjuku")


def made(**more: Any) -> str:
    typed = {"title": "縄文土器", "title_reading": "じょうもんどき"}
    return create(actor("staff.shinjuku"), ITEM, "shinjuku", typed, proposed={"title_reading": True, **more})


def test_a_proposed_reading_is_marked_until_a_person_types_another() -> None:
    id_ = made()
    assert stored_item(id_)["unconfirmed"] == ["title_reading"]
    patch(actor("staff.shinjuku"), ITEM, id_, 1, {"title": "土器"})
    assert stored_item(id_)["unconfirmed"] == ["title_reading"]
    patch(actor("staff.shinjuku"), ITEM, id_, 2, {"title_reading": "どき"})
    assert not stored_item(id_).get("unconfirmed")


def test_a_confirmation_alone_is_a_change_and_has_its_revision() -> None:
    id_ = made()
    editing = Editing(actor("staff.shinjuku"), ITEM, id_)
    assert editing.save(1, {"title_reading": "じょうもんどき"}, proposed={"title_reading": False}) == 2
    assert not stored_item(id_).get("unconfirmed")
    assert stored_item(id_)["outbox"][-1]["fields"] == ["unconfirmed"]
    with pytest.raises(Conflict):
        Editing(actor("staff.shinjuku"), ITEM, id_).save(1, {}, proposed={"title_reading": True})


def test_a_form_that_says_nothing_new_changes_nothing() -> None:
    id_ = made()
    editing = Editing(actor("staff.shinjuku"), ITEM, id_)
    assert editing.save(1, {"title_reading": "じょうもんどき"}, proposed={"title_reading": True}) == 1


def test_an_empty_reading_has_no_mark_and_other_origins_confirm_what_they_write() -> None:
    who = actor("staff.shinjuku")
    id_ = create(who, ITEM, "shinjuku", {"title": "無題"}, proposed={"title_reading": True})
    assert not stored_item(id_).get("unconfirmed")
    id_ = made()
    patch_many(who, ITEM, [Edit(id_, 1, {"title_reading": "どき"})], origin=Origin.BATCH)
    assert not stored_item(id_).get("unconfirmed")
