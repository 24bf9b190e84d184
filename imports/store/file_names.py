"""The name of an import's file may name a person: who sees masks sees its kind alone, and so does everybody once its source is erased."""

from __future__ import annotations

import re
from typing import Any

from gate.reading.shown import verdict_on
from models.data_classes import PERSONAL
from models.registry import NOUNS
from policies.actor import Actor
from policies.effects import Effect

Document = dict[str, Any]
_KIND = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def nameless(name: str) -> str:
    """A file's name without what a person chose of it: ＊＊＊.csv."""
    kind = _KIND.search(name)
    return f"＊＊＊{kind[0] if kind else ''}"


def as_seen(actor: Actor, run: Document) -> Document:
    """An import with its file's name as this actor may see it."""
    noun, file = NOUNS.get(str(run.get("noun"))), run.get("file")
    if noun is None or not file:
        return run
    personal = (each for each in noun if each.data_class in PERSONAL and not each.is_system)
    # guard: import-file-name
    if all(verdict_on(actor, each, "detail", run["institution"]).effect >= Effect.SHOW for each in personal):
        return run
    return {**run, "file": {**file, "name": nameless(str(file["name"]))}}
