"""A store of the version before: upgraded, nothing of it is lost; killed, it goes on; a newer one is left alone."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from mongoengine.connection import get_db

from accounts.accounts import standing
from audit.seals.field_seals import SALT
from commands.opening import start_store
from gate.writing import derived_values
from gate.writing.patches import DERIVED
from imports.work import Work
from models.registry import NOUNS
from operations.checks.stored_data import stored_data
from operations.store_indexes import missing_indexes
from operations.upgrade import discovery, running, stamp, steps
from operations.upgrade.step import LeaseLost, Step
from roles.behaviours import register_behaviours
from settings import environment, keys
from tests.commands.conftest import FLASK, PROJECT, Site
from tests.operations.former import Everything, everything
from tests.recovery.dying import Death, run
from tests.serving import free_port
from vocabularies.starting import missing

Document = dict[str, Any]
ENGLISH = {"LC_ALL": "en_US.UTF-8"}
ORDINARY = ((20, "under way"), (60, "after"), (50, "before"))
"""The nth command to the store, each of a new process: among the indexes, the terms, and what is still to be looked at."""
TEN = tuple(zip((20, 40, 60, 30, 50, 45, 55, 35, 58, 25), ("before", "under way", "after") * 4, strict=False))


OF_AN_EDIT = ("approval", "revision", "outbox", "outbox_at", "changed_at", "changed_by")
"""What step 3 writes on an account: it is an edit."""


def without_what_is_derived(stored: Everything) -> Everything:
    """Records without search keys and the like, and without the stamp: what an upgrade leaves as it is."""
    nouns = {noun.document._meta["collection"] for noun in NOUNS.values()}
    kept = {
        name: {
            id_: {
                part: value
                for part, value in each.items()
                if name not in nouns or part not in (*DERIVED, SALT)
            }
            for id_, each in those.items()
        }
        for name, those in stored.items()
    }
    kept["ledger"] = {
        id_: each for id_, each in kept.get("ledger", {}).items() if each["action"] != "records_sealed"
    }
    # The stamp, and what doctor wrote to see whether it can.
    kept["deployment"] = {name: each for name, each in kept["deployment"].items() if name == "keys"}
    kept = {name: those for name, those in kept.items() if those and name != "terms"}
    for each in (*kept["users"].values(), *_with_terms(kept)):
        for part in OF_AN_EDIT:
            each.pop(part, None)
    return kept


def _with_terms(kept: Everything) -> Iterator[Document]:
    """The roles that step 4 lets edit or read terms, and the institutions that get the state of theirs, without these."""
    for each in kept["institutions"].values():
        each.pop("vocabularies", None)
    for each in kept["roles"].values():
        if each["role_kind"] in ("administrator", "auditor"):
            for part in ("actions", "effects"):
                each[part] = {noun: given for noun, given in each[part].items() if noun != "term"}
            yield each


def may_act(login_id: str) -> bool:
    """Whether an account is somebody's who may do anything."""
    found = get_db()["users"].find_one({"login_id": login_id}) or {}
    return standing(str(found["_id"])) is not None


def aged(site: Site) -> None:
    """As if an even older version had written it: nothing derived, and indexes that are missing."""
    for noun in NOUNS.values():
        gone = {name: "" for name in DERIVED if name != "login_key"}
        site.database[noun.document._meta["collection"]].update_many({}, {"$unset": gone})
    for name in ("users", "loans", "jobs"):
        site.database[name].drop_indexes()


def shown(_step: Step, _total: int) -> AbstractContextManager[Callable[[int], None]]:
    return nullcontext(lambda _: None)


def upgrades() -> int:
    """An upgrade in small batches; for a process that may be killed."""
    register_behaviours()
    derived_values.BATCH = 25
    return len(running.upgrade(shown, lambda: None).ran)


def lease_runs_out(site: Site) -> None:
    """The seconds that a killed holder's lease lasts are over."""
    over = datetime.now(UTC) - timedelta(seconds=1)
    site.database["deployment"].update_one(stamp.KEY, {"$set": {"until": over}})


def test_of_a_former_store_nothing_is_lost_and_its_half_finished_import_goes_on(former: Site) -> None:
    before = without_what_is_derived(everything(former.database))
    login_ids = [str(each["login_id"]) for each in former.database["users"].find().sort("login_id")]
    assert (
        sum(may_act(each) for each in login_ids) < 3
    )  # nobody approved them: the former version asked for none
    due = former.flask("doctor", **ENGLISH)
    assert (due.returncode, "Run flask upgrade" in due.stdout) == (1, True), due.stdout
    done = former.flask("init", "--at-start", SHUZOKO_DEMO="0")  # as make run does before it serves
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert without_what_is_derived(everything(former.database)) == before
    had = {name for name, noun in NOUNS.items() if before.get(noun.document._meta["collection"])}
    assert had == set(NOUNS) - {"term"}  # which were no records then
    assert sorted(former.database["terms"].distinct("institution")) == ["kaizu", "section"]
    assert missing("section") == []
    administrators = former.database["roles"].find({"role_kind": "administrator"})
    granted: list[Document] = [dict(each) for each in administrators]
    assert all("edit" in each["actions"]["term"]["own"] for each in granted)
    assert running.waiting_steps() == []
    assert all(map(may_act, login_ids))
    verified = former.flask("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    former.database["users"].update_one({"login_id": "manager"}, {"$unset": {"approval": ""}})
    assert running.upgrade(shown, lambda: None, again=True).left == []
    assert not may_act("manager")  # once for all: who comes later waits for a second person
    work = Work((keys.place(former.var) / keys.IMPORT_SOURCE).read_bytes())
    former.database["jobs"].update_many({"state": "working"}, {"$set": {"until": datetime.now(UTC)}})
    while work.step():
        pass
    made: Document = former.database["imports"].find_one() or {}
    assert (made["state"], made["counts"]["fates"][0]) == ("reconciled", 1_010)
    assert missing_indexes() == []


@pytest.mark.parametrize("points", [ORDINARY, pytest.param(TEN, marks=pytest.mark.proof)], ids=len)
def test_killed_at_any_point_it_comes_to_what_an_unbroken_run_comes_to(
    former: Site, points: tuple[tuple[int, str], ...]
) -> None:
    bare = without_what_is_derived(everything(former.database))
    aged(former)
    killed = []
    for nth, way in points:
        told = run(upgrades, former.uri, Death(nth, way))
        killed += [told.command] * (not told.lived)
        lease_runs_out(former)
    assert len(killed) == len(points), killed
    assert running.upgrade(shown, lambda: None).left == []
    found = everything(former.database)
    assert without_what_is_derived(found) == bare
    assert (derived_values.lacking(), missing_indexes_of_owners()) == (0, [])
    aged(former)
    assert run(upgrades, former.uri, Death(0, "before")).lived
    found["deployment"] = everything(former.database)["deployment"]
    assert everything(former.database) == found


def missing_indexes_of_owners() -> list[str]:
    return discovery.all_steps()[0].named()


def test_a_step_goes_on_behind_its_last_batch(former: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derived_values, "BATCH", 100)
    seen: list[int] = []

    def cut_short(step: Step, _total: int) -> AbstractContextManager[Callable[[int], None]]:
        def tell(more: int) -> None:
            if step.number != 2:
                return
            seen.append(more)
            if sum(seen) >= 500:
                raise InterruptedError

        return nullcontext(tell)

    records = derived_values.how_many()
    with pytest.raises(InterruptedError):
        running.upgrade(cut_short, lambda: None)
    assert stamp.due_steps() == list(discovery.all_steps()[1:])
    again: list[int] = []
    running.upgrade(
        lambda step, _total: nullcontext(again.append if step.number == 2 else lambda _: None), lambda: None
    )
    assert again[0] == sum(seen)  # what was looked at before, for the bar
    assert sum(again) == records
    assert stamp.due_steps() == []


def test_a_newer_store_is_left_alone_by_every_process_in_one_sentence(empty: Site) -> None:
    newer = {**stamp.KEY, "done": 98, "begun": 99, "panel": "9.1.0"}
    empty.database["deployment"].insert_one(newer)
    for words in (("users", "list"), ("worker",)):
        refused = empty.flask(*words)  # in an unknown locale both languages are said
        assert (refused.returncode, refused.stdout, len(refused.stderr.splitlines())) == (1, "", 1), refused
        assert (
            "This store is in the shape of a newer version (Shuzoko 9.1.0, upgrade step 99)" in refused.stderr
        )
        assert "新しい版で起動するか" in refused.stderr
    settings = replace(environment.read(), mongodb_uri=empty.uri, var=empty.var)
    with pytest.raises(stamp.NewerStore):
        start_store(settings)  # as `flask keys accept` does, which needs no keys
    (told,) = stored_data(settings)
    assert (told.well, "start the newer version" in told.words[1]) == (False, True)
    web = subprocess.run(
        [str(Path(FLASK).parent / "gunicorn"), "app:create_app()", "--bind", f"127.0.0.1:{free_port()}", "--log-level", "critical"],
        cwd=PROJECT, env=empty.environ(**ENGLISH), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (web.returncode, "start the newer version" in web.stderr, "Traceback" in web.stderr) == (
        3,
        True,
        False,
    )
    assert not keys.place(empty.var).exists()
    assert everything(empty.database) == {"deployment": {"upgrade": newer}}


def test_a_new_store_is_in_this_version_s_shape_at_once(empty: Site) -> None:
    stamp.require_known_store()
    assert stamp.read_stamp().done == discovery.newest()
    assert stamp.due_steps() == []


def test_while_another_process_upgrades_one_waits_and_finds_nothing_left(empty: Site) -> None:
    running.upgrade(shown, lambda: None)
    with stamp.hold_upgrade("another"):
        second = subprocess.Popen(
            [FLASK, "upgrade"], cwd=PROJECT, env=empty.environ(**ENGLISH), stderr=subprocess.PIPE, text=True
        )
        assert second.stderr is not None
        assert "Another process upgrades the stored data" in second.stderr.readline()
        assert second.poll() is None
    _, rest = second.communicate(timeout=60)
    assert (second.returncode, "Nothing is due" in rest) == (0, True), rest


def test_a_killed_holder_blocks_for_its_lease_and_no_longer(
    empty: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamp, "LEASE", timedelta(seconds=1))
    monkeypatch.setattr(running, "PAUSE", 0.05)
    assert stamp._take("who is dead by now")
    waited: list[bool] = []
    running.upgrade(shown, lambda: waited.append(True))
    assert waited == [True]


def test_who_lost_the_upgrade_writes_no_position_and_no_stamp(empty: Site) -> None:
    first = discovery.all_steps()[0]
    with stamp.hold_upgrade("slow") as ours:
        assert ours
        lease_runs_out(empty)
        assert stamp._take("quick")
        with pytest.raises(LeaseLost):
            stamp.begin("slow", first)
        with pytest.raises(LeaseLost):
            stamp.keep("slow", first, {}, 1)
        with pytest.raises(LeaseLost):
            stamp.finish("slow", first)


def test_what_waits_still_after_all_steps_is_told(empty: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A former version that runs on, and writes records as it always did."""
    first, second, *_ = discovery.all_steps()
    never = replace(second, pending=lambda: 1)
    monkeypatch.setattr(running, "all_steps", lambda: (first, never))
    assert running.upgrade(shown, lambda: None).left == [never]


def test_a_step_is_due_again_when_what_it_follows_from_is_another(former: Site) -> None:
    running.upgrade(shown, lambda: None)
    assert stamp.due_steps() == []
    former.database["deployment"].update_one(stamp.KEY, {"$set": {"followed.2": "another reading"}})
    assert [step.number for step in stamp.due_steps()] == [2]
    assert [step.number for step in running.upgrade(shown, lambda: None, quick=True).ran] == [2]


@pytest.mark.parametrize("names", [("step_0002_a",), ("first",), ("step_0001_a", "step_0001_b")], ids=str)
def test_a_step_whose_file_is_misnamed_stops_the_start(
    names: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in names:
        (tmp_path / f"{name}.py").write_text(
            "from operations.upgrade.step import Step\nSTEP = Step(1, ('', ''), int, lambda _: None)\n"
        )
    monkeypatch.setattr(steps, "__path__", [str(tmp_path)])
    discovery.all_steps.cache_clear()
    with pytest.raises(ValueError, match="step"):
        discovery.all_steps()
    monkeypatch.undo()
    discovery.all_steps.cache_clear()
    assert discovery.newest() == len(discovery.all_steps())
