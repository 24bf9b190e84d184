"""Photographs find their items by their names; what is doubtful is listed; the same again brings nothing twice."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import pyzipper
from bson import ObjectId
from PIL import Image
from pymongo.database import Database

from accounts.console import console
from gate.refusals import Refused
from gate.store.samples import is_drawn
from gate.writing.writing import create
from imports.photographs.matching import NO_ITEM, TWO_ITEMS, UNNAMED, bring_in, candidates, photos, said_by
from models.registry import NOUNS
from operations.store_indexes import ensure_indexes
from tests.views.panel import picture
from tests.world import actor, world


@pytest.fixture
def store(database: Database[dict[str, Any]]) -> Database[dict[str, Any]]:
    ensure_indexes()
    for number in ("S-001", "1", "1-2", "甲3"):
        create(console("soseki"), NOUNS["item"], "soseki", {"accession_number": number, "title": "壺"})
    return database


def folder(path: Path, **names: bytes) -> Path:
    for name, content in names.items():
        (path / name).write_bytes(content)
    return path


def test_a_photograph_is_in_the_sample_by_the_id_that_it_keeps(
    store: Database[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The id that the gate draws for a new record is thrown away: here it would be of the sample, and the own is not."""
    drawn = next(key for at in range(1 << 20) if is_drawn(key := ObjectId(f"{at:024x}")))
    monkeypatch.setattr("gate.writing.pipeline.ObjectId", lambda: drawn)
    with photos(folder(tmp_path, **{"S-001_1.png": picture(), "S-001_2.png": picture((30, 20))})) as those:
        list(bring_in(console("soseki"), "soseki", those))
    there = list(store["media"].find({}))
    assert len(there) == 2
    for each in there:
        assert each.get("drawn", False) == is_drawn(each["_id"])


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("甲3.jpg", ["甲3"]), ("S-001_1.jpg", ["S-001_1", "S-001"]), ("S-001-a.JPG", ["S-001-a", "S-001"]),
        ("S-001(2).png", ["S-001(2)", "S-001"]), ("Ｓ－００１（２）.png", ["S-001(2)", "S-001"]), ("1-2.jpg", ["1-2", "1"]),
    ],
)  # fmt: skip
def test_a_name_tells_of_a_number_and_perhaps_of_a_suffix(name: str, numbers: list[str]) -> None:
    assert candidates(name) == numbers


def test_they_come_to_their_items_once(store: Database[dict[str, Any]], tmp_path: Path) -> None:
    files = {"S-001_1.png": picture(), "S-001_2.png": picture((30, 20)), "甲3(1).png": picture((9, 9)), "1-2.png": picture((8, 8)),
             "nobody.png": picture(), "S-001_3.jpg": b"no picture"}  # fmt: skip
    where = folder(tmp_path, **files)
    with photos(where) as those:
        results = {each.name: each for each in bring_in(console("soseki"), "soseki", those)}
    assert {name for name, each in results.items() if each.came} == {
        "S-001_1.png",
        "S-001_2.png",
        "甲3(1).png",
    }
    assert results["1-2.png"].reason == TWO_ITEMS
    assert results["nobody.png"].reason == NO_ITEM
    assert results["S-001_3.jpg"].reason is not None
    item = store["items"].find_one({"accession_number": "S-001"})
    assert item is not None
    assert len(item["photographs"]) == 2
    with photos(where) as those:
        again = [each for each in bring_in(console("soseki"), "soseki", those) if each.came]
    assert again == []
    assert store["media"].count_documents({}) == 3


def test_a_number_is_found_in_whatever_case_and_width_it_is_written(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    """2A 3.16: p-002.jpeg is P-002's. Of two that differ by case alone the very one is meant, or none."""
    for number in ("P-002", "Q-1", "q-1", "壺―７"):
        create(console("soseki"), NOUNS["item"], "soseki", {"accession_number": number, "title": "p-003"})
    files = {
        "p-002.jpg": picture(kind="JPEG"), "ｓ－００１_2.png": picture((9, 9)), "Q-1.png": picture((8, 8)),
        "ｑ-1_3.PNG": picture((7, 7)), "Ｑ‐1.png": picture((6, 6)), "壺-7.png": picture((5, 5)), "p-003.png": picture((4, 4)),
    }  # fmt: skip
    with photos(folder(tmp_path, **files)) as those:
        results = {each.name: each for each in bring_in(console("soseki"), "soseki", those)}
    assert {name: each.reason for name, each in results.items() if not each.came} == {
        "p-003.png": NO_ITEM, "Ｑ‐1.png": TWO_ITEMS
    }  # fmt: skip
    pictured = store["items"].find({"photographs": {"$exists": True}})
    assert {each["accession_number"] for each in pictured} == {"P-002", "S-001", "Q-1", "q-1", "壺―7"}


def test_the_same_bytes_under_another_name_are_hinted_at(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    """2A 3.15: a hint, no refusal; the same name and bytes are the same photograph and no second one."""
    with photos(
        folder(tmp_path, **{"S-001_1.png": picture(), "S-001_2.png": picture(), "1.png": picture((9, 9))})
    ) as those:
        results = {each.name: each for each in bring_in(console("soseki"), "soseki", those)}
    assert all(each.came for each in results.values())
    number = (store["media"].find_one({"original_name": "S-001_1.png"}) or {})["media_number"]
    hint = results["S-001_2.png"].hint
    assert hint is not None
    assert number in hint[0]
    assert [name for name, each in results.items() if each.hint] == ["S-001_2.png"]


def test_one_that_was_stored_and_not_yet_attached_is_attached_by_the_next_run(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    where = folder(tmp_path, **{"S-001.png": picture()})
    with photos(where) as those:
        list(bring_in(console("soseki"), "soseki", those))
    store["items"].update_many({}, {"$unset": {"photographs": ""}})  # as if killed between the two
    with photos(where) as those:
        assert [each.came for each in bring_in(console("soseki"), "soseki", those)] == [True]
    assert store["media"].count_documents({}) == 1


def test_a_zip_with_a_password_and_a_mapping_file(store: Database[dict[str, Any]], tmp_path: Path) -> None:
    path, mapping = tmp_path / "p.zip", tmp_path / "map.csv"
    with pyzipper.AESZipFile(path, "w", encryption=pyzipper.WZ_AES) as packed:
        packed.setpassword(b"secret-secret")
        packed.writestr("x/DSC0001.png", picture())
        packed.writestr("x/DSC0002.png", picture())
    mapping.write_text("ファイル名,資料番号\nDSC0001.png,1-2\n", encoding="cp932")
    with photos(path, "secret-secret") as those:
        results = list(bring_in(console("soseki"), "soseki", those, said_by(mapping)))
    assert [(each.came, each.reason) for each in results] == [(True, None), (False, UNNAMED)]
    made = store["media"].find_one() or {}
    assert (made["title"], made["original_name"]) == (
        "1-2",
        "DSC0001.png",
    )  # a title is public, and the name may say anything


def test_what_is_no_readable_picture_is_named_and_what_systems_put_there_is_not(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    """Issue 2A, 3.15: HEIC, PDF and pages are problems with what to do, in a zip as in a folder."""
    two = io.BytesIO()
    Image.new("L", (9, 9)).save(two, "TIFF", save_all=True, append_images=[Image.new("L", (9, 9))])
    files = {"S-001_1.png": picture(), "S-001_2.HEIC": b"x", "S-001_3.pdf": b"%PDF-1.7", "S-001_4.tif": two.getvalue(), "memo.txt": b"x"}  # fmt: skip
    noise = {"__MACOSX/._S-001_1.png": b"x", ".DS_Store": b"x", "Thumbs.db": b"x", "a/desktop.ini": b"x"}
    path, where = tmp_path / "p.zip", tmp_path / "folder"
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in {**files, **noise}.items():
            packed.writestr(name, content)
            (where / name).parent.mkdir(parents=True, exist_ok=True)
            (where / name).write_bytes(content)
    for place in (path, where):
        with photos(place) as those:
            results = {each.name: each.reason for each in bring_in(console("soseki"), "soseki", those)}
        assert set(results) == set(files)
        for name, said in {"S-001_2.HEIC": "HEIC", "S-001_3.pdf": "PDF", "S-001_4.tif": "2枚", "memo.txt": ".jpeg"}.items():  # fmt: skip
            reason = results[name]
            assert reason is not None
            assert said in reason[0], (name, reason)
        assert results["S-001_1.png"] is None
    found = store["media"].find_one({})
    assert found is not None
    assert found["original_name"] == "S-001_1.png"
    assert store["fs.files"].count_documents({}) == 3


def test_a_picture_beyond_the_institutions_limit_is_named_with_it(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    store["institutions"].insert_one({"_id": "soseki", "picture_megabytes": 1})
    where = folder(tmp_path, **{"S-001.png": picture() + b"\0" * (1 << 20)})
    with photos(where) as those:
        (result,) = bring_in(console("soseki"), "soseki", those)
    assert result.reason is not None
    assert "1MB" in result.reason[0]


def test_who_may_not_make_media_brings_none(store: Database[dict[str, Any]], tmp_path: Path) -> None:
    world(store)
    where = folder(tmp_path, **{"S-001.png": picture()})
    with photos(where) as those, pytest.raises(Refused):
        list(bring_in(actor("staff.shinjuku"), "soseki", those))
    assert store["media"].count_documents({}) == 0


@pytest.mark.parametrize("encoding", ["cp932", "utf-8"])
def test_names_in_a_zip_of_japanese_windows_are_read(tmp_path: Path, encoding: str) -> None:
    """Windows writes them in cp932, a Mac in UTF-8, and neither says so; 表 has a second byte that looks like a backslash."""
    name, other = "甲12_表.png".encode(encoding), "髙1.png".encode(encoding)
    path = tmp_path / "p.zip"
    with pyzipper.AESZipFile(path, "w") as packed:
        packed.writestr("x" * len(name), b"1")
        packed.writestr("y" * len(other), b"2")
    path.write_bytes(path.read_bytes().replace(b"x" * len(name), name).replace(b"y" * len(other), other))
    with photos(path) as those:
        found = {}
        for each in those:
            with each.open() as content:
                found[each.name] = content.read()
    assert found == {"甲12_表.png": b"1", "髙1.png": b"2"}
