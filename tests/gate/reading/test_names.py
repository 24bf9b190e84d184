"""Names of staff are told to colleagues and the supervisor; to others their role and institution (2A, 2.6; S8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from mongoengine.connection import get_db

from gate.card.histories import history
from gate.reading.listing import export_rows, list_page
from gate.reading.loading import load
from gate.reading.names import colleagues, names_of
from gate.reading.questions import Filter, Question
from gate.refusals import BadQuestion
from gate.writing.writing import create
from models.registry import NOUNS
from policies.actor import Actor
from progress.completions import by_week, completed
from progress.counts import Scope
from tests.world import actor, item

pytestmark = pytest.mark.usefixtures("database")
ITEM = NOUNS["item"]
NAME, ROLE = "staff.shinjukuの人", "学芸員・職員（歴史博物館）"
YEAR = (date(2026, 1, 1), date(2027, 1, 1))
READ_AS = {
    "staff.shinjuku": NAME, "manager": NAME, "auditor": NAME, "admin": NAME, "staff.soseki": ROLE, "contractor": ROLE,
}  # fmt: skip


def second() -> str:
    """A second curator of the museum: another person of the same role."""
    users = get_db()["users"]
    found = users.find_one({"login_id": "staff.shinjuku"}) or {}
    more = {"login_id": "second", "login_key": "second", "display_name": "二人目の人"}
    return str(users.insert_one({**{k: v for k, v in found.items() if k != "_id"}, **more}).inserted_id)


@pytest.mark.parametrize(("login", "said"), READ_AS.items())
def test_who_entered_a_record_is_named_to_colleagues_and_the_supervisor_alone(login: str, said: str) -> None:
    id_, who = item(input_status="done"), actor(login)
    row = load(who, ITEM, id_)
    for name in ("created_by", "changed_by", "entered_by", "status_by"):
        assert row[name].value == said, name
    (listed,) = list_page(who, ITEM, Question(), ["entered_by", "status_by"], size=5).rows
    assert {each.value for each in listed} == {said}


@pytest.mark.parametrize("login", ["staff.soseki", "contractor"])
def test_two_people_of_one_role_are_one_to_others(login: str) -> None:
    other = second()
    for _ in range(2):
        item(input_status="done")
    get_db()["items"].update_one({}, {"$set": {"entered_by": other}})
    who = actor(login)
    done = completed(who, Scope(), date(2020, 1, 1), date(2100, 1, 1))
    weeks = by_week(done, *YEAR)
    assert list(weeks.people.values()) == [ROLE]
    (key,) = weeks.people
    assert sum(each.records for each in completed(who, Scope(), date(2020, 1, 1), date(2100, 1, 1), key)) == 2
    for id_ in (other, actor("staff.shinjuku").user, "zz", "as:shinjuku:zz"):
        with pytest.raises(BadQuestion):
            completed(who, Scope(), *YEAR, id_)
        with pytest.raises(BadQuestion):
            list_page(who, ITEM, Question(filters=(Filter("entered_by", "is", id_),)), ["title"], size=5)


def test_the_supervisor_tells_two_people_apart() -> None:
    other = second()
    for _ in range(2):
        item(input_status="done")
    get_db()["items"].update_one({}, {"$set": {"entered_by": other}})
    done = completed(actor("manager"), Scope(), date(2020, 1, 1), date(2100, 1, 1))
    assert sorted(by_week(done, *YEAR).people.values()) == [NAME, "二人目の人"]


def test_people_whose_accounts_are_gone_are_counted_as_one_and_can_be_chosen() -> None:
    for at in range(2):
        item(input_status="done")
        get_db()["items"].update_many(
            {"entered_by": actor("staff.shinjuku").user}, {"$set": {"entered_by": f"{at:024x}"}}
        )
    who = actor("manager")
    done = completed(who, Scope(), date(2020, 1, 1), date(2100, 1, 1))
    ((key, name),) = by_week(done, *YEAR).people.items()
    assert name == "―"
    assert sum(each.records for each in completed(who, Scope(), date(2020, 1, 1), date(2100, 1, 1), key)) == 2


def test_a_museum_reads_its_supervisors_people_as_role_and_institution() -> None:
    manager = actor("manager").user
    assert names_of(actor("staff.shinjuku"), [manager]) == {manager: "管理(所管課)（文化観光課）"}
    english = replace(actor("staff.shinjuku"), language="en")
    assert names_of(english, [manager]) == {manager: "Manager (Culture and Tourism Section)"}


def test_another_governments_people_have_no_name_at_all() -> None:
    theirs = actor("librarian.kaizu").user
    assert names_of(actor("manager"), [theirs]) == {theirs: "―"}


@pytest.mark.parametrize(
    ("login", "offered"),
    [
        ("staff.shinjuku", {"staff.shinjukuの人"}),
        ("staff.soseki", {"staff.sosekiの人"}),
        ("contractor", {"contractorの人"}),
    ],
)
def test_a_form_offers_the_people_whose_names_are_told(login: str, offered: set[str]) -> None:
    names = set(colleagues(actor(login), NOUNS["takeout"].fields["taken_by"]).values())
    assert names == offered - {"contractorの人"}


def test_the_section_is_offered_its_museums_people() -> None:
    names = set(colleagues(actor("manager"), NOUNS["takeout"].fields["taken_by"]).values())
    assert {"managerの人", "staff.shinjukuの人", "staff.sosekiの人"} <= names
    assert "contractorの人" not in names


def test_a_contractor_is_named_to_who_lets_it_in() -> None:
    field = NOUNS["work_request"].fields["contractor"]
    assert set(colleagues(actor("staff.shinjuku"), field).values()) == {"contractorの人"}
    id_ = actor("contractor").user
    assert names_of(actor("staff.shinjuku"), [id_]) == {id_: "contractorの人"}


def test_a_history_and_an_export_name_them_likewise() -> None:
    who = actor("manager")
    exhibition = create(who, NOUNS["exhibition"], "section", {"title": "展"})
    assert [each.who for each in history(who, NOUNS["exhibition"], exhibition)] == ["managerの人"]
    item(input_status="done")
    (row,) = export_rows(who, ITEM, Question(), ["entered_by"], purpose="check")
    assert row["entered_by"].value == NAME


def as_contractor(who: Actor) -> Actor:
    """Somebody who tries on the contractor's role."""
    return replace(who, behind=who.role, role=actor("contractor").role)


def test_who_tries_on_the_contractors_role_sees_what_a_contractor_sees() -> None:
    id_ = actor("staff.shinjuku").user
    assert names_of(as_contractor(actor("manager")), [id_]) == {id_: ROLE}
