"""The witness's page: the whole sample at once, a reveal for a purpose, and what could not be compared (S3, 2A 3.12)."""

from __future__ import annotations

import pytest
from mongoengine.connection import get_db

from tests.views.imports.importing import act, run_of, sent, work
from tests.views.panel import Panel, Person, upload
from tests.world import approve_accounts
from views.imports.record_paper import paper_of

pytestmark = pytest.mark.usefixtures("no_imports")


def imported(panel: Panel, person: Person) -> str:
    """The address of an import that waits for its signature."""
    page = sent(person)
    for name in ("trial", "run"):
        assert act(person, page, name, sure="1").status_code == 302
        work(panel)
    return page


def section(page: str, row: int) -> str:
    """What the page says of a row."""
    return page.partition(f'id="row-{row}"')[2].partition("</section>")[0]


def test_what_a_witness_cannot_compare_stands_in_the_record(panel: Panel, shinjuku: Person) -> None:
    """The page of twenty at once counts as opening its rows; a row with masked parts is not signed as compared."""
    page = imported(panel, shinjuku)
    manager = panel.person("manager")
    shown = manager.get(f"{page}witness").text
    assert "火鉢" in section(shown, 2)
    assert "比べられない項目" in section(shown, 2)
    assert "見えるところは合っている" in section(shown, 2)
    assert "比べられない項目" not in section(shown, 5)  # nobody's name, no note
    assert "戸山" not in shown
    assert "署名すると、預かっている元のファイルを消去します。そのあと取込は取り消せません。" in shown
    sample = [str(each) for each in run_of()["reconciled"]["sample"]]
    assert manager.post(f"{page}sign", {"seen": sample}).status_code == 302
    uncompared = {row: set(names) for row, names in run_of()["signed"]["uncompared"]}
    assert {"item.notes", "donor.name", "donor.address"} <= uncompared[2]
    assert 5 not in uncompared
    assert "比べられなかった項目" in shinjuku.get(page).text
    assert shinjuku.get(f"{page}record.pdf").data.startswith(b"%PDF")


def test_a_witness_reveals_for_a_purpose_and_compares(panel: Panel, shinjuku: Person) -> None:
    """Through the record's own reveal, disclosed first: then the file's cell is shown beside the record's value."""
    page = imported(panel, shinjuku)
    manager = panel.person("manager")
    run = page.rstrip("/").rsplit("/", 1)[1]
    assert "箱入り" not in manager.get(f"{page}witness").text
    item = get_db()["items"].find_one({"accession_number": "L-001"})
    assert item is not None
    asked = {"field": ["notes"], "purpose": "check"}
    answer = manager.post(f"/admin/item/reveal/?id={item['_id']}&witness={run}", asked)
    assert (answer.status_code, answer.location) == (302, f"{page}witness")
    told = get_db()["disclosures"].find_one(sort=[("_id", -1)])
    assert told is not None
    assert (told["purpose"], told["fields"], told["subjects"]) == ("check", ["notes"], [str(item["_id"])])
    shown = manager.get(f"{page}witness").text
    assert section(shown, 2).count("箱入り") == 2
    assert "電話03" not in shown  # of no other row
    assert manager.get(f"{page}row?row=2").text.count("箱入り") == 2
    both = {"field": ["name", "address"], "purpose": "check"}
    assert (
        manager.post(f"/admin/donor/reveal/?id={item['acquisition_source']}&witness={run}", both).status_code
        == 302
    )
    shown = manager.get(f"{page}witness").text
    assert section(shown, 2).count("戸山") == 2
    get_db()["reveals"].delete_many({})
    assert "箱入り" not in manager.get(f"{page}witness").text  # masked again, and seen all the same
    sample = [str(each) for each in run_of()["reconciled"]["sample"]]
    assert manager.post(f"{page}sign", {"seen": sample}).status_code == 302
    assert 2 not in {row for row, _ in run_of()["signed"]["uncompared"]}


def test_who_ran_it_sees_the_sample_and_cannot_sign(panel: Panel, shinjuku: Person) -> None:
    page = imported(panel, shinjuku)
    shown = shinjuku.get(f"{page}witness").text
    assert section(shown, 2).count("箱入り") == 2
    assert 'name="seen"' not in shown
    assert "opened" not in run_of()


def test_that_nobody_could_sign_is_said_before_the_run(panel: Panel, shinjuku: Person) -> None:
    """A library with one librarian: a second account is needed, and the page says so while nothing is in yet."""
    said = "この取込に署名できる人が、ほかにいません"
    librarian = panel.person("librarian.kaizu")
    book = {"noun": "book", "file": upload("図書番号,書名\r\nW-1,草枕\r\n".encode("cp932"), "本.csv")}
    page = librarian.post("/migration/", book).location
    assert act(librarian, page, "trial").status_code == 302
    work(panel)
    assert said in librarian.get(page).text
    role = get_db()["users"].find_one({"login_id": "librarian.kaizu"}) or {}
    second = panel.make(
        "user", "kaizu", login_id="second.kaizu", display_name="司書二", role=str(role["role"])
    )
    try:
        approve_accounts(get_db())
        assert said not in librarian.get(page).text
    finally:
        get_db()["users"].delete_one({"login_id": "second.kaizu"})
        assert second
    own = sent(shinjuku)
    assert act(shinjuku, own, "trial").status_code == 302
    work(panel)
    shown = shinjuku.get(own).text  # the section has a manager
    assert said not in shown
    assert "署名までは取り消せます" in shown


def test_the_paper_says_which_column_became_which_field(panel: Panel, shinjuku: Person) -> None:
    imported(panel, shinjuku)
    with panel.app.test_request_context(headers={"Accept-Language": "ja"}):
        from flask import g

        from accounts.accounts import account

        g.account = account(panel.actor_id("staff.shinjuku"))
        parts = {each.name: each for each in paper_of(run_of()).parts}
    table = parts["mapping"].table
    assert table is not None
    became = dict(table.rows)
    assert became["資料名"] == "資料名"
    assert became["寄贈者住所"] == "住所"
    assert ("すべての行の入力状況", "点検待ち") in parts["mapping"].facts
