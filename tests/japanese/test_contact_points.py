"""Telephone numbers, postcodes and mail addresses as people write them."""

from __future__ import annotations

import pytest

from japanese.contact_points import mail_address, postcode, telephone_digits, telephones

TELEPHONES = [
    ("03-1234-5678", ["0312345678"]),
    ("０３‐１２３４−５６７８", ["0312345678"]),
    ("03ー1234ー5678", ["0312345678"]),
    ("03 (1234) 5678", ["0312345678"]),
    ("(0584)55-9999", ["0584559999"]),
    ("03 1234 5678", ["0312345678"]),
    ("+81-3-1234-5678", ["0312345678"]),
    ("+81 (0)3 1234 5678", ["0312345678"]),
    ("+44 20 7946 0958", ["442079460958"]),
    ("03-1234-5678（内線12）", ["0312345678"]),
    ("03-1234-5678 内線 12", ["0312345678"]),
    ("03-1234-5678 ext. 12", ["0312345678"]),
    ("03-1234-5678、090-1111-2222", ["0312345678", "09011112222"]),
    ("03-1234-5678(内線12) / 090-1111-2222(携帯)", ["0312345678", "09011112222"]),
    ("01904 555555", ["01904555555"]),
    ("03-1234-5678 090-1111-2222", ["0312345678", "09011112222"]),
    ("自宅03-1234-5678 携帯090-1111-2222", ["0312345678", "09011112222"]),
    ("0312345678", ["0312345678"]),
]


@pytest.mark.parametrize(("written", "digits"), TELEPHONES)
def test_telephone_numbers_are_told_apart_from_what_stands_beside_them(
    written: str, digits: list[str]
) -> None:
    assert list(telephone_digits(written)) == digits


@pytest.mark.parametrize(
    "written", ["電話なし", "03-1234-5678は昼のみ", "12", "", "03-1234-5678" * 3, "١٢٣٤٥٦٧٨٩٠"]
)
def test_what_is_no_telephone_number_is_none(written: str) -> None:
    assert telephones(written) is None


POSTCODES = [
    ("〒169-0051", "169-0051"),
    ("1690051", "169-0051"),
    ("〒１６９−００５１", "169-0051"),
    ("169‐0051", "169-0051"),
    ("169ー0051", "169-0051"),
    ("SW1A 1AA", "SW1A 1AA"),
    ("k1a 0b1", "K1A 0B1"),
    ("90210-1234", "90210-1234"),
    ("10115", "10115"),
    ("123", None),
    ("16-90051", None),
    ("あ", None),
    ("169-005", None),
    ("１２٣-4567", None),
]


@pytest.mark.parametrize(("written", "form"), POSTCODES)
def test_a_postcode_has_one_form(written: str, form: str | None) -> None:
    assert postcode(written) == form


@pytest.mark.parametrize(
    "written", ["hanako.@docomo.ne.jp", "a..b@docomo.ne.jp", ".taro@ezweb.ne.jp", "-x-@example.jp"]
)
def test_addresses_of_old_telephones_are_addresses(written: str) -> None:
    assert mail_address(written) == written


@pytest.mark.parametrize(
    "written", ["hanako", "hanako@", "@docomo.ne.jp", "a b@docomo.ne.jp", "a@docomo", "a@@b.jp", "a@-b.jp"]
)
def test_what_is_no_address_is_none(written: str) -> None:
    assert mail_address(written) is None
