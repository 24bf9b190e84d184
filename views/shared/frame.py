"""What stands around every page: the rail of nouns with counts, the institution, the role, the account."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, g, get_template_attribute, request
from markupsafe import Markup

from gate.reading.listing import count
from gate.reading.small_counts import FEW, SUPPRESSED, suppress_small
from gate.store.counting import COUNT_CAP, FRESH_SECONDS, forget_counts
from gate.store.memory import Memory
from models.declaration import Noun
from models.registry import NOUNS
from oversight import trail
from policies.actor import Actor
from policies.verdict import reach
from settings.version import VERSION
from views.requests.addresses import address
from words import t, w
from workflows.content_check.check import institutions_counting_sent_back, sent_back_to

# Counts by institutions covered, without a personal value. Every page would otherwise count each noun of its rail, a
# question to the store for each.
_returned: Memory[tuple[str, frozenset[str]], int] = Memory(most=500, seconds=FRESH_SECONDS)
_tallies: Memory[tuple[str, frozenset[str]], int] = Memory(most=500, seconds=FRESH_SECONDS)


@dataclass
class Frame:
    """The context of layout.html; see there."""

    institution_name: str
    institution_colour: str
    role_name: str
    user_name: str
    login_id: str
    rail: Markup
    """The nouns with their counts and the rooms beside them, as links."""
    language_url: str = ""
    search_url: str = ""
    search_noun_label: str = ""
    search_method: str = "get"
    tried_on: str = ""
    version: str = VERSION


def about(number: int) -> str:
    """A count as people read it: exact up to the cap, "about" above it, "under 10" where it may not be told."""
    if number == SUPPRESSED:
        return t(f"{FEW}未満", f"under {FEW}")
    return f"{COUNT_CAP:,}+" if number > COUNT_CAP else f"{number:,}"


def tally(actor: Actor, noun: Noun) -> int:
    """How many records of a noun are within reach, at most FRESH_SECONDS old; SUPPRESSED where few people are meant."""
    key = (noun.name, reach(actor, noun.name, "read"))
    return suppress_small(actor, noun, key[1], _tallies.kept(key, lambda: count(actor, noun)))


def forget_tallies() -> None:
    """After a write, the writer sees the new count at once."""
    _tallies.clear()
    _returned.clear()
    forget_counts()


def within_reach(actor: Actor) -> list[Noun]:
    """The nouns of which this actor may read something."""
    return [noun for noun in NOUNS.values() if reach(actor, noun.name, "read")]


def frame() -> Frame | None:
    """The frame of the signed-in person; None where nobody is."""
    account = g.get("account")
    if account is None:
        return None
    here, readable = request.blueprint or "", within_reach(account.actor)
    nouns = (
        (
            noun.name,
            w(noun.label),
            address(f"{noun.name}.index_view"),
            about(tally(account.actor, noun)),
            here == noun.name,
        )
        for noun in readable
        if not noun.in_settings
    )
    found = Frame(
        institution_name=w(account.house.name),
        institution_colour=account.house.colour,
        role_name=w(account.actor.role.name),
        user_name=account.display_name,
        login_id=account.actor.login_id,
        rail=_rail(tuple(nouns), tuple(_places(account.actor, here))),
        language_url=address("language.choose"),
        tried_on=w(account.actor.role.name) if account.actor.behind else "",
    )
    searched = NOUNS.get(here) or next(iter(readable), None)
    if searched in readable:
        found.search_url = address(f"{searched.name}.search")
        found.search_method = "post"
        found.search_noun_label = t(f"{searched.label[0]}を検索", f"Search {searched.label[1].lower()}")
    return found


@lru_cache(200)
def _rail(
    nouns: tuple[tuple[str, str, str, str, bool], ...], places: tuple[tuple[str, str, bool], ...]
) -> Markup:
    """The same for everybody who sees the same counts on the same page."""
    found: Markup = get_template_attribute("shared/macros/frame.html", "rail")(nouns, places)
    return found


def _progress(actor: Actor) -> str:
    """The room of progress, with how many of one's own records were sent back; at most FRESH_SECONDS old."""
    # Kept by what is told of it too: a role that is edited, or tried on, holds for the next page.
    key = (actor.user, institutions_counting_sent_back(actor))
    number = _returned.kept(key, lambda: sent_back_to(actor))
    said = t("進捗", "Progress")
    return said + t(f"(差戻し {number})", f" ({number} sent back)") if number else said


def _places(actor: Actor, here: str) -> list[tuple[str, str, bool]]:
    """The rooms beside the nouns, as far as this person has something to do there."""
    found = []
    if any(reach(actor, each, "import") for each in NOUNS):
        found.append((t("データの取込", "Imports"), address("migration.index"), here == "migration"))
    if reach(actor, "item", "read"):
        found.append((_progress(actor), address("progress.show"), here.startswith("progress")))
    if reach(actor, "work_request", "read"):
        found.append((t("作業の承認・入退室", "Approvals and access"), address("work.show"), here == "work"))
    if trail.houses(actor):
        found.append((t("操作履歴・閲覧記録", "Ledgers"), address("audit.show"), here == "audit"))
    if reach(actor, "term", "edit") or reach(actor, "institution", "edit"):
        found.append((t("設定", "Settings"), address("settings.show"), here in ("settings", "vocabularies")))
    found.append((t("操作手引", "Guide (Japanese)"), address("help.contents"), here == "help"))
    return found


def register(app: Flask) -> None:
    """Give every template its frame."""
    app.context_processor(lambda: {"frame": frame()})
