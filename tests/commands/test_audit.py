"""`flask audit` as an operator runs it: exit 0 only while every entry is as it was written (S13)."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from tests.commands.conftest import Site


def test_sealed_copied_verified_tampered_found_and_gone_on_after_a_restore(site: Site) -> None:
    done = site.flask("audit", "seal")
    assert done.returncode == 0, done.stderr
    assert site.database["ledger"].count_documents({}) == 0
    assert site.flask("audit", "verify", "--records").returncode == 0

    # Straight in the database: named by noun, number and field, without the value.
    site.database["users"].update_one({"login_id": "manager"}, {"$set": {"email": "stranger@example.jp"}})
    changed = site.flask("audit", "verify", LC_ALL="en_US.UTF-8")
    assert (changed.returncode, [each for each in changed.stdout.splitlines() if each.startswith("✗")]) == (
        1,
        ["✗ Users (user) manager E-mail (email): it was changed outside the ledger"],
    )
    site.database["users"].update_one({"login_id": "manager"}, {"$unset": {"email": ""}})

    chain = site.database["chain"]
    entry = chain.find_one({"_id": "soseki:000000000007"})
    assert entry is not None
    chain.update_one({"_id": entry["_id"]}, {"$set": {"actor": "somebody else"}})
    found = site.flask("audit", "verify", LC_ALL="en_US.UTF-8")
    assert found.returncode == 1
    assert [each for each in found.stdout.splitlines() if each.startswith("✗")] == [
        "✗ soseki: 7 it was changed"
    ]
    chain.replace_one({"_id": entry["_id"]}, entry)
    assert site.flask("audit", "verify").returncode == 0

    chain.delete_many({"institution": "soseki", "number": {"$gt": 10}})  # a store of an earlier day
    assert site.flask("audit", "verify").returncode == 1
    assert (
        "new-segment"
        in site.flask("audit", "seal").stderr + site.flask("audit", "new-segment", "--help").stdout
    )
    assert site.flask("audit", "new-segment", "--institution", "soseki").returncode == 0
    good = site.flask("audit", "verify", LC_ALL="en_US.UTF-8")
    assert good.returncode == 0, good.stdout
    assert "new segment" in good.stdout


def test_the_signing_key_is_its_owners_and_lies_outside_the_second_place(site: Site) -> None:
    key = site.var / "keys" / "ledger"
    site.flask("audit", "heads")
    assert key.stat().st_mode & 0o077 == 0
    assert not any(
        key.read_bytes().strip() in each.read_bytes() for each in (site.var / "ledger").rglob("*.jsonl")
    )


def test_the_second_place_is_where_the_environment_says(site: Site, tmp_path: Path) -> None:
    done = site.flask("audit", "seal", SHUZOKO_LEDGER_COPY=str(tmp_path / "elsewhere"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "elsewhere" / "soseki" / "entries.jsonl").stat().st_size > 0


def test_a_second_place_that_cannot_be_written_is_said(site: Site, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = site.flask("audit", "seal", SHUZOKO_LEDGER_COPY=str(tmp_path / "file"))
    assert done.returncode == 1
    assert "SHUZOKO_LEDGER_COPY" in done.stderr


def test_one_command_makes_the_pack_of_a_year_and_of_an_incident(site: Site, tmp_path: Path) -> None:
    """S20, S22."""
    year, times = tmp_path / "year.zip", ("--since", "2020-01-01T00:00", "--until", "2099-01-01T00:00")
    done = site.flask("audit", "inspection", "2026", "--institution", "shinjuku", "--output", str(year))
    assert done.returncode == 0, done.stderr
    assert year.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(year) as file:
        assert file.read("inspection-shinjuku-2026.pdf").startswith(b"%PDF-")
        parts = json.loads(file.read("inspection-shinjuku-2026.json"))["parts"]
    assert parts["accounts"]["rows"]
    assert parts["roles"]["rows"]
    assert any(each for each in parts["chain"]["facts"].values())
    pack = tmp_path / "incident.zip"
    asked = ("audit", "incident", "--institution", "section", *times, "--output", str(pack))
    assert site.flask(*asked, "--account", "manager").returncode == 0
    assert "incident.pdf" in zipfile.ZipFile(pack).namelist()
    assert site.flask(*asked).returncode != 0
    assert site.flask(*asked, "--account", "nobody").returncode != 0
    assert site.flask("audit", "inspection", "2026", "--institution", "nowhere").returncode != 0
