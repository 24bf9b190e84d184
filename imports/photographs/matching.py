"""Photographs by file name: a folder or a zip, matched to items by accession number and suffix, or by a mapping file.

`S-001.jpg`, `S-001_1.jpg`, `S-001-a.jpg`, `S-001(2).jpg` are photographs of S-001. Where a name could be two items'
(`1-2.jpg` when both 1 and 1-2 are there) nothing is guessed: it is listed.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

import pyzipper
from bson import ObjectId

from gate.fields.pictures import CHUNK, ENDINGS, ending_refused, safe_picture, too_large
from gate.fields.stored_pictures import settings_of
from gate.refusals import Conflict, Invalid, NotFound
from imports.formats.form import SheetError
from imports.formats.packed import DAMAGED, check_list, entry
from imports.formats.sheet import opened_in
from imports.formats.workbook import LOOKING
from imports.store.photographs import Identity, attach, is_there, put, same_bytes
from imports.store.record_writes import alike, standing
from japanese.keys import search_key
from models.data_classes import Words
from models.registry import NOUNS
from policies.actor import Actor

SUFFIX = re.compile(r"(?:[_\s-]\s*(?:\d{1,3}|[a-z])|\s*\((?:\d{1,3}|[a-z])\))$", re.IGNORECASE)
NO_ITEM: Words = ("この番号の資料がありません。", "There is no item of this number.")
TWO_ITEMS: Words = (
    "二つの資料のどちらの写真か決められません。対応表のファイルで指定してください。",
    "It could belong to either of two items; say which in a mapping file.",
)
UNNAMED: Words = ("対応表にこのファイル名がありません。", "The mapping does not name this file.")
BUSY: Words = (
    "資料がほかの人に更新され続けています。あとでもう一度。",
    "The item is being edited by others; try again later.",
)
COLUMNS = (("ファイル名", "ファイル", "file", "filename"), ("資料番号", "番号", "accession_number", "number"))
LOOKED_UP = 500
NOISE = frozenset(["thumbs.db", "ehthumbs.db", "desktop.ini"])


@dataclass(frozen=True)
class Photo:
    """One file: its name, how large it is, how to open it, and whether its name ends as a picture's does."""

    name: str
    size: int
    open: Callable[[], AbstractContextManager[IO[bytes]]]

    @property
    def pictured(self) -> bool:
        """Whether it may be a picture; what is not is named among the problems, never passed over."""
        return Path(self.name).suffix.lower() in ENDINGS


@dataclass(frozen=True)
class Result:
    """What became of one: `reason` where it did not come in, `hint` where it did and deserves a look."""

    name: str
    came: bool
    reason: Words | None = None
    hint: Words | None = None


@contextmanager
def photos(path: Path | BinaryIO, password: str = "") -> Iterator[list[Photo]]:
    """The files in a folder or a zip, by name, without what systems put beside them (`__MACOSX`, `Thumbs.db`).

    Raises:
        SheetError: it is neither.
    """
    if isinstance(path, Path) and path.is_dir():
        files = sorted(
            each for each in path.rglob("*") if each.is_file() and not is_noise(str(each.relative_to(path)))
        )
        yield [Photo(each.name, each.stat().st_size, partial(_opened, each)) for each in files]
        return
    try:
        if not isinstance(path, Path):
            check_list(path)
        packed = pyzipper.AESZipFile(path)
    except DAMAGED as error:
        raise SheetError("フォルダーかzipを指定してください。", "Name a folder or a zip.") from error
    with packed:
        if password:
            packed.setpassword(password.encode())
        inside = sorted(packed.infolist(), key=lambda each: each.filename)
        yield [
            Photo(_name(each).rsplit("/", 1)[-1], each.file_size, partial(entry, packed, each))
            for each in inside
            if not each.is_dir() and not is_noise(_name(each))
        ]


def _opened(path: Path) -> IO[bytes]:
    return path.open("rb")


UTF_8 = 0x800
"""The flag of a zip's entry whose name is UTF-8."""


def _name(inside: zipfile.ZipInfo) -> str:
    """A file's name in a zip; without the flag the reader took it for the DOS of the West, and it is Windows' or a Mac's."""
    if inside.flag_bits & UTF_8:
        return inside.filename
    for encoding in ("utf-8", "cp932"):
        try:
            return inside.filename.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return inside.filename


def is_noise(name: str) -> bool:
    """Whether a file is one that a system put there, and no person: a Mac's shadows, Windows' thumbnails."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    last = parts[-1] if parts else ""
    return "__MACOSX" in parts or last.startswith(".") or last.lower() in NOISE


def said_by(path: Path) -> dict[str, str]:
    """File name → accession number, from a mapping file (CSV or XLSX).

    Raises:
        SheetError: it cannot be read, or lacks one of the two columns.
    """
    with path.open("rb") as binary:
        return said_in(binary)


def said_in(binary: BinaryIO) -> dict[str, str]:
    """The same of a file that is open already.

    Raises:
        SheetError: as said_by.
    """
    with opened_in(binary, seconds=LOOKING) as sheet:
        found = [
            next((each for each in sheet.header if each.strip().lower() in names), "") for names in COLUMNS
        ]
        if not all(found):
            raise SheetError(
                "対応表には「ファイル名」と「資料番号」の列が要ります。",
                "The mapping needs the columns “file” and “accession_number”.",
            )
        return {
            _folded(row.cells[found[0]]): _folded(row.cells[found[1]]) for row in sheet.rows() if row.cells
        }


def candidates(name: str) -> list[str]:
    """The numbers that a file's name could mean, the whole stem first."""
    stem = _folded(name.rsplit(".", 1)[0])
    bare = SUFFIX.sub("", stem)
    return list(dict.fromkeys(each for each in (stem, bare) if each))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def bring_in(
    actor: Actor, institution: str, those: Iterable[Photo], said: Mapping[str, str] | None = None
) -> Iterator[Result]:
    """One after another; a photograph that came before is met as such, so the same command goes on where it stopped.

    Raises:
        Refused: the actor may not make media or edit items there.
    """
    noun = NOUNS["item"]
    waiting = list(those)
    for at in range(0, len(waiting), LOOKED_UP):
        part = waiting[at : at + LOOKED_UP]
        asked = {each.name: _numbers(each.name, said) for each in part}
        numbers = {number for each in asked.values() for number in each}
        there = standing(noun, institution, numbers, whole=False)
        for photo in part:
            if not photo.pictured:
                yield Result(photo.name, False, ending_refused(photo.name))
                continue
            found = [number for number in asked[photo.name] if number in there]
            if not found:
                there |= alike(noun, institution, asked[photo.name])
                found = [number for number in there if _same(number, asked[photo.name])]
            if len(found) != 1:
                missing = UNNAMED if said is not None and not asked[photo.name] else NO_ITEM
                yield Result(photo.name, False, TWO_ITEMS if found else missing)
                continue
            item = str(there[found[0]]["_id"])
            yield _one(actor, institution, photo, item, found[0], told_by_name=said is None)


def _same(number: str, asked: list[str]) -> bool:
    """Whether a number is one of these but for case, width and the kind of its dashes: p-002 is P-002."""
    return search_key(number) in map(search_key, asked)


def _numbers(name: str, said: Mapping[str, str] | None) -> list[str]:
    if said is None:
        return candidates(name)
    number = said.get(_folded(name))
    return [number] if number else []


def _one(
    actor: Actor, institution: str, photo: Photo, item: str, number: str, *, told_by_name: bool
) -> Result:
    megabytes, _ = settings_of(institution)
    if photo.size > megabytes * CHUNK:
        return Result(photo.name, False, too_large(megabytes))
    try:
        with tempfile.TemporaryFile() as plain:
            with photo.open() as content:
                id_ = _spooled(institution, photo, content, plain)
            if not is_there(id_):
                plain.seek(0)
                picture = safe_picture(plain, photo.name, megabytes)
                # A name that a mapping file explains may say anything, and a title is public.
                title = f"{number} {photo.name}" if told_by_name else number
                put(actor, institution, id_, title, picture)
        came = attach(actor, item, id_)
    except SheetError as error:  # one damaged photograph does not keep the others out
        return Result(photo.name, False, error.words)
    except Invalid as error:
        return Result(photo.name, False, next(iter(error.errors.values())))
    except (Conflict, NotFound):
        return Result(photo.name, False, BUSY)
    return Result(photo.name, came, hint=_hint(institution, id_) if came else None)


def _hint(institution: str, id_: ObjectId) -> Words | None:
    """That the same bytes are there under another name."""
    if not (numbers := same_bytes(institution, id_)):
        return None
    said = "、".join(numbers)
    return (
        f"中身がまったく同じ画像が、すでにあります: {said}",
        f"The very same picture is there already: {', '.join(numbers)}",
    )


def _spooled(institution: str, photo: Photo, content: IO[bytes], plain: IO[bytes]) -> ObjectId:
    """Copy a photograph to the disk, no further than its size said; the id of its media record."""
    identity, left = Identity(institution, photo.name), photo.size
    while left > 0 and (chunk := content.read(min(CHUNK, left))):
        identity.add(chunk)
        plain.write(chunk)
        left -= len(chunk)
    return identity.id()
