"""Saved views: a question of a list and its columns, by name, with the account or with the institution.

They stand in the documents that every request reads anyway, so a list asks nothing more of the store to name them. Words
and masks that may name a person are never saved (law 5), and whoever opens a view asks it with their own rights (law 2).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gate.lists.storable_questions import require_storable
from gate.reading.questions import MASKED, Filter, Question
from gate.refusals import BadQuestion, NotFound, Refused, only_reads
from gate.store.collections import key_of, records_of
from models.declaration import Noun
from models.registry import NOUNS
from policies.actor import Actor
from policies.effects import Effect
from policies.saved import keeps_views
from policies.verdict import Verdict, may, reach

Document = dict[str, Any]
VIEWS = "views"
AT_MOST = 40
NAME_AT_MOST = 40


@dataclass(frozen=True, slots=True)
class View:
    """A saved view. `house`: the institution that it was saved for; empty, one person's own."""

    id: str
    noun: str
    name: str
    asked: tuple[tuple[str, str], ...]
    """As an address asks it: (name, value)."""
    columns: tuple[str, ...] | None
    """The columns that it brings along; None: the reader's own."""
    house: str = ""


def views_of(document: Mapping[str, Any], institution: str = "") -> tuple[View, ...]:
    """The views that a stored account or institution holds; what is not of their shape is none."""
    found = document.get(VIEWS)
    return tuple(_view(each, institution) for each in found) if isinstance(found, list) else ()


def _view(stored: Mapping[str, Any], institution: str) -> View:
    columns = stored.get("columns")
    return View(
        stored["id"],
        stored["noun"],
        stored["name"],
        tuple((name, value) for name, value in stored["asked"]),
        None if columns is None else tuple(columns),
        institution,
    )


def asked_of(question: Question) -> dict[str, str]:
    """A question as an address asks it, without its place in the list; masked forms are left out."""
    asked = {named(each): each.value for each in question.filters if each.operator != MASKED}
    more = {"institution": question.institution, "q": question.text, "sort": question.sort,
            "desc": "1" if question.descending else ""}  # fmt: skip
    return {name: value for name, value in more.items() if value} | asked


def named(asked: Filter) -> str:
    """What a condition is called in an address."""
    return f"f.{asked.field}" if asked.operator == "is" else f"f.{asked.field}.{asked.operator}"


def save_view(
    actor: Actor,
    noun: Noun,
    name: str,
    question: Question,
    columns: Iterable[str] | None,
    *,
    for_house: bool = False,
) -> str:
    """Keep a question under a name; its id.

    Raises:
        BadQuestion: no name, one that is taken, too many, or a question that nobody could be answered.
        Refused: it would not be answered to this actor; or for the institution, by one who does not run it.
    """
    _may_keep(actor, noun, for_house)
    require_storable(actor, noun, question)
    name = " ".join(name.split())
    if not name or len(name) > NAME_AT_MOST:
        raise BadQuestion((
            f"名前を{NAME_AT_MOST}字までで入れてください。", f"Give it a name of at most {NAME_AT_MOST} characters.",
        ))  # fmt: skip
    id_ = secrets.token_hex(12)
    stored = {"id": id_, "noun": noun.name, "name": name, "asked": [list(each) for each in asked_of(question).items()],
              "columns": None if columns is None else list(columns)}  # fmt: skip
    of, key = _holder(actor, for_house)
    free = {
        VIEWS: {"$not": {"$elemMatch": {"noun": noun.name, "name": name}}},
        f"{VIEWS}.{AT_MOST - 1}": {"$exists": False},
    }
    if not records_of(of).update_one({"_id": key, **free}, {"$push": {VIEWS: stored}}).modified_count:
        raise BadQuestion((
            f"同じ名前があるか、{AT_MOST}件に達しています。名前を変えるか、古いものを消してください。",
            f"The name is taken, or there are {AT_MOST} already; choose another, or remove old ones.",
        ))  # fmt: skip
    return id_


def drop_view(actor: Actor, view: View) -> None:
    """Take a view away: one's own, or the institution's by those who run it.

    Raises:
        NotFound: it is not there.
        Refused: it is somebody else's.
    """
    _may_keep(actor, NOUNS[view.noun], bool(view.house))
    if view.house not in ("", actor.institution):
        raise Refused(_not_theirs())
    of, key = _holder(actor, bool(view.house))
    if not records_of(of).update_one({"_id": key}, {"$pull": {VIEWS: {"id": view.id}}}).modified_count:
        raise NotFound


def shared_view(actor: Actor, noun: Noun, id_: str) -> View:
    """A colleague's view, or that of an institution of the same government, by its link.

    Raises:
        NotFound: there is none within reach, or it is of another kind of record: the answers are one.
    """
    institutions = [actor.institution, *sorted(actor.supervised)]
    for of in (NOUNS["user"], NOUNS["institution"]):
        asked = {"institution": {"$in": institutions}, f"{VIEWS}.id": id_}
        document = records_of(of).find_one(asked, {VIEWS: 1}) if id_ else None
        institution = str(document["_id"]) if document and of.is_institution else ""
        for each in views_of(document or {}, institution):
            if each.id == id_ and each.noun == noun.name:
                return each
    raise NotFound


def _holder(actor: Actor, for_house: bool) -> tuple[Noun, Any]:
    noun = NOUNS["institution" if for_house else "user"]
    return noun, key_of(noun, actor.institution if for_house else actor.user)


def _may_keep(actor: Actor, noun: Noun, for_house: bool) -> None:
    only_reads(actor)
    if not reach(actor, noun.name, "read"):
        raise Refused(may(actor, noun.name, "read", actor.institution))
    if for_house and not keeps_views(actor):
        raise Refused(_not_theirs())


def _not_theirs() -> Verdict:
    return Verdict(Effect.HIDE, "saved-views", (
        "館の条件は、その館の管理者が保存・削除します。自分用に保存できます。",
        "Views of an institution are kept by those who run it. You can save one for yourself.",
    ))  # fmt: skip
