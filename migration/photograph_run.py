"""Photographs by file name as background work: a zip kept sealed until it is done, and gone on with where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from gate import imports
from gate.importing import Batch, tell
from gate.photograph_runs import count
from gate.refusals import Refused
from gate.sealed_source import Unopened, file_of, forget_file, keep_file, opened, sealed
from migration.photographs import bring_in, photos
from migration.reading.form import SheetError
from migration.running import Progress
from migration.source import GONE
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import may

Document = dict[str, Any]
KIND = "photographs"
AT_ONCE = 10
"""Photographs brought in by the same rights, and counted together: a second or so."""
EMPTY: Words = (
    "zipの中に写真(JPEG・PNG・WebP・TIFF)がありません。",
    "There are no photographs (JPEG, PNG, WebP, TIFF) in the zip.",
)


def permit(actor: Actor) -> None:
    """Let pass whoever may bring photographs to the items of their own institution.

    Raises:
        Refused: no grant to import or make media there, or to edit its items.
    """
    for noun, action in (("media", "import"), ("media", "create"), ("item", "edit")):
        verdict = may(actor, noun, action, actor.institution)
        if not verdict:
            raise Refused(verdict)


def begun(
    actor: Actor, key: bytes, stream: BinaryIO, name: str, password: str, said: dict[str, str] | None
) -> str:
    """Keep a zip sealed and begin with it; its id.

    Raises:
        Refused: as permit. SheetError: it is no zip, has no photograph, or another password.
    """
    permit(actor)
    stream.seek(0)
    with photos(stream, password) as those:
        if not those:
            raise SheetError(*EMPTY)
        those[0].read()  # the password, before anybody waits
        total = len(those)
    stream.seek(0)
    id_, size, digest = keep_file(key, stream)
    try:
        told = {
            "kind": KIND, "file": {"id": id_, "name": name[-120:], "size": size, "sha256": digest}, "total": total,
            "done": 0, "came": 0, "wrong": 0, "problems": [], "mapped": said is not None,
            "sealed": sealed(key, f"{KIND}:{id_}", {"password": password, "said": said}),
        }  # fmt: skip
        return imports.begin(actor, NOUNS["media"], actor.institution, told)
    except BaseException:
        forget_file(id_)
        raise


def steps(run: Document, key: bytes, who: Callable[[], Actor]) -> Iterator[Progress]:
    """A few photographs a step, from the first that is not counted yet; at the end the zip is erased.

    Raises:
        Refused: a right is gone. SheetError: the zip cannot be read further. PyMongoError: the store is away.
    """
    id_, house = str(run["_id"]), run["institution"]
    progress = Progress(rows=run["done"], total=run["total"])
    try:
        told = opened(key, f"{KIND}:{run['file']['id']}", run["sealed"])
        with file_of(key, run["file"]["id"]) as plain, photos(plain, told["password"]) as those:
            for at in range(run["done"], len(those), AT_ONCE):
                part = those[at : at + AT_ONCE]
                count(id_, at, list(bring_in(who(), house, part, told["said"])))
                progress.rows = at + len(part)
                yield progress
    except Unopened as error:
        raise GONE from error
    actor = who()
    if imports.change(id_, ["attaching"], {}, state="attached", by=actor.user):
        found = imports.known(id_) or run
        about = Batch(id_, 0, actor.user, NOUNS["media"], house)
        tell(about, "imported", f"came={found['came']} wrong={found['wrong']}")
    erase(actor, run)
    yield progress


def erase(actor: Actor, run: Document) -> None:
    """Erase the zip; the entry stands before it is gone."""
    about = Batch(str(run["_id"]), 0, actor.user, NOUNS["media"], run["institution"])
    tell(about, "import_source_erased", f"sha256={run['file']['sha256'][:32]}")
    forget_file(run["file"]["id"])
