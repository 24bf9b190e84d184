"""Hostile uploads over the real wire: none is served as it came, none takes long or much, each no is said calmly.

Issue C: 60 or more; none served inline unless we wrote it ourselves, at most 200 MB and 2 s each, never a 500. Issue 2A,
1.6: the pixels are read by the worker, which is this process here; its child has bounds of its own.
"""

from __future__ import annotations

import io
import os
import re
from contextlib import suppress

import pytest
from mongoengine.connection import get_db
from PIL import Image, UnidentifiedImageError

from gate.fields.pictures import REFUSALS, UNREADABLE
from gate.fields.stored_pictures import LOST
from gate.writing.derivatives import GIVEN_UP
from tests.pictures import prepare_pictures
from tests.server.caller import BOUNDARY, Answer, Caller, Weight, multipart, worked
from tests.server.conftest import Server
from tests.server.hostile import uploads
from tests.server.hostile.pieces import image
from tests.server.hostile.upload import MARKS, Upload

SECONDS = 2.0
"""Of the processors' time, so that a machine with other work tells the same."""
MEGABYTES = 200
WORKER_SECONDS = 30.0
"""The child has 14 seconds of processor time; the tests' own process is measured with it."""
WORKER_MEGABYTES = 900
TOLD = {w for words in (*REFUSALS.values(), UNREADABLE, LOST, GIVEN_UP) for w in words}
CALM = {"ja": "ください", "en": "Choose|[Pp]lease|Make it smaller"}


def beside_pixels(original: bytes) -> bytes:
    """An original without what it must keep to look the same: a PNG's palette, and an orientation that stands alone."""
    rest = original
    with suppress(UnidentifiedImageError), Image.open(io.BytesIO(original)) as opened:
        if set(opened.getexif()) == {0x0112}:
            rest = rest.replace(b"Exif\0\0", b"", 1)
    start = rest.find(b"PLTE") if rest.startswith(b"\x89PNG") else -1
    if start > 0:
        length = int.from_bytes(rest[start - 4 : start], "big")
        rest = rest[: start + 4] + rest[start + 4 + length :]
    return rest


def serves_only_what_we_wrote(person: Caller, answer: Answer) -> list[str]:
    """What is wrong with how an accepted upload comes out again."""
    wrong = []
    id_ = answer.headers["Location"].partition("id=")[2]
    original = person.ask("GET", f"/admin/media/file/?id={id_}&field=original")
    if original.headers["Content-Type"] != "application/octet-stream" or not re.fullmatch(
        r"attachment; filename=picture\.[a-z0-9]{2,4}", original.headers["Content-Disposition"]
    ):
        wrong.append(f"original: {original.headers}")
    wrong += [f"original: holds {mark!r}" for mark in MARKS if mark in beside_pixels(original.body)]
    card = person.ask("GET", f"/admin/media/details/?id={id_}")
    if any(each in card.text for each in TOLD):
        out = person.ask("GET", f"/admin/media/file/?id={id_}&field=file")
        return wrong if out.status == 404 and "Traceback" not in out.text else [*wrong, f"file: {out.status}"]
    for field in ("file", "thumbnail"):
        out = person.ask("GET", f"/admin/media/file/?id={id_}&field={field}")
        kind = out.headers["Content-Type"]
        with Image.open(io.BytesIO(out.body)) as opened:
            opened.load()
            if f"image/{(opened.format or '').lower()}" != kind or opened.getexif():
                wrong.append(f"{field}: {kind} is {opened.format} with {dict(opened.getexif())}")
        wrong += [f"{field}: holds {mark!r}" for mark in MARKS if mark in out.body]
        if out.headers["X-Content-Type-Options"] != "nosniff" or kind not in ("image/jpeg", "image/png"):
            wrong.append(f"{field}: {out.headers}")
        if not re.fullmatch(r"inline; filename=picture\.(jpg|png)", out.headers["Content-Disposition"]):
            wrong.append(f"{field}: {out.headers['Content-Disposition']}")
    return wrong


def judged(person: Caller, upload: Upload, answer: Answer) -> list[str]:
    """What is wrong with the answer to an upload."""
    if answer.status == 302:
        return serves_only_what_we_wrote(person, answer)
    if answer.status not in (400, 413):
        return [f"status {answer.status}"]
    wrong = [f"shows {each}" for each in ("Traceback", "site-packages", "PIL") if each in answer.text]
    if f'<html lang="{person.language}"' not in answer.text or not re.search(
        CALM[person.language], answer.text
    ):
        wrong.append("does not say what to do in the reader's language")
    if answer.status == 400 and "敵意" not in answer.text:
        wrong.append("what was typed is gone")
    return wrong


def prepared() -> tuple[float, float]:
    """Have the worker's part done; the seconds of the processors' time and the megabytes that it took."""
    weight = Weight(os.getpid())
    before, began = weight.now(), worked(os.getpid())
    weight.start()
    prepare_pictures()
    weight.stop()
    return worked(os.getpid()) - began, (weight.most - before) / 1_000_000


@pytest.mark.filterwarnings(
    "ignore::PIL.Image.DecompressionBombWarning"
)  # of this process, looking at what came out
def test_no_hostile_upload_is_served_as_it_came_or_takes_long_or_much(server: Server) -> None:
    people = [server.person("staff.soseki"), server.person("staff.soseki", "en")]
    found, kept, slowest, heaviest = [], 0, 0.0, 0
    corpus = uploads()
    for at, each in enumerate(corpus):
        person, part = people[at % 2], each.part()
        files = get_db()["fs.files"].count_documents({})
        weight = Weight(server.pid)
        before, began = weight.now(), worked(server.pid)
        weight.start()
        answer = person.upload(
            "/admin/media/new/", {"title": "敵意のあるもの", "institution": "soseki"}, part
        )
        weight.stop()
        grown = (weight.most - before) / 1_000_000
        seconds = worked(server.pid) - began
        slowest, heaviest = max(slowest, seconds), max(heaviest, int(grown))
        kept += answer.status == 302
        work = prepared() if answer.status == 302 else (0.0, 0.0)
        wrong = judged(person, each, answer)
        if work[0] > WORKER_SECONDS or work[1] > WORKER_MEGABYTES:
            wrong.append(f"the worker: {work[0]:.1f} s, {work[1]:.0f} MB")
        if answer.status != 302 and get_db()["fs.files"].count_documents({}) != files:
            wrong.append("left a file behind")
        if seconds > SECONDS or grown > MEGABYTES:
            wrong.append(f"{seconds:.1f} s, {grown:.0f} MB")
        print(
            f"{answer.status} {seconds:4.1f} s ({answer.seconds:4.1f} by the clock) {grown:5.0f} MB, "
            f"worker {work[0]:4.1f} s {work[1]:5.0f} MB {each.what}"
        )
        found += [f"{each.what}: {one}" for one in wrong]
    print(f"{len(corpus)} uploads, {kept} written anew; slowest {slowest:.1f} s, heaviest {heaviest} MB")
    assert found == []
    assert len(corpus) >= 60
    assert "unforeseen" not in server.log.read_text()


MANY = [
    b'Content-Disposition: form-data; name="file"; filename="x.png"\r\nContent-Type: image/png\r\n\r\n'
    + image()
] * 5_100
BROKEN = {
    "five thousand files": multipart(MANY),
    "no end": multipart(MANY[:1])[:-20],
    "no parts": f"--{BOUNDARY}--".encode(),
    "another boundary": b"--other\r\n\r\n\r\n--other--",
    "a megabyte of one header": multipart([b"Content-Disposition: " + b"x" * 1_000_000 + b"\r\n\r\n"]),
    "no name": multipart([b"Content-Disposition: form-data\r\n\r\nx"]),
    "206 MB": multipart([MANY[0] + b"\0" * 216_000_000]),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_form_that_is_none_is_refused(server: Server, what: str) -> None:
    person = server.person("staff.soseki")
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    answer = person.ask(
        "POST", "/admin/media/new/", BROKEN[what], Content_Type=kind, X_CSRFToken=person.token
    )
    assert answer.status in (400, 413), answer.status
    assert '<html lang="ja"' in answer.text
