"""Pictures: made anew on the way in, opened only through the gate on the way out (law 2, exit "file")."""

import io
from typing import Any

import pytest
from gridfs import GridFSBucket
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo
from pymongo.database import Database

from audit.sealer import seal
from gate.card.files import open_file
from gate.fields.pictures import Picture, safe_picture
from gate.reading.loading import load
from gate.refusals import Conflict, Invalid, NotFound, Refused
from gate.writing.writing import patch, remove
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
        file = open_file(actor(who), MEDIA, made, "file")
        data = b"".join(file.chunks)
        assert (file.mime, file.length) == ("image/jpeg", len(data))
        with Image.open(io.BytesIO(data)) as opened:
            assert opened.size == (640, 480)
    assert open_file(actor("staff.soseki"), MEDIA, made, "thumbnail").length > 0
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


SPEAKING = "夏目家の電話は03-9999-4321"


def speaking(kind: str, **more: Any) -> bytes:
    """A picture that says something in each place where its format can."""
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = SPEAKING, 6
    exif.get_ifd(0x8825).update({1: "N", 2: (35.0, 42.0, 11.5), 3: "E", 4: (139.0, 43.0, 0.5)})
    exif.get_ifd(0x8769)[0x9286] = SPEAKING.encode()
    ifd1 = exif.get_ifd(0x014A) if kind == "TIFF" else {}
    ifd1[0x0202] = 4
    places: dict[str, dict[str, Any]] = {
        "JPEG": {
            "comment": SPEAKING.encode(),
            "xmp": SPEAKING.encode(),
            "icc_profile": SPEAKING.encode() * 9,
        },
        "PNG": {"icc_profile": SPEAKING.encode() * 9},
        "WEBP": {"icc_profile": SPEAKING.encode() * 9, "xmp": SPEAKING.encode(), "lossless": True},
        "TIFF": {"icc_profile": SPEAKING.encode() * 9, "description": SPEAKING},
    }
    said = places[kind]
    if kind == "PNG":
        text = PngInfo()
        text.add_itxt("Comment", SPEAKING, zip=True)
        text.add_text("Author", "Natsume 03-9999-4321", zip=True)
        said["pnginfo"] = text
    return photograph((300, 200), kind, exif=exif, **said, **more).getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_nothing_but_the_pixels_goes_on(kind: str) -> None:
    raw = speaking(kind)
    assert SPEAKING.encode() in raw
    kept = safe_picture(io.BytesIO(raw))
    assert (kept.width, kept.height) == (200, 300)
    for data in (kept.data, kept.thumbnail):
        for said in (
            SPEAKING.encode(),
            "夏目家".encode(),
            b"9999",
            b"Exif",
            b"ICC_PROFILE",
            b"iCCP",
            b"GPS",
            b"http",
        ):
            assert said not in data, said
        with Image.open(io.BytesIO(data)) as opened:
            opened.load()
            assert dict(opened.getexif()) == {}
            assert set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_picture_of_a_camera_that_appends_more_is_one_picture() -> None:
    first, second = Image.new("RGB", (300, 200), "red"), Image.new("RGB", (300, 200), "blue")
    out = io.BytesIO()
    first.save(out, "MPO", save_all=True, append_images=[second])
    kept = safe_picture(io.BytesIO(out.getvalue()))
    with Image.open(io.BytesIO(kept.data)) as opened:
        assert (opened.format, getattr(opened, "n_frames", 1), opened.size) == ("JPEG", 1, (300, 200))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright_however_the_camera_was_held(orientation: int) -> None:
    drawn = Image.new("RGB", (400, 700), "white")
    for colour, box in (
        ("red", (0, 0, 100, 100)),
        ("blue", (300, 0, 400, 100)),
        ("green", (0, 600, 100, 700)),
    ):
        drawn.paste(colour, box)
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    drawn.save(out, "PNG", exif=exif)
    kept = safe_picture(io.BytesIO(out.getvalue()))
    with Image.open(io.BytesIO(out.getvalue())) as opened, Image.open(io.BytesIO(kept.data)) as shown:
        wanted = ImageOps.exif_transpose(opened).convert("RGB")
        assert shown.size == wanted.size
        for x, y in ((20, 20), (-20, 20), (20, -20), (-20, -20), (wanted.width // 2, wanted.height // 2)):
            at = (x % wanted.width, y % wanted.height)
            seen = shown.convert("RGB").getpixel(at)
            assert isinstance(seen, tuple)
            meant = wanted.getpixel(at)
            assert isinstance(meant, tuple)
            assert max(abs(a - b) for a, b in zip(seen, meant, strict=True)) < 12, at


MODES = [("1", "PNG", "L"), ("L", "PNG", "L"), ("P", "PNG", "RGB"), ("LA", "PNG", "RGBA"), ("RGBA", "WEBP", "RGBA"),
         ("I;16", "PNG", "L"), ("CMYK", "JPEG", "RGB"), ("CMYK", "TIFF", "RGB"), ("F", "TIFF", "L")]  # fmt: skip


@pytest.mark.parametrize(("mode", "kind", "stored"), MODES)
def test_every_way_of_writing_colours_becomes_one_that_browsers_show(
    mode: str, kind: str, stored: str
) -> None:
    out = io.BytesIO()
    Image.new(mode, (90, 60)).save(out, kind)
    kept = safe_picture(io.BytesIO(out.getvalue()))
    with Image.open(io.BytesIO(kept.data)) as opened:
        assert (opened.mode, opened.size) == (stored, (90, 60))


def test_what_is_transparent_in_a_large_picture_is_laid_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (2_100, 2_000), (0, 0, 0, 0)).save(out, "PNG")
    kept = safe_picture(io.BytesIO(out.getvalue()))
    with Image.open(io.BytesIO(kept.data)) as opened:
        assert (opened.format, opened.getpixel((1_000, 1_000))) == ("JPEG", (255, 255, 255))


@pytest.mark.parametrize("name", ["", "火鉢.JPG", "a.b.png", "写真.webp", "x.tiff"])
def test_the_name_of_a_picture_ends_as_pictures_do(name: str) -> None:
    assert safe_picture(photograph(), name).mime == "image/jpeg"


@pytest.mark.parametrize(
    "name", ["photo.jpg.exe", "photo", "x.svg", "x.html", "photo\u202egpj.exe", "x.jpg\0.php", ".jpg"]
)
def test_a_name_that_ends_otherwise_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as error:
        safe_picture(photograph(), name)
    assert ".jpeg" in error.value.errors["file"][1]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize("raw", [b"", b"x", SVG, b"%PDF-1.7", b"GIF89a" + b"\0" * 40, b"\xff\xd8\xff\xe0" + b"\0" * 99,
                                 photograph(kind="BMP").getvalue(), photograph(kind="PNG").getvalue()[:200],
                                 photograph(kind="TIFF").getvalue()[:50]])  # fmt: skip
def test_what_is_no_picture_of_an_allowed_kind_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid) as error:
        safe_picture(io.BytesIO(raw))
    assert set(error.value.errors) == {"file"}


def test_a_picture_of_too_many_pixels_is_refused_unread() -> None:
    huge = io.BytesIO()
    Image.new("1", (10_100, 10_000)).save(huge, "PNG")
    huge.seek(0)
    with pytest.raises(Invalid) as error:
        safe_picture(huge)
    assert "100 million pixels" in error.value.errors["file"][1]


def test_a_picture_that_does_not_fit_is_told_so() -> None:
    wide = photograph((9_900, 9_900), progressive=True, subsampling=0)
    with pytest.raises(Invalid) as error:
        safe_picture(wide)
    assert "memory" in error.value.errors["file"][1]


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
    assert stored_files(database) == 9  # three each: the first was replaced, and the sealer took it away
    remove(actor("staff.soseki"), MEDIA, made, 3, "写真の撤回")
    seal()
    assert stored_files(database) == 3
    assert b"".join(open_file(actor("staff.soseki"), MEDIA, kept, "file").chunks)
    assert len(list(GridFSBucket(database).find({}))) == 3


def test_a_picture_an_item_shows_is_a_reference_like_any_other() -> None:
    made = make("staff.soseki", "media", title="表紙", file=picture())
    linked = item("staff.soseki", photographs=[made])
    assert load(actor("staff.shinjuku"), NOUNS["item"], linked).references[f"media:{made}"].open
