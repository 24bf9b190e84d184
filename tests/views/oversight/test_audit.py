"""The ledgers on the screen: by role and reach, without a value; and nothing personal without a ledger (S13, law 6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from mongoengine.connection import get_db
from pymongo import MongoClient

from audit import streams
from audit.chain import chain
from tests.views.panel import DONOR, Panel, sealed


@pytest.fixture(autouse=True)
def seen(panel: Panel) -> Iterator[None]:
    """The museum's curator has just seen its donor; all is sealed."""
    panel.person("staff.shinjuku").get(f"/admin/donor/details/?id={panel.ids['donor']}")
    sealed()
    yield
    chain().delete_many({"source": {"$regex": "^test:"}})


def user(login_id: str) -> str:
    found = get_db()["users"].find_one({"login_id": login_id})
    assert found is not None
    return str(found["_id"])


@pytest.mark.parametrize(
    ("who", "status"),
    [("auditor", 200), ("manager", 200), ("auditor.kaizu", 200), ("staff.shinjuku", 403), ("librarian.kaizu", 403),
     ("admin", 403), ("contractor", 403)],
)  # fmt: skip
def test_the_ledgers_are_for_those_who_may_audit(panel: Panel, who: str, status: int) -> None:
    person = panel.person(who)
    account = user("staff.shinjuku")
    for address in ("/audit/", f"/audit/?account={account}", f"/audit/seen/?account={account}"):
        assert person.get(address).status_code == status
    assert ('href="/audit/"' in person.get("/account/").text) is (status == 200)


def test_nobody_gets_there_without_signing_in(panel: Panel) -> None:
    for address in ("/audit/", "/audit/seen/"):
        answer = panel.app.test_client().get(address)
        assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/login")


def test_an_auditor_sees_who_saw_whom_and_no_value(panel: Panel) -> None:
    page = panel.person("auditor").get(f"/audit/?subject={panel.ids['donor']}&kind=disclosure").text
    assert "staff.shinjukuの人" in page
    assert panel.ids["donor"][-8:] in page
    assert "住所" in page
    assert all(value not in page for value in DONOR.values())


def test_the_two_governments_never_meet(panel: Panel) -> None:
    account = user("staff.shinjuku")
    for address in (
        f"/audit/?subject={panel.ids['donor']}",
        f"/audit/?account={account}",
        f"/audit/seen/?account={account}",
    ):
        page = panel.person("auditor.kaizu").get(address).text
        assert f"<code>{panel.ids['donor'][-8:]}</code>" not in page
        assert f"details/?id={panel.ids['donor']}" not in page
        assert "staff.shinjuku" not in page


def test_a_manager_reads_the_ledgers_of_the_museums_and_not_the_one_of_the_section(panel: Panel) -> None:
    panel.person("admin").get("/admin/institution/details/?id=nowhere")
    sealed()
    page = panel.person("manager").get("/audit/")
    assert "歴史博物館" in page.text
    assert user("auditor") not in page.text
    entries = {each["institution"] for each in chain().find()}
    assert "section" in entries


def test_whose_records_an_account_saw_and_when(panel: Panel) -> None:
    account = user("staff.shinjuku")
    page = panel.person("auditor").get(f"/audit/seen/?account={account}").text
    assert f'href="/admin/donor/details/?id={panel.ids["donor"]}"' in page
    assert all(value not in page for value in DONOR.values())
    before = panel.person("auditor").get(
        f"/audit/seen/?account={account}&since=2020-01-01T00:00&until=2020-02-01T00:00"
    )
    assert panel.ids["donor"] not in before.text


def test_what_still_waits_to_be_sealed_is_among_what_an_account_saw(panel: Panel) -> None:
    other = panel.make("donor", "soseki", name="待つ 人")
    panel.person("staff.soseki").get(f"/admin/donor/details/?id={other}")
    assert get_db()["disclosures"].find_one({"subjects": other}) is not None
    page = panel.person("auditor").get(f"/audit/seen/?account={user('staff.soseki')}").text
    assert other in page
    seen_page = panel.person("auditor").get(f"/admin/donor/seen/?id={other}").text
    assert "staff.sosekiの人" in seen_page
    sealed()
    assert get_db()["disclosures"].find_one({"subjects": other}) is None
    assert panel.person("auditor").get(f"/admin/donor/seen/?id={other}").text.count("staff.sosekiの人") == 1


def test_that_a_ledger_was_read_is_in_the_ledger(panel: Panel) -> None:
    account = user("staff.shinjuku")
    panel.person("auditor").get(f"/audit/seen/?account={account}")
    sealed()
    assert (
        chain().find_one({"action": "ledger_read", "actor": user("auditor"), "detail": account}) is not None
    )


@pytest.mark.parametrize(
    "question",
    ["since=yesterday", "until=2026-13-01T00:00", "kind=everything", "noun=secret", "after=shinjuku:000000000000",
     "after=%24where", "endpoint=x", "_external=1&_scheme=javascript", "since=9999-12-31T23:59&until=0001-01-01T00:00"],
)  # fmt: skip
def test_a_malformed_question_is_answered_and_not_an_error(panel: Panel, question: str) -> None:
    assert panel.person("auditor").get(f"/audit/?{question}").status_code in (200, 400)
    assert panel.person("auditor").get(f"/audit/seen/?{question}").status_code == 400


def test_pages_follow_each_other_without_a_gap(panel: Panel) -> None:
    at = datetime(2024, 5, 1, tzinfo=UTC)
    chain().insert_many(
        {
            "_id": f"soseki:9{n:011d}", "institution": "soseki", "number": n, "kind": "event", "action": "exported",
            "source": f"test:{n}", "at": at + timedelta(seconds=n // 3), "actor": "", "noun": "item", "detail": f"mark{n}.",
        }
        for n in range(250)
    )  # fmt: skip
    address, shown = "/audit/?since=2024-05-01T00:00&until=2024-05-02T00:00", []
    for _ in range(3):
        page = panel.person("auditor").get(address).text
        shown += [n for n in range(249, -1, -1) if f"mark{n}." in page]
        if 'rel="next"' in page:
            address = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert shown == list(range(249, -1, -1))


ALARMS = [
    ("多くの人を閲覧", [{"action": "seen", "kind": "disclosure", "subjects": [f"p{k}" for k in range(n, n + 50)]} for n in range(0, 250, 50)]),
    ("夜間の使用", [{"action": "signed_in", "kind": "event", "hour": 18}]),
    ("拒否の繰り返し", [{"action": "refused", "kind": "event"}] * 11),
    ("初めてのネットワーク", [{"action": "signed_in", "kind": "event", "detail": "192.0.2.7"},
                     {"action": "signed_in", "kind": "event", "detail": "198.51.100.7"}]),
]  # fmt: skip


@pytest.mark.parametrize(("words", "acts"), ALARMS)
def test_an_alarm_is_shown_from_its_limit_on_and_not_before(
    panel: Panel, words: str, acts: list[dict[str, Any]]
) -> None:
    address = "/audit/?since=2024-06-03T00:00&until=2024-06-05T00:00"
    for n, each in enumerate(acts):
        assert words not in panel.person("auditor").get(address).text
        hour = each.get("hour", 3)
        chain().insert_one(
            {
                "_id": f"soseki:8{n:011d}", "institution": "soseki", "number": n, "source": f"test:{n}", "noun": "donor",
                "actor": user("staff.soseki"), "at": datetime(2024, 6, 3, hour, n, tzinfo=UTC),
                **{name: value for name, value in each.items() if name != "hour"},
            }
        )  # fmt: skip
    assert words in panel.person("auditor").get(address).text
    assert words not in panel.person("auditor.kaizu").get(address).text


def test_the_limits_of_an_institution_are_data(panel: Panel) -> None:
    address = "/audit/?since=2024-06-03T00:00&until=2024-06-05T00:00"
    chain().insert_one(
        {
            "_id": "soseki:800000000000", "institution": "soseki", "number": 1, "source": "test:1", "noun": "donor",
            "actor": user("staff.soseki"), "at": datetime(2024, 6, 3, 3, tzinfo=UTC), "action": "seen",
            "kind": "disclosure", "subjects": ["p1", "p2", "p3"],
        }
    )  # fmt: skip
    assert "多くの人を閲覧" not in panel.person("auditor").get(address).text
    get_db()["alarm_limits"].insert_one({"_id": "soseki", "subjects_an_hour": 2})
    try:
        assert "多くの人を閲覧" in panel.person("auditor").get(address).text
    finally:
        get_db()["alarm_limits"].delete_many({})


def test_without_a_ledger_no_page_shows_anything_personal(
    panel: Panel, database_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, donor = panel.person("staff.shinjuku"), panel.ids["donor"]
    pages = [
        "/admin/donor/",
        *(f"/admin/donor/{each}/?id={donor}" for each in ("details", "edit", "history")),
        f"/admin/donor/print/?id={donor}&purpose=report",
    ]
    assert all(DONOR["name"] in person.get(each).text for each in pages[:3])
    client = MongoClient[dict[str, Any]](database_uri)
    lost = client.get_default_database()
    client.close()
    monkeypatch.setattr(streams, "get_db", lambda: lost)
    for each in pages:
        answer = person.get(each)
        assert answer.status_code == 503, each
        assert all(value not in answer.text for value in DONOR.values())
    assert person.get("/admin/item/").status_code == 200
