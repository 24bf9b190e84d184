"""Two databases that differ only in what one person may not know, and the same request asked of both."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from pymongo import monitoring
from pymongo.database import Database
from werkzeug.test import TestResponse

from accounts.tokens import make_token
from models.registry import NOUNS
from policies import masks
from policies.actor import Actor
from policies.effects import Effect
from policies.exits import NEEDS
from policies.rules import RULES
from tests.proofs.browsing import Visitor, text_of
from tests.proofs.conftest import House
from tests.proofs.knowing import acting, known, named_on_papers, verdict, within_reach
from tests.proofs.planted import planted
from tests.proofs.stage import Place, Stage, build
from tests.written import Written

Document = dict[str, Any]
WARD = frozenset({"section", "shinjuku", "soseki"})
PARTS: dict[str, frozenset[str]] = {
    "everywhere": frozenset(NEEDS),
    "lists": frozenset({"list", "search", "filter", "sort", "count", "choice", "lookup"}),
    "exports": frozenset({"export", "api"}),
}
"""Part → the exits that its requests use; its worlds differ in what is withheld by every one of them."""


NAMED_BY = frozenset({"list", "detail", "form", "choice", "export", "print", "api"})
"""Exits by which a record may be named on another noun's page."""


def effect(who: Actor, place: Place, part: str) -> Effect:
    """The most that this person has of a value by any exit of the part."""
    if in_the_frame(who, place):
        return Effect.SHOW
    if not within_reach(who, place):
        return Effect.HIDE
    exits: Iterable[str] = ["history"] if place.past else PARTS[part] - {"history"}
    if place.past and part != "everywhere":
        return Effect.SHOW
    if any(known(who, place, each, "another noun's page") for each in exits if each in NAMED_BY):
        return Effect.SHOW
    # A mask shows the same by every exit, so that MASK here and HIDE there is MASK.
    return max(verdict(who, place, each).effect for each in exits)


def in_the_frame(who: Actor, place: Place) -> bool:
    """What stands around everybody's own pages: their account, their role, the houses of their government."""
    if place.noun == "user":
        return place.record == who.user or named_on_papers(who, place)
    if place.noun == "role":
        return place.record == who.role.id
    if place.noun == "institution" and place.name in ("session_idle", "session_longest", "stale_days"):
        # How long their own sessions last, and when a draft of theirs counts as stale, is told to everybody there.
        return place.house == who.institution
    if place.noun == "institution" and place.name == "managers_unlock" and who.role.role_kind == "manager":
        # Whose accounts they may unlock is told on the page of locked ones.
        return place.house in {who.institution, *who.oversees}
    return place.noun == "institution" and who.scope_of(place.house) is not None and place.name == "colour"


def values(who: Actor, part: str, second: bool) -> Callable[[Place], Any]:
    """What stands at each place in the first or the second of the two worlds."""

    def value(place: Place) -> Any:
        had = effect(who, place, part)
        if had >= Effect.SHOW:
            return planted(place.field, place.n)
        kind = place.n % 3
        free = not (
            place.field.required or place.name == NOUNS[place.noun].number or _tells_empty(who, place, part)
        )
        if kind == 1 and free and place.field.kind in ("text", "long_text", "telephone", "email", "postcode"):
            # Nothing against something of which a mask, too, has nothing to say.
            return (
                (None if place.n % 2 == second else _unsaid(place))
                if had is Effect.MASK
                else _or_none(place, second)
            )
        if kind == 2 and free and had is Effect.HIDE:
            return _or_none(place, second)
        return planted(place.field, place.n, twin=second)

    return value


def _tells_empty(who: Actor, place: Place, part: str) -> bool:
    """Who sees in lists that a field is empty is told so by what leaves, too (gate.reading.judging.Plans.tells_empty)."""
    return part == "exports" and verdict(who, place, "list").effect >= Effect.SHOW


def _or_none(place: Place, second: bool) -> Any:
    return None if place.n % 2 == second else planted(place.field, place.n, twin=second)


def _unsaid(place: Place) -> str:
    mask = RULES[place.noun].masks.get(place.name, "")
    for said in (f"不詳zq{place.n:06d}x", str(planted(place.field, place.n))):
        if masks.apply(mask, said) == masks.HIDDEN:
            return said
    return f"不詳zq{place.n:06d}x"


def stage_for(who: Actor, part: str, second: bool) -> Stage:
    """The stage of one of the two worlds; the second has fewer records where this person reaches none."""
    stage = build(values(who, part, second))
    if second:
        mine = WARD if who.institution in WARD else {who.institution}
        for noun in NOUNS.values():
            if noun.name in ("institution", "user", "role"):
                continue
            name = str(noun.document._meta["collection"])
            stage.documents[name] = [
                each for at, each in enumerate(stage.documents[name]) if at % 2 or each["institution"] in mine
            ]
    return stage


WRITES = Written()
monitoring.register(WRITES)


@dataclass
class World:
    """One of the two: its database, how it stood at the beginning, and this person's browser in it."""

    name: str
    database: Database[Document]
    stood: dict[str, list[Document]]
    visitor: Visitor
    bearer: dict[str, str]
    part: str
    cookie: str = ""
    made: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def put_back(self) -> None:
        """As it stood."""
        for collection in sorted(WRITES.take(self.database.name)):
            if not collection.startswith("fs."):
                self.database[collection].delete_many({})
                if documents := self.stood.get(collection):
                    self.database[collection].insert_many(documents)
        WRITES.take(self.database.name)  # it was heard as well, and stands as it stood
        self.visitor.client.set_cookie("shuzoko", self.cookie)
        self.made.clear()
        self.lines.clear()


def open_worlds(house: House, login_id: str, part: str) -> tuple[World, World]:
    """The two worlds of one person."""
    house.empty("first")
    build().store(house.turn_to("first"))
    who = acting(login_id)
    cookie = Visitor(house.app, login_id).cookie
    sessions = list(house.turn_to("first")["sessions"].find())
    return (
        _open(house, who, part, "first", cookie, sessions),
        _open(house, who, part, "second", cookie, sessions),
    )


def _open(house: House, who: Actor, part: str, name: str, cookie: str, sessions: list[Document]) -> World:
    house.empty(name)
    database = house.turn_to(name)
    stage_for(who, part, name == "second").store(database)
    database["sessions"].insert_many(sessions)  # the same browser before both
    bearer = {}
    if who.role.role_kind and any(
        "api" in acts for scopes in who.role.actions.values() for acts in scopes.values()
    ):
        token = make_token(who, "二つの世界", 30, pepper=house.app.config["PEPPER"])
        bearer = {"Authorization": f"Bearer {token}"}
    kept = {each: list(database[each].find()) for each in database.list_collection_names() if "." not in each}
    return World(name, database, kept, Visitor(house.app, who.login_id, cookie), bearer, part, cookie)


NOISE = [
    (re.compile(r'name="csrf_token"( id="[^"]*")? value="[^"]*"'), "csrf"),
    (re.compile(r'content="[^"]{60,}"'), "token"),
    (re.compile(r'name="_once" value="[^"]*"'), "once"),
    (re.compile(r'name="draw" value="\d+"'), "draw"),
    (re.compile(r"query=[\w-]{20,}"), "query=…"),
    (re.compile(r"20(?:2[5-9]|3\d)-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?Z?)?)?"), "now"),
    (re.compile(r"\b\d\d:\d\d(?::\d\d)?\b"), "now"),
]
LISTED = re.compile(
    r"(?:※書き出しの注記: )?(?:一覧の約?[\d,]+[件点](?:すべて|のうち、約?[\d,]+[件点])です。|"
    r"[^。<>\n:]*の約?[\d,]+[件点]は、あなたの役割では持ち出せないため含みません。)\s*"
)
"""What is said of how much of the list leaves (views.records.out.scopes)."""
CHANGING_HEADS = ("Set-Cookie", "Content-Length", "Retry-After")
ID = re.compile(
    r"(?<![0-9a-f])(?!65f0)[0-9a-f]{24}(?![0-9a-f])|(?<=value=\")(?!0000)(?:[0-9a-f]{16}|[0-9a-f]{8})(?=\")"
)


def plain(world: World, text: str) -> str:
    """A text without what differs between any two answers; new ids by the order in which they appear.

    What leaves says of how many in the list it is a part: that list is seen by who asks for it, so that it is no news.
    """
    if world.part == "exports":
        text = LISTED.sub("", text)
    return ID.sub(
        lambda found: world.made.setdefault(found[0], f"new-{len(world.made)}"), without_noise(text)
    )


def without_noise(text: str) -> str:
    """A text without tokens and the present time."""
    for pattern, said in NOISE:
        text = pattern.sub(said, text)
    return text


def answered(world: World, answer: TestResponse) -> dict[str, str]:
    """All that came back, comparable."""
    heads = "\n".join(f"{k}: {v}" for k, v in answer.headers if k not in CHANGING_HEADS)
    session = {k: v for k, v in world.visitor.session.items() if k not in ("csrf_token", "_id", "fresh_at")}
    return {
        "status": str(answer.status_code),
        "body": plain(world, text_of(answer)),
        "heads": plain(world, heads),
        "session": plain(
            world,
            json.dumps(
                {k: v for k, v in session.items() if not isinstance(v, float | int) or isinstance(v, bool)},
                default=str,
                sort_keys=True,
            ),
        ),
    }


def written(world: World) -> list[str]:
    """The shape of what the ledgers were told."""
    told = []
    for name in ("ledger", "disclosures"):
        before = {each["_id"] for each in world.stood.get(name, [])}
        for each in world.database[name].find().sort("at", 1):
            if each["_id"] not in before:
                kept = {k: v for k, v in each.items() if k not in ("_id", "at", "stream", "place", "mac")}
                told.append(
                    plain(
                        world, f"{name} {json.dumps(kept, default=str, sort_keys=True, ensure_ascii=False)}"
                    )
                )
    return sorted(told)


class Lines(logging.Handler):
    """What the application logs while a world is asked."""

    def __init__(self, world: World) -> None:
        super().__init__(logging.INFO)
        self.world = world

    def emit(self, record: logging.LogRecord) -> None:
        self.world.lines.append(re.sub(r"number [0-9a-f]{8}", "number", record.getMessage()))


def differences(first: dict[str, str], second: dict[str, str]) -> str:
    """The first line that differs, from both sides; empty where nothing does."""
    for part, said in first.items():
        if said != second[part]:
            lines = zip(said.splitlines() or [""], second[part].splitlines() or [""], strict=False)
            one, other = next(
                ((a, b) for a, b in lines if a != b), (f"{len(said)} long", f"{len(second[part])} long")
            )
            return f"{part}:\n  first:  {one.strip()[:400]}\n  second: {other.strip()[:400]}"
    return ""
