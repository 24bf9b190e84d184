"""How each kind of field reads what was typed. One small reader a kind; the table at the end names them all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bson import ObjectId
from bson.errors import InvalidId
from email_validator import EmailNotValidError, validate_email

from gate.pictures import Picture
from japanese.eras import parse_date, parse_period
from japanese.readings import ReadingError, normalise_reading
from models.data_classes import Words
from models.declaration import Field
from models.part import new_part_id
from models.vocabularies import terms

MAX_ROWS = 100
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Wrong(ValueError):
    """What was typed cannot be stored."""

    def __init__(self, words: Words) -> None:
        super().__init__(words[1])
        self.words = words


def _plain(raw: Any) -> str:
    """Text without control characters and outer space."""
    if raw is None:
        return ""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise Wrong(("文字で入力してください。", "Please enter text."))
    return _CONTROL.sub("", str(raw)).strip().strip("\u3000")


def _folded(raw: Any) -> str:
    """Plain text with full-width letters and digits made half-width, as a barcode reader through an IME types them."""
    return unicodedata.normalize("NFKC", _plain(raw))


def _short_enough(field: Field, text: str) -> str:
    if field.max_length and len(text) > field.max_length:
        raise Wrong((
            f"{field.max_length}字までで入力してください(今は{len(text)}字)。",
            f"At most {field.max_length} characters, please ({len(text)} now).",
        ))  # fmt: skip
    return text


def _text(field: Field, raw: Any) -> str | None:
    text = _short_enough(field, _plain(raw))
    if field.kind != "long_text" and ("\n" in text or "\r" in text):
        text = " ".join(text.split())
    return text or None


def _number(field: Field, raw: Any) -> str | None:
    return _short_enough(field, re.sub(r"\s+", " ", _folded(raw))) or None


def _code(field: Field, raw: Any) -> str | None:
    text = _short_enough(field, _folded(raw))
    if text and not re.fullmatch(r"[a-z0-9][a-z0-9-]*", text):
        raise Wrong(
            ("英小文字・数字・ハイフンで入力してください。", "Use lower-case letters, digits and hyphens.")
        )
    return text or None


def _login(field: Field, raw: Any) -> str | None:
    text = _short_enough(field, _folded(raw))
    if text and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._@-]{2,}", text):
        raise Wrong((
            "英数字と . _ @ - で3字以上にしてください。",
            "At least 3 characters: letters, digits and . _ @ - only.",
        ))  # fmt: skip
    return text or None


def _reading(field: Field, raw: Any) -> str | None:
    text = _short_enough(field, _plain(raw))
    if not text:
        return None
    try:
        return normalise_reading(text)
    except ReadingError as error:
        raise Wrong(("よみは、かなで入力してください。", "Please give the reading in kana.")) from error


def _lines(field: Field, raw: Any) -> list[str]:
    rows = raw if isinstance(raw, list) else _plain(raw).splitlines()
    if len(rows) > MAX_ROWS:
        raise Wrong((f"{MAX_ROWS}行までにしてください。", f"At most {MAX_ROWS} lines, please."))
    return [text for each in rows if (text := _short_enough(field, _plain(each)))]


def _integer(field: Field, raw: Any) -> int | None:
    text = _folded(raw).replace(",", "")
    if not text:
        return None
    if not re.fullmatch(r"[+-]?\d{1,15}", text):
        raise Wrong(("整数で入力してください。", "Please enter a whole number."))
    number = int(text)
    if field.minimum is not None and number < field.minimum:
        raise Wrong((f"{field.minimum}以上で入力してください。", f"At least {field.minimum}, please."))
    return number


def _decimal(field: Field, raw: Any) -> str | None:
    text = _short_enough(field, _folded(raw).replace(",", ""))
    if text and not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", text):
        raise Wrong(("数字で入力してください(例: 12.5)。", "Please enter a number, for example 12.5."))
    return text or None


def _boolean(field: Field, raw: Any) -> bool:  # noqa: ARG001 - every reader takes the field
    if isinstance(raw, bool):
        return raw
    text = _folded(raw).lower()
    if text in ("", "0", "false", "no", "いいえ", "off"):
        return False
    if text in ("1", "true", "yes", "はい", "on", "y"):
        return True
    raise Wrong(("「はい」か「いいえ」で入力してください。", "Please answer yes or no."))


def _date(field: Field, raw: Any) -> str | None:  # noqa: ARG001
    text = _folded(raw)
    if not text:
        return None
    try:
        return as_iso(parse_date(text))
    except ValueError as error:
        raise Wrong((
            "日付として読めません。例: 2020-12-01、令和2年12月1日",
            "This is not a date. For example 2020-12-01 or 令和2年12月1日.",
        )) from error  # fmt: skip


def as_iso(day: date | str) -> str:
    """`YYYY-MM-DD`."""
    return day if isinstance(day, str) else day.isoformat()


def _choice(field: Field, raw: Any) -> str | None:
    text = _plain(raw)
    if not text:
        return None
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
    text = _plain(raw)
    if not text:
        return None
    if field.declared.target == "institution":
        return _short_enough(field, text)
    try:
        return ObjectId(text)
    except InvalidId as error:
        raise Wrong(("一覧から選び直してください。", "Choose again from the list.")) from error


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
    return [row for each in raw if (row := _part(field, each)) is not None]


def _part(field: Field, raw: Any) -> dict[str, Any] | None:
    if not isinstance(raw, Mapping):
        raise Wrong(("行の形が正しくありません。", "The rows are malformed."))
    subs = [sub for sub in field.parts if sub.kind != "system"]
    # A row whose free parts are all empty was left unused, whatever its menus stand on.
    if not any(_plain(raw.get(sub.name)) for sub in subs if sub.kind != "choice"):
        return None
    row: dict[str, Any] = {"id": _row_id(raw.get("id"))}
    for sub in subs:
        value = KINDS[sub.kind](sub, raw.get(sub.name))
        if sub.required and value is None:
            raise Wrong(
                (f"「{sub.label[0]}」を入力してください。", f"“{sub.label[1]}” is required in each row.")
            )
        row[sub.name] = value
    return row


def _row_id(raw: Any) -> str:
    return raw if isinstance(raw, str) and re.fullmatch(r"[0-9a-f]{8}", raw) else new_part_id()


def _period(field: Field, raw: Any) -> dict[str, Any] | None:  # noqa: ARG001
    """A date as written; its interval is what the text means, unless it was given beside it."""
    given = raw if isinstance(raw, Mapping) else {"text": raw}
    text = _plain(given.get("text"))
    if len(text) > 200:
        raise Wrong(("200字までで入力してください。", "At most 200 characters, please."))
    earliest, latest = (_bound(given.get(name), end=name == "latest") for name in ("earliest", "latest"))
    understood = parse_period(text) if text and earliest is None and latest is None else None
    if understood is not None:
        return {
            "text": text,
            # 不明 and n.d. are understood as "not known": open ends would match every interval asked for.
            "earliest": understood.earliest if understood.known else None,
            "latest": understood.latest if understood.known else None,
            "certainty": certainty_of(understood.certainty),
        }
    if not text and earliest is None and latest is None:
        return None
    if earliest is not None and latest is not None and earliest > latest:
        raise Wrong(("上限が下限より後になっています。", "The earliest is after the latest."))
    certainty = _plain(given.get("certainty")) or ("exact" if earliest is not None else "uncertain")
    if certainty not in terms("certainty"):
        raise Wrong(("確度を一覧から選んでください。", "Choose the certainty from the list."))
    return {
        "text": text or _years(earliest, latest),
        "earliest": earliest,
        "latest": latest,
        "certainty": certainty,
    }


def certainty_of(word: str) -> str:
    """The vocabulary's code for the parser's word; an unknown word is the least certain."""
    return word if word in terms("certainty") else "uncertain"


def _bound(raw: Any, *, end: bool) -> int | None:
    """A year or an ISO date as the whole number yyyymmdd, at the start or the end of the year."""
    if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) > 9999:
        return raw
    text = _folded(raw)
    if not text:
        return None
    if found := re.fullmatch(r"(-?\d{1,4})(?:[-/](\d{1,2})[-/](\d{1,2}))?", text):
        year = int(found[1])
        month, day = (int(found[2]), int(found[3])) if found[2] else ((12, 31) if end else (1, 1))
        if 1 <= month <= 12 and 1 <= day <= 31:
            return (abs(year) * 10000 + month * 100 + day) * (-1 if year < 0 else 1)
    raise Wrong(("西暦の年か、年-月-日で入力してください。", "Give a year, or year-month-day."))


def _years(earliest: int | None, latest: int | None) -> str:
    return "-".join(str(each // 10000) if each is not None else "" for each in (earliest, latest))


def _matching(pattern: str, words: Words) -> Callable[[Field, Any], str | None]:
    def read(field: Field, raw: Any) -> str | None:
        text = _short_enough(field, _folded(raw))
        if text and not re.fullmatch(pattern, text):
            raise Wrong(words)
        return text or None

    return read


def _image(field: Field, raw: Any) -> Picture | None:  # noqa: ARG001
    """Only a picture already made safe; the id of a stored file is never taken from outside."""
    if raw in (None, "") or isinstance(raw, Picture):
        return raw or None
    raise Wrong(("画像を選び直してください。", "Choose the picture again."))


def _email(field: Field, raw: Any) -> str | None:
    text = _short_enough(field, _folded(raw))
    if not text:
        return None
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise Wrong((
            "メールアドレスの形になっていません。例: hanako@example.jp",
            "This is not an e-mail address. For example hanako@example.jp.",
        )) from error  # fmt: skip


KINDS: dict[str, Callable[[Field, Any], Any]] = {
    "text": _text,
    "long_text": _text,
    "number": _number,
    "code": _code,
    "login": _login,
    "reading": _reading,
    "lines": _lines,
    "integer": _integer,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": _date,
    "period": _period,
    "choice": _choice,
    "reference": _reference,
    "references": _references,
    "parts": _parts,
    "email": _email,
    "image": _image,
    "telephone": _matching(
        r"\+?[\d() ./-]{6,30}(?:\s*\D{0,8}\d{1,6})?",
        (
            "電話番号は数字とハイフンで入力してください。例: 03-1234-5678",
            "Use digits and hyphens, for example 03-1234-5678.",
        ),
    ),
    "postcode": _matching(
        r"\d{3}-?\d{4}",
        ("郵便番号は7桁で入力してください。例: 162-0045", "Seven digits, for example 162-0045."),
    ),
    "isbn": _matching(
        r"[\dXx-]{10,20}",
        ("ISBNは数字とハイフンで入力してください。", "Use the digits and hyphens of an ISBN."),
    ),
    "address": _matching(
        r"https?://[^\s<>\"]{3,490}",
        ("http:// か https:// で始めてください。", "Begin with http:// or https://."),
    ),
}
"""Kind → reader (field, as typed) → value to store or None; raises Wrong."""
