"""The OpenAPI document says what is there: every noun, every field with its class, every address as it answers."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from mongoengine.connection import get_db

from models.data_classes import DataClass
from models.registry import NOUNS
from tests.api.program import Programs, problem_of, records_of
from tests.views.panel import Panel

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
TYPES = {"string", "integer", "number", "boolean", "object", "array", "null"}


@pytest.fixture
def document(programs: Programs) -> dict[str, Any]:
    """The document as a program gets it."""
    found: dict[str, Any] = programs.of("staff.shinjuku").get("/openapi.json").json or {}
    return found


def _schemas(node: Any) -> list[dict[str, Any]]:
    """Every object in a document."""
    if isinstance(node, list):
        return [found for each in node for found in _schemas(each)]
    if not isinstance(node, dict):
        return []
    return [node, *(found for each in node.values() for found in _schemas(each))]


def test_it_is_a_well_formed_document(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(document).validate()
    assert {"title", "version"} <= document["info"].keys()
    seen = []
    for path, item in document["paths"].items():
        assert path.startswith("/api/v1/")
        for method, operation in item.items():
            assert method in METHODS
            seen.append(operation["operationId"])
            in_path = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
            assert in_path == ({"id"} if "{id}" in path else set())
            assert {"200", "401", "403", "429"} <= operation["responses"].keys()
            for answer in operation["responses"].values():
                assert answer["description"]
                assert all("schema" in each for each in answer["content"].values())
    assert len(seen) == len(set(seen))
    for each in _schemas(document):
        if "$ref" in each:
            name = each["$ref"].removeprefix("#/components/schemas/")
            assert name in document["components"]["schemas"]
        kinds = each.get("type", [])
        if isinstance(kinds, str | list) and "properties" not in each.get("properties", {}):
            assert (
                set([kinds] if isinstance(kinds, str) else kinds) <= TYPES or "in" in each or "scheme" in each
            )
    assert document["security"] == [{"token": []}]


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_is_there_with_every_field_and_no_secret(document: dict[str, Any], noun: str) -> None:
    assert {f"/api/v1/{noun}/", f"/api/v1/{noun}/search", f"/api/v1/{noun}/{{id}}"} <= document[
        "paths"
    ].keys()
    fields = document["components"]["schemas"][noun]["properties"]["fields"]["properties"]
    declared = {each.name: each for each in NOUNS[noun] if each.kind != "system"}
    assert fields.keys() == declared.keys()
    for name, said in fields.items():
        assert said["x-label"] == {"ja": declared[name].label[0], "en": declared[name].label[1]}
        assert said["x-data-class"] == str(declared[name].data_class) != str(DataClass.SECRET)
        assert said["x-kind"] == declared[name].kind
    assert not {"password_hash", "login_key", "keys", "outbox"} & fields.keys()


def test_every_documented_address_answers_as_documented(
    panel: Panel, programs: Programs, document: dict[str, Any]
) -> None:
    called = set()
    described = schemathesis.openapi.from_dict(document)
    for path, item in document["paths"].items():
        noun = path.split("/")[3]
        program = programs.of("librarian.kaizu" if noun in ("patron", "book") else "staff.shinjuku")
        here = path.removeprefix("/api/v1").replace("{id}", _one(panel, noun))
        for method in item:
            answer = program.post(here, {}) if method == "post" else program.get(here)
            called.add((method, path))
            if noun in ("user", "role", "plan", "term"):  # no starting role opens these to programs
                problem_of(answer, 403)
                continue
            assert answer.status_code == 200, (path, answer.text)
            described[path][method.upper()].validate_response(answer)
    assert len(called) == 3 * len(NOUNS) + 1


def _one(panel: Panel, noun: str) -> str:
    return "shinjuku" if noun == "institution" else panel.ids.get(noun, "")


@pytest.mark.parametrize(
    "noun", ["item", "media", "donor", "loan", "exhibition", "institution", "patron", "book"]
)
def test_every_documented_parameter_is_understood(
    panel: Panel, programs: Programs, document: dict[str, Any], noun: str
) -> None:
    who = "librarian.kaizu" if noun in ("patron", "book") else "staff.shinjuku"
    operation = document["paths"][f"/api/v1/{noun}/"]["get"]
    fields = document["components"]["schemas"][noun]["properties"]["fields"]["properties"]
    samples = {"institution": "kaizu" if who.endswith("kaizu") else "shinjuku", "limit": "1", "desc": "1", "q": "火鉢",
               "after": _one(panel, noun), "before": _one(panel, noun)}  # fmt: skip
    others = {
        f"f.{each.name}": panel.ids[each.declared.target]
        for each in NOUNS[noun]
        if each.declared.target in panel.ids
    }
    others["f.entered_by"] = str((get_db()["users"].find_one({"login_id": who}) or {})["_id"])
    names = {each["name"] for each in operation["parameters"]}
    assert samples.keys() - {"q"} <= names
    for name in names - {"sort"}:
        value = (others | samples).get(name) or _sample(name, fields)
        if name.startswith("f.") or value:
            records_of(programs.of(who).get(f"/{noun}/?{name}={value}"))
    orders = [each["schema"]["enum"] for each in operation["parameters"] if each["name"] == "sort"]
    for field in (orders or [[]])[0]:
        answer = programs.of(who).get(f"/{noun}/?sort={field}")
        personal = fields[field]["x-data-class"] in {"identity", "contact", "birth", "circulation", "notes"}
        assert answer.status_code == (400 if personal else 200)


def _sample(name: str, fields: dict[str, Any]) -> str:
    field, _, operator = name.removeprefix("f.").partition(".")
    if operator in ("overlaps", "unread", "empty"):
        return {"overlaps": "明治30年頃", "unread": "1", "empty": "1"}[operator]
    return _terms(fields[field])[0]


def _terms(field: dict[str, Any]) -> list[str]:
    return [code for each in field["anyOf"] for code in each.get("x-terms", {})] or ["true"]


def test_the_document_needs_a_token_and_a_role_that_opens_something(panel: Panel, programs: Programs) -> None:
    problem_of(panel.app.test_client().get("/api/v1/openapi.json"), 401)
