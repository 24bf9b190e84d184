"""Sound pictures under names, types and sizes that are not."""

from __future__ import annotations

from collections.abc import Iterator

from tests.server.hostile.pieces import image
from tests.server.hostile.upload import Upload


def names() -> Iterator[Upload]:
    """One after the other."""
    for name in ("../../../../etc/passwd.png", "..\\\\..\\\\windows\\\\win.png", "/etc/passwd.png", "a" * 5_000 + ".png", "C:\\\\x.png",
                 "x.php.png", "%2e%2e%2fx.png", "x%00.php.png", "<script>alert(1)</script>.png", "; rm -rf ~.png", "CON.png"):  # fmt: skip
        yield Upload(f"a sound picture called {name[:40]}", image, name)
    for name in (
        "x.png.php",
        "x.png\u202egnp.exe",
        "x.png\0.php",
        ".htaccess",
        "x",
        "x.png.",
        "x.png::$DATA",
        "x.svg",
    ):
        yield Upload(f"a sound picture called {name!r}", image, name)
    for mime in (
        "text/html",
        "image/svg+xml",
        "application/x-httpd-php",
        "image/png\tfilename=x",
        "x" * 2_000,
    ):
        yield Upload(f"a sound picture declared {mime[:40]!r}", image, "x.png", mime)
    yield Upload("nothing", lambda: b"")
    yield Upload("one byte", lambda: b"x")
    yield Upload("a million zeros", lambda: b"\0" * 1_000_000)
    yield Upload("a sound picture of 36 MB", lambda: image((4_000, 3_000), "TIFF"), "x.tif", "image/tiff")
    yield Upload("36 MB", lambda: image() + b"\0" * 36_000_000)
