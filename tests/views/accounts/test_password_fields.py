"""Fields for a password, as the pages write them: hidden while typed, and open to a password manager (ASVS 6.2.6, 6.2.7)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from flask import template_rendered
from jinja2 import Template
from mongoengine.connection import get_db

from accounts.approving import approve
from accounts.sign_in.resets import start_reset
from tests.views.panel import Panel, Person
from tests.world import PEPPER

SECRET = re.compile(r'name="(password|present|new|again|passphrase)"')
ASKS = re.compile(r'type="password"|\bask\("')
NO_PASSWORD = {"accounts/unlock.html", "settings/vocabulary.html"}
"""They ask for a network address and for a term by a macro of that name."""
ELSEWHERE = {"accounts/first_run.html"}
"""Answered only where nobody can sign in yet (tests of the first run)."""


def pages(panel: Panel) -> list[str]:
    """Every page that asks for a password."""
    person, manager = panel.person("staff.shinjuku"), panel.person("manager")
    token, _ = start_reset(panel.actor("admin"), panel.actor_id("staff.soseki"), pepper=PEPPER)
    approve(panel.actor("manager"), panel.actor_id("staff.soseki"))
    with manager.client.session_transaction() as session:
        session.pop("fresh_at", None)
    answers = [
        Person(panel.app).get("/login"),
        Person(panel.app).get(f"/reset/{token}"),
        *(person.get(f"/account/{each}") for each in ("", "second-factor/", "tokens/")),
        person.get("/admin/donor/export/"),
        manager.post(
            f"/admin/donor/reveal/?id={panel.ids['donor']}", {"field": "telephone", "purpose": "notice"}
        ),
    ]
    get_db()["resets"].delete_many({})
    assert {each.status_code for each in answers} == {200}
    return [each.text for each in answers]


def test_every_field_of_a_password_hides_what_is_typed_and_lets_a_manager_fill_it(panel: Panel) -> None:
    """On the page as it is sent, whatever macro wrote it; and every template that asks for one has been looked at."""
    written: set[str] = set()

    def note(_: object, template: Template, **__: Any) -> None:
        written.add(str(template.name))

    with template_rendered.connected_to(note, panel.app):
        found = [re.findall(r"<input[^>]*>", page) for page in pages(panel)]
    asking = {
        f"{room.parent.name}/{each.name}"
        for room in Path("views").glob("*/templates")
        for each in room.glob("*.html")
        if ASKS.search(each.read_text())
    }
    assert asking >= NO_PASSWORD | ELSEWHERE  # the templates were found
    assert asking - NO_PASSWORD - ELSEWHERE <= written
    for fields in found:
        secret = [each for each in fields if SECRET.search(each) or 'type="password"' in each]
        assert secret
        for each in secret:
            assert 'type="password"' in each
            assert re.search(r'autocomplete="(current|new)-password"', each), each
            assert "onpaste" not in each
