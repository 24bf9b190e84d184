"""An upload made an import: how it is read, its first rows, its first mapping. What is large is opened by the worker.

Unpacking, looking for the encoding and reading a workbook's texts take seconds; a request that did it would keep a thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from typing import Any, BinaryIO

import tomli_w
from bson import ObjectId

from imports.formats.form import Form, SheetRow
from imports.formats.packed import check, declared_size, is_zip_of_tables
from imports.formats.workbook import SECONDS
from imports.mapping import source
from imports.mapping.source import Look
from imports.proposals.proposals import proposed
from imports.run.running import Progress
from imports.store import runs
from imports.store.jobs import start, starting
from imports.store.sealed_source import file_of, forget_file, keep_file, opened, sealed
from imports.store.table import IMPORT
from imports.validation.returned_exports import headed
from models.declaration import Noun
from models.registry import NOUNS
from policies.actor import Actor

Document = dict[str, Any]
READ_AGAIN = IMPORT.act("read_again")
KIND, STATE = READ_AGAIN.job, READ_AGAIN.to
LARGE = 8 << 20
"""Bytes, as sent or as unpacked, from which on the worker opens a file."""
HEAD = "head"
"""The phase that a large file's first rows are filed under, so that no page reads the file for them."""
MOST_ROWS, MOST_CHARACTERS = 2_000, 2_000_000
STEP = 1.0
_reader = ThreadPoolExecutor(1, "opening")


def is_large(stream: BinaryIO) -> bool:
    """Whether a file is one for the worker.

    Raises:
        SheetError: it is a zip that cannot be opened.
    """
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(0)
    return size > LARGE or (is_zip_of_tables(stream) and declared_size(stream) > LARGE)


def first_of(actor: Actor, noun: Noun, look: Look, stored: str = "") -> Document:
    """What an import's document says of a file that was looked at. `stored`: the id of a mapping to begin with.

    Raises:
        NotFound: no such mapping within reach.
    """
    returned = headed(noun, look.header)
    mapping = {"name": "", "version": 0, "text": ""}
    known = runs.mapping_named(actor, stored) if stored else None
    if known and known["noun"] == noun.name:
        mapping = {"name": known["name"], "version": known["version"], "text": known["text"]}
    elif returned:
        mapping["text"] = tomli_w.dumps(returned)
    else:
        mapping = guessed(noun, look)
    return {
        "form": look.form.as_document(), "header": look.header, "sheets": look.sheets, "mapping": mapping,
        "mode": "update" if returned else "create", "blank_erases": False,
    }  # fmt: skip


def guessed(noun: Noun, look: Look) -> Document:
    """A first mapping as an import's document has it; `guessed` says that nobody has looked at it yet, and which columns
    were told by what stands in them."""
    found = proposed(noun, look.header, look.rows)
    return {"name": "", "version": 0, "text": tomli_w.dumps(found.told), "guessed": sorted(found.by_values)}


def guessed_again(run: Mapping[str, Any], look: Look) -> Document:
    """What becomes of a guess when the file is read another way, another sheet of it say; nothing of what a person chose."""
    again = "guessed" in run["mapping"] and list(run.get("header", [])) != look.header
    return {"mapping": guessed(NOUNS[run["noun"]], look)} if again else {}


def post(
    actor: Actor, key: bytes, stream: BinaryIO, name: str, noun: Noun, *, password: str = "", stored: str = ""
) -> tuple[str, str]:
    """Keep a large file as it was sent, for the worker to open; the import's id, and the SHA-256 of the file.

    Raises:
        SheetError: a zip with another password, or not with one table. Refused: the actor may not import there.
    """
    runs.permit(actor, noun, actor.institution, "create")
    if is_zip_of_tables(stream):
        check(stream, password)  # before anybody waits
    stream.seek(0)
    id_, size, digest = keep_file(key, stream)
    now = datetime.now(UTC)
    told = {
        "file": {"id": id_, "name": name[-120:], "size": size, "sha256": digest}, "form": Form().as_document(),
        "header": [], "sheets": [], "mapping": {"name": "", "version": 0, "text": ""}, "mode": "create",
        "blank_erases": False, "state": STATE, "history": [{"at": now, "by": actor.user, "state": STATE}],
        "sealed": sealed(key, f"{KIND}:{id_}", {"password": password, "stored": stored}),
    }  # fmt: skip
    run = ObjectId()
    try:
        with starting(str(run), READ_AGAIN, by=actor.user, institution=actor.institution) as intent:
            runs.begin(actor, noun, actor.institution, {**told, "_id": run, "operations": [str(intent.id)]})
    except BaseException:
        if runs.known(str(run), only=("state",)) is None:
            forget_file(id_)
        raise
    return str(run), digest


def read_again(actor: Actor, run: str, form: Form) -> bool:
    """Have the worker read a large file another way; False where the import has moved on."""
    told = {"form": form.as_document(), "failure": None}
    return start(run, READ_AGAIN, told, by=actor.user, institution=actor.institution)


def steps(run: Document, key: bytes, who: Callable[[], Actor]) -> Iterator[Progress]:
    """Open a file, a step a second until it is done; then its mapping can be chosen.

    Raises:
        SheetError: it cannot be read. Refused: a right is gone. Unopened: the file is gone.
    """
    under_way = _reader.submit(_open, run, key, who())
    while wait((under_way,), STEP).not_done:
        yield Progress()
    under_way.result()
    yield Progress()


def _open(run: Document, key: bytes, actor: Actor) -> None:
    id_, noun, file = str(run["_id"]), NOUNS[run["noun"]], run["file"]
    runs.permit(actor, noun, run["institution"], "create")
    asked = opened(key, f"{KIND}:{file['id']}", run["sealed"]) if "sealed" in run else None
    kept = file
    with file_of(key, file["id"]) as plain:
        if asked and is_zip_of_tables(plain):
            kept = source.keep(key, plain, file["name"], asked["password"])
    try:
        look = source.look(key, kept, Form(**run["form"]), MOST_ROWS, seconds=SECONDS)
        told = {"file": kept, "failure": None, "form": look.form.as_document(), "header": look.header}
        told |= guessed_again(run, look)
        if asked:
            told |= first_of(actor, noun, look, asked["stored"])
        runs.forget_batches(id_, HEAD)
        runs.keep_batch(id_, HEAD, 0, {"source": _sealed_head(key, id_, look)})
        done = runs.advance(id_, IMPORT.act("opened"), told, by=actor.user, without=("sealed",))
    except BaseException:
        if kept is not file:
            forget_file(kept["id"])
        raise
    # Another may have opened it while this one slept: then ours is the file that nothing names.
    if kept is not file:
        forget_file(file["id"] if done else kept["id"])


def _sealed_head(key: bytes, run: str, look: Look) -> bytes:
    rows: list[list[Any]] = []
    long = 0
    for each in look.rows:
        long += sum(map(len, each.cells.values()))
        if rows and long > MOST_CHARACTERS:
            break
        rows.append([each.number, each.cells])
    form = look.form.as_document()
    return sealed(key, f"{run}:{HEAD}", {"form": form, "rows": rows, "remarks": look.remarks})


def look_at(key: bytes, run: Mapping[str, Any], rows: int) -> Look:
    """The first rows of an import's file: a large one's as the worker left them, any other's as they stand in it.

    Raises:
        SheetError: it is gone, or cannot be read. Unopened: sealed by another key.
    """
    id_ = str(run["_id"])
    kept = runs.batch(id_, HEAD, 0, only=("source",)) if run["file"]["size"] > LARGE else None
    if kept and "source" in kept:
        told = opened(key, f"{id_}:{HEAD}", kept["source"])
        if told["form"] == run["form"]:
            first = [SheetRow(number, cells) for number, cells in told["rows"][:rows]]
            remarks = [(ja, en) for ja, en in told["remarks"]]
            return Look(Form(**run["form"]), run["header"], first, run.get("sheets", []), remarks)
    return source.look(key, run["file"], Form(**run["form"]), rows)
