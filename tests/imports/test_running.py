"""Three hundred real rows with planted mistakes: each mistake is told by row and column, all else is in."""

from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from accounts.console import console
from audit.verification.live_records import verify_records
from gate.card.histories import history
from gate.refusals import Refused
from gate.writing.writing import create
from imports.formats.form import SheetRow
from imports.formats.sheet import Sheet
from imports.mapping.mapping import read_mapping
from imports.mapping.source import rows_of, sealed_rows
from imports.run.batching import Batching, Judged, batches_of
from imports.run.reconciliation import agrees
from imports.run.running import _estimated, prepared
from imports.store import runs
from imports.store.record_writes import id_of
from imports.validation.row_validation import Problem
from models.registry import NOUNS
from operations.store_indexes import ensure_indexes
from tests.imports.carnegie import MAPPING, rows, written
from tests.imports.doing import KEY, PLAIN, begun, done, fates, file, problems
from tests.world import actor, world


def imported(path: Path, those: list[dict[str, str]]) -> tuple[list[int], list[Problem]]:
    """The six sums of fates, and what is told of the rows."""
    run = begun(written(path / "rows.csv", those), read_mapping(MAPPING))
    return done(run)["counts"]["fates"], problems(run)


def test_good_rows_are_stored_whole(store: Database[dict[str, Any]], tmp_path: Path) -> None:
    those = rows()
    assert imported(tmp_path, those) == ([300, 0, 0, 0, 0, 0], [])
    first = those[0]
    found = store["items"].find_one({"institution": "soseki", "accession_number": first["accession_number"]})
    assert found is not None
    assert found["title"] == first["title"]
    assert found["materials"] == first["medium"]
    assert found["object_type"] == "painting"
    assert found["period"]["text"] == first["creation_date"]
    assert found["provenance"].split() == first["provenance_text"].split()
    assert found["credit_line"] == first["credit_line"]
    measured = {each["dimension"]: (each["value"], each["unit"]) for each in found["dimensions"]}
    assert measured["height"] == (first["item_height"], "in")
    assert found["created_by"] == "console"
    acts = list(store["ledger"].find({"action": "import_created", "subjects": str(found["_id"])}))
    assert len(acts) == 1


def test_an_imported_record_that_is_changed_in_the_store_is_found(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    done(begun(file(tmp_path, "no,title,maker,place\n1,壺,乾山,棚1\n2,皿,,棚1\n"), PLAIN))
    done(begun(file(tmp_path, "no,title,maker,place\n2,皿,乾山,棚1\n"), PLAIN, mode="update"))
    assert list(verify_records(whole=True)) == []
    store["items"].update_one({"accession_number": "1"}, {"$set": {"maker": "別人"}})
    store["items"].update_one({"accession_number": "2"}, {"$unset": {"maker": ""}})
    assert [(each.number, each.field) for each in verify_records(whole=True)] == [
        ("1", "maker"),
        ("2", "maker"),
    ]
    told = store["ledger"].find_one({"action": "import_sealed"}) or {}
    assert not any(word in str(told) for word in ("乾山", "壺", "皿", "棚"))


def test_every_planted_mistake_is_told_and_the_rest_is_in(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    those = rows()
    create(console("soseki"), NOUNS["item"], "soseki", {
        "accession_number": those[40]["accession_number"], "title": "前からある資料",
    })  # fmt: skip
    those[10]["accession_number"] = " "
    those[20]["accession_number"] = those[5]["accession_number"]
    those[50]["date_acquired"] = "1906-13-45"
    those[60]["title"] = "長" * 501
    those[70]["creation_date_latest"] = "71959-07-01"
    those[80]["item_width"] = "wide"
    those[90]["accession_number"] = ""
    those[90]["title"] = "長" * 501
    counts, told_of = imported(tmp_path, those)
    told = {(each.row, each.column) for each in told_of}
    periods = "creation_date・creation_date_earliest・creation_date_latest"
    sizes = "item_height・item_width・item_depth・item_diameter"
    assert told == {
        (12, "accession_number"), (22, "accession_number"), (42, "accession_number"), (52, "date_acquired"),
        (62, "title"), (72, periods), (82, sizes), (92, "accession_number"), (92, "title"),
    }  # fmt: skip
    reasons = {each.row: each.reason for each in told_of}
    assert "7行目" in reasons[22][0]
    assert "row 7" in reasons[22][1]
    assert "501" in reasons[62][0]
    assert counts == [292, 0, 0, 0, 8, 0]
    assert store["items"].count_documents({"institution": "soseki", "created_by": "console"}) == 293


def test_a_problem_never_quotes_the_cell(store: Database[dict[str, Any]], tmp_path: Path) -> None:
    those = rows(5)
    those[1]["date_acquired"] = "山田花子の命日"
    those[2]["item_width"] = "山田花子の幅"
    those[3]["credit_line"] = "山田花子" * 200
    _, told = imported(tmp_path, those)
    assert len(told) == 3
    assert "山田花子" not in repr(told)
    assert not [each for each in store["import_batches"].find() if "山田花子" in str(each)]


def test_the_same_file_again_stores_nothing_twice(store: Database[dict[str, Any]], tmp_path: Path) -> None:
    those = rows(20)
    imported(tmp_path, those)
    counts, told = imported(tmp_path, those)
    assert (counts, len(told)) == ([0, 0, 0, 0, 20, 0], 20)
    assert store["items"].count_documents({}) == 20


def test_an_account_imports_only_where_its_role_lets_it(store: Database[dict[str, Any]]) -> None:
    world(store)
    mapping = read_mapping(MAPPING)
    prepared(actor("staff.soseki"), mapping, "soseki", "create")
    for login, institution in (("staff.soseki", "shinjuku"), ("contractor", "soseki"), ("admin", "section")):
        with pytest.raises(Refused):
            prepared(actor(login), mapping, institution, "create")


def test_a_trial_tells_all_and_changes_nothing(store: Database[dict[str, Any]], tmp_path: Path) -> None:
    those = rows(30)
    those[10]["accession_number"] = ""
    run = begun(written(tmp_path / "rows.csv", those), read_mapping(MAPPING))
    found = done(run, "trial")
    assert found["state"] == "tried"
    assert found["trial"]["fates"] == [29, 0, 0, 0, 1, 0]
    assert [(each["column"], each["count"], each["first"]) for each in found["trial"]["causes"]] == [
        ("accession_number", 1, [12])
    ]
    assert store["items"].count_documents({}) == 0
    assert store["ledger"].count_documents({}) == 0


def test_a_run_cut_short_anywhere_goes_on_without_a_duplicate_or_a_loss(
    store: Database[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S3: cut between the ledger and the records, between the records and the batch's paper, and between batches."""
    monkeypatch.setattr("imports.run.batching.SIZE", 40)
    run = begun(written(tmp_path / "rows.csv", rows(300)), read_mapping(MAPPING))
    store_batch = Batching.store
    cuts = [-1, 6, 5, 3, 1]

    class Cut(BaseException):
        """What a kill is to a thread."""

    def cut_short(self: Batching, judged: Any) -> None:
        if judged.no == cuts[-1]:
            half = judged.documents[:20]
            with suppress(BulkWriteError):  # what was on its way at the cut before is there
                store["items"].insert_many(half, ordered=False)
            raise Cut
        store_batch(self, judged)

    monkeypatch.setattr(Batching, "store", cut_short)
    while len(cuts) > 1:
        store["imports"].update_many({}, {"$set": {"state": "uploaded"}})
        with pytest.raises(Cut):
            done(run)
        store["jobs"].delete_many({})
        cuts.pop()
    store["imports"].update_many({}, {"$set": {"state": "uploaded"}})
    assert done(run)["counts"]["fates"] == [300, 0, 0, 0, 0, 0]
    assert store["items"].count_documents({}) == 300
    assert len(fates(run)) == 300
    acts = store["ledger"].find({"action": "import_created"})
    told = [each for act in acts for each in act["subjects"]]
    assert len(told) == len(set(told)) == 300
    assert set(told) == {str(each["_id"]) for each in store["items"].find({}, {"_id": 1})}


def test_a_batch_of_long_rows_is_cut_so_that_its_paper_fits_one_document() -> None:
    """No document of the store may hold more than 16 MB."""
    long = [SheetRow(number, {"注記": "あ" * 100_000}) for number in range(2, 102)]
    batches = list(batches_of(iter(long)))
    assert [len(each) for each in batches] == [30, 30, 30, 10]
    assert [row for batch in batches for row in batch] == long


def test_nothing_of_a_file_is_stored_that_cannot_be_read_to_its_end(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    """A quotation mark left open in row 3,001 would have let 3,000 rows in, and the rest into no count."""
    text = "no,title,maker,place\n" + "".join(f"{at},壺,乾山,棚\n" for at in range(2, 3_001))
    path = file(tmp_path, text + '3001,"皿,乾山,棚\n' + "4000,壺,乾山,棚\n" * 700)
    for kind, state in (("trial", "uploaded"), ("run", "failed")):
        found = done(begun(path, PLAIN), kind)
        assert found["state"] == state
        assert "ファイルの3001行目" in found["failure"][0]
    assert store["items"].count_documents({}) == 0
    assert store["import_batches"].count_documents({}) == 0


def test_a_row_that_the_reader_loses_is_missing_from_the_count_of_lines(
    store: Database[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check does not share what it checks: the file's lines are counted without reading them as a table."""
    path = file(tmp_path, 'no,title,maker,place\n1,"壺\n(大)",乾山,棚\n\n2,皿,乾山,棚\n3,鉢,乾山,棚\n')
    run = begun(path, PLAIN)
    done(run)
    found = done(run, "reconcile")
    assert found["reconciled"]["lines"] == {"file": 6, "rows": 4, "besides": 2}
    assert agrees(found["reconciled"], found["counts"])
    rows = Sheet.rows
    monkeypatch.setattr(Sheet, "rows", lambda sheet: (each for each in rows(sheet) if each.number != 4))
    lossy = begun(path, PLAIN, mode="both")
    done(lossy)
    found = done(lossy, "reconcile")
    assert found["reconciled"]["lines"] == {"file": 6, "rows": 3, "besides": 2}
    assert not agrees(found["reconciled"], found["counts"])


def test_later_passes_are_given_all_that_a_row_carries(store: Database[dict[str, Any]]) -> None:
    """Whatever the reading of a file learns to say of a row: a field that fails here is lost between two passes."""
    filled: dict[str, Any] = {each.name: {"列": "語"} for each in fields(SheetRow)}
    filled |= {"number": 7, "troubles": {"列": ("甲", "x")}}
    for row in (SheetRow(**filled), SheetRow(8, {"列": "語"}), SheetRow(9, {}, {"": ("甲", "x")})):
        assert rows_of(KEY, "a", 3, {"source": sealed_rows(KEY, "a", 3, [row])}) == {row.number: row}


def test_ids_follow_the_rows(store: Database[dict[str, Any]]) -> None:
    from datetime import UTC, datetime

    began = datetime(2026, 4, 1, tzinfo=UTC)
    ids = [id_of("a", began, row) for row in range(1, 300)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 299
    assert id_of("a", began, 7) == id_of("a", began, 7) != id_of("b", began, 7)


def test_the_history_of_an_imported_record_begins_with_the_import(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    world(store)
    run = begun(written(tmp_path / "rows.csv", rows(3)), read_mapping(MAPPING), actor=actor("staff.soseki"))
    done(run, by=actor("staff.soseki").user)
    made = store["items"].find_one({"institution": "soseki"})
    assert made is not None
    acts = history(actor("staff.soseki"), NOUNS["item"], str(made["_id"]))
    assert [(each.action, each.who) for each in acts] == [("create", "staff.sosekiの人")]


def test_the_rows_to_come_are_told_from_the_file_before_the_first_is_read(
    store: Database[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On it hangs whether the index of grams is built at the end, where that is ten times as quick."""
    assert _estimated(1_500_000, 8_192, 0) == 10_000
    assert _estimated(1_500_000, 15_000, 100) == 10_000
    monkeypatch.setattr("gate.store.bulk_indexes.MANY", 100)
    monkeypatch.setattr("gate.store.bulk_indexes.VERY_MANY", 100)
    store["items"].drop()  # emptied, the engine may still guess that it holds what earlier tests put there
    ensure_indexes()
    dropped = []
    monkeypatch.setattr(
        "gate.store.bulk_indexes._drop", lambda noun, *, others: dropped.append((noun.name, others))
    )
    done(begun(written(tmp_path / "rows.csv", rows(300)), read_mapping(MAPPING)))
    assert dropped == [("item", True)]


def test_nothing_is_written_down_of_a_batch_before_those_that_come_before_it(
    store: Database[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two are stored at once, and a run goes on behind the last that is written down: what is in already is met again."""
    run = begun(written(tmp_path / "rows.csv", rows(60)), read_mapping(MAPPING))
    monkeypatch.setattr("imports.run.batching.SIZE", 10)
    real, fourth = Batching.store, Event()

    def cut(batching: Batching, judged: Judged) -> None:
        if judged.no == 2 and fourth.wait(30):
            raise SystemExit
        real(batching, judged)
        if judged.no == 3:
            fourth.set()

    monkeypatch.setattr(Batching, "store", cut)
    with pytest.raises(SystemExit):
        done(run)
    assert store["items"].count_documents({"imported.run": run}) == 30
    assert runs.done_batches(run, "run") == 2
    monkeypatch.setattr(Batching, "store", real)
    store["imports"].update_many({}, {"$set": {"state": "uploaded"}})
    assert done(run)["counts"]["fates"] == [60, 0, 0, 0, 0, 0]
    assert store["items"].count_documents({}) == 60
