"""A store as the version before the numbered upgrades wrote it (main at 1e5b0e7), kept as a small file of test data.

It holds every noun, roles with a version and a draft, the ledger with its second place, people's sessions and an import
that stopped half-way. The people are invented and the keys were made for it. The file was made once, by a checkout of
that version with this folder copied into it:

    git worktree add OLD 1e5b0e7 && cp -r tests/operations OLD/tests/ && cd OLD
    python -m tests.operations.make_former FILE

Each line is JSON: a file of `var` (`file`, `text`), an index (`collection`, `index`) or a document (`collection`,
`document`, in MongoDB's extended JSON).
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bson import json_util
from pymongo import IndexModel
from pymongo.database import Database

DUMP = Path(__file__).parent / "former.jsonl.gz"
PASSING = "system."
Document = dict[str, Any]
Everything = dict[str, dict[str, Document]]
"""Collection → a document's id as text → the document."""


def write_dump(database: Database[Document], var: Path, out: Path) -> None:
    """Write the store, and those files of `var` that belong to it, as one file that is the same for the same store."""
    lines: list[Document] = []
    for folder in ("keys", "ledger"):
        for path in sorted((var / folder).rglob("*")):
            if path.is_file():
                lines.append({"file": str(path.relative_to(var)), "text": path.read_text(encoding="utf-8")})
    for name in sorted(database.list_collection_names()):
        if name.startswith(PASSING):
            continue
        for index, told in sorted(database[name].index_information().items()):
            if index != "_id_":
                lines.append({"collection": name, "index": {"name": index, **told}})
        for each in database[name].find().sort("_id", 1):
            lines.append({"collection": name, "document": each})
    with out.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        for line in lines:
            said = json_util.dumps(line, json_options=json_util.CANONICAL_JSON_OPTIONS, ensure_ascii=False)
            file.write(said.encode() + b"\n")


def restore(database: Database[Document], var: Path) -> None:
    """Put the former version's store into an empty database, and its files into `var`."""
    indexes: dict[str, list[IndexModel]] = {}
    documents: dict[str, list[Document]] = {}
    for line in _lines():
        if "file" in line:
            path = var / line["file"]
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.write_text(line["text"], encoding="utf-8")
            path.chmod(0o600)
        elif "index" in line:
            told = {
                each: value
                for each, value in line["index"].items()
                if each not in ("v", "ns", "key", "storageEngine")
            }
            indexes.setdefault(line["collection"], []).append(IndexModel(list(line["index"]["key"]), **told))
        else:
            documents.setdefault(line["collection"], []).append(line["document"])
    for name, those in documents.items():
        database[name].insert_many(those)
    for name, models in indexes.items():
        database[name].create_indexes(models)


def everything(database: Database[Document]) -> Everything:
    """All that the store holds, but for what its time is up for: the store itself removes that at some moment."""
    now = datetime.now(UTC)

    def is_over(document: Document) -> bool:
        ends = document.get("ends_at")
        return isinstance(ends, datetime) and ends <= now

    return {
        name: {str(each["_id"]): each for each in database[name].find() if not is_over(each)}
        for name in database.list_collection_names()
        if not name.startswith(PASSING)
    }


def _lines() -> Iterator[Document]:
    options = json_util.CANONICAL_JSON_OPTIONS.with_options(tz_aware=True)
    with gzip.open(DUMP, "rt", encoding="utf-8") as file:
        for line in file:
            yield json_util.loads(line, json_options=options)
