"""A picture from the form to the card: saved at once, prepared beside, its name shown, its original to download (issue 2A, 1.6)."""

from __future__ import annotations

import io
import re

import pytest
from mongoengine.connection import get_db
from PIL import Image
from werkzeug.test import TestResponse, encode_multipart

from tests.pictures import prepare_pictures
from tests.views.panel import Panel, Person, picture, upload

NEW = "/admin/media/new/"


def sent(data: bytes, name: str, title: str = "原稿用紙の写真") -> dict[str, object]:
    return {"title": title, "institution": "soseki", "file": upload(data, name)}


def posted(person: Person, form: dict[str, object]) -> TestResponse:
    """The same as a body of bytes: the test's client would leave a large one in a file that it does not close."""
    boundary, body = encode_multipart({"csrf_token": person.token, **form})
    return person.client.post(
        NEW, data=body, content_type=f"multipart/form-data; boundary={boundary}", buffered=True
    )


def saved(person: Person, data: bytes, name: str = "IMG_0001.png") -> str:
    answer = person.post(NEW, sent(data, name))
    assert answer.status_code == 302, answer.text
    return str(answer.location.partition("id=")[2])


def test_a_saved_picture_is_said_to_be_in_preparation_until_it_is_there(soseki: Person) -> None:
    id_ = saved(soseki, picture((31, 17)), "原稿 01.png")
    card = soseki.get(f"/admin/media/details/?id={id_}").text
    assert "画像を準備しています" in card
    assert "原稿 01.png" in card
    small = soseki.get(f"/admin/media/file/?id={id_}&field=thumbnail")
    assert (small.status_code, small.location) == (302, "/static/preparing.svg")
    large = soseki.get(f"/admin/media/file/?id={id_}&field=file")
    assert large.status_code == 404
    assert "画像を準備しています" in large.text
    prepare_pictures()
    card = soseki.get(f"/admin/media/details/?id={id_}").text
    assert "画像を準備しています" not in card
    for field in ("file", "thumbnail"):
        answer = soseki.get(f"/admin/media/file/?id={id_}&field={field}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")


def test_an_original_is_a_download_for_who_may_open_files_and_for_nobody_else(
    panel: Panel, soseki: Person
) -> None:
    id_ = saved(soseki, picture((32, 18)))
    address = f"/admin/media/file/?id={id_}&field=original"
    assert address.replace("&", "&amp;") in soseki.get(f"/admin/media/details/?id={id_}").text
    answer = soseki.get(address)
    assert answer.headers["Content-Disposition"] == "attachment; filename=picture.png"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    with Image.open(io.BytesIO(answer.data)) as opened:
        assert (opened.format, opened.size) == ("PNG", (32, 18))
    assert panel.person("auditor").get(address).status_code == 403
    assert panel.person("librarian.kaizu").get(address).status_code == 404


def test_the_same_file_again_is_hinted_at_with_the_record_that_has_it(soseki: Person) -> None:
    data = picture((33, 19))
    saved(soseki, data)
    again = saved(soseki, data, "copy.png")
    card = soseki.get(f"/admin/media/details/?id={again}").text
    assert "同じファイルがすでに登録されています" in card
    other = saved(soseki, picture((34, 20)))
    assert "同じファイルが" not in soseki.get(f"/admin/media/details/?id={other}").text


def test_a_record_is_found_by_its_file_name_in_the_list(soseki: Person) -> None:
    id_ = saved(soseki, picture((35, 21)), "DSCF7713.png")
    assert id_ in soseki.post("/admin/media/search/", {"q": "DSCF7713"}, follow_redirects=True).text


def test_the_institution_sets_how_large_a_picture_may_be(panel: Panel, soseki: Person) -> None:
    get_db()["institutions"].update_one({"_id": "soseki"}, {"$set": {"picture_megabytes": 1}})
    try:
        larger = picture((36, 22)) + b"\0" * (2 << 20)
        answer = posted(soseki, sent(larger, "x.png", "大きすぎる画像"))
        assert answer.status_code == 400
        assert "1MBまで" in answer.text
        assert "大きすぎる画像" in answer.text
        assert posted(soseki, sent(larger + b"\0" * (5 << 20), "x.png")).status_code == 413
    finally:
        get_db()["institutions"].update_one({"_id": "soseki"}, {"$unset": {"picture_megabytes": ""}})
    usual = posted(soseki, sent(picture((37, 23)) + b"\0" * (45 << 20), "x.png"))
    assert usual.status_code == 302
    page = panel.person("admin").get("/admin/institution/edit/?id=soseki").text
    assert "画像の原本" in page
    assert "画像1点の上限" in page


@pytest.mark.parametrize(("name", "said"), [("IMG.HEIC", "互換性優先"), ("台帳.pdf", "1ページずつ")])
def test_what_nothing_here_reads_is_refused_with_what_to_do(soseki: Person, name: str, said: str) -> None:
    answer = soseki.post(NEW, sent(b"x" * 40, name, "残る題"))
    assert answer.status_code == 400
    assert said in answer.text
    assert "残る題" in answer.text


def test_a_refused_form_keeps_its_picture_for_its_sender(panel: Panel, soseki: Person) -> None:
    """2A 3.16: nobody chooses a scan of 100 MB twice because a title was missing. No other account gets it."""
    answer = soseki.post(NEW, sent(picture((41, 23)), "巻物.png", title=""))
    assert answer.status_code == 400
    assert "選んだ画像「巻物.png」は預かっています" in answer.text
    token = re.search(r'name="kept\.file" value="([\w-]+)"', answer.text)
    assert token is not None
    again = {"title": "", "institution": "soseki", "kept.file": token[1]}
    assert token[1] in soseki.post(NEW, again).text  # refused once more
    other = panel.person("staff.shinjuku")
    stolen = other.post(NEW, {"title": "他人の", "institution": "shinjuku", "kept.file": token[1]})
    assert stolen.status_code == 400
    assert "画像を選んでください" in stolen.text
    answer = soseki.post(NEW, again | {"title": "巻物"})
    assert answer.status_code == 302
    card = soseki.get(answer.location).text
    assert "巻物.png" in card
    assert get_db()["kept_pictures"].count_documents({"token": token[1]}) == 0
    unreadable = soseki.post(NEW, sent(b"none", "a.png", title=""))
    assert unreadable.status_code == 400
    assert "kept.file" not in unreadable.text
