"""Originals: kept with the same pixels and nothing beside them, prepared by the worker, erased with the record (issue 2A, 1.6)."""

import io
import struct
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pymongo.database import Database

from audit.sealer import seal
from gate.card.files import open_file
from gate.card.same_files import same_files
from gate.fields import pictures
from gate.fields.pictures import Picture, checked_picture, safe_picture
from gate.fields.stored_pictures import LOST, PREPARING, states
from gate.reading.listing import list_page
from gate.reading.loading import load
from gate.reading.questions import Question
from gate.refusals import Conflict, Invalid, NotReady
from gate.writing.derivatives import Deriving
from gate.writing.writing import patch, remove
from jobs import queue
from models.registry import NOUNS
from models.stored_files import family
from tests.gate.fields.profiles import rgb_profile
from tests.pictures import prepare_pictures
from tests.world import actor, make

pytestmark = pytest.mark.usefixtures("database")
Store = Database[dict[str, Any]]
MEDIA = NOUNS["media"]
SECRET = b"Natsume 03-9999-4321"
PLACE = struct.pack(">6I", 35, 1, 42, 1, 1151, 100)
"""35°42'11.51", as EXIF writes it."""


def exif(orientation: int = 1) -> Image.Exif:
    """A camera's EXIF: where, by which maker, in whose words."""
    found = Image.Exif()
    found[0x010E], found[0x0112], found[0x013B] = SECRET.decode(), orientation, SECRET.decode()
    found.get_ifd(0x8825).update({1: "N", 2: (35.0, 42.0, 11.51), 3: "E", 4: (139.0, 43.0, 0.5)})
    found.get_ifd(0x8769).update({0x927C: b"MAKER" + SECRET, 0x9286: SECRET})
    return found


def pixels() -> Image.Image:
    """Sixty by forty, no two rows alike."""
    return Image.frombytes("RGB", (60, 40), bytes(at * 7 % 256 for at in range(60 * 40 * 3)))


def written(kind: str, orientation: int = 1, **more: Any) -> bytes:
    """A picture that says something in each place where its format can."""
    out, said = io.BytesIO(), dict(more)
    if kind == "PNG":
        text = PngInfo()
        text.add_itxt("XML:com.adobe.xmp", SECRET.decode())
        text.add_text("Author", SECRET.decode())
        said |= {"pnginfo": text}
    elif kind == "TIFF":
        said |= {"description": SECRET.decode(), "artist": SECRET.decode(), "software": SECRET.decode(), "compression": "tiff_lzw"}  # fmt: skip
    elif kind != "JPEG2000":
        said |= {"xmp": SECRET}
    if kind == "JPEG":
        said |= {"comment": SECRET, "quality": 95}
    if kind != "JPEG2000":
        said |= {"exif": exif(orientation), "icc_profile": rgb_profile("Adobe RGB")}
    pixels().save(out, kind, **said)
    raw = out.getvalue()
    if kind == "JPEG":  # Photoshop's block with IPTC, and a second picture behind the end
        raw = (
            raw[:2]
            + b"\xff\xed"
            + struct.pack(">H", 2 + 14 + len(SECRET))
            + b"Photoshop 3.0\0"
            + SECRET
            + raw[2:]
            + raw
        )
    if kind == "JPEG2000":
        raw += struct.pack(">I4s", 8 + 16 + len(SECRET), b"uuid") + b"JpgTiffExif->JP2" + SECRET
    return raw


def stripped(raw: bytes) -> bytes:
    """The original as it is kept."""
    checked = checked_picture(io.BytesIO(raw))
    return checked.file.read()


def decoded(raw: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(raw))
    found.load()
    return found


KINDS = ["JPEG", "PNG", "TIFF", "WEBP", "AVIF", "JPEG2000"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_original_has_the_same_pixels_and_nothing_beside_them(kind: str) -> None:
    raw = written(kind)
    assert SECRET in raw
    kept = stripped(raw)
    assert SECRET not in kept
    assert PLACE not in kept
    assert b"MAKER" not in kept
    before, after = decoded(raw), decoded(kept)
    assert (after.mode, after.size, after.tobytes()) == (before.mode, before.size, before.tobytes())
    assert after.info.get("icc_profile") == before.info.get("icc_profile")
    assert not dict(after.getexif().get_ifd(0x8825))
    assert set(after.getexif()) <= ({*after.tag_v2, 0x0112} if kind == "TIFF" else set())  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_an_original_still_says_how_the_camera_was_held(kind: str) -> None:
    raw = written(kind, orientation=6)
    checked = checked_picture(io.BytesIO(raw))
    kept = checked.file.read()
    assert SECRET not in kept
    with Image.open(io.BytesIO(kept)) as opened:
        assert opened.getexif()[0x0112] == 6
    shown = decoded(safe_picture(io.BytesIO(raw)).data)
    assert shown.size == (checked.width, checked.height) == (40, 60)


def test_a_scan_keeps_its_resolution_and_its_compressed_strips() -> None:
    raw = written("TIFF", dpi=(600, 600))
    kept = stripped(raw)
    with Image.open(io.BytesIO(raw)) as before, Image.open(io.BytesIO(kept)) as after:
        assert after.info["dpi"] == before.info["dpi"] == (600, 600)
        assert after.info["compression"] == "tiff_lzw"
        was, now = before.tag_v2, after.tag_v2  # type: ignore[attr-defined]
        for old, new, length in zip(was[273], now[273], was[279], strict=True):
            assert raw[old : old + length] == kept[new : new + length]


def test_where_a_png_says_behind_its_pixels_how_it_was_held_it_is_heard() -> None:
    raw = written("PNG")
    said = b"eXIf" + exif(6).tobytes()[6:]
    block = struct.pack(">I", len(said) - 4) + said + struct.pack(">I", zlib.crc32(said))
    bare = io.BytesIO()
    pixels().save(bare, "PNG")
    raw = bare.getvalue()[:-12] + block + bare.getvalue()[-12:]
    checked = checked_picture(io.BytesIO(raw))
    assert (checked.width, checked.height) == (40, 60)
    assert decoded(safe_picture(io.BytesIO(raw)).data).size == (40, 60)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_cut_short_is_refused_before_it_is_stored(kind: str) -> None:
    whole = io.BytesIO()
    Image.effect_noise((400, 300), 90).convert("RGB").save(whole, kind)
    raw = whole.getvalue()
    with pytest.raises(Invalid) as error:
        checked_picture(io.BytesIO(raw[: len(raw) * 2 // 3]))
    assert set(error.value.errors) == {"file"}


def upload(name: str = "IMG_0001.JPG", kind: str = "JPEG") -> Picture:
    """As a form hands it on."""
    return checked_picture(io.BytesIO(written(kind)), name)


def stored(database: Store) -> set[Any]:
    return {each["_id"] for each in database["fs.files"].find({}, {"_id": 1})}


def file_of(database: Store, record: str) -> str:
    found = database["media"].find_one({"_id": ObjectId(record)})
    assert found is not None
    return str(found["file"])


def read(record: str, field: str, who: str = "staff.soseki") -> tuple[bytes, str]:
    file = open_file(actor(who), MEDIA, record, field)
    return b"".join(file.chunks), file.mime


def test_a_picture_is_prepared_by_the_worker_and_the_record_says_so_until_then(database: Store) -> None:
    made = make("staff.soseki", "media", title="表紙", file=upload())
    file = file_of(database, made)
    assert states([file]) == {file: PREPARING}
    for field in ("file", "thumbnail"):
        with pytest.raises(NotReady) as waiting:
            read(made, field)
        assert waiting.value.words == PREPARING
    original, mime = read(made, "original")
    assert (mime, decoded(original).size) == ("image/jpeg", (60, 40))
    revision = load(actor("staff.soseki"), MEDIA, made).revision
    prepare_pictures()
    assert states([file]) == {}
    assert decoded(read(made, "file")[0]).size == (60, 40)
    assert decoded(read(made, "thumbnail")[0]).size == (60, 40)
    row = load(actor("staff.soseki"), MEDIA, made)
    assert row.revision == revision == 1  # who edits meanwhile meets no conflict
    assert [row[each].value for each in ("original_name", "width", "height", "size")] == [
        "IMG_0001.JPG",
        60,
        40,
        len(original),
    ]
    assert queue.latest(file) is None


def test_a_worker_killed_at_any_point_has_its_work_done_by_the_next(database: Store) -> None:
    made = make("staff.soseki", "media", title="表紙", file=upload())
    file = file_of(database, made)
    killed = Deriving()
    killed.step()  # the child is at work, and the worker gone
    killed._let_go()
    prepare_pictures()
    assert states([file]) == {file: PREPARING}  # the lease holds a while
    database["jobs"].update_many({}, {"$set": {"until": datetime.now(UTC) - timedelta(seconds=1)}})
    prepare_pictures()
    assert states([file]) == {}
    queue.post(
        "picture", file
    )  # as if killed behind the last file and before the job was done: it is done again
    prepare_pictures()
    assert decoded(read(made, "file")[0]).size == (60, 40)
    assert stored(database) == set(family(ObjectId(file)))


def test_a_picture_that_no_decoder_can_finish_is_told_on_its_record(database: Store) -> None:
    raw = bytearray(written("PNG"))
    at = raw.index(b"IDAT") + 30
    raw[at : at + 8] = b"\xff" * 8
    made = make("staff.soseki", "media", title="表紙", file=checked_picture(io.BytesIO(bytes(raw)), "x.png"))
    prepare_pictures()
    file = file_of(database, made)
    assert states([file]) == {file: pictures.UNREADABLE}
    with pytest.raises(NotReady) as told:
        read(made, "thumbnail")
    assert told.value.words == pictures.UNREADABLE
    assert read(made, "original")[0]


def test_where_the_institution_keeps_no_originals_none_is_left(database: Store) -> None:
    database["institutions"].update_one({"_id": "soseki"}, {"$set": {"originals": "discard"}})
    made = make("staff.soseki", "media", title="表紙", file=upload())
    prepare_pictures()
    file = file_of(database, made)
    assert stored(database) == set(family(ObjectId(file))[:2])
    assert load(actor("staff.soseki"), MEDIA, made)["original"].value is None
    ready = make("staff.soseki", "media", title="裏", file=safe_picture(io.BytesIO(written("PNG"))))
    assert stored(database) == {
        *family(ObjectId(file))[:2],
        *family(ObjectId(file_of(database, ready)))[:2],
    }


def test_what_is_removed_or_replaced_takes_original_and_derivatives_along(database: Store) -> None:
    made = make("staff.soseki", "media", title="表紙", file=upload())
    first = file_of(database, made)
    prepare_pictures()
    patch(actor("staff.soseki"), MEDIA, made, 1, {"file": upload("IMG_0002.JPG")})
    seal()
    second = file_of(database, made)
    assert stored(database) & set(family(ObjectId(first))) == set()
    prepare_pictures()
    assert stored(database) == set(family(ObjectId(second)))
    remove(actor("staff.soseki"), MEDIA, made, 2, "重複")
    seal()
    assert stored(database) == set()
    assert database["fs.chunks"].count_documents({}) == 0


def test_a_record_removed_while_its_picture_is_prepared_leaves_nothing(database: Store) -> None:
    made = make("staff.soseki", "media", title="表紙", file=upload())
    work = Deriving()
    work.step()
    remove(actor("staff.soseki"), MEDIA, made, 1, "重複")
    seal()
    while work.step():
        pass
    assert stored(database) == set()
    assert database["jobs"].count_documents({}) == 0


def test_an_upload_whose_record_never_came_is_cleared_away(database: Store) -> None:
    """Killed between the file and the record: the job stood first."""
    made = make("staff.soseki", "media", title="表紙", file=upload())
    database["media"].delete_one({"_id": ObjectId(made)})
    assert len(stored(database)) == 1
    prepare_pictures()
    assert len(stored(database)) == 1  # the record may still be on its way
    past = datetime.now(UTC) - timedelta(seconds=1)
    database["jobs"].update_many({}, {"$set": {"tries": queue.TRIES, "until": past}})
    prepare_pictures()
    assert stored(database) == set()
    assert database["jobs"].count_documents({}) == 0


def test_a_refused_write_leaves_neither_file_nor_work(database: Store) -> None:
    made = make("staff.soseki", "media", title="表紙")
    patch(actor("staff.soseki"), MEDIA, made, 1, {"title": "表紙2"})
    with pytest.raises(Conflict):
        patch(actor("staff.soseki"), MEDIA, made, 1, {"file": upload()})
    make("staff.soseki", "media", title="表紙", media_number="M-1")
    with pytest.raises(Invalid):
        make("staff.soseki", "media", title="表紙", media_number="M-1", file=upload())
    prepare_pictures()
    assert stored(database) == set()
    assert database["jobs"].count_documents({"state": {"$in": queue.OPEN}}) == 0


def test_a_picture_may_have_what_the_institution_allows() -> None:
    raw = written("TIFF") + b"\0" * (2 << 20)
    with pytest.raises(Invalid) as error:
        checked_picture(io.BytesIO(raw), "x.tif", megabytes=2)
    assert "2MB" in error.value.errors["file"][0]
    assert checked_picture(io.BytesIO(raw), "x.tif", megabytes=3).size < 1 << 20


class Counting(io.RawIOBase):
    """A hundred megabytes of a scan, made as they are read: nobody holds them all."""

    def __init__(self, size: tuple[int, int]) -> None:
        entries = [(256, size[0]), (257, size[1]), (258, 16), (259, 1), (262, 1), (273, 200), (277, 1), (278, size[1]), (279, size[0] * size[1] * 2)]  # fmt: skip
        packed = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
        self.head = (b"II*\0" + struct.pack("<IH", 8, len(entries)) + packed + b"\0" * 4).ljust(200, b"\0")
        self.left, self.most = size[0] * size[1] * 2, 0

    def read(self, size: int = -1) -> bytes:
        self.most = max(self.most, size)
        if self.head:
            found, self.head = self.head, b""
            return found
        found = b"\x20\x03" * (min(size, self.left) // 2)
        self.left -= len(found)
        return found


def test_a_scan_of_a_hundred_megabytes_is_read_a_block_at_a_time(database: Store) -> None:
    scan = Counting((10_000, 5_243))
    made = make("staff.soseki", "media", title="大判", file=checked_picture(scan, "scan.tif"))
    assert scan.most <= 1 << 20
    prepare_pictures()
    assert states([file_of(database, made)]) == {}
    shown = decoded(read(made, "file")[0])
    assert (shown.mode, shown.size, shown.getpixel((9, 9))) == ("L", (10_000, 5_243), 199)


def test_a_record_is_found_by_the_name_of_its_file() -> None:
    made = make("staff.soseki", "media", title="表紙", file=upload("DSC_4711 火鉢.JPG"))
    for text in ("DSC_4711", "火鉢"):
        page = list_page(actor("staff.soseki"), MEDIA, Question(text=text), [])
        assert [row.id for row in page.rows] == [made], text
    patch(actor("staff.soseki"), MEDIA, made, 1, {"file": upload("P9000001.JPG")})
    assert not list_page(actor("staff.soseki"), MEDIA, Question(text="DSC_4711"), []).rows
    assert list_page(actor("staff.soseki"), MEDIA, Question(text="P9000001"), []).rows


def test_the_same_bytes_again_are_noticed_within_the_institution() -> None:
    first = make("staff.soseki", "media", title="表紙", file=upload("a.jpg"))
    other = make("librarian.kaizu", "media", title="ほか", file=upload("a.jpg"))
    again = make("staff.soseki", "media", title="表紙2", file=upload("b.jpg"))
    assert [each.id for each in same_files(actor("staff.soseki"), MEDIA, again)] == [first]
    assert same_files(actor("librarian.kaizu"), MEDIA, other) == []
    assert (
        same_files(actor("staff.soseki"), MEDIA, make("staff.soseki", "media", title="x", file=upload(kind="PNG")))
        == []
    )  # fmt: skip


def test_a_record_that_names_a_file_that_is_not_there_says_so(database: Store) -> None:
    made = make("staff.soseki", "media", title="表紙", file=upload())
    prepare_pictures()
    file = file_of(database, made)
    database["fs.files"].delete_many({})
    assert states([file, "no id"]) == {file: LOST}
    with pytest.raises(NotReady):
        read(made, "file")


def test_nothing_of_the_child_is_this_process(tmp_path: Path) -> None:
    """It receives no key, and its command line holds nothing of the upload."""
    with (
        (tmp_path / "x").open("wb+") as given,
        (tmp_path / "y").open("wb+") as made,
        pictures.begun("check", given, made) as child,
    ):
        child.wait(20)
        assert child.args[3:] == [pictures.CHILD, pictures.ROOT, "check"]  # type: ignore[index]
