"""A role's draft on the screen: what is put in force is what was previewed (2A, 2.11)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from mongoengine.connection import get_db
from werkzeug.datastructures import MultiDict

from tests.views.panel import Panel, Person, filled_in


@pytest.fixture
def role(panel: Panel) -> Iterator[str]:
    """The museum's role of staff; its drafts and changes go with the test."""
    before = panel.stored("role", panel.ids["role"]) or {}
    yield panel.ids["role"]
    get_db()["role_drafts"].delete_many({})
    get_db()["roles"].replace_one({"_id": before["_id"]}, before)


def drafted(person: Person, role: str, networks: str) -> MultiDict[str, Any]:
    """Draft these networks; the form of the preview."""
    path = f"/admin/role/matrix/?id={role}"
    stored = person.get(path).text
    form = MultiDict(_matrix(stored))
    form["networks"], form["_draft"] = networks, "1"
    answer = person.post(path, form)
    assert answer.status_code == 302, answer.text
    return filled_in(person.get(answer.location).text.replace("<form method", "<form enctype method"))


def _matrix(page: str) -> MultiDict[str, Any]:
    return filled_in(page.replace("<form ", "<form enctype "))


def test_a_draft_that_was_replaced_is_not_applied_and_the_difference_is_shown(
    panel: Panel, role: str
) -> None:
    first, second = panel.person("admin"), panel.person("admin")
    seen = drafted(first, role, "127.0.0.0/8")
    drafted(second, role, "127.0.0.1")
    path = f"/admin/role/draft/?id={role}"
    for act in ("apply", "drop"):
        answer = first.post(path, {"draft": seen["draft"], "act": act})
        assert answer.status_code == 409
        assert "確かめた下書きとの違い" in answer.text
        difference = answer.text[answer.text.index("確かめた下書きとの違い") :]
        assert "127.0.0.0/8" in difference
        assert "127.0.0.1" in difference
    assert not (panel.stored("role", role) or {}).get("networks")
    again = filled_in(answer.text.replace("<form method", "<form enctype method"))
    assert first.post(path, {"draft": again["draft"], "act": "apply"}).status_code == 302
    assert (panel.stored("role", role) or {})["networks"] == ["127.0.0.1"]


def test_a_form_without_the_drafts_digest_applies_nothing(panel: Panel, role: str) -> None:
    admin = panel.person("admin")
    drafted(admin, role, "127.0.0.1")
    assert admin.post(f"/admin/role/draft/?id={role}", {"act": "apply"}).status_code == 409
    assert not (panel.stored("role", role) or {}).get("networks")
