"""docs/data-dictionary.md is what the declarations say: read back from the file, and compared with the nouns."""

from __future__ import annotations

import re

import pytest

from documents.data_dictionary import FILE, HEADS, data_dictionary
from models.declaration import Field, Noun
from models.registry import NOUNS
from models.vocabularies import VOCABULARIES, terms

PAGE = FILE.read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """The rows of the table below a heading, without its head."""
    part = re.split(r"^#{2,3} ", PAGE.split(heading + "\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def declared(field: Field, within: str = "") -> list[list[str]]:
    """What the file must say of a field and its parts."""
    said = field.declared
    uses = ("listed", "searched", "sorted", "filtered")
    values = said.vocabulary and f"[{said.vocabulary}](#vocabulary-{said.vocabulary})"
    if said.kind == "boolean":
        (yes, yes_en), (no, no_en) = said.answers
        values = f"{yes} {yes_en} / {no} {no_en}"
    row = [
        f"`{within}{field.name}`{' *' if field.required else ''}", said.kind, *said.label, said.data_class.value,
        ", ".join([use for use in uses if getattr(said, use)] + ["read-only"] * said.kept_by_system),
        values or (said.target and f"→ {said.target}"),
    ]  # fmt: skip
    return [row, *(each for part in field.parts for each in declared(part, f"{within}{field.name}."))]


def test_the_file_is_what_the_declarations_say() -> None:
    assert data_dictionary() == PAGE, "run .venv/bin/python -m documents.data_dictionary"


@pytest.mark.parametrize("noun", NOUNS.values(), ids=NOUNS)
def test_every_field_of_a_noun_has_its_row(noun: Noun) -> None:
    rows = table(f"## {noun.name}: {noun.label[0]}, {noun.label[1]}")
    assert rows == [row for field in noun for row in declared(field)]
    assert {len(row) for row in rows} == {len(HEADS)}


@pytest.mark.parametrize("name", VOCABULARIES)
def test_every_vocabulary_has_its_terms(name: str) -> None:
    assert table(f"### Vocabulary {name}") == [[f"`{code}`", *words] for code, words in terms(name).items()]


def test_a_link_to_a_vocabulary_leads_to_its_heading() -> None:
    headings = {re.sub(r"\s", "-", each.lower()) for each in re.findall(r"^### (.+)$", PAGE, re.MULTILINE)}
    assert set(re.findall(r"\(#([^)]+)\)", PAGE)) <= headings
