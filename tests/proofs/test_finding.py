"""Search against brute force: every record that holds the words where its reader may look, and no other (S6, law 5).

The oracle knows nothing of tokens, classes or windows: it folds each field's text, asks the policy about that field for
that institution, and looks whether the folded word stands in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any

import pytest

from accounts.console import console
from gate.reading.listing import list_page
from gate.reading.questions import Question
from gate.refusals import Invalid
from gate.store.search_keys import text_keys
from gate.writing.bulk import create_many, prepare_many
from japanese.other_forms import question_key
from japanese.readings import to_katakana
from models.registry import NOUNS
from policies.actor import Actor
from policies.verdict import Ask, decide
from seeds.chance import chance
from seeds.items import item
from tests.proofs.conftest import House
from tests.world import actor, world

ITEM = NOUNS["item"]
HELD = 1_200
"""Records of each museum."""
OLD = str.maketrans("国沢辺浜斎桜龍万広読", "國澤邊濱齋櫻竜萬廣讀")
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
Document = dict[str, Any]


@pytest.fixture(scope="module")
def shelves(house: House) -> Iterator[list[Document]]:
    """The world, and the seeds' items in both museums: with notes, prices and places as the cards have them."""
    database = house.turn_to("finding")
    world(database)
    for code in ("shinjuku", "soseki"):
        made = (item(chance("finding", code, n), code, n, []) | _written(code, n) for n in range(HELD))
        while batch := list(islice(made, 400)):
            prepared = prepare_many(console(code), ITEM, code, batch)
            documents = [each for each in prepared if not isinstance(each, Invalid)]
            assert len(documents) == len(batch)
            create_many(console(code), ITEM, documents)
    yield list(database["items"].find({}, {"keys": 0}))
    house.empty("finding")


def _written(code: str, number: int) -> Document:
    """What somebody may or may not read there, beside what the seeds say."""
    return {
        "accession_number": f"F-{code}-{number:05d}",
        "notes": f"受入メモ{number % 97} 澤田家の斎藤氏より ﾒﾓ{number % 13}",
        "other_names": [f"ＡＢＣ{number % 31}号"],
    }


def texts_of(document: Document, name: str) -> list[str]:
    """The texts that a field holds."""
    value = document.get(name)
    if not value:
        return []
    rows = value if isinstance(value, list) else [value]
    return [str(each["text"] if isinstance(each, dict) else each) for each in rows]


class Oracle:
    """What one person may find, by looking at everything."""

    def __init__(self, who: Actor, documents: list[Document]) -> None:
        self.keys = {str(each["_id"]): self._keys(who, each) for each in documents}

    def _keys(self, who: Actor, document: Document) -> list[str]:
        found: list[str] = []
        for field in ITEM:
            ask = Ask("item", field.name, str(field.data_class), "search", document["institution"])
            if not field.declared.searched or not decide(who, ask).shown:
                continue
            for text in texts_of(document, field.name):
                found += text_keys(field.kind, text)
        return found

    def finds(self, included: list[str], excluded: list[str]) -> set[str]:
        """The ids of the records that hold every word of the first and none of the second."""
        return {
            id_
            for id_, keys in self.keys.items()
            if all(any(word in key for key in keys) for word in included)
            and not any(word in key for word in excluded for key in keys)
        }


def a_word(dice: Random, documents: list[Document]) -> str:
    """A piece of some record's text, perhaps one that nobody may search, written as people write."""
    document = dice.choice(documents)
    names = [each.name for each in ITEM if each.declared.searched and texts_of(document, each.name)]
    text = dice.choice(texts_of(document, dice.choice(names)))
    at = dice.randrange(len(text))
    piece = "".join(text[at : at + dice.choice((1, 2, 2, 2, 3, 4, 6, 12))].split())
    piece = "".join(each for each in piece if each not in '"“”「」『』＂-－−‐–')
    way = dice.randrange(6)
    return (piece.translate(OLD), to_katakana(piece), piece.translate(WIDE), piece.upper(), piece, piece)[way]


def asked(dice: Random, documents: list[Document]) -> tuple[str, list[str], list[str]]:
    """What is typed, and the words that must and must not be there."""
    typed, included, excluded = [], [], []
    for at in range(dice.choice((1, 1, 1, 2, 3))):
        word = a_word(dice, documents)
        key = question_key(word)
        if not key or not key.strip("-"):
            continue
        if at and dice.random() < 0.3:
            typed.append(f"-{word}")
            excluded.append(key)
        else:
            typed.append(f"「{word}」" if dice.random() < 0.3 else word)
            included.append(key)
    return "　".join(typed), included, excluded


def compared(documents: list[Document], queries: int) -> tuple[int, int]:
    """Ask so many times as three people; how many records were found, and in how many answers."""
    dice, hits, answers = Random(5), 0, 0
    people = [actor(each) for each in ("staff.shinjuku", "manager", "contractor")]
    oracles = [Oracle(who, documents) for who in people]
    while answers < queries:
        text, included, excluded = asked(dice, documents)
        if not included:
            continue
        who, oracle = dice.choice(list(zip(people, oracles, strict=True)))
        page = list_page(who, ITEM, Question(text=text), ["title"], size=2 * HELD + 100)
        found, wanted = [row.id for row in page.rows], oracle.finds(included, excluded)
        assert len(found) == len(set(found)), text
        assert set(found) == wanted, (text, who.login_id, len(wanted - set(found)), len(set(found) - wanted))
        hits, answers = hits + len(found), answers + 1
    return hits, answers


def test_a_search_finds_what_looking_at_everything_finds(shelves: list[Document]) -> None:
    hits, _ = compared(shelves, 60)
    assert hits > 1_000


@pytest.mark.proof
def test_a_thousand_searches_find_all_and_nothing_else(shelves: list[Document]) -> None:
    hits, answers = compared(shelves, 1_000)
    print(f"{answers} searches, {hits} records found, none missing, none too many")
    assert answers == 1_000
