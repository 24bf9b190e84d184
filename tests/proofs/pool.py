"""A request, and what requests are made of: ids of the stage, and values that stand in either world or in neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from models.declaration import Noun
from models.registry import NOUNS
from models.vocabularies import starting_terms
from tests.proofs.planted import DOMAIN, FAMILY, WARD, planted
from tests.proofs.stage import Place, Stage

Draw = Any
STRANGE = (
    "",
    "%",
    "$ne",
    "zz",
    "-",
    '"',
    "ZQ",
    "ぬめ",
    "8",
    FAMILY,
    WARD,
    DOMAIN,
    "@example.jp",
    "1950",
    "19",
    "明治30年頃",
    "1868年1月",
    "不明",
)


@dataclass(frozen=True)
class Request:
    """One request; `also` is followed where the answer is a redirect."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    sent: tuple[tuple[str, str], ...] = ()
    program: bool = False

    @property
    def target(self) -> str:
        """Path and query."""
        from urllib.parse import urlencode

        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


class Pool:
    """What requests are made of: ids of the stage, and values that stand in either world or in neither."""

    def __init__(self, stage: Stage, nouns: list[str], part: str, withheld: list[Place]) -> None:
        self.nouns, self.part = nouns, part
        self.withheld: dict[str, list[str]] = {}
        """Noun → the fields of it that are withheld from who asks, in records within reach."""
        self.aimed: dict[str, list[str]] = {}
        """Noun and field → exactly what stands there in one world or the other."""
        for place in withheld:
            self.withheld.setdefault(place.noun, []).append(place.name)
            for twin in (False, True):
                value = planted(place.field, place.n, twin=twin)
                if isinstance(value, str | int) and not isinstance(value, bool):
                    self.aimed.setdefault(f"{place.noun}.{place.name}", []).append(str(value))
        self.ids = {
            noun: sorted({place.record for place in stage.places if place.noun == noun}) for noun in NOUNS
        }
        self.values: dict[str, list[str]] = {}
        for place in stage.places[::3]:
            for twin in (False, True):
                value = planted(place.field, place.n, twin=twin)
                if isinstance(value, str | int) and not isinstance(value, bool):
                    self.values.setdefault(f"{place.noun}.{place.name}", []).append(str(value))

    def value(self, draw: Draw, noun: Noun, name: str) -> str:
        """A value for a field: of either world, a term, a masked form, or nonsense."""
        field = noun.fields.get(name)
        aimed = self.aimed.get(f"{noun.name}.{name}")
        if aimed and draw(st.integers(0, 2)):
            return str(draw(st.sampled_from(aimed)))
        known = list(STRANGE)
        if field is not None:
            known += self.values.get(f"{noun.name}.{name}", [])[:12]
            known += list(starting_terms(field.declared.vocabulary)) if field.declared.vocabulary else []
            known += self.ids.get(field.declared.target, [])[:4]
            known += [each[-4:] for each in self.values.get(f"{noun.name}.{name}", [])[:6]]
            known += [each[:4] for each in self.values.get(f"{noun.name}.{name}", [])[:4]]
        return str(draw(st.sampled_from(known)))

    def words(self, draw: Draw, noun: Noun) -> str:
        """Words for a search box."""
        name = draw(st.sampled_from([each.name for each in noun if each.declared.searched] or [noun.number]))
        text = self.value(draw, noun, name)
        return ("-" if draw(st.integers(0, 9)) == 0 else "") + text

    def id(self, draw: Draw, noun: Noun) -> str:
        """A record's id, mostly of this noun."""
        of = noun.name if draw(st.integers(0, 11)) else draw(st.sampled_from(list(NOUNS)))
        return str(draw(st.sampled_from(self.ids[of] or ["zz"])))
