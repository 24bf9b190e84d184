"""The saved view that an address names: one's own, the institution's, or a colleague's by its link."""

from __future__ import annotations

from collections.abc import Iterator

from flask import g, request

from gate.lists.saved_views import View, shared_view
from models.declaration import Noun
from views.requests.current_actor import actor


def opened(noun: Noun, id_: str) -> View:
    """The view of that id; one that the list names anyway is not asked of the store.

    Raises:
        NotFound: there is none within reach.
    """
    kept: dict[str, View] = g.setdefault("opened_views", {})
    if id_ not in kept:
        named = {each.id: each for each in at_hand(noun)}
        kept[id_] = named.get(id_) or shared_view(actor(), noun, id_)
    return kept[id_]


def opened_here(noun: Noun) -> View | None:
    """The view that this request's address names, if any."""
    id_ = request.args.get("view", "")
    return opened(noun, id_) if id_ else None


def at_hand(noun: Noun) -> Iterator[View]:
    """What the list offers: one's own views, then those of one's institution and of the section above it."""
    account = g.account
    yield from (each for each in account.views if each.noun == noun.name)
    for code, house in account.houses.items():
        if code == account.house.code or house.standing == "section":
            yield from (each for each in house.views if each.noun == noun.name)
