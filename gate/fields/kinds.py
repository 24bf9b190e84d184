"""How each kind of field reads what was typed. One small reader a kind; the table at the end names them all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from bson import ObjectId
from bson.errors import InvalidId
from email_validator import EmailNotValidError, validate_email

from gate.fields.dates import read_date, read_minute, read_period
from gate.fields.network_lists import read_networks
from gate.fields.pictures import Picture
from gate.fields.size_rows import spread
from gate.fields.typed_text import SAID_AT_MOST, Wrong, folded, plain, short_enough
from gate.fields.written_forms import decimal_of, isbn_of, postcode_of, telephone_of, whole_number_of
from japanese.contact_points import mail_address
from japanese.readings import ReadingError, normalise_reading
from models.data_classes import Words
from models.declaration import Field
from models.part import new_part_id
from models.vocabularies import terms
from policies.work import named_network

MAX_ROWS = 100


def _text(field: Field, raw: Any) -> str | None:
    text = short_enough(field, plain(raw))
    if field.kind != "long_text" and ("\n" in text or "\r" in text):
        text = re.sub(
            r"\s*[\r\n]\s*", " ", text
        )  # nothing but its breaks: other spaces are as they were typed
    return text or None


def _number(field: Field, raw: Any) -> str | None:
    return short_enough(field, re.sub(r"\s+", " ", folded(raw)).strip()) or None


def _code(field: Field, raw: Any) -> str | None:
    text = short_enough(field, folded(raw))
    if text and not re.fullmatch(r"[a-z0-9][a-z0-9-]*", text):
        raise Wrong(
            ("英小文字・数字・ハイフンで入力してください。", "Use lower-case letters, digits and hyphens.")
        )
    return text or None


def _login(field: Field, raw: Any) -> str | None:
    text = short_enough(field, folded(raw))
    if text and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._@-]{2,}", text):
        raise Wrong((
            "英数字と . _ @ - で3字以上にしてください。",
            "At least 3 characters: letters, digits and . _ @ - only.",
        ))  # fmt: skip
    return text or None


def _reading(field: Field, raw: Any) -> str | None:
    text = short_enough(field, plain(raw))
    if not text:
        return None
    try:
        return normalise_reading(text)
    except ReadingError as error:
        raise Wrong(("よみは、かなで入力してください。", "Please give the reading in kana."), text) from error


def _lines(field: Field, raw: Any) -> list[str]:
    rows = raw if isinstance(raw, list) else plain(raw).splitlines()
    if len(rows) > MAX_ROWS:
        raise Wrong((f"{MAX_ROWS}行までにしてください。", f"At most {MAX_ROWS} lines, please."))
    return [text for each in rows if (text := short_enough(field, plain(each)))]


def _integer(field: Field, raw: Any) -> int | None:
    text = plain(raw)
    if not text:
        return None
    number = whole_number_of(field, text)
    if field.minimum is not None and number < field.minimum:
        raise Wrong((f"{field.minimum}以上で入力してください。", f"At least {field.minimum}, please."))
    if field.maximum is not None and number > field.maximum:
        raise Wrong((f"{field.maximum}以下で入力してください。", f"At most {field.maximum}, please."))
    return number


def _decimal(field: Field, raw: Any) -> str | None:
    text = short_enough(field, plain(raw))
    return decimal_of(text) if text else None


def _boolean(field: Field, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    text = folded(raw).lower()
    true, false = ([words.lower() for words in each] for each in field.declared.answers)
    if text in ("", "0", "false", "no", "いいえ", "off", *false):
        return False
    if text in ("1", "true", "yes", "はい", "on", "y", *true):
        return True
    raise Wrong(("「はい」か「いいえ」で入力してください。", "Please answer yes or no."))


def _choice(field: Field, raw: Any) -> str | None:
    text = plain(raw)
    if not text:
        return None
    # guard: choices
    known = terms(field.declared.vocabulary)
    if text in known:
        return text
    by_label = {label: code for code, words in known.items() for label in words}
    if text in by_label:
        return by_label[text]
    raise Wrong((
        f"「{field.label[0]}」にない言葉です。一覧から選んでください。",
        f"Not one of the terms of “{field.label[1]}”; choose from the list.",
    ))  # fmt: skip


def _reference(field: Field, raw: Any) -> Any:
    if isinstance(raw, ObjectId):
        return raw
    text = plain(raw)
    if not text:
        return None
    if field.declared.target == "institution":
        return short_enough(field, text)
    try:
        return ObjectId(text)
    except InvalidId as error:
        said = text if len(text) <= SAID_AT_MOST else f"{text[:SAID_AT_MOST]}…"
        raise Wrong((
            f"「{said}」に当たる記録が選ばれていません。候補から一つ選ぶか、空にしてください。",
            f"No record was chosen for “{said}”. Choose one of the matches, or clear it.",
        )) from error  # fmt: skip


def _references(field: Field, raw: Any) -> list[Any]:
    rows = raw if isinstance(raw, list) else [raw]
    if len(rows) > 10 * MAX_ROWS:
        raise Wrong(("選んだ数が多すぎます。", "Too many were chosen."))
    return list(dict.fromkeys(found for each in rows if (found := _reference(field, each)) is not None))


def _parts(field: Field, raw: Any) -> list[dict[str, Any]]:
    if not isinstance(raw, list):
        raise Wrong(("行の形が正しくありません。", "The rows are malformed."))
    if len(raw) > MAX_ROWS:
        raise Wrong((f"{MAX_ROWS}行までにしてください。", f"At most {MAX_ROWS} rows, please."))
    given = spread(raw) if field.declared.written_in else raw
    rows = [row for each in given if (row := _part(field, each)) is not None]
    if len(rows) > MAX_ROWS:
        raise Wrong((f"{MAX_ROWS}行までにしてください。", f"At most {MAX_ROWS} rows, please."))
    seen: set[str] = set()
    for row in rows:
        if row["id"] in seen:
            row["id"] = new_part_id()
        seen.add(row["id"])
    return rows


def _part(field: Field, raw: Any) -> dict[str, Any] | None:
    if not isinstance(raw, Mapping):
        raise Wrong(("行の形が正しくありません。", "The rows are malformed."))
    subs = [sub for sub in field.parts if sub.kind != "system"]
    # A row whose free parts are all empty was left unused, whatever its menus stand on.
    if not any(plain(raw.get(sub.name)) for sub in subs if sub.kind != "choice"):
        return None
    row: dict[str, Any] = {"id": _row_id(raw.get("id"))}
    for sub in subs:
        value = KINDS[sub.kind](sub, raw.get(sub.name))
        if sub.required and value is None:
            raise Wrong(
                (f"「{sub.label[0]}」を入力してください。", f"“{sub.label[1]}” is required in each row.")
            )
        if value is not None or sub.kind != "choice":  # rows of before a menu was added are as they were
            row[sub.name] = value
    return row


def _row_id(raw: Any) -> str:
    return raw if isinstance(raw, str) and re.fullmatch(r"[0-9a-f]{8}", raw) else new_part_id()


def _matching(pattern: str, words: Words) -> Callable[[Field, Any], str | None]:
    def read(field: Field, raw: Any) -> str | None:
        text = short_enough(field, folded(raw))
        if text and not re.fullmatch(pattern, text):
            raise Wrong(words)
        return text or None

    return read


def _image(field: Field, raw: Any) -> Picture | None:  # noqa: ARG001
    """Only a picture already made safe; the id of a stored file is never taken from outside."""
    if raw in (None, "") or isinstance(raw, Picture):
        return raw or None
    # guard: file-named
    raise Wrong(("画像を選び直してください。", "Choose the picture again."))


def _email(field: Field, raw: Any) -> str | None:
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


def _network(field: Field, raw: Any) -> str | None:
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


KINDS: dict[str, Callable[[Field, Any], Any]] = {
    "text": _text,
    "account": _text,
    "long_text": _text,
    "number": _number,
    "code": _code,
    "login": _login,
    "reading": _reading,
    "lines": _lines,
    "networks": read_networks,
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": read_date,
    "minute": read_minute,
    "colleague": _text,
    "network": _network,
    "period": read_period,
    "choice": _choice,
    "reference": _reference,
    "references": _references,
    "parts": _parts,
    "email": _email,
    "image": _image,
    "telephone": telephone_of,
    "postcode": postcode_of,
    "isbn": isbn_of,
    "address": _matching(
        # guard: schemes
        r"https?://[^\s<>\"]{3,490}",
        ("http:// か https:// で始めてください。", "Begin with http:// or https://."),
    ),
}
"""Kind → reader (field, as typed) → value to store or None; raises Wrong."""
