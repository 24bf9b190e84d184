"""Makes the file of tests.operations.former; see there how. It is for a checkout of that version, not for this one."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from PIL import Image

import engine
from accounts.accounts import account
from accounts.console import console
from accounts.sessions import Limits, begin_session, new_session_id
from gate.fields.pictures import safe_picture
from gate.reading.loading import reveal
from gate.writing.writing import create, patch, remove
from imports.run import running
from imports.store import runs
from imports.work import Work
from models.registry import NOUNS
from policies.actor import Actor
from roles.behaviours import register_behaviours
from roles.drafts import apply_draft, draft_of, keep_draft
from roles.grants import grants_of
from settings import keys
from tests.imports import doing
from tests.operations.former import write_dump
from tests.world import connect

FLASK = str(Path(sys.executable).parent / "flask")
SIZES = ("--items", "40", "--donors", "6", "--patrons", "8", "--books", "6", "--media", "0")
MAPPING = "noun = 'item'\n[fields]\naccession_number = 'no'\ntitle = 'title'\nperiod = 'period'\n"
ROWS = 1_010
"""One batch and a few rows more."""


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
def main(out: Path) -> None:
    """Make a store of this version and write it to OUT."""
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder) / "var"
        store = engine.start(
            var, {name: value for name, value in os.environ.items() if name != "MONGODB_URI"}
        )
        try:
            uri = f"{store.uri.rstrip('/')}/former"
            environ = {**os.environ, "MONGODB_URI": uri, "SHUZOKO_VAR": str(var)}
            _flask(environ, "seed", "demo", *SIZES)
            database = connect(uri)
            register_behaviours()
            _add(database, var, Path(folder))
            _flask(environ, "audit", "seal")
            _flask(environ, "audit", "verify")
            _leave_unsealed(database)
            write_dump(database, var, out)
        finally:
            store.stop()


def _flask(environ: dict[str, str], *words: str) -> None:
    subprocess.run([FLASK, *words], env=environ, check=True)  # noqa: S603 - our own command


def _add(database: Any, var: Path, folder: Path) -> None:
    """What the demonstration lacks: a picture, registers, a removal, versions of a role, a session, a reveal, an import."""
    picture = io.BytesIO()
    Image.effect_noise((48, 48), 40).convert("RGB").save(picture, "PNG")
    picture.seek(0)
    here = console("soseki")
    values = {"title": "見本の画像", "rights": "own", "file": safe_picture(picture)}
    media = create(here, NOUNS["media"], "soseki", values)
    kept = create(here, NOUNS["item"], "soseki", {"title": "画像のある資料", "photographs": [media]})
    patch(here, NOUNS["item"], kept, 1, {"maker": "見本 三郎"})
    gone = create(here, NOUNS["item"], "soseki", {"title": "削除する資料"})
    remove(here, NOUNS["item"], gone, 1, "二重登録")
    staff = _account(database, "staff.soseki")
    handler = {"name": "見本 花子", "begins_on": "2026-04-01"}
    attended = [create(here, NOUNS["handler"], "soseki", handler)]
    training = {"subject": "個人情報の取扱い", "held_on": "2026-05-01", "attended": attended}
    create(here, NOUNS["training"], "soseki", training)
    takeout = {
        "content": "調査票", "purpose": "research", "takeout_medium": "paper", "destination": "館内会議室", "taken_by": staff.user,
        "taken_on": "2026-05-02", "due_on": "2026-06-02",
    }  # fmt: skip
    create(staff, NOUNS["takeout"], "soseki", takeout)
    _edit_role(database)
    # not a secret: the session of an invented person, under a key made for this file
    begin_session(
        new_session_id(), staff.user, "", {}, Limits(), pepper=keys.make_key(var, keys.PEPPER), address="127.0.0.1", browser="Firefox"
    )  # fmt: skip
    _stop_half_way(var, folder)


def _account(database: Any, login_id: str) -> Actor:
    found = account(str(database["users"].find_one({"login_id": login_id})["_id"]), address="127.0.0.1")
    assert found is not None
    return found.actor


def _edit_role(database: Any) -> None:
    """A second version in force, and a draft of a third."""
    admin = _account(database, "admin")
    role = str(database["roles"].find_one({"code": "staff", "institution": "section"})["_id"])
    _, now = grants_of(admin, role)
    keep_draft(admin, role, 1, replace(now, second_factor="required"))
    draft = draft_of(admin, role)
    assert draft is not None
    revision = apply_draft(admin, role, draft.digest)
    keep_draft(admin, role, revision, replace(now, networks=["127.0.0.0/8"]))


def _stop_half_way(var: Path, folder: Path) -> None:
    """An import whose process is gone after its first batch: its job is marked as being worked on, its indexes are owed."""
    doing.KEY = key = keys.make_key(var, keys.IMPORT_SOURCE)
    path = folder / "half.csv"
    rows = (f"H{at:04d},取込 {at % 7},明治{at % 40 + 1}年" for at in range(ROWS))
    path.write_text("no,title,period\n" + "\n".join(rows) + "\n", encoding="utf-8-sig")
    run = doing.begun(path, MAPPING)
    assert doing.done(run, "trial")["state"] == "tried"
    assert runs.change(run, ["tried"], {}, state="running", by="console")
    vars(running)["AT_ONCE"] = 1  # no second batch is on its way when the first has arrived
    work = Work(key)
    job = work.own("run", run)
    while not work.progress.rows:
        assert work.one(job)


def _leave_unsealed(database: Any) -> None:
    """An edit that waits in its record's outbox, and a disclosure that waits for the chain."""
    found = database["items"].find_one({"institution": "shinjuku"})
    patch(console("shinjuku"), NOUNS["item"], str(found["_id"]), found["revision"], {"maker": "見本 四郎"})
    donor = database["donors"].find_one({"institution": "soseki"})
    reveal(_account(database, "manager"), NOUNS["donor"], str(donor["_id"]), "address", "contact")


if __name__ == "__main__":
    main()
