"""Papers as files: where the machine has no Japanese font the page says so (decision 0014)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from mongoengine.connection import get_db
from werkzeug.test import TestResponse

from documents import fonts
from tests.views.panel import Panel
from views.oversight.packs import years


def report(panel: Panel) -> TestResponse:
    id_ = panel.ids["work_request"]
    address = f"/admin/work_request/report.pdf?id={id_}&purpose=inspection"
    return panel.person("staff.shinjuku").get(address)


def inspection(panel: Panel) -> TestResponse:
    sent = {"year": str(years()[0]), "institution": "shinjuku"}
    return panel.person("auditor").post("/audit/inspection", sent)


def printed() -> int:
    return len(list(get_db()["ledger"].find({"action": "printed"})))


@pytest.mark.parametrize("asked", [report, inspection])
def test_without_a_japanese_font_the_page_says_what_to_do(
    panel: Panel, monkeypatch: pytest.MonkeyPatch, asked: Callable[[Panel], TestResponse]
) -> None:
    """And the ledger does not say that a paper left which nobody got."""
    assert asked(panel).status_code == 200
    before = printed()
    monkeypatch.setattr(fonts, "CANDIDATES", ())
    answer = asked(panel)
    assert answer.status_code == 503
    assert "日本語フォントがない" in answer.text
    assert "fonts-noto-cjk" in answer.text
    assert printed() == before
