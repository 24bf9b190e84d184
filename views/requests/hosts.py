"""By which names the panel may be asked for. A Host header is the sender's to choose, and links are made with it."""

from __future__ import annotations

from flask import Flask, current_app, request
from werkzeug.sansio.utils import host_is_trusted

from gate.refusals import BadQuestion


def _known_host() -> None:
    if request.blueprint == "health":
        return  # they tell strangers nothing and make no link; who watches it may know no name
    if not host_is_trusted(request.environ.get("HTTP_HOST"), current_app.config["SETTINGS"].known_hosts):
        raise BadQuestion((
            "このアドレスでは開けません。知らされているアドレスで開いてください(管理者の方へ: SHUZOKO_ADDRESS か SHUZOKO_HOSTS に名前を加えます)。",
            "The panel is not known by this address; open it by the one you were given (administrators: name it in "
            "SHUZOKO_ADDRESS or SHUZOKO_HOSTS).",
        ))  # fmt: skip


def register(app: Flask) -> None:
    """Refuse other names, before anything else is looked at."""
    app.before_request(_known_host)
