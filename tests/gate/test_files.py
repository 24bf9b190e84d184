"""Pictures: made anew on the way in, opened only through the gate on the way out (law 2, exit "file")."""

import io
from typing import Any

import pytest
from gridfs import GridFSBucket
from PIL import Image
from pymongo.database import Database

from audit.sealer import seal
from gate.files import open_file
from gate.loading import load
from gate.pictures import Picture, safe_picture
from gate.refusals import Conflict, Invalid, NotFound, Refused
from gate.writing import patch, remove
from models.registry import NOUNS
from tests.world import actor, item, make

pytestmark = pytest.mark.usefixtures("database")
Store = Database[dict[str, Any]]
MEDIA = NOUNS["media"]


def photograph(size: tuple[int, int] = (640, 480), kind: str = "JPEG", **more: Any) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", size, (90, 60, 30)).save(out, kind, **more)
    out.seek(0)
    return out


def picture() -> Picture:
    return safe_picture(photograph())


def stored_files(database: Store) -> int:
    return database["fs.files"].count_documents({})


def test_a_picture_is_opened_by_those_whose_role_opens_files(database: Store) -> None:
    made = make("staff.soseki", "media", title="表紙", file=picture())
    for who in ("staff.soseki", "staff.shinjuku", "manager"):
        chunks, mime, length = open_file(actor(who), MEDIA, made, "file")
        data = b"".join(chunks)
        assert (mime, length) == ("image/jpeg", len(data))
        with Image.open(io.BytesIO(data)) as opened:
            assert opened.size == (640, 480)
    assert open_file(actor("staff.soseki"), MEDIA, made, "thumbnail")[2] > 0
    for who in ("contractor", "auditor", "admin"):
        with pytest.raises(Refused):
            open_file(actor(who), MEDIA, made, "file")
    with pytest.raises(NotFound):
        open_file(actor("librarian.kaizu"), MEDIA, made, "file")


@pytest.mark.parametrize("field", ["title", "keys", "made_up", "", "password_hash"])
def test_only_a_file_field_is_opened(field: str) -> None:
    made = make("staff.soseki", "media", title="表紙", file=picture())
    with pytest.raises(NotFound):
        open_file(actor("staff.soseki"), MEDIA, made, field)


def test_a_record_without_a_file_has_none_to_open() -> None:
    with pytest.raises(NotFound):
        open_file(actor("staff.soseki"), MEDIA, make("staff.soseki", "media", title="表紙"), "file")


def test_a_stored_file_cannot_be_named_from_outside(database: Store) -> None:
    foreign = make("librarian.kaizu", "media", title="個人の写真", file=picture())
    named = database["media"].find_one({})
    assert named is not None
    mine = make("staff.soseki", "media", title="表紙")
    for name in ("file", "thumbnail"):
        with pytest.raises(Invalid):
            patch(actor("staff.soseki"), MEDIA, mine, 1, {name: named["file"]})
        with pytest.raises(Invalid):
            make("staff.soseki", "media", title="表紙", **{name: named["file"]})
    assert load(actor("librarian.kaizu"), MEDIA, foreign).revision == 1


def test_what_a_camera_wrote_into_a_picture_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = "夏目家にて"
    exif[0x8825] = {1: "N", 2: (35.0, 42.0, 0.0)}
    exif[0x0112] = 6
    kept = safe_picture(photograph(exif=exif))
    with Image.open(io.BytesIO(kept.data)) as opened:
        assert dict(opened.getexif()) == {}
        assert opened.size == (480, 640)
    assert "夏目家".encode() not in kept.data


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize("raw", [b"", b"x", SVG, b"%PDF-1.7", b"GIF89a" + b"\0" * 40, b"\xff\xd8\xff\xe0" + b"\0" * 99,
                                 photograph(kind="BMP").getvalue(), photograph(kind="PNG").getvalue()[:200],
                                 photograph(kind="TIFF").getvalue()[:50]])  # fmt: skip
@pytest.mark.filterwarnings("ignore:Truncated File Read")
def test_what_is_no_picture_of_an_allowed_kind_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid) as error:
        safe_picture(io.BytesIO(raw))
    assert set(error.value.errors) == {"file"}


def test_a_picture_of_too_many_pixels_is_refused_unread() -> None:
    huge = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(huge, "PNG")
    huge.seek(0)
    with pytest.raises(Invalid):
        safe_picture(huge)


def test_a_refused_write_leaves_no_file_behind(database: Store) -> None:
    with pytest.raises(Invalid):
        make("staff.soseki", "media", title="", file=picture())
    made = make("staff.soseki", "media", title="表紙")
    patch(actor("staff.soseki"), MEDIA, made, 1, {"title": "表紙2"})
    with pytest.raises(Conflict):
        patch(actor("staff.soseki"), MEDIA, made, 1, {"file": picture()})
    with pytest.raises(Refused):
        patch(actor("staff.shinjuku"), MEDIA, made, 2, {"file": picture()})
    make("staff.soseki", "media", title="表紙", media_number="M-1")
    with pytest.raises(Invalid):
        make("staff.soseki", "media", title="表紙", media_number="M-1", file=picture())
    assert stored_files(database) == 0


def test_a_removed_picture_takes_all_its_files_along(database: Store) -> None:
    made = make("staff.soseki", "media", title="表紙", file=picture())
    patch(actor("staff.soseki"), MEDIA, made, 1, {"file": picture()})
    seal()
    patch(actor("staff.soseki"), MEDIA, made, 2, {"file": picture()})
    kept = make("staff.soseki", "media", title="別の写真", file=picture())
    assert stored_files(database) == 8
    remove(actor("staff.soseki"), MEDIA, made, 3, "写真の撤回")
    seal()
    assert stored_files(database) == 2
    assert b"".join(open_file(actor("staff.soseki"), MEDIA, kept, "file")[0])
    assert len(list(GridFSBucket(database).find({}))) == 2


def test_a_picture_an_item_shows_is_a_reference_like_any_other() -> None:
    made = make("staff.soseki", "media", title="表紙", file=picture())
    linked = item("staff.soseki", photographs=[made])
    assert load(actor("staff.shinjuku"), NOUNS["item"], linked).references[f"media:{made}"].open
