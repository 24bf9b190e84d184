"""Searching what is masked, looking up, revealing late, and who saw it: as a person at a desk meets them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from bson import ObjectId
from mongoengine.connection import get_db

from gate.store.hourly_limits import DEFAULTS
from models.registry import NOUNS
from tests.views.panel import DONOR, MASKED, Panel, Person
from tests.world import PASSWORD, without_hourly_limits


@pytest.fixture(autouse=True)
def _fresh_counters(panel: Panel) -> None:
    for name in ("hourly_counters", "attempts", "reveals"):
        get_db()[name].delete_many({})


@pytest.fixture
def delivered_limits(panel: Panel) -> Iterator[None]:
    """The hourly limits of an institution that has set none."""
    get_db()["hourly_limits"].delete_many({})
    yield
    without_hourly_limits(get_db())


def rows(page: str) -> set[str]:
    """The records of a list, by the id in each row's link."""
    return set(re.findall(r'class="open" href="[^"]*details/\?id=([0-9a-f]{24})"', page))


def narrowed(person: Person, noun: str = "donor", **asked: str) -> Any:
    """Fill in the filter panel and follow to the list."""
    answer = person.post(
        f"/admin/{noun}/search/", {f"f.{name}.masked": value for name, value in asked.items()}
    )
    return person.get(answer.location) if answer.status_code == 302 else answer


def test_the_list_offers_what_is_masked_in_it_with_what_to_type(panel: Panel, soseki: Person) -> None:
    page = soseki.get("/admin/donor/").text
    for field in ("name", "address", "telephone", "email"):
        assert f'name="f.{field}.masked"' in page
    assert "下4桁" in page
    assert "Last four digits" in panel.person("staff.soseki", "en").get("/admin/donor/").text
    for hidden in ("name_reading", "postcode", "notes", "leave"):
        assert f"f.{hidden}.masked" not in page
    assert ".masked" not in soseki.get("/admin/donor/?institution=soseki").text
    assert ".masked" not in panel.person("librarian.kaizu").get("/admin/patron/").text


@pytest.mark.parametrize(("field", "typed"), [
    ("telephone", "4321"), ("address", "新宿区"), ("name", "苗字"), ("email", "example.jp"),
])  # fmt: skip
def test_a_masked_field_is_found_by_what_its_mask_shows(
    panel: Panel, soseki: Person, field: str, typed: str
) -> None:
    page = narrowed(soseki, **{field: typed})
    assert page.status_code == 200
    assert panel.ids["donor"] in rows(page.text)
    assert panel.ids["donor.soseki"] not in rows(page.text)
    assert all(value not in page.text for value in MASKED)


@pytest.mark.parametrize(("field", "typed"), [
    ("telephone", DONOR["telephone"]), ("address", DONOR["address"]), ("name", DONOR["name"]), ("email", DONOR["email"]),
])  # fmt: skip
def test_of_a_full_value_only_what_the_mask_shows_is_kept(
    panel: Panel, soseki: Person, field: str, typed: str
) -> None:
    get_db()["questions"].delete_many({})  # what other tests searched for in words is not this one's matter
    page = narrowed(soseki, **{field: typed})
    assert panel.ids["donor"] in rows(page.text)
    kept = str(list(get_db()["questions"].find()))
    assert typed not in kept
    assert typed not in page.text
    assert all(value not in page.request.url for value in (typed, "4321", "example"))
    wrong = {
        "telephone": "03-0000-4321",
        "address": "東京都新宿区別の町1",
        "name": "苗字 別",
        "email": "x@example.jp",
    }
    assert rows(narrowed(soseki, **{field: wrong[field]}).text) == rows(page.text)


@pytest.mark.parametrize("asked", ["f.telephone.masked=4321", "f.telephone=03-9999-4321", "f.name.masked=苗字",
                                   "f.rank.masked=A", "f.notes.masked=x"])  # fmt: skip
def test_no_address_asks_for_it(soseki: Person, asked: str) -> None:
    assert soseki.get(f"/admin/donor/?{asked}").status_code == 400


@pytest.mark.parametrize(("field", "typed"), [("telephone", "43"), ("notes", "備考"), ("name_reading", "みょうじ"),
                                              ("keys", "xyzzy"), ("address", "番地町"), ("donor_number", "D-SHIN")])  # fmt: skip
def test_what_the_mask_cannot_show_is_refused_with_what_to_type(
    soseki: Person, field: str, typed: str
) -> None:
    answer = soseki.post("/admin/donor/search/", {f"f.{field}.masked": typed})
    assert answer.status_code == 400
    assert typed not in re.sub(
        r'name="csrf_token" value="[^"]*"', "", answer.text
    )  # which may hold any two digits


def test_who_sees_only_that_there_is_something_cannot_ask_what(panel: Panel, soseki: Person) -> None:
    roles, old = get_db()["roles"], {"effects.donor.supervised.contact": "mask"}
    roles.update_one({"code": "staff"}, {"$set": {"effects.donor.supervised.contact": "hide"}})
    try:
        page = narrowed(soseki, telephone="4321")
        assert page.status_code == 400
        assert "この条件では表示できません" in page.text
        assert "f.telephone.masked" not in soseki.get("/admin/donor/").text
    finally:
        roles.update_one({"code": "staff"}, {"$set": old})


def test_a_chip_is_taken_off_and_the_rest_stays(soseki: Person) -> None:
    sent = {"f.telephone.masked": "4321", "f.standing": "donor", "institution": "shinjuku"}
    page = soseki.get(soseki.post("/admin/donor/search/", sent).location).text
    assert "***-****-4321" in page
    off = re.search(r'class="chip" href="([^"]+)"><span>電話', page)
    assert off
    left = off[1].replace("&amp;", "&")
    assert "f.standing=donor" in left
    assert "institution=shinjuku" in left
    assert "query" not in left
    assert soseki.get(left).status_code == 200


def look(person: Person, field: str, value: str, purpose: str = "enquiry", noun: str = "donor") -> Any:
    return person.post(f"/admin/{noun}/lookup/", {"field": field, "value": value, "purpose": purpose})


def test_the_owner_finds_a_donor_by_the_whole_number_however_it_is_typed(
    panel: Panel, shinjuku: Person
) -> None:
    donor = panel.make("donor", "shinjuku", name="照会 人子", telephone="03-7777-8642")
    assert '/admin/donor/lookup/"' in shinjuku.get("/admin/donor/").text
    for typed in ("03-7777-8642", "0377778642", "０３－７７７７－８６４２"):
        page = look(shinjuku, "telephone", typed)
        assert page.status_code == 200
        assert rows(page.text) == {donor}
    entries = list(get_db()["disclosures"].find({"exit": "lookup", "subjects": donor}))
    assert [each["purpose"] for each in entries] == ["enquiry"] * 3
    assert rows(look(shinjuku, "telephone", "7777-8642").text) == set()


def test_a_look_up_does_not_reach_the_sister_museum(panel: Panel, soseki: Person) -> None:
    assert rows(look(soseki, "telephone", "03-9999-4321").text) == set()


@pytest.mark.parametrize("who", ["auditor", "contractor", "admin", "manager"])
def test_no_look_up_without_its_grant(panel: Panel, who: str) -> None:
    person = panel.person(who)
    granted = who == "manager"  # over its own institution, which has no donors
    assert (person.get("/admin/donor/lookup/").status_code == 200) == granted
    answer = look(person, "telephone", "03-9999-4321")
    assert answer.status_code == (200 if granted else 403)
    assert panel.ids["donor"] not in answer.text


@pytest.mark.parametrize(("sent", "said"), [
    ({"value": ""}, "照会する値"), ({"purpose": ""}, "目的を一覧から"), ({"purpose": "curiosity"}, "目的を一覧から"),
    ({"field": "notes"}, "照会できません"), ({"field": "$where"}, "その項目はありません"), ({"value": ".*"}, "数字とハイフン"),
])  # fmt: skip
def test_a_wrong_look_up_says_what_to_do_and_keeps_what_was_typed(
    shinjuku: Person, sent: dict[str, str], said: str
) -> None:
    given = {"field": "telephone", "value": "03-9999-4321", "purpose": "enquiry", **sent}
    answer = shinjuku.post("/admin/donor/lookup/", given)
    assert answer.status_code == 400
    assert said in answer.text
    assert given["value"] in answer.text


def test_the_thirty_first_look_up_is_told_when_to_come_back(
    panel: Panel, shinjuku: Person, delivered_limits: None
) -> None:
    for _ in range(DEFAULTS["lookup_account"]):
        assert look(shinjuku, "telephone", "03-0000-0000").status_code == 200
    for language, said in (("ja", "回数の上限"), ("en", "Too many requests")):
        answer = look(panel.person("staff.shinjuku", language), "telephone", "03-9999-4321")
        assert answer.status_code == 429
        assert said in answer.text
        assert 3500 < int(answer.headers["Retry-After"]) <= 3600
        assert panel.ids["donor"] not in answer.text
    assert look(panel.person("staff.soseki"), "telephone", "03-0000-0000").status_code == 200


def manager_reveals(panel: Panel, person: Person, **more: str) -> Any:
    sent = {"field": "telephone", "purpose": "check", **more}
    return person.post(f"/admin/donor/reveal/?id={panel.ids['donor']}", sent)


def aged(person: Person, minutes: float | None) -> Person:
    with person.client.session_transaction() as session:
        session.pop("fresh_at", None)
        if minutes is not None:
            session["fresh_at"] = int(time.time() - minutes * 60)
    return person


def shown(panel: Panel, person: Person) -> bool:
    return str(DONOR["telephone"]) in person.get(f"/admin/donor/details/?id={panel.ids['donor']}").text


@pytest.mark.parametrize("minutes", [31, 24 * 60, None, -5])
def test_a_late_reveal_asks_for_the_password_again(panel: Panel, minutes: float | None) -> None:
    person = aged(panel.person("manager"), minutes)
    page = manager_reveals(panel, person)
    assert page.status_code == 200
    assert 'name="password"' in page.text
    assert not shown(panel, person)
    assert get_db()["reveals"].count_documents({}) == 0
    assert manager_reveals(panel, person, password=PASSWORD).status_code == 302
    assert shown(panel, person)
    assert manager_reveals(panel, person, field="name").status_code == 302  # not asked for again at once


def test_a_reveal_soon_after_signing_in_asks_for_nothing_more(panel: Panel) -> None:
    person = Person(panel.app)
    person.sign_in("manager", PASSWORD)
    assert manager_reveals(panel, person).status_code == 302
    assert shown(panel, person)


def test_a_wrong_password_reveals_nothing_and_is_counted(panel: Panel) -> None:
    person = aged(panel.person("manager"), 31)
    for _ in range(5):
        page = manager_reveals(panel, person, password="wrong-password-guess")
        assert page.status_code == 403
        assert "wrong-password-guess" not in page.text
    locked = manager_reveals(panel, person, password=PASSWORD)
    assert locked.status_code == 403
    assert "およそ15分" in locked.text
    assert not shown(panel, person)


def test_no_password_is_asked_for_what_would_be_refused_anyway(panel: Panel) -> None:
    for who, status in (
        ("staff.soseki", 403),
        ("auditor", 403),
        ("contractor", 403),
        ("librarian.kaizu", 403),
    ):
        assert manager_reveals(panel, aged(panel.person(who), 31)).status_code == status
    person = aged(panel.person("manager"), 31)
    assert manager_reveals(panel, person, purpose="curiosity").status_code == 400
    assert manager_reveals(panel, person, field="standing").status_code == 403


def test_who_saw_it_is_told_to_the_auditor_and_holds_no_value(panel: Panel, shinjuku: Person) -> None:
    donor = panel.make("donor", "shinjuku", **{**DONOR, "name": "苗字 見られ子"})
    shinjuku.get(f"/admin/donor/details/?id={donor}")
    look(shinjuku, "name", "苗字 見られ子", "notice")
    auditor = panel.person("auditor")
    assert f"/admin/donor/seen/?id={donor}" in auditor.get(f"/admin/donor/details/?id={donor}").text
    page = auditor.get(f"/admin/donor/seen/?id={donor}")
    assert page.status_code == 200
    assert "staff.shinjukuの人" in page.text
    assert "本人への連絡・通知" in page.text
    assert page.text.index("全文照会") < page.text.index("詳細")  # newest first
    assert all(value not in page.text for value in (*MASKED, "見られ子", "4321"))
    english = panel.person("auditor", "en").get(f"/admin/donor/seen/?id={donor}").text
    assert "Contact with the person" in english
    assert "全文照会" not in english


@pytest.mark.parametrize(("who", "status"), [("manager", 200), ("auditor", 200), ("staff.shinjuku", 403), ("staff.soseki", 403),
                                             ("contractor", 403), ("admin", 403), ("librarian.kaizu", 403), ("auditor.kaizu", 403)])  # fmt: skip
def test_who_may_read_who_saw_it(panel: Panel, who: str, status: int) -> None:
    person = panel.person(who)
    assert person.get(f"/admin/donor/seen/?id={panel.ids['donor']}").status_code == status
    if status != 200:
        assert "/seen/" not in person.get(f"/admin/donor/details/?id={panel.ids['donor']}").text


def test_who_saw_it_is_paged_without_losing_or_repeating_one(panel: Panel) -> None:
    from audit.disclosures import disclose

    donor = panel.make("donor", "shinjuku", **DONOR)
    for n in range(205):
        disclose(actor=f"someone-{n:03d}", institution="shinjuku", noun="donor", exit_="detail", breadth="record",
                 subjects=[donor], fields=["name"])  # fmt: skip
    person, told = panel.person("auditor"), []
    path: str | None = f"/admin/donor/seen/?id={donor}"
    while path:
        page = person.get(path).text
        told.append(re.findall(r"someone-\d{3}", page))
        more = re.search(r'rel="next" href="([^"]+)"', page)
        path = more[1].replace("&amp;", "&") if more else None
    assert [len(each) for each in told] == [200, 5]
    assert sum(told, []) == [f"someone-{n:03d}" for n in range(204, -1, -1)]
    other = get_db()["disclosures"].find_one({"subjects": {"$ne": donor}}) or {}
    for wrong in (str(other["_id"]), "zzz", "$ne"):
        assert person.get(f"/admin/donor/seen/?id={donor}&after={wrong}").status_code == 400


def test_few_people_are_not_counted_to_who_may_not_see_them(panel: Panel) -> None:
    from views.shared.frame import forget_tallies

    get_db()["donors"].delete_many({"donor_number": {"$nin": ["D-SHIN", "D-SOSE"]}})
    forget_tallies()
    count = re.compile(r'<a href="/admin/donor/"[^>]*>.*?<span class="count">([^<]*)</span>', re.S)
    for who, language, said in (
        ("manager", "ja", "10未満"),
        ("auditor", "en", "under 10"),
        ("staff.soseki", "ja", "10未満"),
    ):
        found = count.search(panel.person(who, language).get("/admin/").text)
        assert found
        assert found[1] == said
    patrons = re.search(r'href="/admin/patron/"[^>]*>.*?<span class="count">([^<]*)<',
                        panel.person("librarian.kaizu").get("/admin/").text, re.S)  # fmt: skip
    assert patrons
    assert patrons[1].isdigit()


def test_every_noun_has_its_screens_and_refuses_them_alike(panel: Panel) -> None:
    person = panel.person("staff.shinjuku")
    for noun in NOUNS:
        assert person.get(f"/admin/{noun}/seen/?id={panel.ids[noun]}").status_code in (403, 404)
    for noun in ("item", "media", "exhibition", "institution"):
        assert person.get(f"/admin/{noun}/lookup/").status_code == 403
        assert f"/admin/{noun}/lookup/" not in person.get(f"/admin/{noun}/").text


def test_a_save_discloses_only_where_it_shows_the_form_again(panel: Panel, shinjuku: Person) -> None:
    """Law 6 tells what was shown: a save that succeeds shows nothing, one that is refused shows the record's form."""
    donor = panel.make("donor", "shinjuku", **DONOR)
    address = f"/admin/donor/edit/?id={donor}"
    sent = shinjuku.form(address)
    ledger = get_db()["disclosures"]
    before = ledger.count_documents({})
    sent["purpose"] = "deposit"
    assert shinjuku.post(address, sent).status_code == 302
    assert ledger.count_documents({}) == before
    again = shinjuku.form(address)
    again["name"] = ""
    before = ledger.count_documents({})
    refused = shinjuku.post(address, again)
    assert (refused.status_code, DONOR["telephone"] in refused.text) == (400, True)
    assert ledger.count_documents({}) > before
    assert ledger.find_one({"exit": "form", "subjects": donor})
    get_db()["donors"].delete_one({"_id": ObjectId(donor)})
