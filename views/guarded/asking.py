"""The address of a list read into a Question, strictly: what is not understood is refused, not ignored.

Words that search personal data never stand in an address: they are posted and stored, and the address holds the
stored query's id (law 5).
"""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask_admin import expose
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from gate.loading import keep_question, kept_question
from gate.masked import shortened
from gate.questions import MASKED, Filter, Question
from gate.refusals import BadQuestion
from models.data_classes import PERSONAL, Words
from models.declaration import Noun
from views.signin import actor

PLAIN = frozenset({"institution", "q", "query", "sort", "desc", "after", "before"})
UNKNOWN: Words = (
    "アドレスの指定が正しくありません。一覧の画面から選び直してください。",
    "Part of the address is not understood; choose again from the list.",
)


def is_personal(noun: Noun) -> bool:
    """Whether a search of this noun may name a person."""
    return any(field.declared.searched and field.data_class in PERSONAL for field in noun)


def question_from(noun: Noun, args: MultiDict[str, str], ids: tuple[str, ...] = ()) -> Question:
    """The question that an address asks.

    Raises:
        BadQuestion: an unknown or repeated argument, or personal words in an address.
    """
    given = {name: values for name, values in args.lists() if name in PLAIN or name.startswith("f.")}
    if len(given) != len(args) or any(len(values) != 1 for values in given.values()):
        raise BadQuestion(UNKNOWN)
    asked = {name: values[0] for name, values in given.items()}
    if kept := asked.pop("query", ""):
        if asked.keys() - {"after", "before", "sort", "desc"}:
            raise BadQuestion(UNKNOWN)
        asked = {**kept_question(actor(), noun, kept), **asked}
    elif is_personal(noun) and asked.get("q"):
        raise BadQuestion((
            "個人情報の検索は、検索欄から行ってください(アドレスには残しません)。",
            "Search personal data by the search box; it is not kept in addresses.",
        ))  # fmt: skip
    if asked.get("desc", "") not in ("", "1"):
        raise BadQuestion(UNKNOWN)
    return Question(
        institution=asked.get("institution", ""),
        text=asked.get("q", ""),
        filters=tuple(
            _filter(noun, name, value, posted=bool(kept))
            for name, value in asked.items()
            if name.startswith("f.") and value
        ),
        sort=asked.get("sort", ""),
        descending=bool(asked.get("desc")),
        after=asked.get("after", ""),
        before=asked.get("before", ""),
        ids=ids,
    )


def _filter(noun: Noun, name: str, value: str, *, posted: bool) -> Filter:
    field, _, operator = name.removeprefix("f.").partition(".")
    declared = noun.fields.get(field)
    if operator == MASKED and posted:
        return Filter(field, MASKED, value)
    if operator == MASKED or (declared is not None and declared.data_class in PERSONAL):
        raise BadQuestion((
            "個人情報では絞り込めません。検索欄か絞り込みの欄、照会をお使いください。",
            "Lists are not filtered by personal data; use the search box, the filter's form or a look-up.",
        ))  # fmt: skip
    return Filter(field, operator or "is", value)


class AskingMixin:
    """The search box."""

    noun: Noun

    @expose("/search/", methods=("POST",))
    def search(self) -> Response:
        """Take what was typed; store it where it may name a person, and go on to the list."""
        asked: dict[str, Any] = {
            name: value.strip()
            for name, value in request.form.items()
            if (name in ("q", "institution") or name.startswith("f.")) and value.strip()
        }
        if len(asked.get("q", "")) > 400:
            raise BadQuestion(("検索の言葉は400字までにしてください。", "At most 400 characters, please."))
        # What a mask would not show is not even kept: of a telephone number typed in full, the last digits stand.
        masked = {
            name: shortened(self.noun, name.split(".")[1], value)
            for name, value in asked.items()
            if name.startswith("f.") and name.endswith(f".{MASKED}")
        }
        asked |= masked
        here = f"{self.noun.name}.index_view"
        if masked or (is_personal(self.noun) and asked.get("q")):
            return redirect(url_for(here, query=keep_question(actor(), self.noun, asked)))
        return redirect(url_for(here, **asked))
