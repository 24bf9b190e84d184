"""A picture that came with a form which was refused: kept for its sender until the form comes again, an hour at most.

It is checked and stripped already. Like what is revealed, it ends by itself: each piece bears the moment of its end.
"""

from __future__ import annotations

import secrets
import tempfile
from datetime import UTC, datetime, timedelta
from typing import Any

from mongoengine.connection import get_db
from pymongo import IndexModel

from gate.fields.pictures import CHUNK, Picture

INDEXES = {
    "kept_pictures": [
        IndexModel([("ends_at", 1)], expireAfterSeconds=0),
        IndexModel([("token", 1), ("no", 1)]),
    ]
}
KEPT = timedelta(hours=1)
SAID = ("size", "mime", "width", "height", "name", "digest")


def keep_picture(user: str, picture: Picture) -> str:
    """Store a picture for this account; the token by which it is found again."""
    token, ends_at = secrets.token_urlsafe(18), datetime.now(UTC) + KEPT
    about: dict[str, Any] = {each: getattr(picture, each) for each in SAID}
    pieces = get_db()["kept_pictures"]
    picture.file.seek(0)
    no = 0
    while chunk := picture.file.read(CHUNK):
        no += 1
        pieces.insert_one({"token": token, "no": no, "data": chunk, "ends_at": ends_at})
    # Last: what has a head is whole.
    pieces.insert_one({"token": token, "no": 0, "user": user, "about": about, "ends_at": ends_at})
    return token


def kept_picture(user: str, token: str) -> Picture | None:
    """The picture of this account and token; None where there is none, or its hour is over."""
    pieces = get_db()["kept_pictures"]
    head = pieces.find_one({"token": token, "no": 0, "user": user, "ends_at": {"$gt": datetime.now(UTC)}})
    if head is None:
        return None
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the picture holds it
    for piece in pieces.find({"token": token, "no": {"$gt": 0}}).sort("no", 1):
        file.write(piece["data"])
    file.seek(0)
    return Picture(file=file, **head["about"])


def forget_kept(token: str) -> None:
    """Remove it: the record has it."""
    get_db()["kept_pictures"].delete_many({"token": token})
