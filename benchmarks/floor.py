"""The floor: what the fastest page could cost. pymongo, the plainest table, the donors of a page by one `$in`.

No sign-in, no policy, no count, no frame around it.
"""

from __future__ import annotations

import os
import re
from typing import Any

from flask import Flask, render_template_string, request
from pymongo import MongoClient

COLUMNS = (
    "accession_number", "title", "object_type", "rank", "period", "maker", "input_status", "changed_at",
    "institution", "acquisition_source",
)  # fmt: skip
PAGE = """<!doctype html><html lang="ja"><meta charset="utf-8"><title>items</title><table>
<tr>{% for name in columns %}<th>{{ name }}</th>{% endfor %}</tr>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table></html>"""


def _where() -> dict[str, Any]:
    asked: dict[str, Any] = {
        name: request.args[name] for name in ("institution", "input_status") if name in request.args
    }
    if word := request.args.get("search"):
        asked["title"] = {"$regex": re.escape(word)}
    return asked


def _cell(document: dict[str, Any], name: str, donors: dict[Any, str]) -> str:
    value = document.get(name)
    if name == "period":
        return str((value or {}).get("text", ""))
    if name == "acquisition_source":
        return donors.get(value, "")
    return "" if value is None else str(value)


def application() -> Flask:
    """What gunicorn loads."""
    app = Flask(__name__)
    client: MongoClient[dict[str, Any]] = MongoClient(os.environ["MONGODB_URI"], connect=False)
    database = client[os.environ["SHUZOKO_DATABASE"]]

    @app.get("/")
    def page() -> str:
        found = database["plain_items"].find(_where())
        found = (
            found.sort(request.args.get("sort", "_id"), 1).skip(int(request.args.get("skip", 0))).limit(50)
        )
        documents = list(found)
        wanted = list({each["acquisition_source"] for each in documents if each.get("acquisition_source")})
        named = database["plain_donors"].find({"_id": {"$in": wanted}}, {"name": 1})
        donors = {each["_id"]: each["name"] for each in named}
        rows = [[_cell(each, name, donors) for name in COLUMNS] for each in documents]
        return render_template_string(PAGE, columns=COLUMNS, rows=rows)

    return app
