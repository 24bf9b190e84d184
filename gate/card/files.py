"""Opening a record's file: decided as for any field, and served only by record and field."""

from __future__ import annotations

from typing import Any

from bson import ObjectId
from bson.errors import InvalidId
from gridfs import GridFSBucket, GridOut, NoFile
from mongoengine.connection import get_db

from gate.fields.stored_pictures import LOST, states
from gate.reading.loading import find_document
from gate.reading.show import Act, show_file
from gate.reading.shown import File, verdict_on
from gate.refusals import NotFound, NotReady, Refused
from models.declaration import Noun
from policies.actor import Actor


def open_file(actor: Actor, noun: Noun, record: str, field: str) -> File:
    """What a record's file field holds, its disclosure written first where the picture is personal.

    Raises:
        NotFound: no such record or field, or no file was given. NotReady: the file is being made, or could not be. Refused: the role does not open files here, or not this one.
        LedgerClosed: the picture is personal and the ledger could not be written.
    """
    declared = noun.fields.get(field)
    if declared is None or not declared.is_picture:
        raise NotFound
    document = find_document(actor, noun, record, "file")
    verdict = verdict_on(actor, declared, "file", document["institution"])
    # guard: file-shown
    if not verdict.shown:
        raise Refused(verdict, field=field)
    act = Act(actor, noun, "file", "record")
    return show_file(act, str(document["_id"]), declared, lambda: _stored(document, field))


def _stored(document: dict[str, Any], field: str) -> GridOut:
    try:
        return GridFSBucket(get_db()).open_download_stream(ObjectId(document.get(field) or ""))
    except InvalidId as error:
        raise NotFound from error
    except NoFile as error:
        picture = str(document.get("file") or "")
        raise NotReady(states([picture]).get(picture, LOST)) from error
