"""The picture of a form: as it was just sent, or as it came with the same form when that was refused."""

from __future__ import annotations

from collections.abc import Container

from flask import Flask, g, request

from gate.fields.kept_pictures import forget_kept, keep_picture, kept_picture
from gate.fields.pictures import Picture, checked_picture
from gate.fields.stored_pictures import settings_of
from gate.refusals import Invalid
from models.declaration import Field, Noun
from views.requests.current_actor import actor


def picture_of(field: Field, institution: str) -> Picture | None:
    """What the form brings for a picture's field; None where it brings nothing.

    Raises:
        Invalid: it is no picture, or too large.
    """
    upload = request.files.get(field.name)
    if upload is not None and upload.filename:
        upload.stream.seek(0)
        return checked_picture(upload.stream, upload.filename, settings_of(institution)[0])
    token = _token(field.name)
    return kept_picture(actor().user, token) if token else None


def keep_sent(noun: Noun, institution: str, errors: Container[str]) -> None:
    """Keep the pictures of a refused form, unless they are what it was refused for."""
    g.kept_files = {}
    for field in noun.editable():
        if not field.is_picture or field.name in errors:
            continue
        try:
            picture = picture_of(field, institution)
        except Invalid:
            continue
        if picture is not None:
            sent = request.files.get(field.name)
            token = keep_picture(actor().user, picture) if sent and sent.filename else _token(field.name)
            g.kept_files[field.name] = (token, picture.name)


def forget_sent(noun: Noun) -> None:
    """The record is saved: what was kept for its form goes."""
    for field in noun.editable():
        if field.is_picture and (token := _token(field.name)):
            forget_kept(token)


def _token(name: str) -> str:
    return request.form.get(f"kept.{name}", "")


def register(app: Flask) -> None:
    """Let a form's control say which picture is kept for it."""
    app.jinja_env.globals.update(kept_file=lambda name: g.get("kept_files", {}).get(name))
