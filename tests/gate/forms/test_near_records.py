"""Records that may be the same, told before a save, by no more than the actor may search (2D, 2; 2A, 4.7)."""

import pytest

from gate.forms.near_records import near_numbers, near_persons
from gate.refusals import Refused
from models.registry import NOUNS
from tests.world import actor, donor, item, patron

pytestmark = pytest.mark.usefixtures("database")
ITEM, DONOR, PATRON = NOUNS["item"], NOUNS["donor"], NOUNS["patron"]


@pytest.mark.parametrize("typed", ["k-55", "K‐55", "K 55", "K55", "Ｋ－５５", "k.55", "Kー55"])
def test_a_number_that_differs_by_case_and_signs_is_near(typed: str) -> None:
    made = item("staff.shinjuku", accession_number="K-55")
    found = near_numbers(actor("staff.shinjuku"), ITEM, typed, "shinjuku")
    # NFKC makes K－55 the number itself, which the unique index refuses.
    assert [each.reference.id for each in found] == ([] if typed == "Ｋ－５５" else [made])


@pytest.mark.parametrize("typed", ["K-5", "K-555", "L-55", "", "・", "K-" + "5" * 400, "$ne"])
def test_other_numbers_are_not_near(typed: str) -> None:
    item("staff.shinjuku", accession_number="K-55")
    assert near_numbers(actor("staff.shinjuku"), ITEM, typed, "shinjuku") == []


def test_the_record_itself_and_another_institutions_are_not_near() -> None:
    made = item("staff.shinjuku", accession_number="K-55")
    item("staff.soseki", accession_number="K55")
    assert near_numbers(actor("staff.shinjuku"), ITEM, "k55", "shinjuku", but=made) == []


@pytest.mark.parametrize(
    ("typed", "alike"),
    [
        ({"name": "夏目鏡子"}, ["name"]),
        ({"name_reading": "ナツメキョウコ"}, ["name_reading"]),
        ({"telephone": "０３（３２０５）０２０９"}, ["telephone"]),
        ({"name": "夏目 鏡子", "telephone": "03-3205-0209"}, ["name", "telephone"]),
        ({"name": "夏目 純一"}, []),
        ({"name": "夏"}, []),
        ({"telephone": "0209"}, []),
        ({"name": "*" * 500, "telephone": "a\0b"}, []),
    ],
)
def test_a_person_of_like_name_reading_or_telephone_is_near(typed: dict[str, str], alike: list[str]) -> None:
    made = donor("staff.soseki")
    found = near_persons(actor("staff.soseki"), DONOR, typed, "soseki")
    assert [(each.reference.id, [field.name for field in each.fields]) for each in found] == (
        [(made, alike)] if alike else []
    )


def test_a_name_in_two_parts_is_near_as_a_whole() -> None:
    made, librarian = patron(), actor("librarian.kaizu")
    found = near_persons(librarian, PATRON, {"surname": "平田", "firstname": "靱負"}, "kaizu")
    assert [each.reference.id for each in found] == [made]
    assert near_persons(librarian, PATRON, {"surname": "平田"}, "kaizu") == []
    assert near_persons(librarian, PATRON, {"surname": "平田", "firstname": "花子"}, "kaizu") == []


def test_what_is_masked_is_compared_by_what_its_mask_shows() -> None:
    """The sister museum sees 夏目 ＊＊＊＊ and ***-****-0209: that much may be compared, and not a sign more."""
    made, sister = donor("staff.soseki"), actor("staff.shinjuku")
    seen = {"name": "夏目 純一", "telephone": "090-1111-0209"}  # the same masked forms, another person
    assert [each.reference.id for each in near_persons(sister, DONOR, seen, "shinjuku")] == [made]
    whole = {"name": "夏目 鏡子", "telephone": "03-3205-0209"}
    (one,), (other,) = (near_persons(sister, DONOR, each, "shinjuku") for each in (seen, whole))
    assert (one.reference, one.fields) == (other.reference, other.fields)
    assert "鏡子" not in one.reference.label
    # Readings are withheld from it: the right one tells no more than a wrong one.
    assert near_persons(sister, DONOR, {"name_reading": "なつめ きょうこ"}, "shinjuku") == []
    assert near_persons(sister, DONOR, {"telephone": "03-3205-0209"}, "shinjuku") == []


@pytest.mark.parametrize("who", ["librarian.kaizu", "contractor"])
def test_nobody_is_near_to_who_may_not_read_them(who: str) -> None:
    donor("staff.soseki")
    with pytest.raises(Refused):
        near_persons(actor(who), DONOR, {"name": "夏目 鏡子"}, "soseki")


def test_ones_own_institutions_come_first() -> None:
    sister = donor("staff.soseki", name="夏目 鏡子")
    own = donor("staff.shinjuku", name="夏目 鏡子", telephone="03-3205-0209")
    typed = {"name": "夏目 鏡子", "telephone": "03-3205-0209"}
    found = near_persons(actor("staff.shinjuku"), DONOR, typed, "shinjuku")
    assert [each.reference.id for each in found] == [own, sister]
