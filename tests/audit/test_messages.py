"""Alarms are delivered, not only displayed: on the first page, by mail and to a webhook (2A, section 2 point 5)."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from email import message_from_string
from typing import Any

import pytest
from pymongo.database import Database

from audit.chain import chain
from audit.drain import drain
from gate.refusals import TooMany
from gate.store.hourly_limits import keep_hourly_limits, spend
from oversight.alarm_messages import AlarmStep, Channel, channels, send
from oversight.alarm_notices import count_unseen, looked_at, notice_alarms
from oversight.trail import unseen_alarms
from tests.audit.receivers import receiving
from tests.world import actor

Store = Database[dict[str, Any]]
LINK = "https://shuzoko.example.jp/audit/"


def many_seen(institution: str = "soseki", people: int = 201, number: int = 1) -> None:
    """An entry of somebody who saw so many people just now."""
    chain().insert_one({
        "_id": f"{institution}:{number:012}", "institution": institution, "number": number, "source": f"test:{institution}{number}",
        "noun": "donor", "actor": f"{number:024}", "at": datetime.now(UTC), "action": "seen", "kind": "disclosure",
        "subjects": [f"p{each}" for each in range(people)],
    })  # fmt: skip


def without_night(database: Store) -> None:
    """Whenever the tests run, it is day."""
    for each in ("section", "shinjuku", "soseki", "kaizu"):
        database["alarm_limits"].insert_one({"_id": each, "night_from": 0, "night_to": 0})


def test_many_people_seen_are_told_once_to_who_audits_and_not_to_the_other_government(
    database: Store,
) -> None:
    without_night(database)
    many_seen()
    assert notice_alarms(datetime.now(UTC)) == 1
    assert notice_alarms(datetime.now(UTC)) == 0
    assert [unseen_alarms(actor(each)) for each in ("auditor", "auditor.kaizu", "staff.soseki", "contractor")] == [
        1, 0, 0, 0,
    ]  # fmt: skip


def test_fewer_people_are_no_alarm(database: Store) -> None:
    without_night(database)
    many_seen(people=200)
    assert notice_alarms(datetime.now(UTC)) == 0


def test_a_notice_ends_when_the_account_has_looked_and_for_nobody_else(database: Store) -> None:
    without_night(database)
    many_seen()
    now = datetime.now(UTC)
    notice_alarms(now)
    looked_at("one", now + timedelta(seconds=1))
    assert [count_unseen(each, ["soseki"], now + timedelta(seconds=2)) for each in ("one", "another")] == [
        0,
        1,
    ]


def test_a_spent_hour_is_an_alarm(database: Store) -> None:
    without_night(database)
    keep_hourly_limits("soseki", {"reveal_account": 1})
    spend(actor("staff.soseki"), "reveal", "donor")
    with pytest.raises(TooMany):
        spend(actor("staff.soseki"), "reveal", "donor")
    drain()
    assert notice_alarms(datetime.now(UTC)) == 1
    assert database["alarm_notices"].find_one({})["kind"] == "limit"  # type: ignore[index]


def test_a_message_holds_a_noun_a_number_and_a_link_and_nothing_else(database: Store) -> None:
    without_night(database)
    many_seen()
    many_seen("shinjuku", number=2)
    with receiving("mail") as (mail_port, mail), receiving("hook") as (hook_port, hook):
        receivers = channels(
            "ken@example.jp",
            f"smtp://127.0.0.1:{mail_port}?from=panel@example.jp",
            f"http://127.0.0.1:{hook_port}/",
        )
        AlarmStep(receivers, LINK, lambda *_: None)()
        AlarmStep(receivers, LINK, lambda *_: None)()  # told once
    said = "警告 2件 / Alarms: 2"
    assert [json.loads(each) for each in hook] == [
        {"noun": "alarm", "number": 2, "link": LINK, "text": f"{said} {LINK}"}
    ]
    assert mail[0] == "rcpt TO:<ken@example.jp>"
    letter = message_from_string("\n".join(mail[1:]))
    assert base64.b64decode(letter.get_payload()).decode() == f"{said}\n{LINK}\n"  # type: ignore[arg-type]
    assert {name.lower() for name in letter} == {
        "subject", "from", "to", "content-type", "content-transfer-encoding", "mime-version",
    }  # fmt: skip


def test_an_institutions_alarms_go_to_its_own_receiver_alone(database: Store) -> None:
    without_night(database)
    many_seen("kaizu")
    with receiving("hook") as (port, ward), receiving("hook") as (other, city):
        receivers = channels("", "", f"section=http://127.0.0.1:{port}/, kaizu=http://127.0.0.1:{other}/?a=b")
        AlarmStep(receivers, LINK, lambda *_: None)()
    assert ward == []
    assert len(city) == 1


def test_what_could_not_be_sent_is_said_and_sent_later(database: Store) -> None:
    without_night(database)
    many_seen()
    with receiving("hook") as (port, _):
        pass
    said: list[str] = []
    gone = channels("", "", f"http://127.0.0.1:{port}/")
    step = AlarmStep(gone, LINK, lambda ja, _: said.append(ja))
    step()
    assert said == ["警告を送れませんでした(URLError)"]
    assert database["alarm_notices"].count_documents({"sent": []}) == 1


def test_a_webhook_that_answers_with_another_address_is_not_followed() -> None:
    with receiving("hook") as (port, kept):
        with pytest.raises(OSError, match="302"):
            send(Channel("", f"http://127.0.0.1:{port}/elsewhere"), 1, LINK)
        assert len(kept) == 1


@pytest.mark.parametrize(("mail", "server", "hook"), [
    ("ken@example.jp", "", ""), ("ken@example.jp", "http://127.0.0.1", ""), ("ken", "smtp://127.0.0.1", ""),
    ("ken\r\nBcc:all@example.jp", "smtp://127.0.0.1", ""), ("ken@example.jp\nBcc: all@example.jp", "smtp://127.0.0.1", ""), ("ken@exa mple.jp", "smtp://127.0.0.1", ""),
    ("", "", "file:///etc/passwd"), ("", "", "ftp://example.jp"), ("", "", "https://"),
])  # fmt: skip
def test_what_is_no_receiver_is_refused_at_the_start(mail: str, server: str, hook: str) -> None:
    with pytest.raises(ValueError, match="SHUZOKO_ALARM"):
        channels(mail, server, hook)
