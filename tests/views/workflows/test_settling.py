"""A declared act on a generated card: a data release is settled by its button (S15)."""

from __future__ import annotations

import pytest
from bson import ObjectId
from mongoengine.connection import get_db

from tests.views.panel import Panel, Person

SETTLE = "返却・消去を記録する"


@pytest.fixture
def card(panel: Panel, shinjuku: Person) -> str:
    """The address of a release that is out."""
    sent = {
        "content": "名簿", "purpose": "notice", "takeout_medium": "usb", "destination": "印刷業者",
        "taken_by": panel.actor_id("staff.shinjuku"), "taken_on": "2026-11-01", "due_on": "2026-11-30",
    }  # fmt: skip
    answer = shinjuku.post("/admin/takeout/new/", sent)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def settles(person: Person, card: str, **answers: str) -> tuple[int, str]:
    """Press the button; the status and the page."""
    sent = {"act": "settle", "revision": "1", **answers}
    answer = person.post(card.replace("/details/", "/act/"), sent)
    page = answer.text if answer.status_code != 302 else person.get(str(answer.location)).text
    return answer.status_code, page


def stored(card: str) -> dict[str, object]:
    return get_db()["takeouts"].find_one({"_id": ObjectId(card.rpartition("=")[2])}) or {}


def test_a_release_is_settled_by_its_button(shinjuku: Person, card: str) -> None:
    page = shinjuku.get(card).text
    assert SETTLE in page
    assert '<option value="erased"' in page  # the field's own control
    status, page = settles(shinjuku, card, returned_on="2026-11-29", settled_as="erased")
    assert (status, SETTLE in page, "返却・消去を記録しました。" in page) == (302, False, True)
    assert (stored(card)["returned_on"], stored(card)["settled_as"]) == ("2026-11-29", "erased")
    assert "返却・消去の記録" in shinjuku.get(card.replace("/details/", "/history/")).text


def test_what_was_typed_stays_where_it_was_not_done(shinjuku: Person, card: str) -> None:
    status, page = settles(shinjuku, card, returned_on="2026-10-01", settled_as="erased")
    assert status == 400
    assert "持ち出した日より後にしてください" in page
    assert 'value="2026-10-01"' in page
    status, page = settles(shinjuku, card, settled_as="erased")
    assert (status, "返却・消去した日を入力してください。" in page) == (400, True)
    status, page = settles(shinjuku, card, returned_on="2026-11-29", settled_as="erased", revision="7")
    assert (status, "ほかの人が更新しました" in page) == (409, True)
    assert stored(card).get("returned_on") is None


def test_only_who_may_edit_it_has_the_button(panel: Panel, card: str) -> None:
    auditor = panel.person("auditor")
    assert SETTLE not in auditor.get(card).text
    assert settles(auditor, card, returned_on="2026-11-29", settled_as="erased")[0] == 403
    assert (
        settles(panel.person("librarian.kaizu"), card, returned_on="2026-11-29", settled_as="erased")[0]
        == 404
    )
    assert stored(card)["revision"] == 1
