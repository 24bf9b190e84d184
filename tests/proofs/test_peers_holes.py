"""The twelve published holes of other panels, each tried here (the advisories are named in docs/proofs.md).

`python -m benchmarks.holes` tries the same twelve on a panel made with Flask-Admin as its manual has it.
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from mongoengine.connection import get_db

from tests.proofs.browsing import Visitor, text_of
from tests.proofs.conftest import House
from tests.proofs.crawling import Log
from tests.proofs.knowing import acting
from tests.proofs.planted import planted, tokens_in, tokens_of
from tests.proofs.stage import Place, Stage
from tests.proofs.worlds import without_noise
from tests.world import approve_accounts


@pytest.fixture
def stage(house: House) -> Stage:
    """The stage, fresh."""
    return house.set_stage("peers")


@pytest.fixture
def soseki(house: House, stage: Stage) -> Visitor:
    """The curator of the sister museum, to whom the donors of the other are masked."""
    return Visitor(house.app, "staff.soseki")


def place(stage: Stage, noun: str, house: str, name: str, *, past: bool = False) -> Place:
    """Where a value stands that the curator of soseki may not know."""
    return next(p for p in stage.places if (p.noun, p.house, p.name, p.past) == (noun, house, name, past))


def value(of: Place) -> str:
    """The value there."""
    return str(planted(of.field, of.n))


@pytest.mark.parametrize(
    "asked",
    ["f.password_hash=$2b$", "f.password_hash.from=$2", "f.role.password_hash=x", "sort=password_hash"],
)
def test_01_django_2010_no_filter_reaches_a_credential(house: House, stage: Stage, asked: str) -> None:
    assert Visitor(house.app, "admin").get(f"/admin/user/?{asked}").status_code == 400


@pytest.mark.parametrize("field", ["name", "telephone", "address", "email", "notes"])
def test_02_strapi_2023_22894_a_withheld_field_filters_nothing(
    soseki: Visitor, stage: Stage, field: str
) -> None:
    right = value(place(stage, "donor", "shinjuku", field))
    answers = [soseki.get(f"/admin/donor/?f.{field}={each}") for each in (right, "no such value")]
    assert [each.status_code for each in answers] == [400, 400]
    # What was asked stands in the page that refuses it; beside that the two refusals are one.
    one, other = (without_noise(text_of(each)) for each in answers)
    assert _asked(one, right) == _asked(other, "no such value")


def _asked(text: str, words: str) -> str:
    for each in (words, quote(words), quote_plus(words)):
        text = text.replace(each, "asked")
    return text


@pytest.mark.parametrize(
    "asked",
    ["filters[name]=x", "where[donor][name]=x", "f.__proto__=x", "f.acquisition_source.name=x", "flt0_0=x"],
)
def test_03_strapi_2026_27886_an_unknown_key_is_refused_and_not_ignored(soseki: Visitor, asked: str) -> None:
    assert soseki.get(f"/admin/item/?{asked}").status_code == 400


def test_04_directus_2025_30352_a_search_does_not_reach_withheld_text(soseki: Visitor, stage: Stage) -> None:
    for field in ("name", "name_reading", "address", "telephone"):
        of = place(stage, "donor", "shinjuku", field)
        answer = soseki.post("/admin/donor/search/", [("q", value(of).split()[-1])])
        page = soseki.get(answer.headers["Location"])
        assert of.record not in page.get_data(as_text=True)
        assert of.record not in text_of(soseki.post("/admin/donor/choices/", [("q", value(of).split()[-1])]))


def test_05_directus_2026_35442_no_count_and_no_extreme_tells_a_withheld_value(
    soseki: Visitor, stage: Stage
) -> None:
    of = place(stage, "item", "shinjuku", "acquisition_price")
    for asked in (
        "f.acquisition_price.from=1",
        "f.acquisition_price.to=1",
        "sort=acquisition_price",
        "f.acquisition_price.empty=1",
    ):
        answer = soseki.get(f"/admin/item/?{asked}&institution=shinjuku")
        assert answer.status_code == 400, asked
        assert of.record not in answer.get_data(as_text=True)


def test_06_directus_2025_64749_out_of_reach_and_not_there_are_one_answer(
    house: House, soseki: Visitor, stage: Stage
) -> None:
    theirs = place(stage, "donor", "kaizu", "name").record
    for path in ("details", "edit", "history", "print", "delete", "explain", "file"):
        one, other = (soseki.get(f"/admin/donor/{path}/?id={id_}&field=name") for id_ in (theirs, "f" * 24))
        said = _asked(without_noise(text_of(one)), theirs), _asked(without_noise(text_of(other)), "f" * 24)
        assert said[0] == said[1], path
        assert one.status_code == other.status_code
        assert one.status_code == 404


def test_07_directus_ghsa_mvv8_a_history_is_held_to_the_same_rules(house: House, stage: Stage) -> None:
    manager = Visitor(house.app, "manager")
    of = place(stage, "donor", "shinjuku", "telephone", past=True)
    text = text_of(manager.get(f"/admin/donor/history/?id={of.record}"))
    assert of.field.label[0] in text
    past = {t for p in stage.places if p.record == of.record and p.past and p.field.data_class in ("identity", "contact", "notes")
            for t in tokens_of(planted(p.field, p.n))}  # fmt: skip
    assert past
    assert not past & set(tokens_in(text))


def test_08_directus_ghsa_x3vm_nothing_of_a_record_is_logged(
    house: House, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Log()
    logging.getLogger().addHandler(said)
    broken = value(place(stage, "donor", "shinjuku", "name"))

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(broken)

    monkeypatch.setattr("views.records.card.card.load", fail)
    try:
        staff = Visitor(house.app, "staff.shinjuku")
        answer = staff.get(f"/admin/donor/details/?id={place(stage, 'donor', 'shinjuku', 'name').record}")
        staff.post("/login", [("login_id", broken), ("password", broken)])
    finally:
        logging.getLogger().removeHandler(said)
    assert answer.status_code == 500
    assert said.lines
    assert not list(tokens_in("\n".join(said.lines)))
    assert not set(tokens_in(broken)) & set(tokens_in(text_of(answer)))


def test_09_directus_ghsa_9x5g_a_role_made_anew_begins_with_nothing(house: House, stage: Stage) -> None:
    admin = Visitor(house.app, "admin")
    made = admin.post(
        "/admin/role/new/", [("code", "clerk-2"), ("name", "新しい役割"), ("role_kind", "staff")]
    )
    assert made.status_code == 302
    role = get_db()["roles"].find_one({"code": "clerk-2"})
    assert role is not None
    get_db()["users"].update_one({"login_id": "contractor"}, {"$set": {"role": role["_id"]}})
    approve_accounts(get_db())
    contractor = Visitor(house.app, "contractor")
    for noun in ("item", "donor", "media", "loan", "user"):
        assert contractor.get(f"/admin/{noun}/").status_code == 403


def test_10_directus_ghsa_56p6_a_suspended_account_is_out_at_once(house: House, stage: Stage) -> None:
    contractor = Visitor(house.app, "contractor")
    assert contractor.get("/admin/item/").status_code == 200
    get_db()["users"].update_one({"login_id": "contractor"}, {"$set": {"disabled": True}})
    for path in (
        "/admin/item/",
        "/admin/",
        f"/admin/item/details/?id={place(stage, 'item', 'section', 'title').record}",
    ):
        answer = contractor.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/login")


@pytest.mark.parametrize(
    "asked", ["sort=name", "sort=name&desc=1", "sort=telephone", "sort=2", "sort=address"]
)
def test_11_sqladmin_1068_a_shown_but_masked_column_sorts_nothing(soseki: Visitor, asked: str) -> None:
    assert soseki.get(f"/admin/donor/?{asked}").status_code == 400


def test_12_starlette_admin_838_a_csv_holds_no_formula(house: House, stage: Stage) -> None:
    of = place(stage, "item", "soseki", "title")
    get_db()["items"].update_many(
        {"institution": "soseki"},
        {
            "$set": {
                "title": '=HYPERLINK("http://evil","x")',
                "maker": "@SUM(1)",
                "group": "+1",
                "materials": "-1",
            }
        },
    )
    soseki = Visitor(house.app, "staff.soseki")
    assert of.house == "soseki"
    text = text_of(soseki.post("/admin/item/export/csv/?institution=soseki", [("purpose", "report")]))
    cells = [cell.strip('"') for line in text.splitlines() for cell in line.split(",")]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]


def test_the_curator_does_see_masks(soseki: Visitor, stage: Stage) -> None:
    assert acting("staff.soseki").supervised == {"section", "shinjuku"}
    assert "苗字" in text_of(soseki.get("/admin/donor/"))
