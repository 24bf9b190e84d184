"""Where pictures lie: the original without what stood beside its pixels, the picture for browsers, its thumbnail.

The three ids follow from one (models.stored_files), and the record names them from its first moment: nothing has to be
written into the record when the worker has made the last two, and who erases one finds the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bson import ObjectId
from bson.errors import InvalidId
from gridfs import GridFSBucket, NoFile
from mongoengine.connection import get_db

from gate.fields.pictures import USUAL, Derived, Picture
from gate.store.collections import records_of
from jobs import queue
from models.data_classes import Words
from models.declaration import Noun
from models.registry import NOUNS
from models.stored_files import ORIGINAL, THUMBNAIL, beside, family

Document = dict[str, Any]
KIND = "picture"
"""The jobs of gate.writing.derivatives; each is about the id of the picture that it makes."""
PREPARING: Words = (
    "画像を準備しています。しばらくすると表示されます。",
    "The picture is being prepared; it will show in a while.",
)
LOST: Words = (
    "画像を準備できませんでした。もう一度登録してください。",
    "The picture could not be prepared. Please upload it again.",
)


def bucket() -> GridFSBucket:
    """The stored files."""
    return GridFSBucket(get_db())


def settings_of(institution: str) -> tuple[int, bool]:
    """Megabytes that one picture may have there, and whether originals are kept."""
    found = records_of(NOUNS["institution"]).find_one(
        {"_id": institution}, {"picture_megabytes": 1, "originals": 1}
    )
    known = found or {}
    return known.get("picture_megabytes") or USUAL, known.get("originals") != "discard"


def described(values: Mapping[str, Any]) -> Document:
    """What a record says of the picture that it is given, beside the ids of the files."""
    found: Document = {}
    for each in values.values():
        if isinstance(each, Picture):
            found |= {
                "original_name": each.name or None, "width": each.width, "height": each.height, "size": each.size,
                "digest": each.digest,
            }  # fmt: skip
    return found


@contextmanager
def with_stored_pictures(noun: Noun, record: Document, values: Document) -> Iterator[Document]:
    """The values with every picture stored and named by its ids; forgotten again if what follows fails.

    The job comes first: killed at any later point, the worker finds it, and erases what no record names.

    Args:
        noun: whose record it is.
        record: the record, or so much of it as its id and institution.
        values: of the record, or of a patch of it; one of them may be a picture.
    """
    found, stored = dict(values), []
    try:
        for name, each in values.items():
            if isinstance(each, Picture):
                file = ObjectId()
                stored.append(file)
                found |= _keep(noun, record, name, file, each)
        yield found
    except BaseException:
        for file in stored:
            queue.ask_to_stop(str(file))
            # guard: forget
            forget(file)
        raise


def _keep(noun: Noun, record: Document, field: str, file: ObjectId, picture: Picture) -> Document:
    _, keeps = settings_of(record["institution"])
    about = {"mime": picture.mime, "noun": noun.name, "record": record["_id"], "field": field, "keep": keeps}
    named: Document = {field: str(file), "thumbnail": str(beside(file, THUMBNAIL))}
    named["original"] = str(beside(file, ORIGINAL)) if keeps else None
    if picture.derived is None:
        queue.post(KIND, str(file))
    else:
        keep_derived(file, picture.derived)
    if keeps or picture.derived is None:
        picture.file.seek(0)
        bucket().upload_from_stream_with_id(beside(file, ORIGINAL), ORIGINAL, picture.file, metadata=about)
    return named


def keep_derived(file: ObjectId, derived: Derived) -> None:
    """Store a picture for browsers and its thumbnail; done twice, it is done once. The thumbnail comes first: what is
    shown as ready is ready."""
    about = {"mime": derived.mime, "profile": derived.profile}
    for id_, name, data in (
        (beside(file, THUMBNAIL), THUMBNAIL, derived.thumbnail),
        (file, "picture", derived.data),
    ):
        _drop(id_)
        bucket().upload_from_stream_with_id(id_, name, data, metadata=about)


def forget(file: ObjectId, *, only_original: bool = False) -> None:
    """Remove the files of a picture; one that is already gone is well gone."""
    for each in family(file)[2:] if only_original else family(file):
        _drop(each)


def _drop(id_: ObjectId) -> None:
    try:
        bucket().delete(id_)
    except NoFile:
        return


def states(files: Iterable[str]) -> dict[str, Words]:
    """Of these ids of pictures those that cannot be shown, and why: it is being prepared, or could not be read."""
    wanted: dict[ObjectId, str] = {}
    for each in files:
        try:
            wanted[ObjectId(each)] = each
        except InvalidId:
            continue
    if not wanted:
        return {}
    for stored in get_db()["fs.files"].find({"_id": {"$in": list(wanted)}}, {"_id": 1}):
        wanted.pop(stored["_id"], None)
    return {each: _state(each) for each in wanted.values()}


def _state(file: str) -> Words:
    job = queue.latest(file)
    if job is None:
        return LOST
    if job["state"] in queue.OPEN:
        return PREPARING
    note = job.get("note")
    return (str(note[0]), str(note[1])) if note else LOST


def profile_ignored(file: str) -> bool:
    """Whether a picture's colour profile could not be used, and its colours are shown as sRGB."""
    try:
        found = get_db()["fs.files"].find_one({"_id": ObjectId(file)}, {"metadata.profile": 1})
    except InvalidId:
        return False
    return ((found or {}).get("metadata") or {}).get("profile") == "ignored"
