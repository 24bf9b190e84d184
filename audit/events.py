"""Acts that change no record: signing in, being refused, being locked out, exporting. Names and ids only (law 5)."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from mongoengine.connection import get_db
from pymongo.errors import DuplicateKeyError


def note(kind: str, *, actor: str = "", institution: str = "", noun: str = "", detail: str = "") -> None:
    """Append one event to the operation history.

    Args:
        kind: signed_in, sign_in_failed, locked_out, signed_out, refused, exported, printed, imported …
        actor: the account's opaque id; empty when nobody is known.
        institution: whose history it belongs to.
        noun: the kind of record concerned.
        detail: a rule's name, a count, an address; never a value of a record.
    """
    get_db()["ledger"].insert_one(
        {
            "at": datetime.now(UTC),
            "action": kind,
            "actor": actor,
            "institution": institution,
            "noun": noun,
            "detail": detail[:200],
        }
    )


def note_once(
    name: str,
    kind: str,
    *,
    actor: str,
    institution: str,
    noun: str,
    subjects: list[str],
    fields: list[str],
    detail: str,
) -> None:
    """Append one event about many records under a name of its own: told again after a kill, it stands there once.

    Args:
        name: unlike every other event's.
        kind, actor, institution, noun, detail: as note.
        subjects: opaque ids of the records.
        fields: names of the fields concerned.
    """
    with suppress(DuplicateKeyError):
        get_db()["ledger"].insert_one(
            {
                "_id": name,
                "at": datetime.now(UTC),
                "action": kind,
                "actor": actor,
                "institution": institution,
                "noun": noun,
                "subjects": subjects,
                "fields": fields,
                "detail": detail[:200],
            }
        )
