"""A file as a form sends it, and what must never come out again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

SCRIPT = b"<script>alert(document.cookie)</script>"
MARKS = (SCRIPT, b"alert(", b"%PDF-", b"PK\x03\x04", b"<?php", b"javascript:", b"Exif\0\0")
"""What must stand in nothing that is served."""
FORTY = (7_300, 5_470)
"""As many pixels as a good camera has."""


@dataclass(frozen=True)
class Upload:
    """One file as a form sends it."""

    what: str
    data: Callable[[], bytes]
    name: str = "x.png"
    mime: str = "image/png"

    def part(self) -> bytes:
        """The part of a multipart body."""
        said = f'Content-Disposition: form-data; name="file"; filename="{self.name}"\r\nContent-Type: {self.mime}\r\n\r\n'
        return said.encode() + self.data()
