"""Every no is a designed page in the reader's language; what was not foreseen says a number and nothing else."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from settings.environment import Settings
from tests.views.panel import Panel, Person
from views.api.problems import problem
from views.requests.errors import register


@pytest.mark.parametrize(
    ("path", "status", "ja", "en"),
    [
        ("/admin/item/details/?id=zzz", 404, "見つかりません", "Not found"),
        ("/nowhere", 404, "見つかりません", "Not found"),
        ("/admin/item/?f.nothing=x", 400, "受け付けられない指定です", "This request cannot be understood"),
        ("/admin/patron/", 403, "この操作はできません", "You may not do this"),
        ("/admin/donor/batch/", 405, "この方法では開けません", "It cannot be opened this way"),
    ],
)
def test_an_error_is_said_in_the_readers_language(
    panel: Panel, path: str, status: int, ja: str, en: str
) -> None:
    for language, words, other in (("ja", ja, en), ("en", en, ja)):
        answer = panel.person("staff.soseki", language).get(path)
        assert answer.status_code == status
        assert words in answer.text
        assert other not in answer.text
        assert f'<html lang="{language}"' in answer.text


@pytest.mark.parametrize(
    ("asked", "language"), [("en", "en"), ("en-GB,en;q=0.9", "en"), ("fr", "ja"), ("", "ja"), ("ja,en", "ja")]
)
def test_who_has_not_signed_in_reads_what_the_browser_asks_for(
    panel: Panel, asked: str, language: str
) -> None:
    assert f'<html lang="{language}"' in Person(panel.app, asked).get("/login").text


@pytest.fixture
def broken_panel(panel: Panel) -> Flask:
    """A second application of the same store with a page that fails with a person's name in its error."""
    from app import create_app

    app = create_app(panel.app.config["SETTINGS"])

    def fails() -> str:
        raise ValueError("苗字 名前子 は重複しています")

    app.add_url_rule("/account/fails", "account.fails", fails)
    return app


def test_the_unforeseen_says_a_number_and_nothing_of_the_error(
    panel: Panel, broken_panel: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    broken_panel.config.update(PEPPER=panel.app.config["PEPPER"], SECRET_KEY=panel.app.config["SECRET_KEY"])
    person = Person(broken_panel)
    cookie = panel.person("staff.soseki").client.get_cookie("shuzoko")
    assert cookie is not None
    person.client.set_cookie("shuzoko", cookie.value)
    with caplog.at_level(logging.DEBUG):
        answer = person.get("/account/fails")
    assert answer.status_code == 500
    assert "管理者に伝える番号" in answer.text
    assert "名前子" not in answer.text
    assert "Traceback" not in answer.text
    assert "unforeseen ValueError at account.fails" in caplog.text
    assert "名前子" not in caplog.text


def broken(settings: Settings, *, debug: bool) -> str:
    """What a program reads when a page of an application with these settings fails in an unforeseen way."""
    app = Flask(__name__)
    app.debug = debug
    app.config["SETTINGS"] = settings
    register(app, problem)

    @app.get("/api/broken")
    def fail() -> str:
        raise KeyError("a value of somebody's record")

    return app.test_client().get("/api/broken").text


def test_a_traceback_is_shown_in_development_on_this_machine_alone(tmp_path: Path) -> None:
    here = Settings(
        var=tmp_path, mongodb_uri="", database="", secret_key="", host="127.0.0.1", port=0, proxy_hops=0
    )
    assert "a value of somebody's record" in broken(here, debug=True)
    for settings in (
        replace(here, host="192.0.2.1"),
        replace(here, proxy_hops=1),
        replace(here, address="https://a"),
    ):
        assert "somebody" not in broken(settings, debug=True)
    assert "somebody" not in broken(here, debug=False)
