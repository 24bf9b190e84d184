"""The alarms' limits on a screen, and the chain of what belongs to no institution (S13)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from mongoengine.connection import get_db

from gate.store.hourly_limits import DEFAULTS, hourly_limits_of
from oversight.alarms import Limits, limits_of
from tests.views.panel import Panel, Person, sealed
from tests.world import without_hourly_limits

FINE = {
    "subjects_an_hour": "50",
    "refusals_an_hour": "3",
    "night_from": "20",
    "night_to": "7",
    "network_days": "30",
    **{name: "1000" for name in DEFAULTS},
    "reveal_account": "20",
}
HERE = "/audit/limits/"


@pytest.fixture(autouse=True)
def _as_before(panel: Panel) -> Iterator[None]:
    yield
    get_db()["alarm_limits"].delete_many({})
    get_db()["hourly_limits"].delete_many({})
    without_hourly_limits(get_db())


def test_who_operates_an_institution_sets_its_limits_and_it_is_an_entry(panel: Panel) -> None:
    admin = panel.person("admin")
    assert admin.get(f"{HERE}?institution=soseki").status_code == 200
    assert admin.post(HERE, {**FINE, "institution": "soseki"}).status_code == 302
    assert limits_of("soseki") == Limits(50, 3, 20, 7, 30)
    assert hourly_limits_of("soseki")["reveal_account"] == 20
    assert limits_of("shinjuku") == Limits()
    assert hourly_limits_of("shinjuku") != hourly_limits_of("soseki")
    assert 'value="50"' in panel.person("auditor").get(f"{HERE}?institution=soseki").text
    sealed()
    page = panel.person("auditor").get("/audit/?noun=institution").text
    assert "警告の基準・回数の上限の変更" in page
    assert "subjects_an_hour=50" in page
    assert "reveal_account=20" in page


@pytest.mark.parametrize("login_id", ["auditor", "manager", "staff.soseki", "contractor", "librarian.kaizu"])
def test_others_set_nothing(panel: Panel, login_id: str) -> None:
    assert panel.person(login_id).post(HERE, {**FINE, "institution": "soseki"}).status_code in (403, 404)
    assert limits_of("soseki") == Limits()


@pytest.mark.parametrize(
    ("login_id", "house", "status"),
    [("auditor", "soseki", 200), ("auditor", "kaizu", 404), ("admin.kaizu", "soseki", 404), ("admin.kaizu", "kaizu", 200),
     ("contractor", "section", 403), ("auditor", "nowhere", 404), ("admin", "", 200)],
)  # fmt: skip
def test_limits_are_seen_by_who_audits_or_operates(
    panel: Panel, login_id: str, house: str, status: int
) -> None:
    assert panel.person(login_id).get(f"{HERE}?institution={house}").status_code == status


@pytest.mark.parametrize("wrong", ["", "0", "-1", "1.5", "９", "x", "999999999999", "$ne", "100001"])
def test_what_is_no_limit_is_said_and_nothing_is_set(panel: Panel, wrong: str) -> None:
    answer = panel.person("admin").post(HERE, {**FINE, "institution": "soseki", "subjects_an_hour": wrong})
    assert answer.status_code == 400
    assert "整数を入力してください" in answer.text
    assert 'value="20"' in answer.text
    assert limits_of("soseki") == Limits()


def test_attempts_under_no_known_name_are_seen_by_who_audits(panel: Panel) -> None:
    Person(panel.app).sign_in("dareka-shiranai", "まちがった合言葉です")
    sealed()
    page = panel.person("auditor").get("/audit/?kind=event").text
    assert "共通(館が分からないもの)" in page
    assert "サインインの失敗" in page
    assert "dareka" not in page
    assert panel.person("contractor").get("/audit/").status_code == 403


def test_the_way_there_stands_on_the_institutions_record(panel: Panel) -> None:
    assert (
        "/audit/limits/?institution=soseki"
        in panel.person("admin").get("/admin/institution/details/?id=soseki").text
    )
    assert "/audit/limits/" not in panel.person("manager").get("/admin/institution/details/?id=soseki").text
