"""Texts that have a form of their own: where somebody or something is reached, and what a book is known by."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from email_validator import EmailNotValidError, validate_email

from gate.fields.kinds.kind import TEXT, Condition, Control, Kind, Page, Schema, cut, plain, whole
from gate.fields.typed_text import Wrong, folded, short_enough
from gate.fields.written_forms import isbn_of, postcode_of, telephone_of
from japanese.contact_points import mail_address, telephone_digits
from models.data_classes import Words
from models.declaration import Field
from policies.work import named_network

SHOWN = 40
"""Characters of an address in a cell."""


class _Matching(Kind):
    """A text of one pattern."""

    pattern: ClassVar[str]
    otherwise: ClassVar[Words]
    """What is said of a text that does not match."""

    def read(self, field: Field, raw: Any) -> str | None:
        text = short_enough(field, folded(raw))
        if text and not re.fullmatch(self.pattern, text):
            raise Wrong(self.otherwise)
        return text or None

    def cell(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        return whole(value)


class Telephone(Kind):
    """Telephone numbers, extensions behind them."""

    name = "telephone"
    control = Control(type="tel", verbatim=True)
    is_digits = looked_up = mask_tells = True

    def read(self, field: Field, raw: Any) -> str | None:
        return telephone_of(field, raw)

    def same(self, field: Field, value: Any) -> Condition:
        """Of a telephone number only the digits count; it may be one of several in its cell."""
        return {field.name: {"$regex": _one_of_several(telephone_digits(value)[0])}}

    def cell(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        return whole(value)


def _one_of_several(digits: str) -> str:
    """The pattern of a cell in which this is a whole number, not a part of one."""
    number = "[-() .]{0,3}".join(digits)
    if len(digits) > 9 and digits.startswith("0"):
        return f"(^|[^0-9]){number}([^0-9]|$)"
    return rf"(^\(?|[^-0-9() .+] *\(?){number}\)? *($|\([^0-9]|[^-0-9() .+])"


class Postcode(Kind):
    """A postcode, Japanese or foreign."""

    name = "postcode"
    control = Control(size="narrow", keyboard="numeric", verbatim=True)
    is_digits = looked_up = True

    def read(self, field: Field, raw: Any) -> str | None:
        return postcode_of(field, raw)

    def same(self, field: Field, value: Any) -> Condition:
        """Also without its hyphen, as it once was stored."""
        return {field.name: {"$in": [value, value.replace("-", "")]}}

    def cell(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        return whole(value)


class Isbn(Kind):
    """The standard number of a book."""

    name = "isbn"
    control = Control(keyboard="numeric", verbatim=True)
    is_digits = True

    def read(self, field: Field, raw: Any) -> str | None:
        return isbn_of(field, raw)

    def cell(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        return whole(value)


class Address(_Matching):
    """The address of a page elsewhere."""

    name = "address"
    control = Control(size="wide", type="url", verbatim=True)
    wide = True
    # guard: schemes
    pattern = r"https?://[^\s<>\"]{3,490}"
    otherwise = ("http:// か https:// で始めてください。", "Begin with http:// or https://.")

    def cell(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        return _outward(str(value), cut(str(value), SHOWN))

    def card(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        return _outward(str(value), str(value))

    def schema(self, field: Field) -> Schema:  # noqa: ARG002
        return {**TEXT, "format": "uri"}


def _outward(address: str, said: str) -> str:
    if not address.startswith(("https://", "http://")):
        return plain(address)
    return f'<a href="{plain(address)}" rel="noreferrer noopener" target="_blank">{plain(said)}</a>'


class Email(Kind):
    """An e-mail address."""

    name = "email"
    control = Control(type="email", verbatim=True)
    looked_up = True

    def read(self, field: Field, raw: Any) -> str | None:
        text = short_enough(field, folded(raw))
        if not text:
            return None
        try:
            return validate_email(text, check_deliverability=False, test_environment=True).normalized
        except EmailNotValidError as error:
            # Telephones of old were given addresses that the standard forbids: name.@, a..b@.
            if found := mail_address(text):
                return found
            raise Wrong((
                "メールアドレスの形になっていません。例: hanako@example.jp",
                "This is not an e-mail address. For example hanako@example.jp.",
            ), text) from error  # fmt: skip

    def schema(self, field: Field) -> Schema:  # noqa: ARG002
        return {**TEXT, "format": "email"}


class Network(Kind):
    """One narrow network, or one address of it."""

    name = "network"

    def read(self, field: Field, raw: Any) -> str | None:
        text = short_enough(field, folded(raw))
        found = named_network(text) if text else None
        if text and found is None:
            raise Wrong((
                "IPアドレスか、その範囲(/24より狭いもの)で入力してください。例: 192.168.10.21、192.168.10.16/28",
                "Give an IP address or a network no wider than /24, for example 192.168.10.21 or 192.168.10.16/28.",
            ))  # fmt: skip
        if found is None:
            return None
        return str(found.network_address if found.num_addresses == 1 else found)
