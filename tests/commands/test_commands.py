"""Each command does its work, says it in both languages, and ends with 0 only when all went well."""

import csv
import re
import signal
import stat
import subprocess
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from policies.lockout import NAMES, Limits
from settings.version import VERSION
from tests.commands.conftest import FLASK, PROJECT, Site
from tests.imports.carnegie import rows, written

KANA = re.compile(r"[\u3041-\u30ff]")
COMMANDS = [
    ["seed"], ["seed", "demo"], ["import"], ["import", "items"], ["import", "patron"], ["import", "photographs"], ["users"], ["users", "list"], ["users", "password"],
    ["users", "unlock"], ["users", "reset"], ["users", "create"], ["keys"], ["keys", "pepper"], ["keys", "accept"], ["init"], ["policy"], ["policy", "matrix"], ["policy", "explain"], ["worker"], ["sealer"], ["upgrade"], ["derive"], ["doctor"],
]  # fmt: skip


def test_help_is_there_in_both_languages(site: Site) -> None:
    helps = [(words, site.flask(*words, "--help")) for words in COMMANDS]
    for words, done in helps:
        assert done.returncode == 0, words
        said = done.stdout.split("Options:")[0]
        assert KANA.search(said), words
        assert re.search(r"[a-z]{3,} [a-z]{2,}", said), words


def test_an_empty_store_that_is_not_ours_is_left_alone(database_uri: str, site: Site) -> None:
    uri = database_uri.replace("shuzoko_test_", "shuzoko_left_alone_", 1)
    done = site.flask("seed", "--if-empty", MONGODB_URI=uri)
    assert done.returncode == 0
    assert uri.rsplit("/", 1)[-1].split("?")[0] not in site.database.client.list_database_names()


def test_a_store_that_is_filled_stays_as_it_is(site: Site) -> None:
    before = site.database["items"].count_documents({}), site.passwords()
    assert before[0] == 600
    done = site.flask("seed", "--if-empty", SHUZOKO_DEMO="1")
    assert (done.returncode, done.stderr) == (0, "")
    assert (site.database["items"].count_documents({}), site.passwords()) == before


def test_the_file_of_passwords_is_for_its_owner_only(site: Site) -> None:
    assert stat.S_IMODE((site.var / "demo-accounts.csv").stat().st_mode) == 0o600
    assert len(site.passwords()) == 8


def test_an_import_with_a_bad_row_ends_with_1_and_the_good_rows_are_in(site: Site, tmp_path: Path) -> None:
    those = rows(30)
    those[3]["accession_number"] = ""
    file, problems = written(tmp_path / "a.csv", those), tmp_path / "problems.csv"
    words = ("import", "items", str(file), "--mapping", "carnegie", "--institution", "soseki")
    done = site.flask(*words, "--as", "staff.soseki", "--problems", str(problems))
    assert done.returncode == 1
    assert "29" in done.stderr
    assert "5行目" in done.stderr
    with problems.open(encoding="utf-8-sig", newline="") as told:
        assert [row[:2] for row in csv.reader(told)][1:] == [["5", "accession_number"]]
    known = [each["accession_number"] for each in those if each["accession_number"]]
    asked = {"institution": "soseki", "accession_number": {"$in": known}}
    assert site.database["items"].count_documents(asked) == 29
    account = site.database["users"].find_one({"login_id": "staff.soseki"})
    assert account is not None
    assert site.database["items"].count_documents(asked | {"created_by": str(account["_id"])}) == 29
    english = site.flask(*words, LC_ALL="en_US.UTF-8")
    assert english.returncode == 1
    assert "already in use" in english.stderr
    assert "The very same file has been imported before" in english.stderr
    assert not KANA.search(english.stderr)


def test_an_import_of_good_rows_ends_with_0(site: Site, tmp_path: Path) -> None:
    file = written(tmp_path / "b.csv", rows(5))
    done = site.flask("import", "items", str(file), "--mapping", "carnegie", "--institution", "shinjuku")
    assert done.returncode == 0, done.stderr
    assert site.database["ledger"].count_documents({"action": "imported", "institution": "shinjuku"}) == 1


@pytest.mark.parametrize(
    ("noun", "collection", "mapping", "text", "kept"),
    [
        (
            "patron", "patrons",
            "cardnumber = '番号'\nsurname = '姓'\nfirstname = '名'\ndateexpiry = '期限'\nphone = '電話'\n[[computed]]\nname = '姓'\n"
            "column = '氏名'\npart = 'first'\n[[computed]]\nname = '名'\ncolumn = '氏名'\npart = 'rest'\n",
            "番号,氏名,期限,電話\nP-1,命令 太郎,2027/3/31,03-1234-5678（内線12）\nP-2,命令 次郎,2027/3/31,留守\n",
            {"surname": "命令", "firstname": "太郎", "dateexpiry": "2027-03-31"},
        ),
        (
            "book", "books",
            "barcode = '番号'\ntitle = '書名'\nndc = '分類'\nvolume = '巻'\nsubtitle = '副書名'\nsubject = { several = '件名' }\nisbn = 'ISBN'\n",
            "番号,書名,分類,巻,副書名,件名,ISBN\nB-1,命令,913.6,上,副,小説;日本,4-00-310101-4\nB-2,命令,913.6,下,副,小説,4-00-310101-5\n",
            {"title": "命令", "ndc": "913.6", "volume": "上", "subtitle": "副", "subject": ["小説", "日本"], "isbn": "4-00-310101-4"},
        ),
    ],
    ids=["patron", "book"],
)  # fmt: skip
def test_records_of_every_kind_come_in_by_their_name(
    site: Site, tmp_path: Path, noun: str, collection: str, mapping: str, text: str, kept: dict[str, Any]
) -> None:
    """2A 3.11: `flask import NOUN FILE`; a refusal names the cell, unless it is a person's."""
    told, file = tmp_path / "m.toml", tmp_path / "rows.csv"
    told.write_text(f"noun = '{noun}'\n[fields]\n{mapping}", encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    done = site.flask("import", noun, str(file), "--mapping", str(told), "--institution", "kaizu")
    assert done.returncode == 1
    assert "3行目" in done.stderr
    assert ("留守" in done.stderr) is False
    assert ("「4-00-310101-5」: " in done.stderr) is (noun == "book")
    found = site.database[collection].find_one(kept)
    assert found is not None
    other = site.flask("import", "loan", str(file), "--mapping", str(told), "--institution", "kaizu")
    assert other.returncode == 1
    assert "この対応表は「借用・貸出」のものではありません" in other.stderr


@pytest.mark.parametrize(
    "more",
    [
        ["--mapping", "nowhere", "--institution", "soseki"],
        ["--mapping", "carnegie", "--institution", "nowhere"],
        ["--mapping", "shinjuku-sites", "--institution", "soseki"],
        ["--mapping", "carnegie", "--institution", "soseki", "--as", "contractor"],
        ["--mapping", "carnegie", "--institution", "soseki", "--as", "nobody"],
    ],
    ids=["no such mapping", "no such institution", "columns lack", "no right", "no such account"],
)
def test_an_import_that_cannot_begin_says_why_and_stores_nothing(
    site: Site, tmp_path: Path, more: list[str]
) -> None:
    those = rows(2)
    for each in those:
        each["accession_number"] = f"never-{each['accession_number']}"
    done = site.flask("import", "items", str(written(tmp_path / "c.csv", those)), *more)
    assert done.returncode == 1
    assert KANA.search(done.stderr)
    assert "Traceback" not in done.stderr
    assert site.database["items"].count_documents({"accession_number": {"$regex": "^never-"}}) == 0


def test_a_new_password_is_the_one_that_signs_in(site: Site) -> None:
    old = site.passwords()["manager"]
    done = site.flask("users", "password", "manager", "--generate")
    assert done.returncode == 0
    new = done.stdout.strip()
    assert len(new) >= 20
    assert new != old
    assert site.flask("users", "password", "manager", typed="short\nshort\n").returncode == 1
    assert site.flask("users", "password", "nobody", "--generate").returncode == 1


def test_a_locked_account_is_listed_as_such_and_unlocked(site: Site) -> None:
    guess = (
        "from app import create_app\nfrom accounts.sign_in.attempt import attempt\napp = create_app()\n"
        f"for _ in range({Limits().attempts}): attempt('auditor', 'wrong', pepper=app.config['PEPPER'], address='')\n"
    )
    python = str(Path(FLASK).parent / "python")
    subprocess.run([python, "-c", guess], cwd=PROJECT, env=site.environ(), check=True)

    def line() -> str:
        return next(each for each in site.flask("users", "list").stdout.splitlines() if " auditor" in each)

    assert "locked" in line()
    assert site.flask("users", "unlock", "auditor").returncode == 0
    assert "locked" not in line()
    assert site.flask("users", "unlock", "nobody").returncode == 1
    [noted] = site.database["ledger"].find({"action": "unlocked"})
    assert (noted["actor"], noted["institution"]) == ("console", "section")  # in that institution's history


def test_an_address_that_failed_with_too_many_names_is_unlocked(site: Site) -> None:
    guess = (
        "from app import create_app\nfrom accounts.failed_names import reserve_name\napp = create_app()\n"
        f"for n in range({NAMES + 1}): print(reserve_name('192.0.2.7', f'm{{n}}', 'section', app.config['PEPPER']))\n"
    )
    python = str(Path(FLASK).parent / "python")

    def spend() -> list[str]:
        done = subprocess.run(
            [python, "-c", guess], cwd=PROJECT, env=site.environ(), check=True, capture_output=True, text=True
        )
        return done.stdout.split()

    assert spend() == ["True"] * NAMES + ["False"]
    assert "was not locked" in site.flask("users", "unlock", "--address", "192.0.2.8").stderr
    assert "may sign in again" in site.flask("users", "unlock", "--address", "192.0.2.7").stderr
    assert spend() == ["True"] * NAMES + ["False"]
    wrong = site.flask("users", "unlock", "--address", "the front desk")
    assert (wrong.returncode, "Traceback" in wrong.stderr) == (1, False)
    assert site.flask("users", "unlock").returncode == 1


def test_doctor_warns_of_a_proxy_that_was_not_declared(site: Site) -> None:
    arrive = (
        "from app import create_app\nfrom accounts.sign_in.arrivals import count_arrival\ncreate_app()\n"
        "count_arrival({'Via': '1.1 proxy'})\n"
    )
    python = str(Path(FLASK).parent / "python")
    subprocess.run([python, "-c", arrive], cwd=PROJECT, env=site.environ(), check=True)
    warned = site.flask("doctor")
    assert (warned.returncode, "SHUZOKO_PROXY_HOPS" in warned.stdout) == (1, True)
    site.database["api_rates"].delete_many({})
    assert "SHUZOKO_PROXY_HOPS" not in site.flask("doctor").stdout


def test_policy_is_told_with_its_reason(site: Site) -> None:
    done = site.flask("policy", "explain", "staff.soseki", "donor", "telephone", "--exit", "list")
    assert done.returncode == 0
    told = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert set(told) == {"soseki", "shinjuku", "section"}
    assert "last_digits" in told["shinjuku"]
    assert "last_digits" not in told["soseki"]
    assert site.flask("policy", "explain", "staff.soseki", "donor", "shoe_size").returncode == 1
    matrix = site.flask("policy", "matrix", "--role", "contractor").stdout
    assert "item" in matrix
    assert "export" not in matrix


@pytest.fixture(autouse=True)
def _sound_copies(site: Site) -> None:
    """What another file's broken second place left is not told here."""
    site.database["copies"].delete_many({})


def test_doctor_is_content_until_something_is_open(site: Site) -> None:
    done = site.flask("doctor")
    assert (done.returncode, f"Shuzoko {VERSION}" in done.stdout) == (0, True)
    file = site.var / "demo-accounts.csv"
    file.chmod(0o644)
    done = site.flask("doctor")
    file.chmod(0o600)
    assert done.returncode == 1
    assert "demo-accounts.csv" in done.stdout


def test_doctor_misses_an_index(site: Site) -> None:
    site.database["items"].drop_index("institution_1_accession_number_1")
    done = site.flask("doctor")
    assert done.returncode == 1
    assert "items.institution_1_accession_number_1" in done.stdout
    assert site.flask("upgrade").returncode == 0
    content = site.flask("doctor")
    assert content.returncode == 0, content.stdout


def test_what_an_older_version_wrote_is_missed_by_doctor_and_upgraded(site: Site) -> None:
    """A store that was filled before there were intervals of dates, by a panel that is updated."""
    items = site.database["items"]
    whole = {each["_id"]: each for each in items.find()}
    items.update_many(
        {}, {"$unset": {"intervals": "", "masked": "", "drawn": ""}, "$set": {"keys": {}, "lacks": []}}
    )
    done = site.flask("doctor")
    assert done.returncode == 1
    assert "flask upgrade" in done.stdout
    derived = site.flask("upgrade", LC_ALL="en_US.UTF-8")
    assert derived.returncode == 0, derived.stderr
    assert f"{len(whole)} records were set right." in derived.stderr
    assert {each["_id"]: each for each in items.find()} == whole
    content = site.flask("doctor")
    assert content.returncode == 0, content.stdout
    again = site.flask("upgrade", LC_ALL="en_US.UTF-8")
    assert (again.returncode, "Nothing is due" in again.stderr) == (0, True)
    alias = site.flask("derive", LC_ALL="en_US.UTF-8")
    assert "flask derive is flask upgrade now." in alias.stderr
    assert "0 records were set right." in alias.stderr


def test_doctor_says_that_the_store_is_away(site: Site) -> None:
    done = site.flask("doctor", MONGODB_URI="mongodb://127.0.0.1:1/nowhere")
    assert done.returncode == 1
    assert "MONGODB_URI" in done.stdout
    assert "Traceback" not in done.stderr


def test_an_import_can_update_by_number_and_a_dry_run_changes_nothing(site: Site, tmp_path: Path) -> None:
    those = rows(5)
    for each in those:
        each["title"] = f"改題 {each['accession_number']}"
    file = written(tmp_path / "d.csv", those)
    words = (
        "import",
        "items",
        str(file),
        "--mapping",
        "carnegie",
        "--institution",
        "shinjuku",
        "--mode",
        "update",
    )
    retitled = {"institution": "shinjuku", "title": {"$regex": "^改題"}}
    assert site.flask(*words, "--dry-run").returncode == 0
    assert site.database["items"].count_documents(retitled) == 0
    assert site.flask(*words).returncode == 0
    assert site.database["items"].count_documents(retitled) == 5


def test_the_worker_drains_every_outbox_and_ends_when_asked(site: Site) -> None:
    waiting = {"outbox_at": {"$exists": True}}
    assert site.database["items"].count_documents(waiting) > 0
    worker = subprocess.Popen(
        [FLASK, "worker"], cwd=PROJECT, env=site.environ(), stderr=subprocess.PIPE, text=True
    )
    end = monotonic() + 120
    while site.database["items"].count_documents(waiting):
        assert worker.poll() is None, worker.stderr and worker.stderr.read()
        assert monotonic() < end
    worker.send_signal(signal.SIGTERM)
    _, said = worker.communicate(timeout=30)
    assert (worker.returncode, said) == (0, "")
    # What an import makes is told by the batch, and has no entry of its own.
    items = site.database["items"].count_documents({"imported": {"$exists": False}})
    made = {"noun": "item", "action": "create"}
    # On the way into the chain an entry is in both for a moment, and never in neither.
    sources = {str(each["source"]).rsplit(":", 1)[0] for each in site.database["chain"].find(made)}
    assert len(sources | {each["_id"] for each in site.database["ledger"].find(made)}) == items
    assert site.database["revisions"].count_documents({"noun": "item", "action": "create"}) == items


def test_a_reset_begun_at_the_console_is_a_link_that_opens(site: Site) -> None:
    done = site.flask("users", "reset", "contractor", SHUZOKO_ADDRESS="https://shuzoko.example.jp/")
    assert done.returncode == 0, done.stderr
    link = done.stdout.strip()
    assert re.fullmatch(r"https://shuzoko\.example\.jp/reset/[a-z2-9]{5}(-[a-z2-9]{5}){4}", link)
    found = site.database["resets"].find_one({})
    assert found
    assert link.rpartition("/")[2] not in repr(found)
    assert site.flask("users", "reset", "nobody").returncode == 1


def test_an_account_made_at_the_console_says_that_it_waits_for_a_second_person(site: Site) -> None:
    """S8: the demonstration has records, so no account that reaches personal data acts unapproved."""
    made = site.flask(
        "users", "create", "from.console", "--institution", "shinjuku", "--role", "staff", "--name", "新人"
    )
    assert made.returncode == 0, made.stderr
    assert "アカウントの承認" in made.stdout + made.stderr
    try:
        released = site.flask("users", "release", "from.console")
        assert released.returncode == 0, released.stderr
        assert "から使えます" in released.stdout + released.stderr
    finally:
        site.database["users"].delete_one({"login_id": "from.console"})
