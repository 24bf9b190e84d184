"""Zips of photographs as the tests of the screens send them, and what came of them."""

from __future__ import annotations

import io
from typing import Any

import pytest
import pyzipper
from mongoengine.connection import get_db
from werkzeug.test import TestResponse

from imports.photographs import run
from imports.work import Work
from tests.views.imports.importing import worker
from tests.views.panel import Panel, Person, picture, upload

WHERE = "/migration/photographs/"


def zipped(names: dict[str, bytes], password: str = "") -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES if password else None) as packed:
        if password:
            packed.setpassword(password.encode())
        for name, content in names.items():
            packed.writestr(name, content)
    return out.getvalue()


def pictures(count: int) -> dict[str, bytes]:
    """So many different photographs of L-1."""
    return {f"写真/L-1_{at}.png": picture((8 + at, 8)) for at in range(count)}


def sent(person: Person, raw: bytes, **more: Any) -> TestResponse:
    """The answer to a zip."""
    return person.post(WHERE, {"file": upload(raw, "写真.zip"), **more})


def photographs(number: str) -> int:
    """How many an item has."""
    found = get_db()["items"].find_one({"accession_number": number})
    assert found is not None
    return len(found.get("photographs", []))


def two_of_seven(panel: Panel, person: Person, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Work]:
    """The page of a zip of seven of which two have come, and the worker that has it in hand."""
    monkeypatch.setattr(run, "AT_ONCE", 2)
    page = sent(person, zipped(pictures(7))).location
    hand = worker(panel)
    assert hand.step()
    return page, hand
