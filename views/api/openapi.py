"""The OpenAPI 3.1 document, from the same declarations as the screens: a noun declared is a noun described."""

from __future__ import annotations

from typing import Any

from gate.fields.kinds.kind import TEXT
from models.declaration import Noun
from models.registry import NOUNS
from views.api.asking import LIMIT, LIMIT_AT_MOST
from views.api.schemas import record_of
from views.records.list.questions import is_personal

Part = dict[str, Any]
BASE = "/api/v1"
REFUSALS = {
    "400": "Malformed, or a question over a withheld field",
    "401": "No valid token",
    "403": "The role does not open this to programs",
    "404": "Not found, or not permitted",
    "429": "Too many requests",
}


def document() -> Part:
    """The whole document."""
    paths: Part = {
        f"{BASE}/openapi.json": {"get": _operation("This document", {"type": "object"}, "describe")}
    }
    for noun in NOUNS.values():
        paths |= _paths(noun)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "収蔵庫 Shuzoko",
            "version": "1",
            "description": "Read-only. A field is its value, {masked} or {withheld, rule}. Answers to refusals are RFC 9457 "
            "problem details, in the language of Accept-Language (ja, en).",
        },
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {noun.name: record_of(noun) for noun in NOUNS.values()} | _shared(),
        },
    }  # fmt: skip


def _paths(noun: Noun) -> Part:
    one = {"$ref": f"#/components/schemas/{noun.name}"}
    label = noun.label[1].lower()
    asked = _parameters(noun)
    searched = [*asked, _parameter("q", "Words to find", TEXT)] if is_personal(noun) else asked
    body = {
        "required": True,
        "content": {"application/json": {"schema": {
            "type": "object",
            "properties": {each["name"]: each["schema"] for each in searched},
            "additionalProperties": False,
        }}},
    }  # fmt: skip
    found = _page_of(one)
    told = found | {"properties": found["properties"] | {"searched": {
        "type": "object",
        "description": "Institution → classes of data that the words were looked for in",
        "additionalProperties": {"type": "array", "items": TEXT},
    }}}  # fmt: skip
    at = f"{BASE}/{noun.name}"
    id_ = {"name": "id", "in": "path", "required": True, "schema": TEXT}
    return {
        f"{at}/": {
            "get": _operation(f"A page of {label}", found, f"list_{noun.name}") | {"parameters": asked}
        },
        f"{at}/search": {
            "post": _operation(f"Find {label} by words", told, f"search_{noun.name}") | {"requestBody": body}
        },
        f"{at}/{{id}}": {
            "get": _operation(f"One of the {label}", one, f"read_{noun.name}") | {"parameters": [id_]}
        },
    }


def _parameters(noun: Noun) -> list[Part]:
    """What a list may be asked; a filter may end in an operator (f.field.from, to, empty, overlaps, unread; in a body, masked)."""
    orders = [each.name for each in noun if each.declared.sorted]
    found = [
        _parameter("institution", "Only this institution's", TEXT),
        _parameter("desc", "1: the other way round", {"enum": ["", "1"]}),
        _parameter("after", "Records after this id in the order asked for", TEXT),
        _parameter("before", "Records before this id in the order asked for", TEXT),
        _parameter("limit", f"How many; {LIMIT} when not said",
                   {"type": "integer", "minimum": 1, "maximum": LIMIT_AT_MOST}),
    ]  # fmt: skip
    if orders:
        found.append(_parameter("sort", "Order; newest first when not said", {"enum": orders}))
    if not is_personal(noun):
        found.append(_parameter("q", "Words to find", TEXT))
    for field in noun:
        if field.declared.filtered and field.name != "institution":
            ends = ".overlaps" if field.is_written_date else ""
            found.append(_parameter(f"f.{field.name}{ends}", f"{field.label[0]} {field.label[1]}", TEXT))
        if field.declared.filtered and field.is_written_date:
            said = f"{field.label[1]}: 1 finds dates that are written and not understood"
            found.append(_parameter(f"f.{field.name}.unread", said, {"enum": ["", "1"]}))
    return found


def _parameter(name: str, description: str, schema: Part) -> Part:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _operation(summary: str, schema: Part, id_: str) -> Part:
    refused = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    answers = {status: {"description": said, "content": refused} for status, said in REFUSALS.items()}
    found = {"description": summary, "content": {"application/json": {"schema": schema}}}
    return {"operationId": id_, "summary": summary, "responses": {"200": found, **answers}}


def _page_of(one: Part) -> Part:
    nullable = {"type": ["string", "null"]}
    return {
        "type": "object",
        "required": ["records", "total", "capped", "after", "before"],
        "properties": {
            "records": {"type": "array", "items": one},
            "total": {"type": "integer", "description": "Exact unless capped"},
            "capped": {"type": "boolean"},
            "after": nullable,
            "before": nullable,
        },
    }


def _shared() -> Part:
    return {
        "Reference": _object(
            {"id": TEXT, "label": {"type": ["string", "null"]}}, "null: its name is withheld"
        ),
        "Masked": _object({"masked": TEXT}, "Part of the value"),
        "Withheld": _object({"withheld": {"const": True}, "rule": TEXT}, "Not shown, and by which rule"),
        "Problem": _object(
            {"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT}, "RFC 9457"
        ),
    }


def _object(properties: Part, description: str) -> Part:
    return {
        "type": "object",
        "description": description,
        "required": list(properties),
        "properties": properties,
    }
