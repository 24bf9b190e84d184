"""Search over masked fields: a question is compared with exactly what the mask shows (law 2).

The mask answers everybody, also where the field is shown in full, so that no answer depends on more than what all of
its readers see.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gate.reading.shown import verdict_on
from gate.refusals import BadQuestion, Refused
from gate.store.masked_forms import masks_of
from models.declaration import Field, Noun
from policies import masks
from policies.actor import Actor
from policies.effects import Effect
from policies.verdict import Verdict

Document = dict[str, Any]
MAX_TEXT = 400


def shortened(noun: Noun, field: str, typed: str) -> str:
    """What a person typed, as the mask would show it: no more than this is kept of the question.

    Raises:
        BadQuestion: the field's mask cannot be asked for, or the words are none that it could show.
    """
    return _forms(noun, field, typed)[0]


def condition(
    actor: Actor, noun: Noun, field: str, typed: str, covered: Iterable[str], leaves: str
) -> Document:
    """The store's condition for a masked form, after policy has agreed.

    Raises:
        Refused: the field is withheld altogether somewhere within the question (400).
        BadQuestion: as shortened.
    """
    forms = _forms(noun, field, typed)
    institutions = sorted(covered)
    refused = {
        each: verdict
        for each in institutions
        if (verdict := _withheld(actor, noun, field, each, leaves)) is not None
    }
    if refused:
        told = [each for each in institutions if each not in refused]
        narrower = actor.institution if actor.institution in told else (told or [""])[0]
        raise Refused(next(iter(refused.values())), status=400, field=field, narrower=narrower)
    return {f"masked.{field}": {"$in": list(forms)}}


def offered(actor: Actor, noun: Noun, covered: Iterable[str]) -> list[Field]:
    """The fields that a list offers to search by their masked form: masked somewhere within it, withheld nowhere."""
    institutions = sorted(covered)
    return [
        noun.fields[name]
        for name in masks_of(noun)
        if institutions
        and all(_withheld(actor, noun, name, each, "list") is None for each in institutions)
        and not all(verdict_on(actor, noun.fields[name], "list", each).shown for each in institutions)
    ]


def _withheld(actor: Actor, noun: Noun, field: str, institution: str, leaves: str) -> Verdict | None:
    """The verdict that stands against the question; None where the mask, or more, is seen there by both exits."""
    mask = masks_of(noun)[field]
    for exit_ in dict.fromkeys(("list", leaves)):
        verdict = verdict_on(actor, noun.fields[field], exit_, institution)
        # While a role is tried on, another mask stands in the mask's place: not even the masked form is seen then.
        if not verdict.shown and (verdict.effect is not Effect.MASK or verdict.mask != mask):
            return Verdict(Effect.HIDE, verdict.rule, verdict.reason)
    return None


def _forms(noun: Noun, field: str, typed: str) -> tuple[str, ...]:
    mask = masks_of(noun).get(field)
    if mask is None:
        raise BadQuestion((
            "この項目は、伏せた形では探せません。照会をお使いください。",
            "This field cannot be searched by its masked form; use a look-up.",
        ))  # fmt: skip
    found = masks.asked(mask, typed) if len(typed) <= MAX_TEXT else ()
    if not found:
        ja, en = noun.fields[field].label
        hint = masks.HINTS[mask]
        raise BadQuestion((f"「{ja}」は{hint[0]}で探してください。", f"Search “{en}” like this: {hint[1]}."))
    return found
