"""/migration/: from the upload to the sign-off and the undoing, by HTTP alone (S3, S16)."""

from __future__ import annotations

import io
import os
import re
from typing import Any

import pytest
import pyzipper
from mongoengine.connection import get_db

from imports.store import runs
from imports.store.sealed_source import BLOCK, keep_file
from jobs.queue import post
from tests.views.imports.importing import act, run_of, sent, work
from tests.views.panel import Panel, Person, upload

pytestmark = pytest.mark.usefixtures("no_imports")


def test_a_file_from_upload_to_sign_off(panel: Panel, shinjuku: Person) -> None:
    page = sent(shinjuku)
    first = shinjuku.get(page).text
    assert "火鉢" in first  # a sample of values
    assert "シフトJIS" in first
    assert act(shinjuku, page, "trial").status_code == 302
    waiting = shinjuku.get(page).text
    assert "試しの取込中" in waiting
    assert "<p data-soon>まもなく始まります" in waiting  # and no 0 / 0 rows
    assert '<p role="status" data-count hidden>' in waiting
    work(panel)
    tried = shinjuku.get(page).text
    assert "寸法として読めません" in tried
    assert "電話番号らしい" in tried
    assert "外字" in tried
    assert get_db()["items"].count_documents({"accession_number": {"$regex": "^L-"}}) == 0
    assert act(shinjuku, page, "run").status_code == 400  # the findings were not marked as looked at
    assert act(shinjuku, page, "run", sure="1").status_code == 302
    work(panel)
    there = get_db()["items"].find({"accession_number": {"$regex": "^L-"}})
    assert sorted(each["accession_number"] for each in there) == ["L-001", "L-003", "L-004"]
    done = shinjuku.get(page).text
    assert "一致しています" in done
    assert shinjuku.get(f"{page}record.pdf").data.startswith(b"%PDF")
    beside = shinjuku.get(f"{page}row?row=2").text
    assert "12.5×30cm" in beside
    assert "火鉢" in beside
    run = get_db()["imports"].find_one({})
    assert run is not None
    sample = [str(each) for each in run["reconciled"]["sample"]]
    assert shinjuku.post(f"{page}sign", {"seen": sample}).status_code == 403  # whoever ran it never signs
    manager = panel.person("manager")
    unopened = manager.post(f"{page}sign", {"seen": sample})
    assert unopened.status_code == 400
    assert "見本の行をすべて開いて" in unopened.text
    # Who sees masks sees no file's name: it may be a person's.
    for path in ("/migration/", page):
        assert "＊＊＊.csv" in manager.get(path).text
        assert "台帳.csv" not in manager.get(path).text
        assert "台帳.csv" in shinjuku.get(path).text
    assert manager.post(f"{page}sign", {"seen": sample[:-1]}).status_code == 400
    assert manager.post(f"{page}sign", {"seen": sample}).status_code == 302
    assert "確認済み" in shinjuku.get(page).text
    assert get_db()["import_batches"].count_documents({"source": {"$exists": True}}) == 0
    assert get_db()["import_sources.files"].count_documents({}) == 0
    assert "台帳.csv" not in str(get_db()["imports"].find_one({}))
    assert "元データは消去されました" in shinjuku.get(f"{page}row?row=2").text
    told = {each["action"] for each in get_db()["ledger"].find({"detail": {"$regex": str(run["_id"])}})}
    assert {"import_uploaded", "import_created", "imported", "import_signed", "import_source_erased"} <= told


def test_one_short_row_keeps_no_import_from_its_sign_off(panel: Panel, shinjuku: Person) -> None:
    """The row is refused, the others come in, file and store are reconciled, and a second person signs."""
    page = sent(shinjuku, "資料番号,資料名,備考\r\nL-1,甲,あ\r\nL-2,乙\r\nL-3,丙,う\r\n")
    text = "noun = 'item'\n[fields]\naccession_number = '資料番号'\ntitle = '資料名'\nnotes = '備考'\n"
    assert shinjuku.post(f"{page}mapping", {"text": text, "mode": "create"}).status_code == 302
    assert act(shinjuku, page, "trial").status_code == 302
    work(panel)
    assert act(shinjuku, page, "run", sure="1").status_code == 302
    work(panel)
    there = get_db()["items"].find({"accession_number": {"$regex": "^L-"}})
    assert sorted(each["accession_number"] for each in there) == ["L-1", "L-3"]
    done = shinjuku.get(page).text
    assert "一致しています" in done
    assert "ファイルの4行 = 記録の3行(セルの中の改行を含む) + 見出しと空行1行" in done
    assert "列の数が見出しと合いません" in shinjuku.get(f"{page}row?row=3").text
    sample = [str(each) for each in run_of()["reconciled"]["sample"]]
    manager = panel.person("manager")
    assert manager.get(f"{page}witness").status_code == 200
    assert manager.post(f"{page}sign", {"seen": sample}).status_code == 302
    assert run_of()["state"] == "signed"


def test_the_same_file_again_is_recognised_whatever_its_name(panel: Panel, shinjuku: Person) -> None:
    """By the digest of its bytes; it comes in again only when a person says so, and is forgotten once it is undone."""
    text = "資料番号,資料名,寄贈者\r\nL-1,甲,\r\n"
    first = sent(shinjuku, text)
    second = sent(shinjuku, text)
    assert "中身がまったく同じファイル" not in shinjuku.get(second).text  # nothing of it is in yet
    for name in ("trial", "run"):
        assert act(shinjuku, first, name).status_code == 302
        work(panel)
    named = shinjuku.post("/migration/", {"noun": "item", "file": upload(text.encode("cp932"), "別名.csv")})
    for page in (second, named.location):
        shown = shinjuku.get(page).text
        assert "中身がまったく同じファイル" in shown
        assert first in shown
    other = shinjuku.get(sent(shinjuku, text.replace("甲", "乙"))).text
    assert "中身がまったく同じファイル" not in other
    mode = {"text": mapping_text(second), "mode": "both"}
    assert shinjuku.post(f"{second}mapping", mode).status_code == 302
    assert act(shinjuku, second, "trial").status_code == 302
    work(panel)
    refused = act(shinjuku, second, "run")
    assert refused.status_code == 400
    assert "同じ中身のファイルが、すでに取り込まれています" in refused.text
    assert act(shinjuku, first, "undo", sure="1").status_code == 302
    work(panel)
    assert "中身がまったく同じファイル" not in shinjuku.get(second).text
    assert act(shinjuku, second, "run").status_code == 302


def mapping_text(page: str) -> str:
    """The mapping of the import at that address."""
    found = runs.known(page.rstrip("/").rsplit("/", 1)[1])
    assert found is not None
    return str(found["mapping"]["text"])


def test_a_stray_quotation_mark_is_told_with_its_line_and_nothing_is_kept(
    panel: Panel, shinjuku: Person
) -> None:
    rows = [f"L-{at},甲,あ" for at in range(2, 1_001)]
    rows[299] = 'L-301,"甲,あ'
    raw = "\r\n".join(["資料番号,資料名,備考", *rows]).encode("cp932")
    answer = shinjuku.post("/migration/", {"noun": "item", "file": upload(raw, "台帳.csv")})
    assert answer.status_code == 400
    assert "ファイルの301行目で始まる引用符" in answer.text
    assert get_db()["import_sources.files"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("state", "kind", "goes_on"),
    [("trying", "trial", False), ("running", "run", False), ("undoing", "undo", False), ("reconciling", "reconcile", True)],
)  # fmt: skip
def test_a_trial_a_run_and_an_undoing_are_stopped(
    panel: Panel, shinjuku: Person, state: str, kind: str, *, goes_on: bool
) -> None:
    """What follows by itself has no button to be gone on with."""
    page = sent(shinjuku)
    run = page.rstrip("/").rsplit("/", 1)[1]
    get_db()["imports"].update_one({}, {"$set": {"state": state}})
    post(kind, run)
    assert act(shinjuku, page, "stop").status_code == (400 if goes_on else 302)
    job = get_db()["jobs"].find_one({"about": run})
    assert job is not None
    assert job["state"] == ("waiting" if goes_on else "stopped")
    if not goes_on:  # a trial has stored nothing that could stay
        said = {
            "trial": "何も登録していません",
            "run": "登録済みの分はそのままです",
            "undo": "続きから取り消す",
        }
        assert said[kind] in shinjuku.get(page).text


def test_a_stop_that_comes_too_late_stops_nothing_else(
    panel: Panel, shinjuku: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run ends between the look at its import and the act: what waits then is its reconciling."""
    page = sent(shinjuku)
    run = page.rstrip("/").rsplit("/", 1)[1]
    seen = get_db()["imports"].find_one({}) or {}
    monkeypatch.setattr("imports.store.runs.own", lambda *_: seen | {"state": "running"})
    get_db()["imports"].update_one({}, {"$set": {"state": "reconciling"}})
    post("reconcile", run)
    assert act(shinjuku, page, "stop").status_code == 400
    assert (get_db()["jobs"].find_one({"about": run}) or {})["state"] == "waiting"


def test_an_import_is_undone_but_for_what_was_edited_since(panel: Panel, shinjuku: Person) -> None:
    page = sent(shinjuku)
    act(shinjuku, page, "trial")
    work(panel)
    act(shinjuku, page, "run", sure="1")
    work(panel)
    edited = get_db()["items"].find_one({"accession_number": "L-004"})
    assert edited is not None
    form = shinjuku.form(f"/admin/item/edit/?id={edited['_id']}")
    form["title"] = "短冊(改め)"
    assert shinjuku.post(f"/admin/item/edit/?id={edited['_id']}", form).status_code == 302
    assert act(shinjuku, page, "undo").status_code == 400
    assert act(shinjuku, page, "undo", sure="1").status_code == 302
    work(panel)
    assert "L-004" in shinjuku.get(page).text
    left = get_db()["items"].find({"accession_number": {"$regex": "^L-"}})
    assert [each["accession_number"] for each in left] == ["L-004"]


def test_a_sister_museum_and_a_contractor_see_none_of_it(
    panel: Panel, shinjuku: Person, soseki: Person
) -> None:
    page = sent(shinjuku)
    for person in (soseki, panel.person("contractor"), panel.person("admin"), panel.person("auditor")):
        assert person.get(page).status_code in (403, 404)
        assert act(person, page, "trial").status_code in (403, 404)
    assert panel.person("librarian.kaizu").get(page).status_code == 404


def test_a_witness_sees_no_cell_of_a_person(panel: Panel, shinjuku: Person) -> None:
    """The section checks a museum's import: names and addresses stay the museum's own."""
    page = sent(shinjuku)
    act(shinjuku, page, "trial")
    work(panel)
    seen = panel.person("manager").get(f"{page}row?row=2&phase=trial").text
    assert "火鉢" in seen
    for each in ("苗字", "戸山", "箱入り"):
        assert each not in seen
    own = shinjuku.get(f"{page}row?row=2&phase=trial").text
    assert "戸山" in own
    told = get_db()["disclosures"].find_one(sort=[("_id", -1)])
    assert told is not None
    assert "address" in told["fields"]


def test_a_witness_neither_maps_nor_drives_what_comes_in(panel: Panel, shinjuku: Person) -> None:
    """Whoever says what a column feeds says who may read it: that is the museum's own to say (S16)."""
    page = sent(shinjuku)
    act(shinjuku, page, "trial")
    work(panel)
    manager = panel.person("manager")
    before = get_db()["imports"].find_one({})
    columns = {f"column.{n}": "" for n in range(8)} | {"column.0": "field:accession_number"}
    for path, form in (
        ("mapping", columns | {"column.5": "field:title"}),
        (
            "mapping",
            {"text": 'noun = "item"\n[fields]\naccession_number = "資料番号"\ntitle = "寄贈者住所"\n'},
        ),
        ("form", {"header_row": "2"}),
        *(("act", {"act": each, "sure": "1"}) for each in ("trial", "run", "stop", "undo", "erase")),
    ):
        assert manager.post(page + path, form).status_code == 403
    assert get_db()["imports"].find_one({}) == before
    assert f"{page}mapping" not in manager.get(page).text.replace("mapping.toml", "")
    assert "戸山" not in manager.get(f"{page}row?row=2&phase=trial").text


def test_a_mapping_is_chosen_named_and_used_again(panel: Panel, shinjuku: Person) -> None:
    page = sent(shinjuku)
    form = dict.fromkeys((f"column.{n}" for n in range(8)), "")
    form |= {"column.0": "field:accession_number", "column.1": "field:title", "column.3": "size:all",
             "column.6": "label:notes", "alike.object_type": "folk", "unit": "mm", "name": "うちの台帳"}  # fmt: skip
    assert shinjuku.post(f"{page}mapping", form).status_code == 302
    text = shinjuku.get(f"{page}mapping.toml").text
    assert 'sizes = "寸法"' in text
    assert 'object_type = "folk"' in text
    assert "寄贈者" not in text
    stored = get_db()["import_mappings"].find_one({"name": "うちの台帳"})
    assert stored is not None
    assert run_of()["mapping"] == {"name": "うちの台帳", "version": 1, "text": text}
    runs.name_version(str(run_of()["_id"]), "what a colleague wrote meanwhile", 7)
    assert run_of()["mapping"]["version"] == 1
    other = sent(shinjuku, mapping=str(stored["_id"]))
    assert shinjuku.get(f"{other}mapping.toml").text == text
    broken = shinjuku.post(f"{page}mapping", {"text": "noun = 'item'\n[fields]\nnothing = 'x'\n"})
    assert broken.status_code == 400
    assert "nothing" in broken.text


def test_a_mapping_that_comes_too_late_becomes_no_version(
    panel: Panel, shinjuku: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = sent(shinjuku)
    text = shinjuku.get(f"{page}mapping.toml").text
    seen = run_of()
    monkeypatch.setattr("imports.store.runs.own", lambda *_: seen)
    get_db()["imports"].update_one({}, {"$set": {"state": "running"}})
    late = shinjuku.post(f"{page}mapping", {"text": text, "mode": "create", "name": "遅れた対応表"})
    assert late.status_code == 400
    assert get_db()["import_mappings"].count_documents({}) == 0


def test_what_an_update_would_change_is_seen_before_it_does(panel: Panel, shinjuku: Person) -> None:
    panel.make("item", "shinjuku", accession_number="L-009", title="火鉢(古)", maker="乾山")
    page = sent(shinjuku, "資料番号,資料名,作者\r\nL-009,火鉢(新),\r\n")
    text = shinjuku.get(f"{page}mapping.toml").text
    assert shinjuku.post(f"{page}mapping", {"text": text, "mode": "update"}).status_code == 302
    act(shinjuku, page, "trial")
    work(panel)
    seen = shinjuku.get(f"{page}row?row=2").text
    assert "更新される項目" in seen
    assert "火鉢(古)" in seen
    assert "火鉢(新)" in seen
    there = get_db()["items"].find_one({"accession_number": "L-009"})
    assert there is not None
    assert there["title"] == "火鉢(古)"


@pytest.mark.parametrize(
    ("path", "sent_"),
    [
        ("", {"noun": "item"}), ("", {"noun": "role", "file": upload(b"a\n1\n")}), ("", {"noun": "item", "file": upload(b"")}),
        ("", {"noun": "item", "file": upload(b"PK\x03\x04xx", "a.xlsx")}), ("*act", {"act": "fly"}), ("*act", {"act": "run"}),
        ("*form", {"encoding": "klingon"}), ("*form", {"header_row": "99"}), ("*mapping", {"text": "x = ["}),
        ("*mapping", {"mode": "steal"}), ("*sign", {"seen": "x"}), ("*problems", {"password": "y" * 20}),
    ],
)  # fmt: skip
def test_bad_input_is_never_a_crash(panel: Panel, shinjuku: Person, path: str, sent_: dict[str, Any]) -> None:
    page = sent(shinjuku) if path.startswith("*") else "/migration/"
    answer = shinjuku.post(page + path.lstrip("*"), sent_)
    assert answer.status_code in (200, 302, 400)
    for bad in ("x", "0" * 24, "a" * 300):
        for rest in ("", "rows", "row?row=1", "record.pdf", "progress"):
            assert shinjuku.get(f"/migration/{bad}/{rest}").status_code == 404
    if path.startswith("*"):
        for rest in ("rows?fate=9", "rows?fate=x", "row?row=-1", "row?row=999999999", "rows?after=x"):
            assert shinjuku.get(page + rest).status_code in (400, 404)


def test_both_languages_are_whole(panel: Panel) -> None:
    person = panel.person("staff.shinjuku", "en")
    page = sent(person)
    act(person, page, "trial")
    work(panel)
    text = re.sub(
        r"(?s)<option.*?</option>|<textarea.*?</textarea>|<code.*?</code>", "", person.get(page).text
    )
    assert "What the trial found" in text
    assert "not imported" in text


def sealed_zip(password: str) -> bytes:
    """A zip with a table in it."""
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as packed:
        packed.setpassword(password.encode())
        packed.writestr("a.csv", os.urandom(200_000))
    return out.getvalue()


def spoiled() -> bytes:
    """A zip whose damage shows only at its end."""
    whole = bytearray(sealed_zip("correct-horse-3"))
    middle = len(whole) // 2
    whole[middle : middle + 8] = b"\0" * 8
    return bytes(whole)


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.xlsx", b"PK\x03\x04xx"), ("empty.csv", b""), ("a.zip", spoiled())],
    ids=["broken", "empty", "damaged"],
)
def test_what_cannot_be_read_is_kept_nowhere(panel: Panel, shinjuku: Person, name: str, data: bytes) -> None:
    """Finding 6: no import names it, so nothing would ever erase it."""
    sent_ = {"noun": "item", "file": upload(data, name), "password": "correct-horse-3"}
    assert shinjuku.post("/migration/", sent_).status_code == 400
    for each in ("files", "chunks"):
        assert get_db()[f"import_sources.{each}"].count_documents({}) == 0, each
    assert get_db()["imports"].count_documents({}) == 0


class CutOff(io.BytesIO):
    """An upload whose sender goes away after the first block."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise ConnectionResetError
        return super().read(size)


def test_an_upload_that_is_cut_off_leaves_no_piece(panel: Panel) -> None:
    with panel.app.app_context(), pytest.raises(ConnectionResetError):
        keep_file(b"key", CutOff(b"a" * (BLOCK + 1)), "0" * 24)
    assert get_db()["import_sources.chunks"].count_documents({}) == 0
