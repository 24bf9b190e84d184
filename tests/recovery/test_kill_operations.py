"""A real process killed (-9) in the midst of an operation over several records: after the worker nothing is half done."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import mongoengine
import pytest
from bson import ObjectId
from mongoengine.connection import get_db
from pymongo.database import Database

from accounts.console import console
from gate.writing.writing import create, patch
from imports.mapping import source
from imports.run import sign_off
from imports.store import runs
from imports.store.jobs import start
from imports.store.table import IMPORT
from models.registry import NOUNS
from operations.declared_workflows import register_workflows
from operations.store_indexes import ensure_indexes
from roles.behaviours import register_behaviours
from roles.drafts import apply_draft, draft_of, keep_draft
from roles.grants import grants_in, grants_of
from tests.recovery.dying import WAYS, Death, run
from tests.serving import beside
from tests.world import actor, connect, emptied, make, world
from vocabularies.merge_records import Merging
from vocabularies.merging import begin_merge, begin_undo
from vocabularies.starting import store_starting_terms
from workflows.data_release.releases import Taking, enter
from workflows.engine.operations import intents, step

Store = Database[dict[str, Any]]


@pytest.fixture(scope="module")
def uri(database_uri: str) -> Iterator[str]:
    """A database of these tests' own."""
    mongoengine.disconnect()
    made = beside(database_uri, "operations")[0]
    database = connect(made)
    ensure_indexes()
    yield made
    database.client.drop_database(database.name)
    mongoengine.disconnect()


def registered() -> None:
    """What the application does at its start, in the process that is to die."""
    register_behaviours()
    register_workflows()


def role_id(code: str = "auditor") -> str:
    found = get_db()["roles"].find_one({"code": code, "institution": "section"})
    assert found is not None
    return str(found["_id"])


# a role's draft is put in force
def drafts() -> None:
    role = role_id()
    _, grants = grants_of(actor("admin"), role)
    wanted = grants_in({**vars(grants), "networks": ["192.0.2.0/24"]})
    keep_draft(actor("admin"), role, 1, wanted)


def applies() -> None:
    registered()
    draft = draft_of(actor("admin"), role_id())
    assert draft is not None
    apply_draft(actor("admin"), role_id(), draft.digest)


def applied(database: Store) -> bool:
    role = database["roles"].find_one({"_id": ObjectId(role_id())}) or {}
    in_force = bool(role.get("networks") == ["192.0.2.0/24"])
    assert in_force is (database["role_drafts"].count_documents({}) == 0)
    assert not role.get("operations")
    return in_force


# an account ceases to administer
def appoints() -> None:
    who = actor("admin")
    values = {"login_id": "second", "display_name": "次の管理者", "role": role_id("administrator")}
    create(who, NOUNS["user"], who.institution, values)
    get_db()["institutions"].update_one({"_id": "section"}, {"$addToSet": {"administrators": who.user}})


def second() -> dict[str, Any]:
    return get_db()["users"].find_one({"login_id": "second"}) or {}


def steps_down() -> None:
    registered()
    patch(actor("admin"), NOUNS["user"], str(second()["_id"]), 1, {"role": role_id("auditor")})


def stepped_down(database: Store) -> bool:
    done = str(second()["role"]) == role_id("auditor")
    listed = (database["institutions"].find_one({"_id": "section"}) or {})["administrators"]
    assert (str(second()["_id"]) in listed) is not done
    assert actor("admin").user in listed
    return bool(done)


# personal data leaves on a medium
def nothing() -> None:
    """Nothing has to be there."""


def releases() -> None:
    registered()
    enter(actor("staff.shinjuku"), NOUNS["donor"], 3, Taking("notice", "usb", "印刷業者", "2099-03-31"))


def released(database: Store) -> bool:
    entries = list(database["takeouts"].find({"exported": True}))
    told = [each["detail"] for each in database["ledger"].find({"action": "taken_out"})]
    assert told == [f"{each['_id']} 3" for each in entries]
    return bool(entries)


# an import is set to work, and one is signed off
def uploads(state: str = "uploaded") -> None:
    told = {
        "_id": ObjectId("65f0000000000000000000bb"), "file": {"id": str(ObjectId()), "name": "x.csv", "sha256": "0" * 64},
        "sealed": b"x", "state": state, "reconciled": {"sample": []},
    }  # fmt: skip
    runs.begin(console("soseki"), NOUNS["item"], "soseki", told)


def keeps() -> None:
    registered()
    table = io.BytesIO(
        b"no,title\n" + b"1,vase\n" * 150_000
    )  # two blocks, so that one is there without the other

    def begin(kept: dict[str, Any], _: object) -> str:
        return runs.begin(console("soseki"), NOUNS["item"], "soseki", {"file": kept})

    source.begun(b"key", table, "x.csv", begin, by="console", institution="soseki", rows=1)


def kept(database: Store) -> bool:
    named = run_of(database).get("file", {}).get("id")
    for part, name in (("files", "_id"), ("chunks", "files_id")):
        assert {str(each) for each in database[f"import_sources.{part}"].distinct(name)} == {named} - {
            None
        }, part
    return named is not None


def run_of(database: Store) -> dict[str, Any]:
    return database["imports"].find_one() or {}


def begins() -> None:
    registered()
    run_ = str(run_of(get_db())["_id"])
    start(run_, IMPORT.act("try"), {}, by="console", institution="soseki")


def begun(database: Store) -> bool:
    trying = bool(run_of(database)["state"] == "trying")
    assert database["jobs"].count_documents({"kind": "trial"}) == int(trying)
    assert not run_of(database).get("operations")
    return trying


def signs() -> None:
    registered()
    sign_off.sign(actor("staff.soseki"), run_of(get_db()), set(), "")


def signed(database: Store) -> bool:
    run_ = run_of(database)
    done = bool(run_["state"] == "signed")
    assert ("erased_at" in run_, "sealed" in run_) == (done, not done)
    for kind in ("import_signed", "import_source_erased"):
        assert database["ledger"].count_documents({"action": kind}) == int(done), kind
    return bool(done)


# a term is merged into another, its records follow, and it is taken back
def drawings() -> None:
    store_starting_terms("section")
    for _ in range(4):
        make("staff.shinjuku", "item", title="素描", object_type="drawing")


def term_of(database: Store, code: str) -> dict[str, Any]:
    return database["terms"].find_one({"term_number": f"object_type-{code}"}) or {}


def merges_terms() -> None:
    registered()
    gone, into = (str(term_of(get_db(), code)["_id"]) for code in ("drawing", "painting"))
    begin_merge(actor("admin"), gone, into, 1)


def merged(database: Store) -> bool:
    gone, into = term_of(database, "drawing"), term_of(database, "painting")
    done = gone.get("merged_into") == "painting"
    assert database["term_merges"].count_documents({"state": "merging"}) == int(done)
    assert database["jobs"].count_documents({"kind": "merge_terms"}) == int(done)
    assert ("素描・水彩" in into.get("aliases", ())) is done
    assert not gone.get("operations")
    return done


def merge_begun() -> None:
    drawings()
    merges_terms()


def works() -> None:
    registered()
    merging = Merging()
    while merging.step():
        pass


def followed(database: Store) -> bool:
    database["jobs"].update_many({}, {"$set": {"until": datetime(2000, 1, 1, tzinfo=UTC)}})
    works()
    items = list(database["items"].find())
    assert [each["object_type"] for each in items] == ["painting"] * 4
    acts = [act["action"] for each in items for act in each["outbox"]]
    assert acts.count("merge_terms") == 4
    assert database["term_merges"].count_documents({"state": "merged", "changed": {"$gte": 4}}) == 1
    return True


def merge_ended() -> None:
    merge_begun()
    works()


def takes_back() -> None:
    registered()
    begin_undo(actor("admin"), str((get_db()["term_merges"].find_one() or {})["_id"]))
    works()


def taken_back(database: Store) -> bool:
    done = not term_of(database, "drawing").get("merged_into")
    database["jobs"].update_many({"state": "working"}, {"$set": {"until": datetime(2000, 1, 1, tzinfo=UTC)}})
    works()
    wanted = "drawing" if done else "painting"
    assert [each["object_type"] for each in database["items"].find()] == [wanted] * 4
    assert ("素描・水彩" in term_of(database, "painting").get("aliases", ())) is not done
    return done


Scene = tuple[Callable[[], None], Callable[[], None], Callable[[Store], bool], int]
SCENES: dict[str, Scene] = {
    "a role's draft is applied": (drafts, applies, applied, 16),
    "an account ceases to administer": (appoints, steps_down, stepped_down, 22),
    "personal data is released": (nothing, releases, released, 16),
    "a file is uploaded": (nothing, keeps, kept, 22),
    "a trial is begun": (uploads, begins, begun, 10),
    "a term is merged": (drawings, merges_terms, merged, 22),
    "a merge's records follow": (merge_begun, works, followed, 22),
    "a merge is taken back": (merge_ended, takes_back, taken_back, 34),
    "an import is signed off": (lambda: uploads("reconciled"), signs, signed, 16),
}
"""What is there, what the process does, whether it is done (and not by half), and about how many commands it needs."""


def dies_once(uri: str, scene: str, death: Death) -> tuple[bool, str, bool]:
    """One death, then the worker: whether the process was killed, at which command, and whether its act was done."""
    database: Store = mongoengine.connection.get_db()
    prepare, act, done, _ = SCENES[scene]
    emptied(database)
    world(database)
    prepare()
    told = run(act, uri, death)
    intents().update_many({}, {"$set": {"until": datetime(2000, 1, 1, tzinfo=UTC)}})
    for _ in range(10):
        if not step():
            break
    assert intents().count_documents({}) == 0, (scene, told)
    found = done(database)
    assert found or not told.lived, (scene, told)
    return not told.lived, told.command, found


@pytest.mark.parametrize(
    "kills", [pytest.param(5, id="five"), pytest.param(200, id="two hundred", marks=pytest.mark.proof)]
)
def test_killed_in_the_midst_of_an_operation_all_of_it_is_done_or_nothing(uri: str, kills: int) -> None:
    """Law 4, with the operations that the panel has."""
    chance = random.Random(kills)
    points: set[tuple[str, int, str]] = set()
    killed = finished = tries = 0
    while killed < kills:
        scene = list(SCENES)[tries % len(SCENES)]
        tries += 1
        death = Death(chance.randrange(1, SCENES[scene][3] + 1), chance.choice(WAYS))
        was_killed, command, done = dies_once(uri, scene, death)
        if was_killed:
            killed += 1
            finished += done
            points.add((scene, death.nth, command))
    print(
        f"\n{killed} kills at {len(points)} statements, {finished} ended by the worker or the process, none half done"
    )
    assert len(points) >= min(kills, 40) // 2
