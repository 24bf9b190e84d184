"""Whether a donor of a legacy file is one that the institution knows: by number, or by name and address together.

Only ids come out. A name alone is never enough to merge two people: where it could be one of several, or one whose
address says otherwise, the row is held for a person to decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gate.reading.shown import verdict_on
from gate.refusals import Refused
from gate.store.collections import records_of
from gate.store.search_keys import search_key_of
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import may

Document = dict[str, Any]


class Ambiguous(Exception):
    """It could be several, or one who lives elsewhere; `ids` are the candidates."""

    def __init__(self, ids: list[Any]) -> None:
        super().__init__("ambiguous")
        self.ids = ids


@dataclass
class Donors:
    """The donors of one institution by number and by folded name, as long as one import lasts."""

    actor: Actor
    institution: str
    parts: frozenset[str]
    """What is told of them: number, name, address, and perhaps more."""
    run: str = ""
    """The import that asks: who was made by it is its file's own, and one name without an address is one person there."""
    _numbers: dict[str, Any] = field(default_factory=dict)
    _names: dict[str, list[tuple[Any, str, bool]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read them.

        Raises:
            Refused: as permit.
        """
        permit(self.actor, self.institution, self.parts)
        noun = NOUNS["donor"]
        asked = {"institution": self.institution}
        for each in records_of(noun).find(asked, {noun.number: 1, "name": 1, "address": 1, "imported": 1}):
            self.add(each)

    def add(self, document: Mapping[str, Any]) -> None:
        """One more, who has just been made."""
        self._numbers[str(document.get("donor_number", ""))] = document["_id"]
        key = search_key_of(document.get("name"))
        ours = bool(self.run) and document.get("imported", {}).get("run") == self.run
        self._names.setdefault(key, []).append(
            (document["_id"], search_key_of(document.get("address")), ours)
        )

    def made(self, name: str, address: str) -> Any:
        """The id of one of that name and address whom this import has made; None where there is none."""
        here = search_key_of(address)
        known = self._names.get(search_key_of(name), [])
        return next((id_ for id_, there, ours in known if ours and there == here), None)

    def match(self, number: str, name: str, address: str) -> Any:
        """The id of the one who is meant; None where there is nobody of that name.

        Raises:
            Ambiguous: candidates, and none certain.
            KeyError: there is no donor of that number.
        """
        if number:
            return self._numbers[number]
        known = self._names.get(search_key_of(name), [])
        if not known:
            return None
        here = search_key_of(address)
        exact = [id_ for id_, there, ours in known if there == here and (here or ours)]
        if len(exact) == 1 and (here or len(known) == 1):
            return exact[0]
        if not exact and here and all(there for _, there, _ in known):
            return None  # each of that name lives somewhere else: another person
        raise Ambiguous([id_ for id_, _, _ in known])


def permit(actor: Actor, institution: str, parts: Iterable[str]) -> None:
    """Let pass whoever may know the donors there by what is told of them.

    Whoever sees names masked could try any number of full ones: held, found and not there are three answers (law 2).

    Args:
        parts: what a row tells: `number`, or `name`, which is told from others by its address.

    Raises:
        Refused: this actor may not read them, or sees of what they are looked up by a part only.
    """
    verdict = may(actor, "donor", "read", institution)
    if not verdict:
        raise Refused(verdict)
    told = set(parts)
    asked = (["donor_number"] if "number" in told else []) + (["name", "address"] if "name" in told else [])
    for name in asked:
        verdict = verdict_on(actor, NOUNS["donor"].fields[name], "detail", institution)
        if not verdict.shown:
            raise Refused(verdict, field=name)
