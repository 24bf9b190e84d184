"""What a program asks of a list: the question language of the screens, in an address or, for words, in a body."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from gate.reading.questions import Filter, Question
from gate.refusals import BadQuestion
from models.data_classes import Words
from models.declaration import Noun
from views.records.list.questions import is_personal, question_from

LIMIT = 50
LIMIT_AT_MOST = 100
MASKED = ".masked"
"""Ends the name of a filter by what a field's mask shows (f.telephone.masked)."""
BODY_AT_MOST = 64 * 1024
WORDS_IN_BODY: Words = (
    "個人情報を含みうる検索の言葉は、アドレスでなく search へPOSTしてください。",
    "Words that may name a person are POSTed to search, not put into an address.",
)
NOT_UNDERSTOOD: Words = (
    "指定の名前か形が正しくありません。openapi.json を確かめてください。",
    "Part of the request is unknown or malformed; see openapi.json.",
)
NOT_AN_OBJECT: Words = (
    "本文は、文字・数・真偽だけを値に持つJSONのオブジェクトにしてください。",
    "The body is a JSON object whose values are only texts, numbers and booleans.",
)


def asked_in_address(noun: Noun) -> tuple[Question, int]:
    """The question of a GET, and how many records to answer with.

    Raises:
        BadQuestion: anything not understood, or words that may name a person.
    """
    args = MultiDict(request.args)
    if is_personal(noun) and "q" in args:
        raise BadQuestion(WORDS_IN_BODY)
    return _question(noun, args)


def asked_in_body(noun: Noun) -> tuple[Question, int]:
    """The question of a POST: the same names as in an address, `q` for every noun.

    Raises:
        BadQuestion: as asked_in_address, or a body that is no flat JSON object.
    """
    if request.args:
        raise BadQuestion(NOT_UNDERSTOOD)
    asked = {name: _as_text(name, value) for name, value in _body().items()}
    if not all(_storable(each) for each in (*asked, *asked.values())):
        raise BadQuestion(NOT_UNDERSTOOD)
    # What a mask shows may be asked for, and only here: half a telephone number does not stand in an address.
    masked = {
        name: asked.pop(name) for name in list(asked) if name.startswith("f.") and name.endswith(MASKED)
    }
    question, size = _question(noun, MultiDict(asked))
    wanted = (Filter(name[2:].removesuffix(MASKED), MASKED[1:], value) for name, value in masked.items())
    return replace(question, filters=(*question.filters, *wanted)), size


def _body() -> dict[str, Any]:
    request.max_content_length = BODY_AT_MOST
    try:
        body = request.get_json()
    except RecursionError as error:  # brackets within brackets, thousands deep
        raise BadQuestion(NOT_AN_OBJECT) from error
    if not isinstance(body, dict):
        raise BadQuestion(NOT_AN_OBJECT)
    return body


def _as_text(name: str, value: Any) -> str:
    if isinstance(value, bool) and name == "desc":
        return "1" if value else ""
    if isinstance(value, bool) and name.startswith("f."):
        return "true" if value else "false"
    # guard: json-values
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadQuestion(NOT_AN_OBJECT)
    return str(value)


def _question(noun: Noun, args: MultiDict[str, str]) -> tuple[Question, int]:
    if not all(_storable(name) and _storable(value) for name, value in args.items(True)):
        raise BadQuestion(NOT_UNDERSTOOD)
    # A stored query belongs to a screen; and one page is either before or after a record.
    if "query" in args or "view" in args or (args.get("after") and args.get("before")):
        raise BadQuestion(NOT_UNDERSTOOD)
    sizes, words = args.poplist("limit"), args.poplist("q")
    if len(sizes) > 1 or len(words) > 1:
        raise BadQuestion(NOT_UNDERSTOOD)
    question = question_from(noun, args)
    return replace(question, text=words[0] if words else "", exit="api"), _size(sizes)


def _storable(text: str) -> bool:
    """Whether the store's encoding has it: halves of characters and NUL it does not."""
    return "\0" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


def _size(given: list[str]) -> int:
    if not given:
        return LIMIT
    number = int(given[0]) if given[0].isascii() and given[0].isdigit() and len(given[0]) < 4 else 0
    if not 1 <= number <= LIMIT_AT_MOST:
        raise BadQuestion((
            f"limit は1から{LIMIT_AT_MOST}までの整数にしてください。",
            f"limit is a whole number from 1 to {LIMIT_AT_MOST}.",
        ))  # fmt: skip
    return number
