"""Colour profiles made byte by byte (ICC.1:2001-04, version 2, matrix and curve), so that none of a third party is needed."""

from __future__ import annotations

import struct

Matrix = list[list[float]]
D50 = (0.9642, 1.0, 0.8249)
D65 = (0.3127, 0.3290)
BRADFORD: Matrix = [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
SPACES = {
    "Adobe RGB": (((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)), D65, 563 / 256),
    "Display P3": (((0.68, 0.32), (0.265, 0.69), (0.15, 0.06)), D65, 2.2),
    "ProPhoto": (((0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001)), (0.3457, 0.3585), 1.8),
}
"""Name → chromaticities of red, green and blue, white, and gamma (Display P3's own curve is near 2.2)."""


def rgb_profile(name: str) -> bytes:
    """A profile of a display."""
    primaries, white, gamma = SPACES[name]
    columns = _adapted(primaries, white)
    tags = {b"wtpt": _xyz(D50), b"desc": _description(name), b"cprt": b"text\0\0\0\0none\0"}
    for letter, column in zip((b"r", b"g", b"b"), columns, strict=True):
        tags[letter + b"XYZ"], tags[letter + b"TRC"] = _xyz(column), _curve(gamma)
    return _profile(b"mntr", b"RGB ", tags)


def grey_profile(gamma: float) -> bytes:
    """A profile of a grey scale."""
    return _profile(b"mntr", b"GRAY", {b"wtpt": _xyz(D50), b"desc": _description("grey"), b"cprt": b"text\0\0\0\0none\0",
                                       b"kTRC": _curve(gamma)})  # fmt: skip


def cmyk_profile() -> bytes:
    """A printer that inks cyan only: L falls with cyan, magenta, yellow and black do nothing (lut8, two points a side)."""
    inputs = bytes(range(256)) * 4
    grid = b"".join(bytes((255 - 200 * (at >> 3 & 1), 128, 128)) for at in range(16))
    outputs = bytes(range(256)) * 3
    matrix = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    table = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + matrix + inputs + grid + outputs
    return _profile(b"prtr", b"CMYK", {b"wtpt": _xyz(D50), b"desc": _description("ink"), b"cprt": b"text\0\0\0\0none\0",
                                       b"A2B0": table}, b"Lab ")  # fmt: skip


def _adapted(
    primaries: tuple[tuple[float, float], ...], white: tuple[float, float]
) -> list[tuple[float, ...]]:
    """Red, green and blue as XYZ under D50."""
    whole = [_from_xy(*each) for each in primaries]
    wide = _from_xy(*white)
    matrix = [[each[row] for each in whole] for row in range(3)]
    amounts = _solved(matrix, wide)
    cones = [sum(BRADFORD[row][at] * wide[at] for at in range(3)) for row in range(3)]
    wanted = [sum(BRADFORD[row][at] * D50[at] for at in range(3)) for row in range(3)]
    found = []
    for each, amount in zip(whole, amounts, strict=True):
        seen = [
            sum(BRADFORD[row][at] * each[at] * amount for at in range(3)) * wanted[row] / cones[row]
            for row in range(3)
        ]
        found.append(tuple(_solved(BRADFORD, seen)))
    return found


def _from_xy(x: float, y: float) -> list[float]:
    return [x / y, 1.0, (1 - x - y) / y]


def _solved(matrix: Matrix, right: list[float]) -> list[float]:
    """Three equations, by Cramer's rule."""
    whole = _determinant(matrix)
    return [
        _determinant(
            [[right[row] if at == column else matrix[row][at] for at in range(3)] for row in range(3)]
        )
        / whole
        for column in range(3)
    ]


def _determinant(m: Matrix) -> float:
    return (
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    )


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(each * 65536) for each in values))


def _curve(gamma: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))


def _description(name: str) -> bytes:
    text = name.encode() + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + b"\0" * 78


def _profile(kind: bytes, space: bytes, tags: dict[bytes, bytes], connection: bytes = b"XYZ ") -> bytes:
    at, table, data = 128 + 4 + 12 * len(tags), b"", b""
    for name, value in tags.items():
        table += name + struct.pack(">II", at + len(data), len(value))
        data += value + b"\0" * (-len(value) % 4)
    body = struct.pack(">I", len(tags)) + table + data
    head = struct.pack(">I4sI4s4s4s", 128 + len(body), b"none", 0x02400000, kind, space, connection)
    head += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + b"\0" * 28
    return head + struct.pack(">3i", *(round(each * 65536) for each in D50)) + b"\0" * 48 + body
