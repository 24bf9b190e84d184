"""What a workbook holds beside its cells: its sheets, its texts, its formats, its merged cells.

Source: ECMA-376 part 1, 18.2 (workbook), 18.4 (shared strings), 18.8 (styles); the strict names of its classes too.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any
from xml.etree import ElementTree as ET  # noqa: S405 - in a child with limits, and document types are refused
from xml.parsers import expat

from imports.formats.xlsx.number_formats import BUILT_IN, NumberFormat

BLOCK = 1 << 16
LARGEST_PART = 1 << 30
"""Bytes of one unpacked part: more than Excel itself opens."""
LARGEST_TABLE = 32 << 20
"""Bytes of a part that is read as a whole: the list of sheets, the formats."""
MOST_MERGED = 50_000
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MERGED = re.compile(
    rb"<(?:[\w.-]+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']"
)
_END_OF_DATA = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>|<(?:[\w.-]+:)?sheetData\s*/>")
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATION = "http://purl.oclc.org/ooxml/officeDocument/relationships"


class Unreadable(Exception):
    """The workbook is damaged, or is none. `why`: a code of imports.formats.workbook."""

    def __init__(self, why: str = "unreadable", at: str = "") -> None:
        super().__init__(why)
        self.why, self.at = why, at


@dataclass(frozen=True)
class SheetPart:
    """A sheet of cells: its name, where it lies, whether it is hidden."""

    name: str
    path: str
    hidden: bool


def xml_reader() -> expat.XMLParserType:
    """A parser for one part. A workbook has no document type; one that declares entities is an attack."""
    made = expat.ParserCreate(namespace_separator=" ")
    made.buffer_text = True
    made.StartDoctypeDeclHandler = _refuse_doctype
    return made


# guard: doctype
def _refuse_doctype(*_: Any) -> None:
    raise Unreadable


class _Tree(ET.TreeBuilder):
    """A small part as a whole, likewise without a document type."""

    def doctype(self, *_: Any) -> None:
        """Refuse it."""
        _refuse_doctype()


class Texts:
    """The shared strings, end to end in one block of bytes: three million short ones take a tenth of what objects would."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def add(self, text: str) -> None:
        """One more."""
        self._bytes += text.encode("utf-8", "replace")
        self._ends.append(len(self._bytes))

    def __getitem__(self, at: int) -> str:
        """The text of that number, from 0."""
        if at < 0:
            raise IndexError(at)
        return self._bytes[self._ends[at] : self._ends[at + 1]].decode()


class _TextsReader:
    """The shared strings as they come, without their readings (furigana)."""

    def __init__(self) -> None:
        self.found = Texts()
        self.chars: list[str] = []
        self._parts: list[str] = []
        self._skipping = False

    def start(self, name: str, _: Any) -> None:
        """An element begins."""
        tag = name.rpartition(" ")[2]
        if tag == "si":
            self._parts.clear()
        elif tag == "rPh":
            self._skipping = True
        self.chars.clear()

    def end(self, name: str) -> None:
        """An element ends."""
        tag = name.rpartition(" ")[2]
        if tag == "t" and not self._skipping:
            self._parts.append("".join(self.chars))
        elif tag == "rPh":
            self._skipping = False
        elif tag == "si":
            self.found.add(unescaped("".join(self._parts)))


class Book:
    """An open workbook."""

    def __init__(self, file: IO[bytes]) -> None:
        """Read the list of sheets.

        Raises:
            Unreadable, or whatever a damaged zip or XML makes the libraries raise.
        """
        self._zip = zipfile.ZipFile(file)
        self._names = {each.lower(): each for each in self._zip.namelist()}
        main = next(
            (path for kind, path, _ in self._related("") if kind == "officeDocument"), "xl/workbook.xml"
        )
        root = self._whole(main)
        related = {id_: (kind, path) for kind, path, id_ in self._related(main)}
        self.sheets: list[SheetPart] = []
        self.from_1904 = False
        for each in root.iter():
            tag = _local(each.tag)
            if tag == "workbookPr":
                self.from_1904 = each.get("date1904", "0").lower() in ("1", "true", "on")
            elif tag == "sheet":
                id_ = each.get(f"{{{_RELATION}}}id") or each.get(f"{{{_STRICT_RELATION}}}id") or ""
                kind, path = related.get(id_, ("", ""))
                if kind == "worksheet":  # and no sheet that is a chart
                    hidden = each.get("state", "visible") != "visible"
                    self.sheets.append(SheetPart(each.get("name", ""), path, hidden))
        self._paths = dict(related.values())
        if not self.sheets:
            raise Unreadable

    def formats(self) -> list[NumberFormat]:
        """The number format of each cell style, by its place."""
        path = self._paths.get("styles", "")
        codes = dict(BUILT_IN)
        known: dict[int, NumberFormat] = {}
        found = []
        for each in self._whole(path) if path else ():
            if _local(each.tag) == "numFmts":
                codes |= {int(one.get("numFmtId", "0")): one.get("formatCode", "") for one in each}
            elif _local(each.tag) == "cellXfs":
                for style in each:
                    id_ = int(style.get("numFmtId", "0"))
                    if id_ not in known:
                        known[id_] = NumberFormat(codes.get(id_, "General"), from_1904=self.from_1904)
                    found.append(known[id_])
        return found or [NumberFormat("General")]

    def texts(self) -> Texts:
        """The strings that cells name by number."""
        reading = _TextsReader()
        path = self._paths.get("sharedStrings", "")
        if path:
            parser = xml_reader()
            parser.StartElementHandler, parser.EndElementHandler = reading.start, reading.end
            parser.CharacterDataHandler = reading.chars.append
            for block in self.blocks(path):
                parser.Parse(block, False)
            parser.Parse(b"", True)
        return reading.found

    def merged(self, sheet: SheetPart) -> list[tuple[int, int, int, int]]:
        """The sheet's merged cells as (first row, first column, last row, last column), rows from 1 and columns from 0.

        They stand behind all rows, so the part is looked through once before it is read.
        """
        tail = b""
        behind = False
        kept = bytearray()
        for block in self.blocks(sheet.path):
            if behind:
                kept += block
            elif found := _END_OF_DATA.search(tail + block):
                behind = True
                kept += (tail + block)[found.end() :]
            tail = block[-64:]
            if len(kept) > LARGEST_TABLE:
                raise Unreadable("merged")
        found_ = [
            (int(top), column_at(left.decode()), int(bottom), column_at(right.decode()))
            for left, top, right, bottom in _MERGED.findall(bytes(kept))
        ]
        if len(found_) > MOST_MERGED:
            raise Unreadable("merged")
        return found_

    def blocks(self, path: str) -> Iterator[bytes]:
        """A part's bytes, as far as a part may go."""
        total = 0
        with self._opened(path) as part:
            while block := part.read(BLOCK):
                total += len(block)
                if total > LARGEST_PART:
                    raise Unreadable("large")
                yield block

    def _whole(self, path: str) -> ET.Element:
        with self._opened(path) as part:
            raw = part.read(LARGEST_TABLE + 1)
        if len(raw) > LARGEST_TABLE:
            raise Unreadable("large")
        return ET.fromstring(raw, ET.XMLParser(target=_Tree()))  # noqa: S314 - in a child with limits, without entities

    def _opened(self, path: str) -> IO[bytes]:
        name = self._names.get(path.lower())
        if name is None:
            raise Unreadable
        return self._zip.open(name)

    def _related(self, path: str) -> Iterator[tuple[str, str, str]]:
        """(last word of the kind, path, id) of what a part names."""
        folder, name = posixpath.split(path)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels.lower() not in self._names:
            return
        for each in self._whole(rels):
            target = each.get("Target", "")
            whole = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.normpath(posixpath.join(folder, target))
            )
            yield each.get("Type", "").rpartition("/")[2], whole, each.get("Id", "")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def unescaped(text: str) -> str:
    """`_x000D_` as the character that it means; halves of characters stay as they are written."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(
        lambda found: found[0] if 0xD800 <= int(found[1], 16) < 0xE000 else chr(int(found[1], 16)), text
    )


def column_at(letters: str) -> int:
    """A → 0, AA → 26."""
    at = 0
    for each in letters:
        at = at * 26 + ord(each) - 64
    return at - 1
