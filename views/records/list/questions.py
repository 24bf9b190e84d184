"""The address of a list read into a Question, strictly: what is not understood is refused, not ignored.

Words that search personal data never stand in an address: they are posted and stored, and the address holds the
stored query's id (law 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from flask import redirect, request, url_for
from flask_admin import expose
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from gate.lists.storable_questions import require_storable
from gate.reading.loading import keep_question, kept_question
from gate.reading.masked_search import shortened
from gate.reading.questions import MASKED, Filter, Question
from gate.reading.reference_matches import choices
from gate.refusals import BadQuestion, Refused
from gate.store.date_intervals import UnreadDate
from models.data_classes import PERSONAL, Words
from models.declaration import Noun
from models.registry import NOUNS
from views.records.list.open_view import opened
from views.requests.current_actor import actor

PLAIN = frozenset({"institution", "q", "query", "view", "sort", "desc", "after", "before"})
BESIDE = frozenset({"after", "before", "sort", "desc"})
"""What may stand in an address beside the id of a stored query."""
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
    # guard: repeated-parameter
    if len(given) != len(args) or any(len(values) != 1 for values in given.values()):
        raise BadQuestion(UNKNOWN)
    asked = {name: values[0] for name, values in given.items()}
    kept, saved = asked.pop("query", ""), asked.pop("view", "")
    if kept:
        if saved or asked.keys() - BESIDE:
            raise BadQuestion(UNKNOWN)
        asked = {**kept_question(actor(), noun, kept), **asked}
    elif saved:
        if asked.keys() - BESIDE - {"institution"}:
            raise BadQuestion(UNKNOWN)
        order = ("sort", "desc") if "sort" in asked else ()
        view = {name: value for name, value in opened(noun, saved).asked if name not in order}
        asked = {**view, **asked}
    return asked_question(noun, asked, ids, posted=bool(kept))


def asked_question(
    noun: Noun, asked: Mapping[str, str], ids: tuple[str, ...] = (), *, posted: bool = False
) -> Question:
    """The question that these names and values ask.

    `posted`: they come from the search box and never stood in an address, so they may name a person.

    Raises:
        BadQuestion: personal words that were not posted, or a name that is none.
    """
    if not posted and is_personal(noun) and asked.get("q"):
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
            _filter(noun, name, value, posted=posted)
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


def _lasting(noun: Noun, asked: Mapping[str, str]) -> bool:
    """Whether the question may be kept, to be asked again.

    Raises:
        BadQuestion, Refused: it would be answered to nobody, or is out of reach altogether.
    """
    try:
        require_storable(actor(), noun, asked_question(noun, asked, posted=True))
    except UnreadDate:
        return False  # the list says so, with the words still in their box
    except Refused as refusal:
        if refusal.status != 400:
            raise
        # The list says why, and for which institution it would be answered.
    return True


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
        for name in [each for each in asked if each.endswith(".any")]:
            several = request.form.getlist(name)
            # One alone is asked for plainly, as in addresses of old.
            asked[name if len(several) > 1 else name.removesuffix(".any")] = ",".join(several)
            if len(several) == 1:
                del asked[name]
        asked |= self._references(asked)
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
        personal = bool(masked) or (is_personal(self.noun) and "q" in asked)
        lasting = _lasting(self.noun, asked) and (masked or "q" in asked)
        kept = keep_question(actor(), self.noun, asked) if lasting else ""
        # guard: address
        if personal:
            return redirect(url_for(here, query=kept))
        return redirect(url_for(here, **asked))

    def _references(self, asked: Mapping[str, str]) -> dict[str, str]:
        """The records that were typed into filters by number or name, by their ids.

        Raises:
            BadQuestion: nothing, or more than one record is called so.
        """
        found = {}
        for name, value in asked.items():
            field = self.noun.fields.get(name.removeprefix("f.")) if name.startswith("f.") else None
            if field is None or not field.declared.target or ObjectId.is_valid(value):
                continue
            target = NOUNS[field.declared.target]
            if target.is_institution:
                continue
            matched = choices(actor(), target, value, asked.get("institution", ""), limit=2)
            if len(matched) != 1:
                ja, en = field.label
                raise BadQuestion((
                    f"「{ja}」の「{value[:60]}」に当たる記録が一件に決まりません。番号で入れるか、その記録の画面から一覧を開いてください。",
                    f"“{value[:60]}” names no single record for “{en}”. Type its number, or open the list from its own page.",
                ))  # fmt: skip
            found[name] = matched[0].reference.id
        return found


def address_of(noun: Noun, asked: Mapping[str, str], kept: str) -> str:
    """Where a stored query is asked again: plainly where nothing of it may name a person, or else by its id."""
    here = f"{noun.name}.index_view"
    personal = is_personal(noun) or any(name.endswith(f".{MASKED}") for name in asked)
    plain: dict[str, Any] = dict(asked)
    return url_for(here, query=kept) if personal else url_for(here, **plain)
