"""A file that only its passphrase opens: a zip with AES-256 (WinZip's AE-2), written as it is made.

Offices open it with 7-Zip, and with Windows 11's own Explorer. Nothing of it lies on a disk unencrypted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyzipper

CHUNK = 64 * 1024


class _Sink:
    """Where the zip is written: a file that only goes on, whose bytes are taken away as they come."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def write(self, data: bytes) -> int:
        """Take bytes."""
        self._kept += data
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""

    def taken(self, at_least: int = 0) -> bytes:
        """What has come, once it is enough; it is then gone from here."""
        if len(self._kept) < max(at_least, 1):
            return b""
        found = bytes(self._kept)
        self._kept.clear()
        return found


def encrypted_zip(name: str, parts: Iterable[bytes], passphrase: str) -> Iterator[bytes]:
    """The bytes of a zip that holds one file, in constant memory.

    Args:
        name: of the file within.
        parts: its bytes, in pieces of any size.
        passphrase: half-width characters (policies.passphrases).
    """
    sink = _Sink()
    with pyzipper.AESZipFile(
        sink, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as file:
        file.setpassword(passphrase.encode("ascii"))
        with file.open(name, "w", force_zip64=True) as within:
            for part in parts:
                within.write(part)
                if chunk := sink.taken(CHUNK):
                    yield chunk
    yield sink.taken()
