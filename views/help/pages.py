"""/help/: the operating guide, for everybody who is signed in."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, url_for

from views.help.guide import CONTENTS, names, read_page

pages = Blueprint("help", __name__, url_prefix="/help")


@pages.get("/")
def contents() -> str:
    """The list of the guide's pages."""
    return _render(CONTENTS)


@pages.get("/<name>")
def page(name: str) -> str:
    """One page of the guide."""
    if name not in names():
        abort(404)
    return _render(name)


def _render(name: str) -> str:
    return render_template("help/page.html", page=read_page(name, _address), first=name == CONTENTS)


def _address(name: str) -> str:
    return url_for("help.contents") if name == CONTENTS else url_for("help.page", name=name)
