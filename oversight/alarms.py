"""Alarms: what in the ledgers deserves a person's look. Computed when asked for; nothing is stored twice.

The limits are data: a document of `alarm_limits` whose id is the institution changes them for its chain.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any
from zoneinfo import ZoneInfo

from mongoengine.connection import get_db

from audit.chain import SITE, chain

Document = dict[str, Any]
Words = tuple[str, str]
ZONE = ZoneInfo("Asia/Tokyo")
HOUR = timedelta(hours=1)

KINDS: dict[str, Words] = {
    "mass": ("短時間に多くの人を閲覧", "Many people seen in an hour"),
    "night": ("夜間の使用", "Use at night"),
    "locked": ("アカウントのロック", "Account locked"),
    "outside": (
        "許可されていない場所から繰り返し試された",
        "Tried again and again from where it is not allowed",
    ),
    "spray": ("一つの場所から多くのIDでサインインの失敗", "One place failed with many login ids"),
    "refused": ("拒否の繰り返し", "Refused again and again"),
    "network": ("初めてのネットワークからのサインイン", "Sign-in from a new network"),
    "console": ("操作卓でのアカウントの承認", "Account approved at the console"),
    "limit": ("1時間の上限に達した", "Hourly limit reached"),
}
REFUSALS = frozenset({"refused", "sign_in_failed", "code_wrong", "locked_out", "network_refused"})
SPENT = frozenset({"limit_reached", "lookups_spent"})
LOCKS = {
    "account_locked": "locked",
    "outside_locked": "outside",
    "address_locked": "spray",
    "approved_at_console": "console",
}
"""Act → the alarm that each one of it is."""


@dataclass(frozen=True)
class Limits:
    """From when on something is an alarm."""

    subjects_an_hour: int = 200
    refusals_an_hour: int = 10
    night_from: int = 22
    night_to: int = 5
    """Hours of the day in Japan; the night holds the first and not the last."""
    network_days: int = 90
    """So far back a network counts as known."""


@dataclass(frozen=True)
class Alarm:
    """One alarm. `kind` is a key of KINDS; `count` is of people, acts, refusals, or 1; `actor` "" when nobody is known."""

    kind: str
    institution: str
    actor: str
    at: datetime
    count: int
    detail: str = ""


def limits_of(institution: str) -> Limits:
    """The limits of an institution: its own where it has some, ours elsewhere."""
    own = get_db()["alarm_limits"].find_one({"_id": institution}) or {}
    names = {each.name for each in fields(Limits)}
    return Limits(**{name: int(value) for name, value in own.items() if name in names})


def keep_limits(institution: str, limits: Limits) -> None:
    """From now on these hold for an institution."""
    get_db()["alarm_limits"].update_one({"_id": institution}, {"$set": asdict(limits)}, upsert=True)


def alarms(institutions: Iterable[str], since: datetime, until: datetime) -> list[Alarm]:
    """The alarms of these chains in a time, newest first. All entries of that time are read: let it be weeks, not years.

    Of the site's own chain, where acts stand of which nobody's institution is known, only the locks: the rest is
    anybody's mistyping. One that an institution's chain has told of already is not told again.
    """
    found: list[Alarm] = []
    for institution in institutions:
        asked = {
            "institution": institution,
            "at": {"$gte": since, "$lt": until},
            "kind": {"$in": ["disclosure", "event"]},
        }
        shown = {"at": 1, "actor": 1, "action": 1, "subjects": 1, "detail": 1}
        acts = list(chain().find(asked, shown))
        if institution == SITE:
            told = {(each.kind, each.detail) for each in found}
            found += [each for each in _locked(SITE, acts) if (each.kind, each.detail) not in told]
            continue
        limits = limits_of(institution)
        found += _mass(institution, acts, limits)
        found += _night(institution, acts, limits)
        found += _refused(institution, acts, limits)
        found += _locked(institution, acts)
        found += _spent(institution, acts)
        found += _networks(institution, acts, limits, since)
    return sorted(found, key=lambda each: each.at, reverse=True)


def _mass(institution: str, acts: list[Document], limits: Limits) -> Iterator[Alarm]:
    seen: defaultdict[tuple[str, datetime], set[str]] = defaultdict(set)
    for each in acts:
        if each["action"] == "seen":
            seen[each["actor"], _hour(each["at"])].update(each["subjects"])
    for (actor, hour), subjects in seen.items():
        if len(subjects) > limits.subjects_an_hour:
            yield Alarm("mass", institution, actor, hour, len(subjects))


def _night(institution: str, acts: list[Document], limits: Limits) -> Iterator[Alarm]:
    nights: Counter[tuple[str, datetime]] = Counter()
    for each in acts:
        if each["actor"] and each["actor"] != "console" and _at_night(each["at"], limits):
            nights[each["actor"], _hour(each["at"])] += 1
    for (actor, hour), count in nights.items():
        yield Alarm("night", institution, actor, hour, count)


def _refused(institution: str, acts: list[Document], limits: Limits) -> Iterator[Alarm]:
    refusals: Counter[tuple[str, datetime]] = Counter()
    for each in acts:
        if each["action"] in REFUSALS:
            refusals[each["actor"], _hour(each["at"])] += 1
    for (actor, hour), count in refusals.items():
        if count > limits.refusals_an_hour:
            yield Alarm("refused", institution, actor, hour, count)


def _spent(institution: str, acts: list[Document]) -> Iterator[Alarm]:
    spent: dict[tuple[str, datetime], Document] = {}
    for each in acts:
        if each["action"] in SPENT:
            spent.setdefault((each["actor"], _hour(each["at"])), each)
    for (actor, hour), act in spent.items():
        yield Alarm("limit", institution, actor, hour, 1, act.get("detail", ""))


def _locked(institution: str, acts: list[Document]) -> Iterator[Alarm]:
    for each in acts:
        if kind := LOCKS.get(each["action"]):
            yield Alarm(kind, institution, each["actor"], each["at"], 1, each.get("detail", ""))


def _networks(institution: str, acts: list[Document], limits: Limits, since: datetime) -> Iterator[Alarm]:
    signed_in = sorted(
        (each for each in acts if each["action"] == "signed_in"), key=lambda act: (act["at"], act["_id"])
    )
    known: defaultdict[str, set[str]] = defaultdict(set)
    for actor in {each["actor"] for each in signed_in}:
        before = {"actor": actor, "at": {"$gte": since - timedelta(days=limits.network_days), "$lt": since}}
        earlier = chain().find({**before, "action": "signed_in"}, {"detail": 1})
        known[actor] = {network(each.get("detail", "")) for each in earlier}
    for each in signed_in:
        here = network(each.get("detail", ""))
        # The first sign-in of all tells nothing: there is nothing to hold it against.
        if known[each["actor"]] and here not in known[each["actor"]]:
            yield Alarm("network", institution, each["actor"], each["at"], 1, here)
        known[each["actor"]].add(here)


def network(address: str) -> str:
    """The network of an address: its /24, or its /64 in IPv6; "" when it is none."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ip_network(f"{found}/{24 if found.version == 4 else 64}", strict=False))


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _at_night(at: datetime, limits: Limits) -> bool:
    hour = at.astimezone(ZONE).hour
    if limits.night_from <= limits.night_to:
        return limits.night_from <= hour < limits.night_to
    return hour >= limits.night_from or hour < limits.night_to
