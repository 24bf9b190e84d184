"""The limits of an institution: of its ledgers' alarms, and of what its accounts may do in an hour. Read by who audits
it, set by who operates it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from audit.events import note
from gate.refusals import Invalid, NotFound, Refused
from gate.store import hourly_limits
from models.data_classes import Words
from oversight.alarms import Limits, keep_limits, limits_of
from oversight.trail import houses
from policies.actor import Actor
from policies.verdict import may, reach

BOUNDS: dict[str, tuple[int, int]] = {
    "subjects_an_hour": (1, 100_000),
    "refusals_an_hour": (1, 10_000),
    "night_from": (0, 23),
    "night_to": (0, 23),
    "network_days": (1, 3_650),
    **hourly_limits.BOUNDS,
}
"""Name → least and most."""
TOLD = 5
"""Numbers that an entry of the operation history has room for."""


def with_limits(actor: Actor) -> list[str]:
    """The institutions whose limits this actor may see: those audited, and those operated."""
    return sorted(houses(actor) | reach(actor, "institution", "edit"))


def may_set(actor: Actor, institution: str) -> bool:
    """Whether this actor sets the limits of an institution: whoever operates it."""
    return bool(may(actor, "institution", "edit", institution))


def alarm_limits(actor: Actor, institution: str) -> dict[str, int]:
    """The limits in force: name, of BOUNDS → number.

    Raises:
        Refused: this actor audits and operates nothing. NotFound: not this institution.
    """
    found = with_limits(actor)
    if not found:
        raise Refused(may(actor, "institution", "edit", actor.institution))
    if institution not in found:
        raise NotFound
    return asdict(limits_of(institution)) | hourly_limits.hourly_limits_of(institution)


def set_alarm_limits(actor: Actor, institution: str, given: Mapping[str, str]) -> None:
    """Set all limits of an institution; the operation history is told which numbers hold from now on.

    Raises:
        Refused, NotFound: as above, or the actor does not operate it.
        Invalid: a number that is none, or out of bounds; by name.
    """
    alarm_limits(actor, institution)
    if not may_set(actor, institution):
        raise Refused(may(actor, "institution", "edit", institution))
    wrong: dict[str, Words] = {}
    numbers: dict[str, int] = {}
    for name, (least, most) in BOUNDS.items():
        text = given.get(name, "").strip()
        if not (text.isascii() and text.isdecimal() and len(text) < 9 and least <= int(text) <= most):
            wrong[name] = (
                f"{least}から{most}までの整数を入力してください。",
                f"A whole number from {least} to {most}, please.",
            )
        else:
            numbers[name] = int(text)
    if wrong:
        raise Invalid(wrong)
    before = alarm_limits(actor, institution)
    changed = [f"{name}={value}" for name, value in numbers.items() if value != before[name]]
    for at in range(0, max(1, len(changed)), TOLD):
        said = " ".join(changed[at : at + TOLD])
        note("alarm_limits_set", actor=actor.user, institution=institution, noun="institution", detail=said)
    keep_limits(institution, Limits(**{name: numbers[name] for name in asdict(Limits())}))
    hourly_limits.keep_hourly_limits(institution, {name: numbers[name] for name in hourly_limits.DEFAULTS})
