"""Files by record and field, never by the id of a file; as the gate allows."""

from __future__ import annotations

from flask import Response, request
from flask_admin import expose

from gate.files import open_file
from models.declaration import Noun
from views.current_actor import actor

SUFFIX = {"image/jpeg": "jpg", "image/png": "png"}


class FileMixin:
    """`/file/`."""

    noun: Noun

    @expose("/file/")
    def file(self) -> Response:
        """A record's picture. Only kinds that we encoded ourselves are shown; anything else is a download."""
        chunks, mime, length = open_file(
            actor(), self.noun, request.args.get("id", ""), request.args.get("field", "")
        )
        known = mime in SUFFIX
        answer = Response(chunks, mimetype=mime if known else "application/octet-stream")
        answer.content_length = length
        answer.headers["Content-Disposition"] = (
            f"{'inline' if known else 'attachment'}; filename=picture.{SUFFIX.get(mime, 'bin')}"
        )
        return answer
