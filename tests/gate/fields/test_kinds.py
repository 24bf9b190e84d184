"""Each kind of field whole: what it reads comes back from a form, its JSON is of its schema, and what it writes is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, NamedTuple

import pytest
from bson import ObjectId

from gate.fields.kinds import KINDS, Kind
from gate.fields.kinds.kind import Labels, kind_of
from gate.reading.as_text import unchanged
from models.data_classes import Words
from models.declaration import Field
from models.registry import NOUNS

THERE = ObjectId("65a000000000000000000001")
ROW = {"id": "0a1b2c3d", "part": "<全体>", "dimension": "height", "value": "12.50", "unit": "cm"}
NOTHING = object()

SAMPLES: dict[str, tuple[Any, Any]] = {
    "text": ("<b>鏡\n台</b>", "<b>鏡 台</b>"),
    "long_text": ("<b>鏡\n台</b>", "<b>鏡\n台</b>"),
    "account": ("<u>1", "<u>1"),
    "colleague": ("<u>1", "<u>1"),
    "number": ("Ａ－<1>", "A-<1>"),
    "code": ("ｓｈｉｎｊｕｋｕ", "shinjuku"),
    "login": ("staff.shinjuku", "staff.shinjuku"),
    "reading": ("カガミ", "かがみ"),
    "email": ("hanako@example.jp", "hanako@example.jp"),
    "telephone": ("０３-1234-5678", "03-1234-5678"),
    "postcode": ("162-0045", "162-0045"),
    "isbn": ("978-4-00-000000-0", "978-4-00-000000-0"),
    "address": ("https://example.jp/?a='&b=1", "https://example.jp/?a='&b=1"),
    "network": ("192.168.10.21/32", "192.168.10.21"),
    "integer": ("１,５０２", 1502),
    "decimal": ("12.50", "12.50"),
    "boolean": ("はい", True),
    "date": ("令和2年12月1日", "2020-12-01"),
    "minute": ("2026-04-01 9:30", "2026-04-01T09:30"),
    "moment": (NOTHING, datetime(2026, 4, 1, 0, 30, tzinfo=UTC)),
    "period": (
        "明治30年",
        {"text": "明治30年", "earliest": 18970101, "latest": 18971231, "certainty": "exact"},
    ),
    "choice": ("A", "A"),
    "reference": (str(THERE), THERE),
    "references": ([str(THERE)], [THERE]),
    "lines": ("<i>甲\n乙", ["<i>甲", "乙"]),
    "networks": ("192.0.2.0/24", ["192.0.2.0/24"]),
    "parts": ([ROW], [ROW]),
    "image": (NOTHING, "65a000000000000000000002"),
    "field_names": (NOTHING, ["title_reading"]),
    "system": (NOTHING, "<kept>"),
}
"""Kind → what is typed, and what is stored of it; NOTHING where no person types it."""
TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}


def fields() -> Iterator[Field]:
    for noun in NOUNS.values():
        for each in noun:
            yield from (each, *each.parts)


def one_of(name: str) -> Field:
    """A declared field of a kind; of a choice, that one of which the sample is a term."""
    return next(
        each for each in fields() if each.declared.kind == name and (name != "choice" or each.name == "rank")
    )


class Sheet(NamedTuple):
    """A page in English."""

    references: Labels
    kept: dict[Any, Any]

    def say(self, words: Words) -> str:
        return words[1]

    def said(self, _ja: str, en: str) -> str:
        return en

    def address(self, noun: str) -> str:
        return f"/admin/{noun}/details/"

    def in_both_calendars(self, value: Mapping[str, Any]) -> str:
        return f"{value['text']}<{value['earliest']}>"

    def what_it_means(self, value: Mapping[str, Any]) -> str:
        return f"<{value['earliest']}>"


class Reference(NamedTuple):
    """Another record, as a page knows it."""

    noun: str
    id: str
    label: str
    open: bool


def page(field: Field) -> Sheet:
    named = {
        f"{noun}:{id_}": Reference(noun, str(id_), "<鏡>", open=True)
        for noun, id_ in ((field.declared.target, THERE), ("user", "<u>1"))
    }
    return Sheet(named, {})


def test_every_kind_has_a_sample() -> None:
    assert set(SAMPLES) == set(KINDS), "give each kind of field a sample in SAMPLES"


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


TYPED = [name for name, (typed, _) in SAMPLES.items() if typed is not NOTHING]


@pytest.mark.parametrize("name", TYPED)
def test_what_is_typed_is_read_and_stays_when_a_form_sends_it_back(name: str) -> None:
    field, (typed, stored) = one_of(name), SAMPLES[name]
    kind = kind_of(field)
    read = kind.read(field, typed)
    assert read == (stored if name != "period" else {**read, **stored})
    again = kind.read(field, kind.as_input(field, read))
    assert again == read or (name == "period" and again.items() <= read.items())


def test_its_json_is_of_its_schema(kind: Kind) -> None:
    field = one_of(kind.name)
    sent, schema = kind.json(field, SAMPLES[kind.name][1], page(field).references), kind.schema(field)
    if "$ref" in schema:
        assert sent == {"id": str(THERE), "label": "<鏡>"}
    else:
        assert type(sent) is TYPES[schema["type"]]
    empty = kind.json(field, None, {})
    assert (empty is not None) is kind.never_null
    assert empty is None or type(empty) is TYPES[schema["type"]]


def test_what_it_writes_on_a_page_is_escaped(kind: Kind) -> None:
    field, value = one_of(kind.name), SAMPLES[kind.name][1]
    for write in (kind.cell, kind.card):
        said = write(field, value, page(field))
        assert said.strip()
        for planted in ("<b>", "<i>", "<u>", "<鏡>", "<1>", "<全体>", "<kept>", "<18970101>", "'&b"):
            assert planted not in said


def test_it_writes_one_line_of_a_sheet(kind: Kind) -> None:
    field, value = one_of(kind.name), SAMPLES[kind.name][1]
    for said in (
        kind.exported(field, value, lambda words: words[1], page(field).references),
        kind.text(field, value, lambda words: words[1]),
    ):
        assert type(said) is str
        assert said
    assert kind.text(field, None, lambda words: words[1]) == (
        "" if not kind.has_answers else field.answer(False)[1]
    )


@pytest.mark.parametrize("language", [0, 1])
@pytest.mark.parametrize("name", sorted(set(KINDS) - {"reference", "references", "colleague"}))
def test_a_cell_of_an_export_that_comes_back_is_told_as_unchanged(name: str, language: int) -> None:
    """References and colleagues are compared by their names (as_text.names_it)."""
    field, value = one_of(name), SAMPLES[name][1]
    kind = kind_of(field)
    assert unchanged(field, value, kind.exported(field, value, itemgetter(language), {}))


def test_a_value_that_a_vocabulary_dropped_is_shown_as_it_is_stored() -> None:
    field = one_of("choice")
    kind = kind_of(field)
    assert kind.cell(field, "<gone>", page(field)) == "&lt;gone&gt;"
    assert kind.exported(field, "gone", lambda words: words[1], {}) == "gone"


def test_rows_stand_in_a_table_on_a_card_and_on_one_line_in_a_list() -> None:
    field = one_of("parts")
    card, cell = (write(field, [ROW], page(field)) for write in (kind_of(field).card, kind_of(field).cell))
    assert card.startswith('<table class="parts"><thead><tr><th scope="col">Part</th>')
    assert '<td class="amount"><span class="whole">12.50</span></td>' in card
    assert cell == '<span class="whole">&lt;全体&gt; Height 12.50 cm</span>'
