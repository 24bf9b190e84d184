"""What the environment says of cookies and addresses (K4)."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import pytest

from settings.environment import SettingsError, read


@pytest.mark.parametrize(
    ("environ", "secure"),
    [
        ({}, False),
        ({"HOST": "::1"}, False),
        ({"SHUZOKO_TLS": "certificate.pem:key.pem"}, True),
        ({"SHUZOKO_PROXY_HOPS": "1"}, True),
        ({"HOST": "0.0.0.0"}, True),  # noqa: S104 - it is what is being asked about
    ],
)
def test_cookies_are_secure_but_on_loopback_in_the_clear(environ: dict[str, str], secure: bool) -> None:
    assert read(environ).cookies_secure is secure


@pytest.mark.parametrize(
    ("environ", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"HOST": "::1", "PORT": "8001", "SHUZOKO_TLS": "a:b"}, "https://[::1]:8001"),
        ({"SHUZOKO_ADDRESS": "https://shuzoko.example.jp/"}, "https://shuzoko.example.jp"),
        ({"SHUZOKO_ADDRESS": "https://shuzoko.example.jp:443"}, "https://shuzoko.example.jp"),
        ({"SHUZOKO_ADDRESS": "http://shuzoko.example.jp:80/"}, "http://shuzoko.example.jp"),
        ({"SHUZOKO_ADDRESS": "https://shuzoko.example.jp:8443"}, "https://shuzoko.example.jp:8443"),
    ],
)
def test_a_link_made_at_the_console_names_the_address_that_people_type(
    environ: dict[str, str], address: str
) -> None:
    assert read(environ).own_address == address


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({}, {"127.0.0.1", "localhost", "[::1]"}),
        ({"HOST": "0.0.0.0"}, {"127.0.0.1", "localhost", "[::1]"}),  # noqa: S104 - it is what is being asked about
        ({"HOST": "museum.example"}, {"museum.example", "127.0.0.1", "localhost", "[::1]"}),
        (
            {"SHUZOKO_ADDRESS": "https://a.example:8443/", "SHUZOKO_HOSTS": "b.example, 192.0.2.7"},
            {"a.example", "b.example", "192.0.2.7", "127.0.0.1", "localhost", "[::1]"},
        ),
    ],
)
def test_the_names_that_are_ours_are_those_that_somebody_declared(
    environ: dict[str, str], names: set[str]
) -> None:
    assert set(read(environ).known_hosts) == names


@pytest.mark.parametrize(
    "weak",
    ["x", "change-me", "0123456789abcdef" * 2, "0123456789abcdef" * 3, "a" * 64, "ab" * 40, "b64-of-24-random-bytes-Zk3JxQw7"],
)  # fmt: skip
def test_a_secret_key_that_is_shorter_than_32_random_bytes_is_refused(weak: str) -> None:
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        read({"SECRET_KEY": weak})


@pytest.mark.parametrize("make", [secrets.token_hex, secrets.token_urlsafe])
def test_a_secret_key_of_32_random_bytes_is_taken_as_it_is(make: Callable[[int], str]) -> None:
    for _ in range(200):
        made = make(32)
        assert read({"SECRET_KEY": made}).secret_key == made


@pytest.mark.parametrize(
    "written",
    ["security@example.jp", "javascript:alert(1)", "mailto:a@b.jp\nContact: x", "http://example.jp"],
)
def test_a_contact_that_is_no_address_is_refused_by_name(written: str) -> None:
    with pytest.raises(SettingsError, match="SHUZOKO_SECURITY_CONTACT"):
        read({"SHUZOKO_SECURITY_CONTACT": written})
    assert read({"SHUZOKO_SECURITY_CONTACT": "mailto:a@example.jp"}).security_contact == "mailto:a@example.jp"
