"""One write pipeline (law 7): a rule that a behaviour holds once holds from wherever a change comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId
from mongoengine.connection import get_db

from accounts.console import console
from gate.refusals import Invalid
from gate.writing import behaviours
from gate.writing.bulk import create_many, prepare_many
from gate.writing.changes import Batch, Change, Origin
from gate.writing.derived_values import derive_all
from gate.writing.pipeline import write
from imports.store.photographs import attach
from models.registry import NOUNS
from tests.imports.doing import PLAIN, begun, done, file
from tests.views.panel import Panel
from tests.views.records.test_undo import set_all

pytestmark = pytest.mark.usefixtures("no_imports")
ITEM = NOUNS["item"]
Act = Callable[[], object]


@dataclass
class Closed:
    """A rule for the tests: while it is `on`, the museum's items are closed for stock-taking."""

    on: bool = False
    met: set[Origin] = field(default_factory=set)

    def check(self, batch: Batch) -> None:
        """What a behaviour of items would say."""
        if self.on:
            for change in batch.open():
                self.met.add(batch.origin)
                change.wrong["title"] = ("棚卸し中です。", "The items are being counted.")


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> Closed:
    """The rule, planted in one behaviour that the declaration of items names."""
    rule, name = Closed(), ITEM.behaviours[0]
    planted = replace(behaviours.behaviours_of(ITEM)[0], check=rule.check)
    monkeypatch.setitem(behaviours._registered, name, planted)
    return rule


@pytest.fixture
def some(panel: Panel) -> Iterator[list[str]]:
    """Two items that wait for their check, and none besides them that the tests leave."""
    before = {each["_id"] for each in get_db()["items"].find({}, {"_id": 1})}
    yield [
        panel.make("item", "shinjuku", title=f"棚{at}", rank="A", input_status="awaiting_check", accession_number=f"棚-{at}")
        for at in (1, 2)
    ]  # fmt: skip
    get_db()["items"].delete_many({"_id": {"$nin": list(before)}})


def _made(panel: Panel, _: list[str], __: Path) -> Act:
    person = panel.person("staff.shinjuku")
    sent = person.form("/admin/item/new/?institution=shinjuku")
    sent["title"] = "新しい壺"
    return lambda: person.post("/admin/item/new/", sent)


def _edited(panel: Panel, some: list[str], _: Path) -> Act:
    person, address = panel.person("staff.shinjuku"), f"/admin/item/edit/?id={some[0]}"
    sent = person.form(address)
    sent["maker"] = "某"
    return lambda: person.post(address, sent)


def _removed(panel: Panel, some: list[str], _: Path) -> Act:
    person = panel.person("staff.shinjuku")
    sent = {"revision": "1", "reason": "誤登録"}
    return lambda: person.post(f"/admin/item/delete/?id={some[0]}", sent)


def _set_for_all(panel: Panel, some: list[str], _: Path) -> Act:
    person = panel.person("staff.shinjuku")
    return lambda: person.post("/admin/item/batch/", {"action": "set", "rowid": some, "rank": "C"})


def _removed_all(panel: Panel, some: list[str], _: Path) -> Act:
    person = panel.person("staff.shinjuku")
    return lambda: person.post("/admin/item/batch/", {"action": "remove", "rowid": some, "reason": "誤登録"})


def _batch_undone(panel: Panel, some: list[str], _: Path) -> Act:
    person = panel.person("staff.shinjuku")
    kept = set_all(person, some, rank="C")
    return lambda: person.post("/admin/item/undo/", {"id": kept})


def _status_undone(panel: Panel, some: list[str], _: Path) -> Act:
    person = panel.person("staff.shinjuku")
    kept = set_all(person, some, input_status="in_progress")
    return lambda: person.post("/admin/item/undo/", {"id": kept})


def _imported(_: Panel, __: list[str], folder: Path) -> Act:
    run = begun(file(folder, "no,title,maker,place\n棚-9,瓶,,\n"), PLAIN, "shinjuku")
    return lambda: done(run)


def _updated(_: Panel, __: list[str], folder: Path) -> Act:
    run = begun(file(folder, "no,title,maker,place\n棚-1,瓶,某,\n"), PLAIN, "shinjuku", mode="update")
    return lambda: done(run)


def _photographed(panel: Panel, some: list[str], _: Path) -> Act:
    return lambda: attach(panel.actor("staff.shinjuku"), some[0], ObjectId(panel.ids["media"]))


def _import_undone(_: Panel, __: list[str], folder: Path) -> Act:
    run = begun(
        file(folder, "no,title,maker,place\n棚-1,瓶,某,\n棚-9,皿,,\n"), PLAIN, "shinjuku", mode="both"
    )
    done(run)
    return lambda: done(run, "undo")


def _seeded(_: Panel, __: list[str], ___: Path) -> Act:
    def seed() -> None:
        made = prepare_many(console("shinjuku"), ITEM, "shinjuku", [{"title": "種"}])
        create_many(console("shinjuku"), ITEM, [each for each in made if not isinstance(each, Invalid)])

    return seed


def _read_again(panel: Panel, _: list[str], __: Path) -> Act:
    made = panel.make("item", "shinjuku", title="年代", period={"text": "1910-12"})
    # As a version before wrote it, which kept no origin of intervals.
    get_db()["items"].update_one({"_id": ObjectId(made)}, {
        "$set": {"period.earliest": 1910_12_01, "period.latest": 1910_12_31, "period.certainty": "exact",
                 "intervals.period": {"at": 1910_12_01, "from": 1910_12_01, "to": 1910_12_31}},
    })  # fmt: skip
    return derive_all


def _passed(panel: Panel, some: list[str], _: Path) -> Act:
    person = panel.person("manager")
    sent = {"id": some[0], "revision": "1", "act": "pass", "comment": ""}
    return lambda: person.post("/progress/check/act", sent)


def _through_the_api(panel: Panel, some: list[str], _: Path) -> Act:
    """No address of the API writes yet; one that will has this to call."""
    change = Change(record=some[0], typed={"maker": "某"})
    return lambda: write(Batch(panel.actor("staff.shinjuku"), ITEM, Origin.API, [change]))


ENTRANCES: dict[str, tuple[Origin, Callable[[Panel, list[str], Path], Act]]] = {
    "form, new": (Origin.FORM, _made),
    "form, edit": (Origin.FORM, _edited),
    "form, remove": (Origin.FORM, _removed),
    "batch, set": (Origin.BATCH, _set_for_all),
    "batch, remove": (Origin.BATCH, _removed_all),
    "batch, undo": (Origin.UNDO, _batch_undone),
    "batch, undo of a status": (Origin.UNDO, _status_undone),
    "import, new": (Origin.IMPORT, _imported),
    "import, update": (Origin.IMPORT, _updated),
    "import, photograph": (Origin.IMPORT, _photographed),
    "import, undo": (Origin.UNDO, _import_undone),
    "console, seeds": (Origin.CONSOLE, _seeded),
    "console, derive": (Origin.CONSOLE, _read_again),
    "workflow, content check": (Origin.WORKFLOW, _passed),
    "api": (Origin.API, _through_the_api),
}


def test_every_origin_has_an_entrance_here() -> None:
    assert {origin for origin, _ in ENTRANCES.values()} == set(Origin)


@pytest.mark.parametrize("entrance", ENTRANCES)
def test_a_rule_planted_once_holds_for_every_origin(
    panel: Panel, closed: Closed, some: list[str], tmp_path: Path, entrance: str
) -> None:
    origin, prepare = ENTRANCES[entrance]
    act = prepare(panel, some, tmp_path)
    before = _stored()
    closed.on = True
    with suppress(Invalid):
        act()
    assert closed.met == {origin}
    assert _stored() == before


@pytest.mark.parametrize("entrance", ENTRANCES)
def test_without_the_rule_the_same_act_writes(
    panel: Panel, some: list[str], tmp_path: Path, entrance: str
) -> None:
    """Or the test above would hold for an act that never wrote anything."""
    act = ENTRANCES[entrance][1](panel, some, tmp_path)
    before = _stored()
    act()
    assert _stored() != before


def _stored() -> list[dict[str, Any]]:
    return list(get_db()["items"].find({}).sort("_id", 1))
