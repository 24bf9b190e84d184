"""A deployment of its own on a small disk that runs full, to be run inside a mount namespace: prints what people read then."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from mongoengine.connection import get_db
from pymongo.errors import PyMongoError

import engine
from app import create_app
from operations.status import READINESS, examine
from operations.store_indexes import ensure_indexes
from settings.environment import Settings
from tests.small_disk import fill
from tests.views.panel import Person
from tests.world import hash_cheaply

TRIES = 60


def main(var: Path) -> None:
    """Print how a sign-in is answered, what readiness says, and whether a sign-in works again when there is room."""
    uri = engine.start(var, os.environ).uri
    hash_cheaply()
    try:
        app = create_app(
            Settings(var=var, mongodb_uri=uri, database="full", secret_key="", host="127.0.0.1", port=0, proxy_hops=0)
        )  # fmt: skip
        ensure_indexes()
        print(_sign_in(app, 1))
        filler = fill(var.parent)
        while _writes():
            pass
        # What has room left in its own file still takes a little.
        print(next((page for n in range(TRIES) if "507" in (page := _sign_in(app, n))), "no page said so"))
        for told in examine(app.config["SETTINGS"], READINESS, seconds=5):
            print(
                *(f"{told.check.name}: {each.words[1]}\n" for each in told.findings if not each.well), end=""
            )
        filler.unlink()
        engine.start(var, os.environ)  # it may have ended
        print(_sign_in(app, TRIES))
    finally:
        engine.stop(var, os.environ)


def _writes() -> bool:
    try:
        get_db()["filling"].insert_one({"text": "資料" * 2_000})
    except PyMongoError:
        return False
    return True


def _sign_in(app: object, number: int) -> str:
    answer = Person(app, "en").sign_in(f"nobody{number}", "a wrong password")  # type: ignore[arg-type]
    title = re.search("<h1[^>]*>(.*?)</h1>", answer.text, re.DOTALL)
    return f"{answer.status_code} {title[1].strip() if title else ''}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
