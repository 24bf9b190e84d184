"""The stored files of one upload: their ids follow from that of the picture shown, so that all are known, and erased, by it."""

from __future__ import annotations

from hashlib import sha256

from bson import ObjectId

THUMBNAIL, ORIGINAL = "thumbnail", "original"


def beside(file: ObjectId, role: str) -> ObjectId:
    """The id of the thumbnail or the original that belongs to a picture."""
    return ObjectId(sha256(file.binary + role.encode()).digest()[:12])


def family(file: ObjectId) -> tuple[ObjectId, ObjectId, ObjectId]:
    """The ids of a picture, its thumbnail and its original, whether they are stored or not."""
    return file, beside(file, THUMBNAIL), beside(file, ORIGINAL)
