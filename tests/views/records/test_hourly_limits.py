"""Revealing, exporting, printing and importing too often in an hour: refused before anything is read, and said so."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from mongoengine.connection import get_db
from werkzeug.test import TestResponse

from gate.store.hourly_limits import keep_hourly_limits, spend
from tests.views.imports.importing import forget_imports
from tests.views.panel import Panel, Person, upload
from tests.world import actor, without_hourly_limits

PURPOSE = {"purpose": "report"}
WAYS: dict[str, tuple[str, str, str, dict[str, str] | None]] = {
    "a list as CSV": ("staff.soseki", "export", "/admin/item/export/csv/", PURPOSE),
    "a list as XLSX": ("staff.soseki", "export", "/admin/item/export/xlsx/", PURPOSE),
    "a ledger on paper": ("staff.soseki", "print", "/admin/item/print-list/?purpose=report", None),
    "a card on paper": ("staff.soseki", "print", "/admin/item/print/?id={item}&purpose=report", None),
    "a masked field": ("manager", "reveal", "/admin/donor/reveal/?id={donor}", {"field": "telephone", "purpose": "check"}),
    "a chart's figures": ("manager", "export", "/progress/status.csv", None),
    "the month's report": ("manager", "export", "/progress/report.xlsx", None),
    "an inspection": ("auditor", "export", "/audit/inspection", {"year": "2024", "institution": "soseki"}),
    "an import": ("staff.soseki", "import", "/migration/", {"noun": "item"}),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _spent_and_given_back(panel: Panel) -> Iterator[None]:
    yield
    for name in ("hourly_limits", "hourly_counters", "reveals"):
        get_db()[name].delete_many({})
    without_hourly_limits(get_db())
    forget_imports()


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("what", WAYS)
def test_what_is_spent_is_refused_with_the_number_and_the_time(
    panel: Panel, what: str, language: str
) -> None:
    login, act, path, form = WAYS[what]
    person, who = panel.person(login, language), actor(login)
    keep_hourly_limits(who.institution, {f"{act}_account": 2})
    spend(who, act)
    for status in (200, 302), (429,):
        before = get_db()["disclosures"].count_documents({})
        answer = _asked(person, path.format(**panel.ids), form, importing=act == "import")
        assert answer.status_code in status, answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert ("1時間に2回まで" if language == "ja" else "limited to 2 an hour") in answer.text
    assert get_db()["disclosures"].count_documents({}) == before
    assert get_db()["ledger"].count_documents({"action": "limit_reached", "detail": f"{act} account 2"}) >= 1


def _asked(person: Person, path: str, form: dict[str, str] | None, *, importing: bool) -> TestResponse:
    if form is None:
        return person.get(path)
    file = upload("資料番号,資料名\nA1,甲\n".encode(), "x.csv")
    return person.post(path, {**form, "file": file} if importing else form)


def test_no_screen_lets_anything_leave_without_taking_its_turn() -> None:
    root = Path(__file__).resolve().parents[2] / "views"
    wrong = []
    for file in root.rglob("*.py"):
        calls = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
        named = [each for each in calls if isinstance(each.func, ast.Name)]
        noted = [
            each for each in named
            if each.args and isinstance(each.args[0], ast.Constant) and each.args[0].value in ("exported", "printed", "taken_out")
        ]  # fmt: skip
        if noted and not any(
            each.func.id == "take_turn" for each in named if isinstance(each.func, ast.Name)
        ):
            wrong.append(file.relative_to(root).as_posix())
    assert wrong == []
