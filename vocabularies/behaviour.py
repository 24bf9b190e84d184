"""What a write of terms does beyond its fields: no two of a name, nothing retired that the code needs, former names kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from gate.store.collections import records_of
from gate.writing.behaviours import Behaviour
from gate.writing.changes import Batch, Change
from japanese.keys import search_key
from models.data_classes import Words
from models.registry import NOUNS
from models.vocabularies import VOCABULARIES
from vocabularies.starting import REASON
from vocabularies.state import expire_terms_around

Document = dict[str, Any]
TERM, INSTITUTION = NOUNS["term"], NOUNS["institution"]
NAMED = frozenset({"label", "label_en", "retired_on"})
"""Fields whose change can make two terms in use have one name."""
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
CLOSED: Words = (
    "この語彙には語を加えられません。呼び方と順だけ変えられます。",
    "No term can be added to this vocabulary; its terms can be renamed and sorted.",
)
MALFORMED: Words = (
    "英数字で始め、英数字と _ - で60字以内にしてください。",
    "Begin with a letter or digit; at most 60 letters, digits, _ and -.",
)
SHARED_CODE: Words = (
    "共通の語のコードに - は使えません(館だけの語のしるしです)。",
    "The code of a shared term has no hyphen: that is the mark of one institution's own.",
)
NEEDED: Words = (
    "システムの動きがこの語で決まるため、廃止できません。呼び方は変えられます。",
    "The application depends on this term, so it cannot be retired. It can be renamed.",
)
MERGED: Words = (
    "ほかの語にまとめられています。まとめを取り消すと戻ります。",
    "It was merged into another term; undo the merge to bring it back.",
)


def shared_by(institution: str) -> str:
    """The institution whose terms hold for this one too: its supervisor, or itself."""
    found = records_of(INSTITUTION).find_one({"_id": institution}, {"supervisor": 1}) or {}
    return str(found.get("supervisor") or institution)


def is_needed(vocabulary: str, code: str) -> bool:
    """Whether the code depends on a term: all that a closed vocabulary begins with, and what an open one names."""
    known = VOCABULARIES.get(vocabulary)
    return known is None or not known.is_open or code in known.needed


def _check(batch: Batch) -> None:
    if batch.reason == REASON:
        return
    for change in batch.open():
        whole = change.whole
        if change.is_new:
            change.wrong |= _wrong_beginning(whole)
        if change.kept.get("retired_on") and is_needed(whole.get("vocabulary", ""), whole.get("code", "")):
            change.wrong["retired_on"] = NEEDED
        if "retired_on" in change.kept and whole.get("merged_into") and "merged_into" not in change.kept:
            change.wrong["retired_on"] = MERGED
        if (change.is_new or NAMED & set(change.kept)) and not whole.get("retired_on"):
            change.wrong |= _same_name(whole)


def _wrong_beginning(whole: Document) -> dict[str, Words]:
    vocabulary, code, institution = (
        str(whole.get(each) or "") for each in ("vocabulary", "code", "institution")
    )
    wrong: dict[str, Words] = {}
    if (known := VOCABULARIES.get(vocabulary)) is not None and not known.is_open:
        wrong["vocabulary"] = CLOSED
    if not CODE.fullmatch(code):
        wrong["code"] = MALFORMED
    elif shared_by(institution) != institution:
        # Then no two institutions can give one code to two terms, whatever they do at the same moment.
        if not code.startswith(f"{institution}-"):
            wrong["code"] = (
                f"この館だけの語のコードは「{institution}-」で始めてください。",
                f"Begin the code of this institution's own term with “{institution}-”.",
            )
    elif "-" in code:
        wrong["code"] = SHARED_CODE
    return wrong


def _same_name(whole: Document) -> dict[str, Words]:
    """Another term in use that is called the same at this institution: nobody could tell which is meant."""
    institution = str(whole["institution"])
    asked = {
        "vocabulary": whole.get("vocabulary"),
        "institution": {"$in": sorted({institution, shared_by(institution)})},
        "retired_on": None,
        "_id": {"$ne": whole.get("_id")},
    }
    wrong: dict[str, Words] = {}
    for other in records_of(TERM).find(asked, {"label": 1, "label_en": 1}):
        taken = {search_key(other["label"]), search_key(other["label_en"])}
        for name in ("label", "label_en"):
            if search_key(str(whole.get(name) or "")) in taken:
                said = whole[name]
                wrong[name] = (
                    f"「{said}」はすでにあります。別の語にするか、そちらとまとめてください。",
                    f"“{said}” is there already. Choose another, or merge the two.",
                )
    return wrong


def _derive(batch: Batch) -> None:
    """What a renamed term was called stays known: files and searches go on using it."""
    for change, before in batch.edits():
        gone = [before[name] for name in ("label", "label_en") if name in change.kept]
        if not gone:
            continue
        names = [*(change.whole.get("aliases") or ()), *gone]
        present = {change.whole.get("label"), change.whole.get("label_en")}
        change.set({"aliases": [each for each in dict.fromkeys(names) if each not in present]})


def _around_write(batch: Batch) -> AbstractContextManager[None]:
    return expire_terms_around(_institutions(batch.open()))


def _institutions(changes: Iterable[Change]) -> set[str]:
    return {str((each.before or each.after)["institution"]) for each in changes}


BEHAVIOUR = Behaviour(check=_check, derive=_derive, around_write=_around_write)
