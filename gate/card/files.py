"""Opening a record's file: decided as for any field, and served only by record and field."""

from __future__ import annotations

from collections.abc import Iterator

from bson import ObjectId
from bson.errors import InvalidId
from gridfs import GridFSBucket, NoFile
from mongoengine.connection import get_db

from audit.disclosures import disclose
from gate.fields.stored_pictures import LOST, states
from gate.reading.loading import find_document
from gate.reading.shown import verdict_on
from gate.refusals import NotFound, NotReady, Refused
from models.data_classes import PERSONAL
from models.declaration import Noun
from policies.actor import Actor


def open_file(actor: Actor, noun: Noun, record: str, field: str) -> tuple[Iterator[bytes], str, int]:
    """The bytes of a record's file field, its type and its length.

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
    if declared.data_class in PERSONAL:
        disclose(actor=actor.user, institution=actor.institution, noun=noun.name, exit_="file", breadth="record",
                 subjects=[str(document["_id"])], fields=[field])  # fmt: skip
    try:
        stored = GridFSBucket(get_db()).open_download_stream(ObjectId(document.get(field) or ""))
    except InvalidId as error:
        raise NotFound from error
    except NoFile as error:
        picture = str(document.get("file") or "")
        raise NotReady(states([picture]).get(picture, LOST)) from error
    mime = (stored.metadata or {}).get("mime", "application/octet-stream")
    return iter(lambda: stored.read(262_144), b""), mime, stored.length
