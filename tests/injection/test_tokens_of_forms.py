"""Every write of every address needs the token of a form, or of a program: a walk over url_map (issue C; ASVS 3.5.1)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import create_app
from tests.injection.addresses import addresses, noun_of
from tests.views.panel import Panel, token_of
from tests.world import PASSWORD

TOKENS = {"none": None, "empty": "", "made up": "x", "of nobody": "IjEyMyI.aaaa.bbbb"}


@pytest.mark.parametrize("what", TOKENS)
@pytest.mark.parametrize("login_id", ["admin", "staff.shinjuku"])
def test_no_write_without_the_token_of_the_form(panel: Panel, login_id: str, what: str) -> None:
    person, walked = panel.person(login_id), []
    assert person.get("/admin/").status_code == 200
    for _, path, method in addresses(panel.app):
        if method == "GET":
            continue
        sent = {"id": panel.ids.get(noun_of(path), "zz"), "revision": "1", "title": "x", "language": "en"}
        if TOKENS[what] is not None:
            sent["csrf_token"] = TOKENS[what] or ""
        answer = person.client.open(path, method=method, data=sent, buffered=True)
        if path.startswith("/api/"):
            assert answer.status_code == 401, path  # the session opens nothing there; a program's token does
        else:
            assert answer.status_code == 400, (path, answer.status_code)
            assert "有効期限が切れたか" in answer.text, path
        walked.append(path)
    assert len(walked) > 60
    assert person.get("/admin/").status_code == 200


def test_what_only_reads_is_never_sent_by_a_form_of_another_kind(panel: Panel) -> None:
    """A GET, as a picture or link elsewhere would cause it, changes no record."""
    from tests.injection.test_operators import standing

    person, before = panel.person("admin"), standing()
    for _, path, method in addresses(panel.app):
        if method == "GET":
            asked = {
                "id": panel.ids.get(noun_of(path), "zz"),
                "revision": "1",
                "reason": "x",
                "action": "remove",
                "title": "x",
            }
            assert person.client.get(path, query_string=asked, buffered=True).status_code < 500, path
            assert person.client.head(path, query_string=asked, buffered=True).status_code < 500, path
    assert standing() == before


def test_every_answer_carries_the_headers_and_every_personal_page_is_kept_nowhere(panel: Panel) -> None:
    person = panel.person("staff.shinjuku")
    for _, path, method in addresses(panel.app):
        answer = person.client.open(
            path, method=method, query_string={"id": panel.ids.get(noun_of(path), "zz")}, buffered=True
        )
        kept = answer.headers
        assert kept["X-Content-Type-Options"] == "nosniff", path
        policy = kept["Content-Security-Policy"]
        for each in (
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ):
            assert each in policy, path
        assert "unsafe" not in policy, path
        assert kept["Cache-Control"] == "no-store", path
        assert kept["X-Frame-Options"] == "DENY", path
        assert kept["Referrer-Policy"] == "same-origin", path
        assert "Access-Control-Allow-Origin" not in kept, path
        assert "charset=utf-8" in (answer.content_type or "").lower() or not str(answer.mimetype).startswith(
            "text/"
        ), path


def test_over_tls_the_browser_is_told_to_stay_there_and_the_cookie_is_bound_to_the_host(panel: Panel) -> None:
    app = create_app(replace(panel.app.config["SETTINGS"], proxy_hops=1))
    client = app.test_client()
    far = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
    answer = client.get("/login", headers=far)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-shuzoko=")
    for each in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert each in cookie
    assert "Domain" not in cookie
    app.config["PEPPER"] = panel.app.config["PEPPER"]
    page = client.get("/login", headers=far, base_url="https://localhost").text
    sent = {"login_id": "auditor", "password": PASSWORD, "csrf_token": token_of(page)}
    made = client.post(
        "/login",
        data=sent,
        headers={**far, "Referer": "https://localhost/login"},
        base_url="https://localhost",
    )
    [known] = [
        each for each in made.headers.getlist("Set-Cookie") if each.startswith("__Host-shuzoko-device=")
    ]
    for each in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert each in known
    assert "Domain" not in known
    assert "Strict-Transport-Security" not in panel.app.test_client().get("/login").headers


def test_signing_out_clears_what_the_browser_keeps(panel: Panel) -> None:
    answer = panel.person("auditor").post("/logout")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
