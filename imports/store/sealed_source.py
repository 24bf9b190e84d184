"""Raw rows of a legacy file, kept only encrypted (AES-256-GCM), until somebody signs off what became of them."""

from __future__ import annotations

import json
import os
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import IO, Any, BinaryIO, cast

from bson import ObjectId
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from gridfs import GridFSBucket, NoFile
from mongoengine.connection import get_db

BLOCK = 1 << 20
_NONCE = 12
_TAG = 16
IN_MEMORY = 32 << 20
BUCKET = "import_sources"


class Unopened(Exception):
    """The source is gone, or this is not the key that it was sealed with."""


def sealed(key: bytes, about: str, what: Any) -> bytes:
    """Plain values as sealed bytes; `about` is bound to them, so that none can be put in another's place."""
    nonce = os.urandom(_NONCE)
    plain = zlib.compress(json.dumps(what, ensure_ascii=False, separators=(",", ":")).encode(), 1)
    return nonce + AESGCM(_derived(key)).encrypt(nonce, plain, about.encode())


def opened(key: bytes, about: str, raw: bytes) -> Any:
    """What `sealed` was given.

    Raises:
        Unopened: another key, or another place.
    """
    try:
        plain = AESGCM(_derived(key)).decrypt(raw[:_NONCE], raw[_NONCE:], about.encode())
    except (InvalidTag, ValueError) as error:
        raise Unopened from error
    return json.loads(zlib.decompress(plain))


def keep_file(key: bytes, stream: IO[bytes], name: str) -> tuple[int, str]:
    """Store a file block by block under an id; its size in bytes, and the SHA-256 of what it was.

    Whatever the stream raises half-way (a zip's wrong password shows at its end), nothing of it stays. Killed half-way,
    its blocks stay: imports.store.keeping has them erased.
    """
    size, digest, cipher = 0, sha256(), AESGCM(_derived(key))
    kept = _bucket().open_upload_stream_with_id(ObjectId(name), "source")
    try:
        for at in range(1 << 20):
            block = stream.read(BLOCK)
            if not block:
                break
            size += len(block)
            digest.update(block)
            nonce = os.urandom(_NONCE)
            kept.write(nonce + cipher.encrypt(nonce, block, f"{name}:{at}".encode()))
    except BaseException:
        kept.abort()
        raise
    kept.close()
    return size, digest.hexdigest()


@contextmanager
def file_of(key: bytes, name: str) -> Iterator[BinaryIO]:
    """The file again, in memory or as a nameless file that is gone afterwards.

    Raises:
        Unopened: it was erased, or the key is another.
    """
    cipher = AESGCM(_derived(key))
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as plain:
        try:
            stored = _bucket().open_download_stream(ObjectId(name))
            at = 0
            while block := stored.read(_NONCE + BLOCK + _TAG):
                plain.write(cipher.decrypt(block[:_NONCE], block[_NONCE:], f"{name}:{at}".encode()))
                at += 1
        except (NoFile, InvalidTag, ValueError) as error:
            raise Unopened from error
        plain.seek(0)
        yield cast("BinaryIO", plain)


def forget_file(name: str) -> None:
    """Remove a stored file; one that is gone is well gone."""
    try:
        _bucket().delete(ObjectId(name))
    except NoFile:
        return


def any_source() -> str | None:
    """The name of a stored file; None where no import waits for its signature."""
    found = get_db()[f"{BUCKET}.files"].find_one({"length": {"$gt": 0}}, {"_id": 1})
    return str(found["_id"]) if found else None


def opens(key: bytes, name: str) -> bool:
    """Whether a stored file was sealed with this key: its first block is tried."""
    try:
        stored = _bucket().open_download_stream(ObjectId(name)).read(_NONCE + BLOCK + _TAG)
        AESGCM(_derived(key)).decrypt(stored[:_NONCE], stored[_NONCE:], f"{name}:0".encode())
    except (NoFile, InvalidTag, ValueError):
        return False
    return True


def _derived(key: bytes) -> bytes:
    return sha256(b"import source:" + key).digest()


def _bucket() -> GridFSBucket:
    return GridFSBucket(get_db(), bucket_name=BUCKET)
