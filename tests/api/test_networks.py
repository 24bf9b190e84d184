"""A token is good from where its maker may come, and from nowhere else (S7)."""

from __future__ import annotations

from mongoengine.connection import get_db

from tests.api.conftest import Changing
from tests.api.program import Programs


def test_a_token_opens_nothing_from_a_network_that_is_not_allowed(
    programs: Programs, changed: Changing
) -> None:
    program = programs.of("staff.shinjuku")
    assert program.get("/item/").status_code == 200
    for collection, which in (
        ("institutions", {"_id": "shinjuku"}),
        ("roles", {"code": "staff", "institution": "section"}),
    ):
        with changed(collection, which, {"networks": ["10.0.0.0/8"]}):
            answer = program.get("/item/", environ_base={"HTTP_X_FORWARDED_FOR": "10.0.0.7"})
            assert answer.status_code == 401
        assert program.get("/item/").status_code == 200
    refused = list(get_db()["ledger"].find({"action": "token_refused", "institution": "shinjuku"}))
    assert [each["detail"] for each in refused][-2:] == ["network 127.0.0.1"] * 2
