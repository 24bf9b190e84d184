"""Whatever is sent, the answer is a designed page in the reader's language: never a traceback, never a 500."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from mongoengine.connection import get_db
from PIL import Image
from werkzeug.test import TestResponse

from models.registry import NOUNS
from tests.views.panel import Panel, Person, picture, upload

FINE = {200, 302, 303, 400, 401, 403, 404, 405, 409, 413, 429}
BEYOND = "ffffffffffffffffffffffff"
LONG = "あ" * 100_000


def sound(answer: TestResponse) -> bool:
    """A status that a person can cause, and a body that shows nothing of the machine."""
    # Whether all is well is said by /readyz's status, whatever is asked.
    if answer.status_code not in FINE and (answer.request.path, answer.status_code) != ("/readyz", 503):
        return False
    text = answer.get_data(as_text=True) if str(answer.mimetype).startswith("text/") else ""
    return not any(
        each in text for each in ("Traceback", "werkzeug", "pymongo", "ObjectId(", "site-packages")
    )


MALFORMED = [
    "details/?id=", "details/?id=zzz", "details/", f"details/?id={BEYOND}", "details/?id=../../etc/passwd",
    "details/?id[$ne]=1", "details/?id=%00", "details/?id=%ff%fe", "details/?id=' or 1=1", "edit/?id=1",
    "delete/?id=-1", "history/?id=%F0%9F%98%80", "print/?id=NaN", "file/?id=x&field=file", "file/",
    f"file/?id={BEYOND}&field=__class__",
]  # fmt: skip
LISTS = [
    "?after=zzz", "?before=zzz", f"?after={BEYOND}", "?after=", "?page=-1", "?page=99999999999999999999", "?after=1&before=2",
    "?f.title[$ne]=x", "?title[$gt]=", "?f.title.$ne=x", "?f.title.regex=(a%2B)%2B$", "?f.nothing=x", "?f.=x", "?f.rank=Z",
    "?f.rank=A&f.rank=B", "?f.rank=%00", "?f.rank=%ff", "?f.input_status.from=1", "?f.object_count.from=１二", "?f.object_count.from=9e999",
    "?f.acquisition_source=zzz", "?f.created_at.from=2020-13-45", "?f.created_at.to=9999-12-31", "?f.created_at.from=0000-00-00",
    "?sort=nothing", "?sort=$where", "?sort=title&sort=rank", "?sort=title&desc=yes", "?sort=%00", "?desc=1&sort=",
    "?institution=nowhere", "?institution=kaizu", "?institution[]=soseki", "?query=zzz", "?query[$ne]=", "?query=x&q=y",
    "?flt0_0=x", "?search=x", "?q=%00", "?q=%ff%fe", "?q=" + "a" * 5000, "?q=%22", "?q=-", "?q=((((", "?q=.*%24",
]  # fmt: skip


@pytest.mark.parametrize("path", MALFORMED)
def test_a_malformed_record_is_400_or_404(soseki: Person, path: str) -> None:
    answer = soseki.get(f"/admin/media/{path}")
    assert answer.status_code in (400, 404), answer.status_code
    assert sound(answer)


@pytest.mark.parametrize("asked", LISTS)
def test_a_malformed_question_is_refused_or_answered_plainly(soseki: Person, asked: str) -> None:
    answer = soseki.get(f"/admin/item/{asked}")
    assert answer.status_code in (200, 400, 403, 404), answer.status_code
    assert sound(answer)


@pytest.mark.parametrize(
    "asked",
    [
        "?sort=nothing",
        "?f.nothing=x",
        "?f.rank=Z",
        "?page=-1",
        "?f.title[$ne]=x",
        "?after=zzz",
        "?f.rank=A&f.rank=B",
    ],
)
def test_what_is_not_understood_is_refused_and_not_ignored(soseki: Person, asked: str) -> None:
    assert soseki.get(f"/admin/item/{asked}").status_code == 400


def test_an_operator_in_a_form_is_text_and_no_operator(panel: Panel, soseki: Person) -> None:
    id_ = panel.make("item", "soseki", title="元の題")
    for name in (
        "title[$ne]",
        "title.$gt",
        "$set",
        "__raw__",
        "title__ne",
        "_id",
        "revision.$inc",
        "institution",
    ):
        sent = {"revision": "1", "_fields": "title", "title": '{"$ne": null}', name: "kaizu"}
        assert sound(soseki.post(f"/admin/item/edit/?id={id_}", sent))
    stored = panel.stored("item", id_) or {}
    assert (stored["title"], stored["institution"], stored["revision"]) == ('{"$ne": null}', "soseki", 2)


def test_a_record_is_made_of_declared_fields_alone(panel: Panel, soseki: Person) -> None:
    sent = {"title": "余計な項目", "_cls": "User", "revision": "77", "password_hash": "x", "_id": BEYOND}
    for name in ("created_by", "outbox", "keys"):  # what the system keeps is refused, not ignored
        assert soseki.post("/admin/item/new/", {**sent, name: "x"}).status_code == 400
    answer = soseki.post("/admin/item/new/", sent)
    stored = panel.stored("item", answer.location.partition("id=")[2]) or {}
    assert (stored["title"], stored["revision"]) == ("余計な項目", 1)
    assert str(stored["_id"]) != BEYOND
    assert "password_hash" not in stored
    assert "_cls" not in stored


TYPED: list[dict[str, Any]] = [
    {"title": ""}, {"title": LONG}, {"title": "\0"}, {"title": "a\0b"}, {"accession_number": "9" * 400},
    {"title": "題", "object_count": "九"}, {"title": "題", "object_count": "1e400"}, {"title": "題", "object_count": "-5"},
    {"title": "題", "rank": "Z"}, {"title": "題", "rank": ["A", "B"]}, {"title": "題", "period.earliest": "令和元年"},
    {"title": "題", "period.text": LONG}, {"title": "題", "title_reading": "漢字"}, {"title": "題", "photographs": "zzz"},
    {"title": "題", "acquisition_source": BEYOND}, {"title": "題", "acquisition_source": "$ne"},
    {"title": "題", "dimensions-0.value": "太い"}, {"title": "題", "dimensions-9999.value": "1"},
    {"title": "題", "dimensions-0.id": "zzz", "dimensions-0.value": "1", "dimensions-0.unit": "parsec"},
    {"title": "題", "web_address": "javascript:alert(1)"}, {"title": "題", "other_names": "\n".join("x" * 300)},
    {"title": "題", "dimensions": "x"}, {"title": "\udcff"},
]  # fmt: skip


@pytest.mark.parametrize("sent", TYPED, ids=[" ".join(each)[:60] for each in TYPED])
def test_what_cannot_be_stored_comes_back_with_a_page(soseki: Person, sent: dict[str, Any]) -> None:
    encoded = urlencode({**sent, "csrf_token": soseki.token}, doseq=True, errors="surrogateescape")
    answer = soseki.client.post(
        "/admin/item/new/", data=encoded, content_type="application/x-www-form-urlencoded", buffered=True
    )
    assert answer.status_code in (200, 302, 400, 413), answer.status_code
    assert sound(answer)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_five_megabytes_in_one_field_are_too_many(soseki: Person, kind: str) -> None:
    head = b"" if "url" in kind else b'--b\r\nContent-Disposition: form-data; name="notes"\r\n\r\n'
    body = head + b"notes=" + b"x" * 5_000_000
    answer = soseki.client.post("/admin/item/new/", data=body, content_type=kind, buffered=True)
    assert answer.status_code == 413
    assert "大きすぎます" in answer.text


def test_what_is_too_large_is_told_the_limits_that_hold(panel: Panel, soseki: Person) -> None:
    """Whoever sends a spreadsheet of 41 MB is not told of pictures alone."""
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + b"x" * 42_000_000
    answer = soseki.client.post(
        "/migration/", data=body, content_type="multipart/form-data; boundary=b", buffered=True
    )
    assert answer.status_code == 413
    whole, text = (panel.app.config[name] for name in ("MAX_CONTENT_LENGTH", "MAX_FORM_MEMORY_SIZE"))
    for limit in (whole, text):
        assert f"{limit // 1024**2}MBまで" in answer.text


def test_six_thousand_parts_are_too_many(soseki: Person) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n'
    answer = soseki.client.post(
        "/admin/media/new/",
        data=part * 6_000 + b"--b--",
        content_type="multipart/form-data; boundary=b",
        buffered=True,
    )
    assert answer.status_code == 413
    assert "項目は5,000個まで" in answer.text


def _vast() -> bytes:
    """A sound picture of 110 million pixels in a few kilobytes."""
    out = io.BytesIO()
    Image.new("1", (10_000, 11_000)).save(out, "PNG")
    return out.getvalue()


def _bomb(width: int, height: int) -> bytes:
    """The first bytes of a picture that says it has that many pixels, and has none."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"\0" * 1000)
    chunks = [
        struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each)) for each in (head, data)
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _gif() -> bytes:
    out = io.BytesIO()
    Image.new("P", (5, 5)).save(out, "GIF")
    return out.getvalue()


HOSTILE = {
    "text": b"not a picture at all",
    "empty": b"",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "110 megapixels": _vast(),
    "beyond any bound": _bomb(2_000_000_000, 2_000_000_000),
    "cut short": picture((400, 400), "JPEG")[:900],
    "gif": _gif(),
    "pdf": b"%PDF-1.7\n%%EOF",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_an_upload_that_is_no_picture_stores_nothing(panel: Panel, soseki: Person, name: str) -> None:
    files = get_db()["fs.files"].count_documents({})
    sent = {"title": f"敵意のある {name}", "institution": "soseki", "file": upload(HOSTILE[name], "x.png")}
    answer = soseki.post("/admin/media/new/", sent)
    assert answer.status_code == 400
    assert sound(answer)
    assert f"敵意のある {name}" in answer.text  # what was typed stays
    assert get_db()["fs.files"].count_documents({}) == files


@pytest.mark.parametrize(
    "path", ["new/", "batch/", "search/", "choices/", "export/csv/", "edit/?id=x", "delete/?id=x"]
)
@pytest.mark.parametrize("body", ['{"title": {"$ne": null}}', "[[[[", "", "null", '{"csrf_token": "x"}'])
def test_json_where_a_form_belongs_is_refused(soseki: Person, path: str, body: str) -> None:
    more = {"content_type": "application/json", "headers": {"X-CSRFToken": soseki.token}}
    answer = soseki.client.post(f"/admin/item/{path}", data=body, buffered=True, **more)
    assert answer.status_code in (200, 302, 400, 404, 415), answer.status_code
    assert sound(answer)


@pytest.mark.parametrize("path", ["/admin/item/new/", "/admin/item/batch/", "/admin/role/matrix/?id=x", "/logout", "/language",
                                  "/account/password", "/admin/donor/search/", "/admin/donor/choices/", "/login",
                                  "/admin/item/export/csv/", "/admin/donor/reveal/?id=x"])  # fmt: skip
@pytest.mark.parametrize("token", [None, "", "x", "a.b.c"])
def test_no_write_without_the_token(soseki: Person, path: str, token: str | None) -> None:
    sent = {} if token is None else {"csrf_token": token}
    answer = soseki.client.post(path, data=sent, buffered=True)
    assert answer.status_code == 400
    assert "有効期限が切れたか" in answer.text


def test_another_persons_token_is_none(shinjuku: Person, soseki: Person) -> None:
    answer = soseki.client.post(
        "/admin/item/new/", data={"csrf_token": shinjuku.token, "title": "題"}, buffered=True
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_another_method_is_refused(soseki: Person, method: str) -> None:
    sent = {"headers": {"X-CSRFToken": soseki.token}}
    answer = soseki.client.open("/admin/item/", method=method, buffered=True, **sent)  # type: ignore[arg-type]
    assert answer.status_code in (400, 405)
    assert sound(answer)


JUNK: tuple[dict[str, Any], ...] = (
    {"id": "zzz", "field": "$ne", "institution": "kaizu", "q": "\0", "rowid": BEYOND, "action": "remove", "reason": "x"},
    {"id": BEYOND, "revision": "-1", "after": "zzz", "sort": "$where", "f.title[$ne]": "", "_fields": "title,_id"},
    {"id": ["1", "2"], "login_id": LONG[:3000], "password": "\ud800".encode("utf-8", "replace").decode(), "language": "xx",
     "next": "//evil.example", "purpose": "nothing", "action": "set", "rowid": ["a", "b"], "e.item.own.secret": "edit"},
)  # fmt: skip
ROLES = ["admin", "manager", "staff.soseki", "librarian.kaizu", "auditor", "contractor", ""]


def _routes(app: Flask) -> Iterator[tuple[str, set[str]]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ("static", "signin.logout"):
            continue
        filled = rule.rule
        for argument in rule.arguments:
            filled = filled.replace(f"<path:{argument}>", "junk").replace(f"<{argument}>", "junk")
        yield filled, rule.methods or set()


@pytest.mark.parametrize("login_id", ROLES, ids=[each or "nobody" for each in ROLES])
def test_every_address_stands_junk_from_everybody(panel: Panel, login_id: str) -> None:
    person = panel.person(login_id) if login_id else Person(panel.app)
    token = person.token
    failed = []
    for at, (path, methods) in enumerate(sorted(_routes(panel.app), key=lambda each: each[0])):
        junk = JUNK[at % len(JUNK)]
        real = {"id": panel.ids.get(path.split("/")[2] if path.count("/") > 2 else "", "zzz")}
        # Each address is asked for a real record by every other role, and for none by the rest.
        given = {**junk, **real} if (at + ROLES.index(login_id)) % 2 else junk
        answers = []
        if "GET" in methods:
            answers.append(person.client.get(path, query_string=given, buffered=True))
        if "POST" in methods:
            sent = {**given, "csrf_token": token}
            answers.append(person.client.post(path, query_string=real, data=sent, buffered=True))
        failed += [(path, each.request.method, each.status_code) for each in answers if not sound(each)]
    assert failed == []


def test_the_walk_over_all_addresses_knows_every_noun(panel: Panel) -> None:
    walked = {
        path.split("/")[2]
        for path, _ in _routes(panel.app)
        if path.startswith("/admin/") and path.count("/") > 2
    }
    assert walked >= set(NOUNS)
