"""Files by record and field, never by the id of a file; as the gate allows."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_admin import expose
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from gate.card.files import open_file
from gate.refusals import NotReady
from models.declaration import Noun
from views.requests.current_actor import actor

SUFFIX = {"image/jpeg": "jpg", "image/png": "png"}
"""The kinds that browsers are given to show: we encoded them ourselves."""
ORIGINALS = SUFFIX | {"image/tiff": "tif", "image/webp": "webp", "image/avif": "avif", "image/jp2": "jp2"}


class FileMixin:
    """`/file/`."""

    noun: Noun

    @expose("/file/")
    def file(self) -> AnyResponse:
        """A record's picture. Only what we encoded ourselves is shown; an original, or anything else, is a download."""
        field = request.args.get("field", "")
        try:
            file = open_file(actor(), self.noun, request.args.get("id", ""), field)
        except NotReady:
            if field != "thumbnail":
                raise
            return redirect(url_for("static", filename="preparing.svg"))
        # guard: any-picture
        known = file.mime in SUFFIX and field != "original"
        answer = Response(file.chunks, mimetype=file.mime if known else "application/octet-stream")
        answer.content_length = file.length
        answer.headers["Content-Disposition"] = (
            # guard: disposition
            f"{'inline' if known else 'attachment'}; filename=picture.{ORIGINALS.get(file.mime, 'bin')}"
        )
        return answer
