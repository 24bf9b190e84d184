"""Which addresses a list of networks allows: IPv4, IPv6, and IPv4 written as IPv6 (S7)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.networks import origin, within, within_all, written

ALLOWED = [
    ("192.0.2.7", ["192.0.2.7"]), ("192.0.2.7", ["192.0.2.0/24"]), ("192.0.2.7", ["10.0.0.0/8", "192.0.2.0/24"]),
    ("::ffff:192.0.2.7", ["192.0.2.0/24"]), ("::FFFF:c000:0207", ["192.0.2.0/24"]), ("192.0.2.7", ["::ffff:192.0.2.0/120"]),
    ("2001:db8::1", ["2001:db8::/32"]), ("2001:DB8:0:0::1", ["2001:db8::1"]), ("fe80::1%eth0", ["fe80::/10"]),
    ("127.0.0.1", ["0.0.0.0/0"]), ("::1", ["::/0"]), ("192.0.2.7", []), ("no address", []), ("", []),
]  # fmt: skip
REFUSED = [
    ("192.0.2.7", ["192.0.2.8"]), ("192.0.3.7", ["192.0.2.0/24"]), ("2001:db9::1", ["2001:db8::/32"]),
    ("192.0.2.7", ["::/0"]), ("2001:db8::1", ["0.0.0.0/0"]), ("::ffff:192.0.2.7", ["::/0"]), ("", ["0.0.0.0/0", "::/0"]),
    ("192.0.2.7:8080", ["192.0.2.0/24"]), ("[2001:db8::1]", ["::/0"]), ("192.0.2.7, 10.0.0.1", ["0.0.0.0/0"]),
    ("unknown", ["0.0.0.0/0"]), ("192.0.2.7", ["rubbish"]), ("0x7f.1", ["0.0.0.0/0"]), ("127.1", ["127.0.0.0/8"]),
    ("010.0.0.1", ["0.0.0.0/0"]), ("１９２.0.2.7", ["192.0.2.0/24"]),
]  # fmt: skip


@pytest.mark.parametrize(("address", "networks"), ALLOWED)
def test_an_address_within_is_allowed(address: str, networks: list[str]) -> None:
    assert within(address, networks)


@pytest.mark.parametrize(("address", "networks"), REFUSED)
def test_an_address_without_is_not(address: str, networks: list[str]) -> None:
    assert not within(address, networks)


def test_every_list_binds() -> None:
    assert within_all("192.0.2.7", (["192.0.2.0/24"], ["192.0.2.7"]))
    assert within_all("192.0.2.7", (["192.0.2.0/24"], []))
    assert not within_all("192.0.2.8", (["192.0.2.0/24"], ["192.0.2.7"]))
    assert not within_all("10.0.0.1", (["192.0.2.0/24"], []))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" 192.0.2.7 ", "192.0.2.7"), ("192.0.2.7/32", "192.0.2.7"), ("192.0.2.0/255.255.255.0", "192.0.2.0/24"),
     ("2001:DB8:0::/48", "2001:db8::/48"), ("::ffff:10.0.0.0/104", "10.0.0.0/8"), ("::ffff:10.1.2.3", "10.1.2.3")],
)  # fmt: skip
def test_a_network_is_kept_in_its_shortest_form(typed: str, kept: str) -> None:
    assert written(typed) == kept


@pytest.mark.parametrize(
    "wrong", ["", "x", "192.0.2.7/24", "192.0.2.0/33", "2001:db8::1/48", "300.0.0.1", "10.0.0.0-10.0.0.9", "*", "10.*"]
)  # fmt: skip
def test_what_is_no_network_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        written(wrong)


@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_the_mapped_form_is_allowed_just_where_the_address_is(address: IPv4Address, prefix: int) -> None:
    network = str(ip_network(f"{address}/{prefix}", strict=False))
    assert within(str(address), [network])
    assert within(f"::ffff:{address}", [network])
    other = str(IPv4Address(int(address) ^ (1 << 31)))
    assert within(other, [network]) == within(f"::ffff:{other}", [network]) == (prefix == 0)


@given(st.ip_addresses(v=6), st.integers(0, 128))
def test_an_ipv6_address_is_in_its_own_network_however_it_is_written(
    address: IPv6Address, prefix: int
) -> None:
    if address.ipv4_mapped is None:
        assert within(
            address.exploded.upper(), [written(str(ip_network(f"{address}/{prefix}", strict=False)))]
        )


def test_one_comer_is_an_ipv4_address_or_the_64_bits_that_a_household_has() -> None:
    assert origin("192.0.2.7") == origin("::ffff:192.0.2.7") != origin("192.0.2.8")
    assert origin("2001:db8::1") == origin("2001:db8::ffff:2") != origin("2001:db8:0:1::1")
    assert origin("") == origin("rubbish") == ""
