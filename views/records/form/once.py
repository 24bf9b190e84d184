"""The id that a form for a new record is given when it is opened, so that sending it twice makes one record."""

from __future__ import annotations

from bson import ObjectId
from bson.errors import InvalidId
from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from models.declaration import Noun
from views.requests.current_actor import actor

NAME = "_once"


def once_of(noun: Noun) -> str:
    """What a form carries: that of the form that was sent, where it is sent again with its faults, else a new one."""
    sent = request.form.get(NAME, "")
    return sent if sent and sent_id(noun) else str(_signer(noun).dumps([actor().user, str(ObjectId())]))


def sent_id(noun: Noun) -> ObjectId | None:
    """The id that was given to this person's form; None where it has none. Nobody can choose one: it is signed."""
    try:
        user, id_ = _signer(noun).loads(request.form.get(NAME, ""))
        return ObjectId(id_) if user == actor().user else None
    except (BadSignature, InvalidId, TypeError, ValueError):
        return None


def _signer(noun: Noun) -> URLSafeSerializer:
    # The start refuses to be without a key.
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt=f"new-{noun.name}")
