"""Photographs by file name as background work: a zip kept sealed until it is done, and gone on with where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

from gate.fields.pictures import CHUNK
from gate.refusals import Refused
from imports.formats.form import SheetError
from imports.mapping.source import GONE
from imports.photographs.matching import bring_in, photos
from imports.run.running import Progress
from imports.store import runs
from imports.store.jobs import start
from imports.store.keeping import keeping
from imports.store.photograph_runs import count
from imports.store.record_writes import RunBatch, tell
from imports.store.sealed_source import Unopened, file_of, forget_file, keep_file, opened, sealed
from imports.store.table import PHOTOGRAPHS
from jobs import queue
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import Verdict, may

Document = dict[str, Any]
KIND = "photographs"
AT_ONCE = 10
"""Photographs brought in by the same rights, and counted together: a second or so."""
GO_ON, GIVE_UP = PHOTOGRAPHS.act("go_on"), PHOTOGRAPHS.act("give_up")
EMPTY: Words = (
    "zipの中に写真(JPEG・PNG・WebP・TIFF・AVIF・JPEG 2000)がありません。",
    "There are no photographs (JPEG, PNG, WebP, TIFF, AVIF, JPEG 2000) in the zip.",
)


def permit(actor: Actor) -> None:
    """Let pass whoever may bring photographs to the items of their own institution.

    Raises:
        Refused: no grant to import or make media there, or to edit its items.
    """
    for verdict in _verdicts(actor):
        if not verdict:
            raise Refused(verdict)


def may_bring(actor: Actor) -> bool:
    """Whether permit would let this actor pass."""
    return all(_verdicts(actor))


def _verdicts(actor: Actor) -> Iterator[Verdict]:
    for noun, action in (("media", "import"), ("media", "create"), ("item", "edit")):
        yield may(actor, noun, action, actor.institution)


def begun(
    actor: Actor, key: bytes, stream: BinaryIO, name: str, password: str, said: dict[str, str] | None
) -> tuple[str, str]:
    """Keep a zip sealed, to be begun with; the import's id, and the SHA-256 of the zip.

    Raises:
        Refused: as permit. SheetError: it is no zip, has no photograph, or another password.
    """
    permit(actor)
    stream.seek(0)
    with photos(stream, password) as those:
        first = next((each for each in those if each.pictured), None)
        if first is None:
            raise SheetError(*EMPTY)
        with first.open() as content:  # the password, before anybody waits
            while content.read(CHUNK):
                pass
        total = len(those)
    stream.seek(0)
    with keeping(by=actor.user, institution=actor.institution) as id_:
        size, digest = keep_file(key, stream, id_)
        told = {
            "kind": KIND, "file": {"id": id_, "name": name[-120:], "size": size, "sha256": digest}, "total": total,
            "done": 0, "came": 0, "wrong": 0, "problems": [], "mapped": said is not None,
            "sealed": sealed(key, f"{KIND}:{id_}", {"password": password, "said": said}),
        }  # fmt: skip
        return runs.begin(actor, NOUNS["media"], actor.institution, told), digest


def steps(run: Document, key: bytes, who: Callable[[], Actor]) -> Iterator[Progress]:
    """A few photographs a step, from the first that is not counted yet; at the end the zip is erased.

    Raises:
        Refused: a right is gone. SheetError: the zip cannot be read further. PyMongoError: the store is away.
    """
    progress = Progress(rows=run["done"], total=run["total"])
    try:
        yield from _brought(run, key, who, progress)
    except Unopened as error:
        raise SheetError(*GONE) from error
    _end(who(), runs.known(str(run["_id"])) or run)
    yield progress


def _brought(run: Document, key: bytes, who: Callable[[], Actor], progress: Progress) -> Iterator[Progress]:
    if progress.rows >= run["total"]:
        return  # all came, and the zip may be gone: only its end is not told
    told = opened(key, f"{KIND}:{run['file']['id']}", run["sealed"])
    with file_of(key, run["file"]["id"]) as plain, photos(plain, told["password"]) as those:
        for at in range(progress.rows, len(those), AT_ONCE):
            part = those[at : at + AT_ONCE]
            count(str(run["_id"]), at, list(bring_in(who(), run["institution"], part, told["said"])))
            progress.rows = at + len(part)
            if progress.rows < len(those):
                yield progress


def _end(actor: Actor, run: Document) -> None:
    """Tell of it, erase the zip, and only then be done: cut short in between, all of it is done again."""
    tell(_about(actor, run), "imported", f"came={run['came']} wrong={run['wrong']}")
    _erase(actor, run)
    runs.advance(str(run["_id"]), PHOTOGRAPHS.act("attached"), {}, by=actor.user)


def go_on(actor: Actor, run: str) -> bool:
    """Have a zip begun, or gone on with where it stopped; False where it is at work, or done."""
    return start(run, GO_ON, {"failure": None}, by=actor.user, institution=actor.institution)


def stop(actor: Actor, run: str) -> bool:
    """Stop a zip behind the photographs in hand; False where it is not at work."""
    if not runs.advance(run, PHOTOGRAPHS.act("stop"), {"failure": None}, by=actor.user):
        return False
    queue.ask_to_stop(run)
    return True


def give_up(actor: Actor, run: Document) -> bool:
    """Be done with a zip as far as it came, and erase it; False where it is at work, or erased.

    Cut short behind the first of the two, the page offers the same again.
    """
    id_ = str(run["_id"])
    if run.get("erased_at") or not runs.advance(id_, GIVE_UP, {}, by=actor.user):
        return False
    _erase(actor, run)
    return True


def _erase(actor: Actor, run: Document) -> None:
    """Erase the zip, its password and its names; the entry stands before they are gone."""
    tell(_about(actor, run), "import_source_erased", f"sha256={run['file']['sha256'][:32]}")
    forget_file(run["file"]["id"])
    runs.change(
        str(run["_id"]), ("attaching", "stopped", "attached"), {"erased_at": datetime.now(UTC)}, without=("sealed",)
    )  # fmt: skip


def _about(actor: Actor, run: Document) -> RunBatch:
    return RunBatch(str(run["_id"]), 0, actor.user, NOUNS["media"], run["institution"])
