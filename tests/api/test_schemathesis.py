"""Schemathesis asks each documented operation what nobody thought of, in its schema's terms and against them.

Whatever it asks, there is a documented answer. Its pytest plugin does not know pytest 9, its strategies do.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from mongoengine.connection import get_db
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from models.registry import NOUNS
from tests.api.program import Programs
from tests.views.panel import Panel

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
"""Not whether a request that fits the schema is accepted: a filter's text may still be no date, and 400 says so."""
EXAMPLES = 5


Reader = Callable[[str], tuple[BaseSchema, dict[str, str]]]


@pytest.fixture(scope="module")
def read(panel: Panel, programs: Programs) -> Reader:
    """The document as a program of an account reads it, once each, and the headers that the program sends."""

    @cache
    def _read(login_id: str) -> tuple[BaseSchema, dict[str, str]]:
        signed = {"Authorization": f"Bearer {programs.of(login_id).token}"}
        return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", panel.app, headers=signed), signed

    return _read


@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value
)
@pytest.mark.parametrize("noun", NOUNS)
def test_whatever_is_asked_has_a_documented_answer(read: Reader, noun: str, mode: GenerationMode) -> None:
    document, signed = read("librarian.kaizu" if noun in ("patron", "book") else "staff.shinjuku")
    operations = [
        each.ok()
        for each in document.include(path_regex=f"^/api/v1/{noun}/").get_all_operations()
        if isinstance(each, Ok)
    ]
    assert len(operations) == 3
    for operation in operations:

        @settings(
            max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            get_db()["api_rates"].delete_many({})
            case.call_and_validate(headers=signed, checks=CHECKS)

        ask()
