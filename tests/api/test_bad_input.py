"""Whatever a program sends wrongly is answered with problem details: no page, no internal error, no redirect."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.program import Programs, problem_of
from tests.views.panel import Panel

ADDRESSES = [
    "?limit=0", "?limit=101", "?limit=-1", "?limit=1e2", "?limit=", "?limit=1&limit=2", "?limit=１", "?sort=nothing", "?sort=keys",
    "?sort=keys.public.text", "?sort=password_hash", "?sort=_id", "?sort=$where", "?desc=2", "?after=zzz", "?before=zzz",
    "?f.nothing=1", "?f.keys=1", "?f.outbox.empty=1", "?f.title.regex=.", "?f.title.$ne=1", "?f.rank=nothing", "?f.$where=1",
    "?f.acquisition_source=zzz", "?f.object_count.from=many", "?f.object_count.from=99999999999999999999", "?nothing=1",
    "?query=abc", "?q=a&q=b", "?q=%00", "?f.title=%00", "?access_token=x", "?institution=a&institution=b", "?page=2", "?q=" + "あ" * 401,
]  # fmt: skip
BODIES = [
    b"", b"{", b"[]", b'"x"', b"1", b"null", b'{"q": null}', b'{"q": ["x"]}', b'{"q": {"$ne": ""}}', b'{"q": 1.5}',
    b'{"q": "\\u0000"}', b'{"q": "\\ud800"}', b'{"f.title": "\\ud800"}', b'{"f.title.masked": "\\ud800"}', b'{"\\ud800": "x"}', b'{"sort": {"a": 1}}',
    b'{"limit": 0}', b'{"limit": true}', b'{"limit": 1e400}', b'{"nothing": "x"}', b"[" * 20_000, b'{"a":' * 9_000,
    b'{"limit": ' + b"9" * 5_000 + b"}", b'{"q": "' + b"x" * 500 + b'"}', b"\xff\xfe", b'{"query": "abc"}',
    b'{"after": "a", "before": "b"}',
]  # fmt: skip


@pytest.mark.parametrize("asked", ADDRESSES)
def test_an_address_that_is_not_understood_is_refused_with_a_reason(programs: Programs, asked: str) -> None:
    problem_of(programs.of("staff.shinjuku").get(f"/item/{asked}"), 400)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body[:24].decode("latin-1"))
def test_a_body_that_is_not_understood_is_refused_with_a_reason(programs: Programs, body: bytes) -> None:
    answer = programs.of("staff.shinjuku").post("/item/search", data=body, content_type="application/json")
    problem_of(answer, 400)


def test_a_body_of_another_kind_or_too_large_is_refused(programs: Programs) -> None:
    program = programs.of("staff.shinjuku")
    problem_of(program.post("/item/search", data={"q": "火鉢"}), 400)
    large = b'{"q": "' + b"x" * 70_000 + b'"}'
    problem_of(program.post("/item/search", data=large, content_type="application/json"), 413)
    problem_of(program.post("/item/search?q=x", {}), 400)


def test_a_body_may_say_yes_and_numbers_as_json_does(programs: Programs) -> None:
    for body in ({"desc": True, "sort": "title"}, {"desc": False}, {"limit": 5}, {"f.rank": "A"}):
        assert programs.of("staff.shinjuku").post("/item/search", body).status_code == 200


def test_an_institution_out_of_reach_and_one_that_is_not_are_refused_alike(programs: Programs) -> None:
    program = programs.of("staff.shinjuku")
    there, nowhere = (program.get(f"/item/?institution={each}") for each in ("kaizu", "nowhere"))
    problem_of(there, 403)
    assert there.data == nowhere.data


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST", "TRACE"])
def test_nothing_is_written_through_it(panel: Panel, programs: Programs, method: str) -> None:
    before = panel.stored("item", panel.ids["item"])
    for path in ("/item/", f"/item/{panel.ids['item']}", "/openapi.json"):
        answer = programs.of("staff.shinjuku").ask(method, path)
        problem_of(answer, 405)
        assert "GET" in answer.headers["Allow"]
    assert panel.stored("item", panel.ids["item"]) == before


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/item/", "/api//v1/item/", "/api/v1//item/",
                                  "/api/v1/item/a/b", "/api/v1/%2e%2e/admin/", "/api/v1/item/search"])  # fmt: skip
def test_an_address_that_is_none_is_answered_in_json_to_anybody(
    panel: Panel, programs: Programs, path: str
) -> None:
    problem_of(panel.app.test_client().get(path), 401)
    token = {"Authorization": f"Bearer {programs.of('staff.shinjuku').token}"}
    answer = panel.app.test_client().get(path, headers=token)
    problem_of(answer, answer.status_code)
    assert answer.status_code in (404, 405)


def test_a_refusal_is_in_the_readers_language(panel: Panel, programs: Programs) -> None:
    ja = problem_of(programs.of("staff.shinjuku").get("/patron/"), 403)
    en = problem_of(programs.of("staff.shinjuku", "en").get("/patron/"), 403)
    assert ja["rule"] == en["rule"]
    assert ja["title"] != en["title"]
    assert en["title"].isascii()
    assert en["detail"].isascii()
    person = panel.person("staff.shinjuku", "en")  # whoever's session a browser holds decides nothing
    assert problem_of(person.client.get("/api/v1/item/"), 401)["title"] == "トークンが必要です"


WORDS = st.text(st.characters(codec="utf-8"), max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.dictionaries(st.sampled_from(["q", "sort", "after", "before", "institution", "limit", "f.title", "f.rank",
                                              "f.period.from", "f.changed_at.from", "f.photographs", "f.dimensions.empty",
                                              "f.created_by", "f.institution", "x"]) | WORDS, WORDS, max_size=4))  # fmt: skip
def test_no_question_is_an_internal_error(programs: Programs, asked: dict[str, str]) -> None:
    program = programs.of("staff.shinjuku")
    for noun in ("item", "donor"):
        for answer in (program.get(f"/{noun}/", query_string=asked), program.post(f"/{noun}/search", asked)):
            assert answer.status_code in (200, 400, 403), answer.text
            assert answer.mimetype in ("application/json", "application/problem+json")
