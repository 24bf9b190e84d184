"""Who may know which planted value, by which exit: declarations and policy, put to every place of the stage."""

from __future__ import annotations

from bson import ObjectId
from mongoengine.connection import get_db

from accounts.accounts import account
from models.data_classes import PERSONAL
from models.registry import NOUNS
from policies.actor import Actor
from policies.effects import Effect
from policies.verdict import Ask, Verdict, decide, judge, may, reach
from tests.proofs.stage import Place

EXIT_OF = {
    "index_view": "list", "search": "list", "batch": "list", "export_csv": "export", "export_xlsx": "export",
    "print_card": "print", "print_list": "print", "history_view": "history", "choices_view": "choice", "file": "file",
    "edit_view": "form", "create_view": "form",
}  # fmt: skip
"""A noun's endpoint → the exit by which values leave there; every other shows records by their detail."""


def acting(login_id: str) -> Actor:
    """The actor of an account, from the world that the application is turned to."""
    found = get_db()["users"].find_one({"login_id": login_id}, {"_id": 1})
    assert found is not None, login_id
    known = account(str(found["_id"]), address="127.0.0.1")
    assert known is not None, login_id
    return known.actor


def verdict(actor: Actor, place: Place, exit_: str) -> Verdict:
    """What policy says of the value at a place."""
    return decide(actor, Ask(place.noun, place.name, str(place.field.data_class), exit_, place.house))


def within_reach(actor: Actor, place: Place) -> bool:
    """Whether the record may be read at all."""
    return bool(may(actor, place.noun, "read", place.house))


def known(actor: Actor, place: Place, exit_: str, page: str = "") -> bool:
    """Whether the value may stand in full in what leaves by this exit, on a page of that noun.

    A record that is only named on another noun's page shows what a choice would, and no more than the exit's ceilings.
    """
    if (
        place.noun == "user"
        and place.record == actor.user
        and place.name == "display_name"
        and not place.past
    ):
        return True  # it stands in the frame of everybody's own pages
    if exit_ != "api" and offered(actor, place):
        return True
    if page != "user" and named_on_papers(actor, place):
        return True
    if place.past:
        return exit_ == "history" and verdict(actor, place, "history").effect >= Effect.SHOW
    by = "detail" if exit_ == "history" else exit_
    if page and page != place.noun and place.name in NOUNS[place.noun].naming:
        scope = actor.scope_of(place.house)
        ask = Ask(place.noun, place.name, str(place.field.data_class), by, place.house)
        return bool(scope and verdict(actor, place, "choice") and judge(actor.role, ask, scope))
    return verdict(actor, place, by).effect >= Effect.SHOW


def offered(actor: Actor, place: Place) -> bool:
    """Whether it names a term of this actor's government: every form, filter and cell may say it (decision 0037)."""
    named = place.noun == "term" and place.name in ("code", "label", "label_en", "aliases")
    return named and not place.past and actor.scope_of(place.house) is not None


def named_on_papers(actor: Actor, place: Place) -> bool:
    """Whether a colleague's name may stand on a paper that this actor reads, or be offered for one (decision 0015)."""
    if (place.noun, place.name, place.past) != ("user", "display_name", False):
        return False
    papers = [noun.name for noun in NOUNS.values() if any(each.kind == "colleague" for each in noun)]
    colleague = place.house == actor.institution or place.house in actor.oversees
    # Who comes to work must be named on the request, to the whole government.
    named = colleague or (actor.scope_of(place.house) is not None and _is_contractor(place.record))
    return named and any(reach(actor, each, "read") for each in papers)


def _is_contractor(user: str) -> bool:
    found = get_db()["users"].find_one({"_id": ObjectId(user)}, {"role": 1}) or {}
    role = get_db()["roles"].find_one({"_id": found.get("role")}, {"role_kind": 1}) or {}
    return role.get("role_kind") == "contractor"


def is_personal(place: Place) -> bool:
    """Whether it may never stand in an address or a log, whoever asks."""
    return place.field.data_class in PERSONAL


def exit_of(endpoint: str) -> tuple[str, str]:
    """The exit of an endpoint of the application, and the noun whose page it is."""
    blueprint, _, function = endpoint.rpartition(".")
    if blueprint in NOUNS:
        return EXIT_OF.get(function, "detail"), blueprint
    return ("api", "") if blueprint.startswith("api") else ("list", "")
