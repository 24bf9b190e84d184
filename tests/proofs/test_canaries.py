"""Every value that a person may not know is marked; a crawler that follows every link and form finds none of them.

And it finds every one that its person may know: a crawl that sees nothing proves nothing.
"""

from __future__ import annotations

from typing import Any

import pytest

from accounts.tokens import make_token
from models.registry import NOUNS
from tests.proofs.browsing import Visitor, heads_of, text_of
from tests.proofs.conftest import House
from tests.proofs.crawling import Crawl
from tests.proofs.knowing import acting, known
from tests.proofs.planted import tokens_in, tokens_of
from tests.proofs.stage import PEOPLE, Stage, as_planted

ALL = {
    "details_view": 80,
    "history_view": 40,
    "file": 40,
    "print_card": 20,
    "edit_view": 20,
    "explain_view": 20,
    "": 12,
}
FEW = {
    "details_view": 80,
    "history_view": 40,
    "file": 40,
    "print_card": 2,
    "edit_view": 2,
    "explain_view": 2,
    "": 3,
}


@pytest.fixture
def stage(house: House) -> Stage:
    """The stage, fresh for each crawl."""
    return house.set_stage("canaries")


def crawl(house: House, stage: Stage, login_id: str, limits: dict[str, int]) -> Crawl:
    """The whole crawl of one person; it fails on any leak, and on anything permitted that was not found."""
    found = Crawl(house.app, stage, acting(login_id), Visitor(house.app, login_id), limits)
    found.run()
    print(
        f"canaries {login_id}: {sum(found.asked.values())} requests, {len(found.found)} permitted found, "
        f"{len(found.leaks)} leaked"
    )
    assert not found.leaks, "\n".join(found.leaks[:20])
    assert not found.missing(), found.missing()[:10]
    return found


@pytest.mark.parametrize("login_id", ["staff.soseki", "contractor", "auditor.kaizu"])
def test_a_short_crawl_finds_what_is_permitted_and_nothing_else(
    house: House, stage: Stage, login_id: str
) -> None:
    crawl(house, stage, login_id, FEW)


@pytest.mark.proof
@pytest.mark.parametrize("login_id", PEOPLE)
def test_a_crawl_finds_what_is_permitted_and_nothing_else(house: House, stage: Stage, login_id: str) -> None:
    found = crawl(house, stage, login_id, ALL)
    assert sum(found.asked.values()) > 50


@pytest.mark.parametrize("login_id", ["reader.shinjuku", "clerk.soseki"])
def test_a_program_gets_what_its_maker_is_permitted_and_nothing_else(
    house: House, stage: Stage, login_id: str
) -> None:
    who = acting(login_id)
    sent = {"Authorization": f"Bearer {make_token(who, '試し', 30, pepper=house.app.config['PEPPER'])}"}
    owners = {token: place for place in stage.places for token in tokens_of(as_planted(place))}
    found = set()
    for noun in NOUNS:
        records = {place.record for place in stage.places if place.noun == noun}
        for path in ["", *sorted(records)]:
            answer = house.app.test_client().get(f"/api/v1/{noun}/{path}", headers=sent, buffered=True)
            for token in set(tokens_in(text_of(answer) + heads_of(answer))):
                place = owners[token]
                assert not place.past, (path, place)
                # A name in a reference is held to what the noun's own records may say through the API, or as a choice.
                assert known(who, place, "api", "other"), (path, place)
                found.add(token)
    permitted = [p for p in stage.places if not p.past and p.noun != "user" and known(who, p, "api")]
    lacking = [each for each in permitted if (its := tokens_of(as_planted(each))) and not its & found]
    assert permitted
    assert not [each for each in lacking if each.field.kind != "image"], lacking[:5]


@pytest.mark.parametrize("role", ["manager", "staff", "auditor", "reader"])
def test_viewing_as_another_role_shows_no_more_than_ones_own(house: House, stage: Stage, role: str) -> None:
    admin, visitor = acting("admin"), Visitor(house.app, "admin")
    roles: list[dict[str, Any]] = [each for each in stage.documents["roles"] if each["code"] == role]
    assert visitor.post("/view-as/", [("role", str(roles[0]["_id"]))]).status_code == 302
    owners = {token: place for place in stage.places for token in tokens_of(as_planted(place))}
    opened = 0
    for noun in NOUNS:
        records = {place.record for place in stage.places if place.noun == noun}
        for path in [
            "",
            *(f"details/?id={each}" for each in sorted(records)),
            "print-list/?purpose=report",
            "new/",
        ]:
            answer = visitor.get(f"/admin/{noun}/{path}")
            opened += answer.status_code == 200
            for token in set(tokens_in(text_of(answer) + heads_of(answer))):
                place = owners.get(token)
                assert place is None or known(admin, place, "detail"), (path, place)
    assert opened > 20
