"""The pixels that come out are those that went in: depth by its real range, colour profiles converted (issue 2A, 1.6)."""

import io
import struct
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from gate.fields.pictures import safe_picture
from gate.refusals import Invalid
from tests.gate.fields.profiles import cmyk_profile, grey_profile, rgb_profile

Pixel = float | tuple[int, ...] | None
DEEP: tuple[str, list[tuple[float, int]], str] = (
    "16-bit grey",
    [(0, 0), (1_000, 4), (30_000, 117), (65_535, 255)],
    "I;16",
)
RANGES: list[tuple[str, list[tuple[float, int]], str]] = [
    DEEP,
    ("12 bits in 16", [(0, 0), (1_024, 64), (2_048, 128), (4_095, 255)], "I;16"),
    ("10 bits in 16", [(0, 0), (512, 128), (1_023, 255)], "I;16"),
    ("8 bits in 16", [(0, 0), (128, 128), (255, 255)], "I;16"),
    ("32 bits, signed", [(-1_000, 0), (0, 85), (2_000, 255)], "I"),
    ("32 bits beyond 16", [(0, 0), (500_000, 128), (1_000_000, 255)], "I"),
    ("float from 0 to 1", [(0.0, 0), (0.25, 64), (0.5, 128), (1.0, 255)], "F"),
    ("float from 0 to 255", [(0.0, 0), (64.0, 64), (200.0, 200)], "F"),
    ("float of heights", [(-50.0, 0), (100.0, 128), (250.0, 255)], "F"),
    ("float with what is no number", [(float("nan"), 0), (0.5, 128), (1.0, 255)], "F"),
]


def image_of(values: list[float], mode: str) -> Image.Image:
    """Squares of 16 by 16 pixels, one a value: wide enough for JPEG. Not pasted: Pillow doubles the low byte in I;16."""
    letter = {"I;16": "H", "I": "i", "F": "f"}[mode]
    row = b"".join(struct.pack(f"<{letter}", value if mode == "F" else int(value)) * 16 for value in values)
    return Image.frombytes(mode, (16 * len(values), 16), row * 16)


def saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def shown(raw: bytes) -> Image.Image:
    """What browsers are given of it."""
    found = Image.open(io.BytesIO(safe_picture(io.BytesIO(raw)).data))
    found.load()
    return found


def greys(raw: bytes, count: int) -> list[Pixel]:
    found = shown(raw).convert("L")
    return [found.getpixel((16 * at + 8, 8)) for at in range(count)]


def near(found: Pixel, wanted: Pixel, most: int = 3) -> bool:
    pairs = zip(
        found if isinstance(found, tuple) else (found,),
        wanted if isinstance(wanted, tuple) else (wanted,),
        strict=True,
    )
    return all(abs((a or 0) - (b or 0)) <= most for a, b in pairs)


@pytest.mark.parametrize("kind", ["TIFF", "PNG"])
@pytest.mark.parametrize(("what", "steps", "mode"), RANGES, ids=[each[0] for each in RANGES])
def test_deep_pixels_are_scaled_by_their_real_range(
    what: str, steps: list[tuple[float, int]], mode: str, kind: str
) -> None:
    if kind == "PNG" and mode != "I;16":
        return
    found = greys(saved(image_of([each for each, _ in steps], mode), kind), len(steps))
    assert all(near(one, wanted) for one, (_, wanted) in zip(found, steps, strict=True)), (what, found)


def test_sixteen_bits_of_the_other_byte_order_and_the_other_white_are_read_so() -> None:
    what, steps, mode = DEEP
    values = [int(each) for each, _ in steps]
    drawn = image_of([float(each) for each in values], mode)
    tags = ImageFileDirectory_v2()
    tags[262] = 0
    turned = greys(saved(drawn, "TIFF", tiffinfo=tags), len(steps))
    assert all(near(one, 255 - wanted) for one, (_, wanted) in zip(turned, steps, strict=True)), (
        what,
        turned,
    )
    found = greys(grey_tiff(">", 16, values), len(steps))
    assert all(near(one, wanted) for one, (_, wanted) in zip(found, steps, strict=True)), found


def grey_tiff(order: str, bits: int, values: list[int]) -> bytes:
    """An unsigned grey TIFF, as no encoder here writes it; squares as image_of draws them."""
    size = (16 * len(values), 16)
    pixels = b"".join(struct.pack(order + {16: "H", 32: "I"}[bits], each) * 16 for each in values) * 16
    entries = [(256, 4, size[0]), (257, 4, size[1]), (258, 3, bits), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1),
               (278, 4, size[1]), (279, 4, len(pixels)), (339, 3, 1)]  # fmt: skip
    packed = b"".join(
        struct.pack(order + "HHI", tag, kind, 1) + struct.pack(order + {3: "HH", 4: "I"}[kind], *((value, 0)[: 5 - kind]))
        for tag, kind, value in entries
    )  # fmt: skip
    start = {">": b"MM\0*", "<": b"II*\0"}[order] + struct.pack(order + "I", 8 + len(pixels))
    return start + pixels + struct.pack(order + "H", len(entries)) + packed + b"\0" * 4


def test_unsigned_values_of_32_bits_beyond_what_can_be_read_are_refused_in_words() -> None:
    with pytest.raises(Invalid) as error:
        safe_picture(io.BytesIO(grey_tiff("<", 32, [0, 3_000_000_000])))
    assert "16-bit TIFF" in error.value.errors["file"][1]


PATCH = (200, 60, 60)
PROFILES: list[tuple[str, Callable[[], bytes], str, Any, Pixel]] = [
    ("Adobe RGB", lambda: rgb_profile("Adobe RGB"), "RGB", PATCH, (231, 57, 57)),
    ("Display P3", lambda: rgb_profile("Display P3"), "RGB", PATCH, (219, 37, 49)),
    ("ProPhoto", lambda: rgb_profile("ProPhoto"), "RGB", PATCH, (255, 0, 74)),
    ("Adobe RGB with transparency", lambda: rgb_profile("Adobe RGB"), "RGBA", (*PATCH, 128), (231, 57, 57, 128)),
    ("linear grey", lambda: grey_profile(1.0), "L", 128, 188),
    ("a printer's ink", cmyk_profile, "CMYK", (255, 0, 0, 0), (52, 52, 52)),
    ("no profile", lambda: b"", "RGB", PATCH, PATCH),
]  # fmt: skip


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "AVIF"])
@pytest.mark.parametrize(
    ("name", "profile", "mode", "value", "wanted"), PROFILES, ids=[each[0] for each in PROFILES]
)
def test_colours_come_out_as_srgb(
    name: str, profile: Callable[[], bytes], mode: str, value: Any, wanted: Pixel, kind: str
) -> None:
    readable = {
        "JPEG": ("RGB", "L", "CMYK"),
        "PNG": ("RGB", "RGBA", "L"),
        "TIFF": ("RGB", "RGBA", "L", "CMYK"),
    }
    if mode not in readable.get(kind, ("RGB", "RGBA")):
        return
    lossless: dict[str, dict[str, Any]] = {"WEBP": {"lossless": True}, "JPEG": {"quality": 100}, "AVIF": {"quality": 100}}  # fmt: skip
    more = lossless.get(kind, {})
    raw = saved(Image.new(mode, (32, 32), value), kind, icc_profile=profile() or None, **more)
    found = shown(raw)
    assert near(found.getpixel((16, 16)), wanted, 4), (name, found.getpixel((16, 16)))
    assert safe_picture(io.BytesIO(raw)).derived.profile == ("converted" if profile() else "")  # type: ignore[union-attr]
    assert "icc_profile" not in found.info


def test_a_camera_that_says_adobe_rgb_in_its_exif_only_is_understood() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769).update({0xA001: 0xFFFF, 0xA005: {1: "R03"}})
    raw = saved(Image.new("RGB", (32, 32), PATCH), "JPEG", exif=exif, quality=100)
    assert near(shown(raw).getpixel((16, 16)), (231, 57, 57))
    kept = safe_picture(io.BytesIO(raw))
    kept.file.seek(0)
    with Image.open(io.BytesIO(kept.file.read())) as original:
        assert near(original.getpixel((16, 16)), PATCH)
        assert original.info["icc_profile"]
        assert not dict(original.getexif())


def test_a_palette_and_lab_are_converted_too() -> None:
    drawn = Image.new("P", (32, 32), 1)
    drawn.putpalette([0, 0, 0, *PATCH])
    found = shown(saved(drawn, "PNG", icc_profile=rgb_profile("Adobe RGB")))
    assert near(found.getpixel((16, 16)), (231, 57, 57))
    assert near(
        shown(saved(Image.new("LAB", (32, 32), (150, 140, 120)), "TIFF")).getpixel((16, 16)), (158, 134, 156)
    )


def test_transparency_of_a_palette_stays() -> None:
    drawn = Image.new("P", (32, 32), 1)
    drawn.putpalette([0, 0, 0, *PATCH])
    found = shown(saved(drawn, "PNG", transparency=b"\xff\x40"))
    assert (found.mode, found.getpixel((16, 16))) == ("RGBA", (*PATCH, 64))


BROKEN = {
    "words": b"no profile at all" * 20,
    "cut short": rgb_profile("Adobe RGB")[:200],
    "of another space": grey_profile(2.2),
    "of ink": cmyk_profile(),
    "with lengths that lie": rgb_profile("Adobe RGB")[:132] + b"\xff" * 200,
}


@pytest.mark.parametrize("profile", BROKEN.values(), ids=list(BROKEN))
def test_a_profile_that_cannot_be_used_is_left_aside_and_told(profile: bytes) -> None:
    found = safe_picture(
        io.BytesIO(saved(Image.new("RGB", (32, 32), PATCH), "JPEG", icc_profile=profile, quality=100))
    )
    assert found.derived is not None
    assert found.derived.profile == "ignored"
    with Image.open(io.BytesIO(found.data)) as opened:
        assert near(opened.getpixel((16, 16)), PATCH)


def test_a_picture_on_its_side_is_turned_and_converted_at_once() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    drawn = Image.new("RGB", (300, 130), PATCH)
    found = shown(saved(drawn, "JPEG", icc_profile=rgb_profile("Adobe RGB"), exif=exif, quality=100))
    assert found.size == (130, 300)
    assert near(found.getpixel((100, 290)), (231, 57, 57))


def tiff_of_two(first: str = "red", **tags: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), first).save(
        out, "TIFF", save_all=True, append_images=[Image.new("RGB", (8, 6), "blue")]
    )
    return out.getvalue()


def test_a_file_of_several_pictures_is_refused_with_their_number() -> None:
    frames = [Image.new("RGB", (16, 16), (at * 9, 0, 0)) for at in range(3)]
    webp = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=9)
    for raw in (tiff_of_two(), webp, saved(frames[0], "PNG", save_all=True, append_images=frames[1:])):
        with pytest.raises(Invalid) as error:
            safe_picture(io.BytesIO(raw))
        assert "Please save each as a file of its own" in error.value.errors["file"][1]
    with pytest.raises(Invalid, match="file") as error:
        safe_picture(io.BytesIO(tiff_of_two()))
    assert "2枚" in error.value.errors["file"][0]


def test_a_thumbnail_in_a_tiff_is_no_second_page() -> None:
    raw = bytearray(tiff_of_two())
    first = struct.unpack("<I", raw[4:8])[0]
    second = struct.unpack("<I", raw[first + 2 + 12 * struct.unpack("<H", raw[first : first + 2])[0] :][:4])[
        0
    ]
    for at in range(second + 2, second + 2 + 12 * struct.unpack("<H", raw[second : second + 2])[0], 12):
        if (
            struct.unpack("<H", raw[at : at + 2])[0] == 256
        ):  # before the width: this directory is a reduced copy
            raw[at : at + 12] = struct.pack("<HHII", 254, 4, 1, 1)
    found = shown(bytes(raw))
    assert near(found.getpixel((20, 15)), (254, 0, 0))


HEIC = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"heic", 0, b"mif1", b"heic") + b"\0" * 40


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("IMG_0001.HEIC", HEIC, "HEIC"),
        ("IMG_0001.jpg", HEIC, "HEIC"),
        ("台帳.pdf", b"%PDF-1.7", "PDF"),
        ("台帳.jpg", b"%PDF-1.7", "PDF"),
        ("", b"%PDF-1.7", "PDF"),
    ],
    ids=["heic", "heic called jpg", "pdf", "pdf called jpg", "pdf without a name"],
)
def test_what_people_send_and_nothing_here_reads_is_named(name: str, raw: bytes, said: str) -> None:
    with pytest.raises(Invalid) as error:
        safe_picture(io.BytesIO(raw), name)
    assert all(said in each and "JPEG" in each for each in error.value.errors["file"])


@pytest.mark.parametrize(("kind", "name"), [("AVIF", "x.avif"), ("JPEG2000", "x.jp2")])
def test_avif_and_jpeg_2000_are_read(kind: str, name: str) -> None:
    raw = saved(Image.new("RGB", (64, 48), PATCH), kind)
    found = safe_picture(io.BytesIO(raw), name)
    with Image.open(io.BytesIO(found.data)) as opened:
        assert (opened.format, opened.size) == ("JPEG", (64, 48))
        assert near(opened.getpixel((30, 20)), PATCH, 6)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\写真\\火鉢 01.JPG", "火鉢 01.JPG"),
        ("../../etc/x.png", "x.png"),
        ("か\u3099.png", "が.png"),
        ("a\u202egnp.png", "agnp.png"),
        ("a\0b\n.png", "ab.png"),
    ],
)
def test_the_name_of_a_file_is_kept_without_its_folders_and_tricks(given: str, kept: str) -> None:
    assert safe_picture(io.BytesIO(saved(Image.new("L", (9, 9)), "PNG")), given).name == kept
    long = safe_picture(io.BytesIO(saved(Image.new("L", (9, 9)), "PNG")), "あ" * 400 + ".png").name
    assert (len(long), long[-4:]) == (255, ".png")
