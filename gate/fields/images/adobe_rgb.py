"""The colour profile that a camera means when its EXIF says Adobe RGB and it embeds none (DCF 2.0, EXIF 2.32: index R03).

Made from the numbers of "Adobe RGB (1998) Color Image Encoding", May 2005, section 4.3, under D50.
"""

from __future__ import annotations

import struct

INTEROPERABILITY, INDEX, ADOBE = 0xA005, 1, "R03"
WHITE = (0.96420, 1.00000, 0.82491)
COLUMNS = {
    b"r": (0.60974, 0.31111, 0.01947),
    b"g": (0.20528, 0.62567, 0.06087),
    b"b": (0.14919, 0.06322, 0.74457),
}
GAMMA = 563
"""In 256ths: 2.19921875."""


def adobe_rgb() -> bytes:
    """An ICC profile (ICC.1:2001-04, version 2) of three columns and one curve."""
    name = b"Adobe RGB (1998) compatible\0"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + b"\0" * 78,
        b"cprt": b"text\0\0\0\0none\0",
        b"wtpt": _xyz(WHITE),
    }
    for letter, column in COLUMNS.items():
        tags[letter + b"XYZ"] = _xyz(column)
        tags[letter + b"TRC"] = b"curv\0\0\0\0" + struct.pack(">IH", 1, GAMMA)
    start, table, data = 128 + 4 + 12 * len(tags), b"", b""
    for tag, value in tags.items():
        table += tag + struct.pack(">II", start + len(data), len(value))
        data += value + b"\0" * (-len(value) % 4)
    head = (
        struct.pack(">I4sI", start + len(data), b"\0" * 4, 0x02400000)
        + b"mntrRGB XYZ "
        + b"\0" * 12
        + b"acsp"
    )
    head = head.ljust(68, b"\0") + _xyz(WHITE)[8:]
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + data


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(each * 65536) for each in values))
