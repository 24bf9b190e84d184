"""What leaves the gate cannot be made without the receipt of its disclosure, at run time either (law 6)."""

import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from pymongo.database import Database

from audit.disclosures import Receipt, Undisclosed, disclose
from gate.reading.judging import Plans, judged
from gate.reading.listing import list_page
from gate.reading.loading import find_document, load
from gate.reading.questions import Question
from gate.reading.show import Act, show_cells
from gate.reading.shown import Cells, File, Judged, Reference, Row, Shown
from gate.reading.word_search import word_search
from models.declaration import Field
from models.registry import NOUNS
from policies import verdict
from policies.effects import Effect
from policies.verdict import Verdict
from tests.world import actor, donor, item

Store = Database[dict[str, Any]]
DONOR, ITEM = NOUNS["donor"], NOUNS["item"]
WHOLE = Verdict(Effect.SHOW, "role:1", ("", ""))


def receipt(noun: str = "donor", subjects: tuple[str, ...] = (), fields: tuple[str, ...] = ()) -> Receipt:
    """A receipt of showing nothing, which says so of anything."""
    assert not fields
    return disclose(
        actor="", institution="", noun=noun, exit_="list", breadth="record", subjects=subjects, fields=fields
    )


def named(id_: str = "1", value: Any = "夏目 鏡子", verdict: Verdict = WHOLE) -> Judged:
    return Judged(DONOR, id_, "soseki", 1, {"name": (DONOR.fields["name"], value, verdict)})


MADE: dict[str, Callable[[Any], Any]] = {
    "a row": lambda proof: Row(proof, named()),
    "a file": lambda proof: File(proof, DONOR.fields["name"], "1", None),  # type: ignore[arg-type]
    "cells": lambda proof: Cells(proof, "donor", "1", {"氏名": "夏目 鏡子"}, {"氏名": {"name"}}),
}


@pytest.mark.parametrize("what", MADE)
@pytest.mark.parametrize("proof", [None, "yes", object(), receipt(), receipt(subjects=("1",))])
def test_nothing_personal_is_made_without_the_receipt_of_its_own_disclosure(what: str, proof: Any) -> None:
    with pytest.raises(Undisclosed) as error:
        MADE[what](proof)
    assert "夏目" not in str(error.value)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("noun", "subject", "fields"),
    [("donor", "2", ["name"]), ("item", "1", ["name"]), ("donor", "1", ["address"])],
)
def test_the_receipt_of_another_act_is_none(noun: str, subject: str, fields: list[str]) -> None:
    proof = disclose(
        actor="", institution="", noun=noun, exit_="list", breadth="record", subjects=[subject], fields=fields
    )
    for make in MADE.values():
        with pytest.raises(Undisclosed):
            make(proof)


@pytest.mark.usefixtures("database")
def test_the_receipt_of_its_own_disclosure_makes_it() -> None:
    proof = disclose(
        actor="",
        institution="",
        noun="donor",
        exit_="list",
        breadth="record",
        subjects=["1"],
        fields=["name"],
    )
    assert Row(proof, named())["name"].value == "夏目 鏡子"


def test_what_is_masked_withheld_or_empty_needs_no_entry() -> None:
    masked, hidden = (Verdict(each, "role:1", ("", "")) for each in (Effect.MASK, Effect.HIDE))
    for value, effect in (("夏目 ＊＊＊＊", masked), (None, hidden), ("", WHOLE), ([], WHOLE)):
        assert Row(receipt(), named(value=value, verdict=effect))["name"].value == value


def test_a_value_a_reference_and_a_receipt_are_made_by_no_caller() -> None:
    field = DONOR.fields["name"]
    with pytest.raises(Undisclosed):
        Shown(field, "夏目 鏡子", WHOLE)  # type: ignore[arg-type]
    with pytest.raises(Undisclosed):
        Shown._make((field, "夏目 鏡子", WHOLE))
    with pytest.raises(Undisclosed):
        Reference("donor", "1", "夏目 鏡子", True, "soseki")  # type: ignore[arg-type]
    with pytest.raises(Undisclosed):
        Receipt(None, "donor", frozenset({"1"}), frozenset({"name"}))  # type: ignore[arg-type]


@pytest.mark.usefixtures("database")
def test_what_was_shown_is_not_changed_into_something_else() -> None:
    shown = load(actor("manager"), DONOR, donor("staff.soseki"))
    masked = shown["name"]
    for change in (
        lambda: masked._replace(value="夏目 鏡子"),
        lambda: dataclasses.replace(shown, values={}),
        lambda: setattr(shown, "values", {}),
        lambda: pickle.loads(pickle.dumps(masked)),  # noqa: S301 - of our own making
    ):
        with pytest.raises((Undisclosed, TypeError, dataclasses.FrozenInstanceError)):
            change()


def test_a_page_is_judged_once_for_each_field_and_institution(
    database: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in ("甲 一", "乙 二", "丙 三"):
        donor("staff.soseki", name=each)
    asked: list[tuple[str, Any]] = []
    judge = Plans._verdict

    def counted(plans: Plans, field: Field, house: Any) -> verdict.Verdict:
        asked.append((field.name, house))
        return judge(plans, field, house)

    monkeypatch.setattr(Plans, "_verdict", counted)
    list_page(actor("staff.soseki"), DONOR, Question(), ["donor_number", "name", "address"])
    assert sorted(asked) == [("address", "soseki"), ("donor_number", "soseki"), ("name", "soseki")]


@pytest.mark.usefixtures("database")
def test_a_search_agrees_to_its_words_once_and_decides_each_field_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for each in ("手鏡", "銅鏡", "魔鏡"):
        item("staff.soseki", title=each)
    searches: list[str] = []
    decided: list[Any] = []
    decide = verdict._decide

    def counted_search(*given: Any) -> Any:
        searches.append(given[2])
        return word_search(*given)

    def counted_decide(who: Any, ask: verdict.Ask) -> verdict.Verdict:
        decided.append((ask.noun, ask.field, ask.exit, who.scope_of(ask.institution)))
        return decide(who, ask)

    monkeypatch.setattr("gate.reading.questions.word_search", counted_search)
    monkeypatch.setattr(verdict, "_decide", counted_decide)
    page = list_page(actor("staff.soseki"), ITEM, Question(text="鏡"), ["accession_number", "title", "rank"])
    assert [len(page.rows), page.total] == [3, 3]
    assert all(each.found for each in page.rows)
    assert searches == ["鏡"]
    assert len(decided) == len(set(decided))


@pytest.mark.usefixtures("database")
def test_what_is_judged_is_no_row() -> None:
    who, made = actor("staff.soseki"), donor("staff.soseki")
    found = judged(Plans(who, DONOR, "detail", ["name"]), find_document(who, DONOR, made))
    assert not isinstance(found, Row)
    assert not hasattr(found, "label")


def test_cells_of_a_legacy_file_are_told_by_subject_and_field(database: Store) -> None:
    who = actor("staff.soseki")
    act = Act(who, ITEM, "detail", "batch", institution="soseki")
    rows = [{"氏名": "夏目 鏡子", "備考": "覚え", "名称": "鏡"}, {"氏名": "", "備考": "", "名称": "皿"}]
    first, second = show_cells(act, "run", rows, {"氏名": {"name"}, "名称": set()})
    assert dict(first) == {"氏名": "夏目 鏡子", "備考": None, "名称": "鏡"}
    assert dict(second) == {"氏名": "", "備考": None, "名称": "皿"}
    (entry,) = database["disclosures"].find({})
    assert (entry["subjects"], entry["fields"], entry["institution"]) == (["run"], ["name"], "soseki")
