"""When a contractor's window is open, and what of a request for one may change (S14)."""

from datetime import UTC, datetime

import pytest

from policies.papers import contradictions, kept_as_written
from policies.work import Window, named_network, within

WINDOW = Window("2026-11-21T09:00", "2026-11-21T17:00", "192.168.10.16/28")
INSIDE = "192.168.10.21"


@pytest.mark.parametrize(
    ("moment", "address", "is_open"),
    [
        ("2026-11-20T23:59:59", INSIDE, False),
        ("2026-11-21T00:00:00", INSIDE, True),  # 09:00 in Japan
        ("2026-11-21T07:59:59", INSIDE, True),
        ("2026-11-21T08:00:00", INSIDE, False),  # 17:00: the end is outside
        ("2026-11-21T03:00:00", "192.168.10.32", False),
        ("2026-11-21T03:00:00", "::ffff:192.168.10.21", True),
        ("2026-11-21T03:00:00", "", False),
        ("2026-11-21T03:00:00", "192.168.10.21, 10.0.0.1", False),
        ("2026-11-21T03:00:00", "2001:db8::1", False),
    ],
)
def test_a_window_is_open_in_its_time_from_its_network_alone(
    moment: str, address: str, is_open: bool
) -> None:
    assert WINDOW.is_open(datetime.fromisoformat(moment).replace(tzinfo=UTC), address) is is_open


def test_a_window_that_cannot_be_read_is_closed() -> None:
    now = datetime(2026, 11, 21, 3, tzinfo=UTC)
    for broken in (
        Window("", "2026-11-21T17:00", INSIDE),
        Window("2026-11-21T09:00", "", INSIDE),
        Window("2026-11-21T09:00", "2026-11-21T17:00", "zzz"),
        Window("2026-11-21T09:00", "2026-11-21T17:00", "::ffff:0:0/96"),
    ):
        assert not broken.is_open(now, INSIDE)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("10.0.0.5", "10.0.0.5/32"), ("10.0.0.0/24", "10.0.0.0/24"), ("10.0.0.5/28", "10.0.0.0/28"),
        ("2001:db8::/64", "2001:db8::/64"), ("10.0.0.0/8", None), ("0.0.0.0/0", None), ("::/0", None),
        ("2001:db8::/32", None), ("office", None), ("::ffff:0:0/96", None), ("::ffff:10.0.0.0/104", None),
        ("::ffff:10.0.0.5/124", "10.0.0.0/28"), ("::ffff:10.0.0.5", "10.0.0.5/32"),
    ],
)  # fmt: skip
def test_a_request_names_an_address_or_an_offices_network(text: str, known: str | None) -> None:
    found = named_network(text)
    assert (str(found) if found else None) == known


def test_an_address_lies_in_its_own_network() -> None:
    assert within("127.0.0.1", "127.0.0.1")
    assert not within("127.0.0.2", "127.0.0.1")


def test_a_request_is_changed_by_its_requester_until_it_is_decided() -> None:
    mine = {"work_status": "requested", "created_by": "me"}
    assert not kept_as_written("work_request", mine, ["ends_at"], user="me")
    assert set(kept_as_written("work_request", mine, ["ends_at"], user="you")) == {"ends_at"}
    for status in ("approved", "refused", "withdrawn", "finished"):
        decided = {**mine, "work_status": status}
        assert set(kept_as_written("work_request", decided, ["ends_at", "network"], user="me")) == {"ends_at", "network"}  # fmt: skip


@pytest.mark.parametrize(
    ("begins", "ends", "wrong"),
    [
        ("2026-11-21T09:00", "2026-11-21T09:00", True),
        ("2026-11-21T09:00", "2026-11-21T09:01", False),
        ("2026-11-21T09:00", "2026-11-20T09:00", True),
        ("2026-11-21T09:00", "2027-11-22T09:00", False),
        ("2026-11-21T09:00", "2027-11-23T09:00", True),
    ],
)
def test_a_window_has_an_end_within_a_year(begins: str, ends: str, wrong: bool) -> None:
    assert bool(contradictions("work_request", {"begins_at": begins, "ends_at": ends})) is wrong
