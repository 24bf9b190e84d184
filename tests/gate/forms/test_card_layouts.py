"""Which fields a form begins with: declared with the noun, or as an institution sets them (2D, 1)."""

import pytest

from gate.forms.card_layouts import card_for, cards_of, set_card
from gate.refusals import BadQuestion, Refused
from gate.store.collections import records_of
from models.registry import NOUNS
from tests.world import actor

pytestmark = pytest.mark.usefixtures("database")
ITEM, LOAN = NOUNS["item"], NOUNS["loan"]


def test_an_institution_that_set_none_has_the_declared_card() -> None:
    assert cards_of(ITEM, "shinjuku") == {"": ITEM.card}
    assert cards_of(LOAN, "shinjuku") == {}


def test_a_card_holds_for_its_institution_and_its_type_of_object_alone() -> None:
    set_card(actor("admin"), ITEM, "shinjuku", "", ["title", "rank"])
    set_card(actor("admin"), ITEM, "shinjuku", "painting", ["title", "maker"])
    cards = cards_of(ITEM, "shinjuku")
    assert card_for(ITEM, cards, "painting") == ("title", "maker")
    assert card_for(ITEM, cards, "map") == card_for(ITEM, cards, None) == ("title", "rank")
    assert cards_of(ITEM, "soseki") == {"": ITEM.card}
    set_card(actor("admin"), ITEM, "shinjuku", "painting", None)
    assert cards_of(ITEM, "shinjuku") == {"": ("title", "rank")}


@pytest.mark.parametrize(
    ("term", "names"), [("", []), ("", ["keys"]), ("", ["unconfirmed"]), ("nothing", ["title"])]
)
def test_a_card_names_fields_that_people_type(term: str, names: list[str]) -> None:
    with pytest.raises(BadQuestion):
        set_card(actor("admin"), ITEM, "shinjuku", term, names)


@pytest.mark.parametrize("who", ["staff.shinjuku", "contractor", "auditor", "manager"])
def test_only_who_edits_the_institution_sets_its_cards(who: str) -> None:
    with pytest.raises(Refused):
        set_card(actor(who), ITEM, "shinjuku", "", ["title"])


def test_a_card_of_a_field_that_is_gone_is_shown_without_it() -> None:
    set_card(actor("admin"), ITEM, "shinjuku", "", ["title", "rank"])
    records_of(NOUNS["institution"]).update_one(
        {"_id": "shinjuku"}, {"$set": {"cards.0.fields": ["lost", "rank"]}}
    )
    assert cards_of(ITEM, "shinjuku")[""] == ("rank",)
