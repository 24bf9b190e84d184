"""Declarations are complete: every text in both languages, every name they refer to exists (S1, S2, K1, S16)."""

from collections.abc import Iterator

import mongoengine as me
import pytest

from gate.fields.kinds import kind_of
from gate.fields.kinds.choices import Reference, References
from models.data_classes import LABELS, DataClass
from models.declaration import Field, Noun, read_fields
from models.registry import NOUNS
from models.vocabularies import VOCABULARIES, terms


def every_field() -> Iterator[tuple[Noun, Field]]:
    for noun in NOUNS.values():
        for field in noun:
            yield noun, field
            yield from ((noun, part) for part in field.parts)


FIELDS = [pytest.param(noun, field, id=f"{noun.name}.{field.name}") for noun, field in every_field()]


def in_both(words: tuple[str, str]) -> bool:
    return len(words) == 2 and all(each.strip() for each in words)


@pytest.mark.parametrize(("noun", "field"), FIELDS)
def test_a_field_is_declared_whole(noun: Noun, field: Field) -> None:
    said = field.declared
    assert in_both(field.label)
    assert in_both(said.help) or said.help == ("", "")
    assert in_both(said.unit) or said.unit == ("", "")
    kind = kind_of(field)
    assert isinstance(field.data_class, DataClass)
    assert bool(said.vocabulary) == kind.has_terms
    assert not said.vocabulary or terms(said.vocabulary)
    assert bool(said.target) == isinstance(kind, Reference | References)
    assert not said.target or said.target in NOUNS
    assert kind.by_rows or field.is_written_date or not field.parts
    if field.default is not None and said.vocabulary:
        assert field.default in terms(said.vocabulary)
    if field.name in noun.fields and noun.fields[field.name] is field:
        assert said.section in {each.name for each in noun.sections}


@pytest.mark.parametrize("noun", NOUNS.values(), ids=list(NOUNS))
def test_a_noun_is_declared_whole(noun: Noun) -> None:
    assert in_both(noun.label)
    assert in_both(noun.counted)
    assert all(in_both(each.label) for each in noun.sections)
    assert len({each.name for each in noun.sections}) == len(noun.sections)
    assert {noun.number, noun.belongs, *noun.naming} <= set(noun.fields)
    assert noun.fields[noun.number].declared.listed
    assert noun.fields[noun.number].required
    assert noun.document._meta["auto_create_index"] is False
    for name in ("institution", "revision", "created_at", "created_by", "changed_at", "changed_by"):
        assert name in noun.fields
    for name in ("revision", "created_at", "created_by", "changed_at", "changed_by", "keys", "outbox"):
        assert noun.fields[name].declared.kept_by_system


def test_fields_of_one_noun_have_different_labels() -> None:
    for noun in NOUNS.values():
        for language in (0, 1):
            labels = [field.label[language] for field in noun]
            assert len(labels) == len(set(labels)), noun.name


ASKED_WITHOUT_A_FIELD = {"former_purpose"}
"""No longer asked; it is still named where the ledgers tell of it."""


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_vocabulary_is_in_both_languages_and_used(name: str) -> None:
    assert all(in_both(words) for words in terms(name).values())
    assert len({words[0] for words in terms(name).values()}) == len(terms(name))
    assert name in {field.declared.vocabulary for _, field in every_field()} | ASKED_WITHOUT_A_FIELD


def test_every_class_of_data_has_its_name() -> None:
    assert set(LABELS) == set(DataClass)
    assert all(map(in_both, LABELS.values()))


PAPERS = {
    "item": "accession_number branch_number group title title_reading other_names object_type period maker materials "
            "dimensions location object_count rank acquisition_method acquisition_date acquisition_source "
            "acquisition_price description notes photographs input_status",
    "donor": "name name_reading address telephone purpose collected_from leave standing",
    "patron": "surname firstname dateofbirth sex address B_address phone mobile email use_count dateenrolled lastseen "
              "purpose collected_from leave",
    "loan": "items borrower loan_out_date loan_return_date",
    "exhibition": "title items begins_on ends_on",
}  # fmt: skip
"""What S1, S2, K1 and S16 name."""


@pytest.mark.parametrize("noun", PAPERS)
def test_what_the_papers_name_is_there(noun: str) -> None:
    assert set(PAPERS[noun].split()) <= set(NOUNS[noun].fields)


CLASSES = [
    ("item", "title", "public"), ("item", "acquisition_price", "restricted"), ("item", "location", "restricted"),
    ("item", "credit_line", "notes"), ("item", "provenance", "notes"), ("item", "notes", "notes"),
    ("donor", "name", "identity"), ("donor", "name_reading", "identity"), ("donor", "address", "contact"),
    ("donor", "telephone", "contact"), ("donor", "email", "contact"), ("donor", "notes", "notes"),
    ("patron", "surname", "identity"), ("patron", "dateofbirth", "birth"), ("patron", "sex", "birth"),
    ("patron", "address", "contact"), ("patron", "B_address", "contact"), ("patron", "mobile", "contact"),
    ("patron", "use_count", "circulation"), ("patron", "lastseen", "circulation"),
    ("loan", "borrowers_contact", "identity"), ("loan", "contact_telephone", "contact"),
    ("user", "password_hash", "secret"), ("user", "login_key", "secret"), ("item", "keys", "secret"),
    ("item", "outbox", "secret"),
]  # fmt: skip


@pytest.mark.parametrize(("noun", "field", "data_class"), CLASSES)
def test_what_tells_of_a_person_is_in_its_class(noun: str, field: str, data_class: str) -> None:
    assert NOUNS[noun].fields[field].data_class == data_class


def test_no_noun_but_the_patron_could_hold_who_borrowed_a_book() -> None:
    assert not [field for field in NOUNS["book"] if field.declared.target in ("patron", "user")]
    assert not [field for noun in NOUNS.values() for field in noun if field.declared.target == "patron"]


def test_a_field_without_a_class_stops_the_start() -> None:
    class Careless(me.Document):
        meta = {"auto_create_index": False}
        secret_thought = me.StringField()

    with pytest.raises(TypeError, match=r"careless\.secret_thought has no data class"):
        read_fields("careless", Careless)


@pytest.mark.parametrize("noun", NOUNS.values(), ids=list(NOUNS))
def test_a_records_text_is_its_id_and_never_a_name(noun: Noun) -> None:
    document = noun.document(pk="6b0160ff6f140aa21508af1a", **{noun.naming[-1]: "夏目 鏡子"})
    assert "夏目" not in f"{document} {document!r}"
