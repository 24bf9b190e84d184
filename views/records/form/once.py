"""The id that a form for a new record is given when it is opened, so that sending it twice makes one record."""

from __future__ import annotations

import hmac

from bson import ObjectId
from flask import current_app, request

from models.declaration import Noun
from views.requests.current_actor import actor

NAME = "_once"


def once_of(noun: Noun) -> str:
    """What a form carries: that of the form that was sent, where it is sent again with its faults, else a new one."""
    return _signed(noun, str(sent_id(noun) or ObjectId()))


def sent_id(noun: Noun) -> ObjectId | None:
    """The id that was given to this person's form; None where it has none. Nobody can choose one: it is signed."""
    sent = request.form.get(NAME, "")
    id_ = sent[:24]
    # guard: form-id-signed
    valid = ObjectId.is_valid(id_) and hmac.compare_digest(sent.encode(), _signed(noun, id_).encode())
    return ObjectId(id_) if valid else None


def _signed(noun: Noun, id_: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return id_ + hmac.new(key, f"new {noun.name} {actor().user} {id_}".encode(), "sha256").hexdigest()
