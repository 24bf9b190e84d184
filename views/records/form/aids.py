"""What a form asks while one types (POST, because a text may name a person), and what it then says.

`/aid/`: one field and its text → {said, wrong, fills}. `/near/`: the record so far → [{label, url, id, said}].
"""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request, url_for
from flask_admin import expose

from gate.fields.kinds import kind_of
from gate.forms.aids import Aid, explain_typed, is_aided
from gate.forms.near_records import Near, near_numbers, near_persons
from gate.refusals import BadQuestion, Refused
from models.declaration import Field, Noun
from policies.verdict import may, reach
from views.requests.current_actor import actor
from views.shared.periods import what_it_means
from words import t, w


class AidMixin:
    """`/aid/` and `/near/`."""

    noun: Noun

    @expose("/aid/", methods=("POST",))
    def aid_view(self) -> Response:
        """How the text of a field is understood, and what it would put into other fields."""
        _for_typists(self.noun)
        field = self.noun.fields.get(request.form.get("field", ""))
        if field is None or not is_aided(field):
            raise BadQuestion(("この項目には補助がありません。", "There is no aid for this field."))
        text = request.form.get("text", "")
        found = explain_typed(
            actor(), self.noun, field, text, request.form.get("institution", actor().institution)
        )
        return jsonify({"said": aid_text(found), "wrong": found.wrong is not None, "fills": found.fills})

    @expose("/near/", methods=("POST",))
    def near_view(self) -> Response:
        """Records that may be the same as what is being typed."""
        _for_typists(self.noun)
        found = near(
            self.noun, request.form.get("institution", actor().institution), request.form.get("id", "")
        )
        return jsonify([
            {"id": each.reference.id, "label": each.reference.label, "said": why_near(each),
             "url": url_for(f"{self.noun.name}.details_view", id=each.reference.id)}
            for each in found
        ])  # fmt: skip


def near(noun: Noun, institution: str, but: str = "") -> list[Near]:
    """Records that may be the same as the one that this request's form holds."""
    form = request.form
    found = near_numbers(actor(), noun, form.get(noun.number, ""), institution, but=but)
    names = [each for group in noun.known_by for each in group]
    persons = (
        near_persons(actor(), noun, {each: form.get(each, "") for each in names}, institution, but=but)
        if names
        else []
    )
    known = {each.reference.id for each in found}
    return [*found, *(each for each in persons if each.reference.id not in known)]


def why_near(each: Near) -> str:
    """By what two records are alike, for the person who types."""
    labels = t("・", ", ").join(w(field.label) for field in each.fields)
    return t(f"{labels}が似ています", f"similar: {labels.lower()}")


def aid_text(found: Aid) -> str:
    """An aid in the reader's language; "" where there is nothing to say."""
    if found.wrong:
        return w(found.wrong)
    if found.of is not None:
        return understood(found.of, found.understood, found.unread)
    return w(found.told) if found.told else ""


def understood(field: Field, value: Any, unread: tuple[str, ...] = ()) -> str:
    """How a text was understood: an interval in both calendars, or sizes one by one."""
    if field.is_written_date:
        means = what_it_means(value) if value else ""
        if value and value.get("earliest") is None and value.get("latest") is None and value.get("text"):
            return t(
                "年代としては読み取れません。書かれたまま残ります。",
                "Not understood as a date; it is kept as written.",
            )
        return means.strip("（）() ")
    said = kind_of(field).text(field, value, w)
    if unread:
        rest = t("、", ", ").join(unread)
        said = " ".join(filter(None, (said, t(f"読み取れない部分: {rest}", f"not understood: {rest}"))))
    return said


def aid_addresses(noun: Noun) -> dict[str, str]:
    """Where the form of a noun asks, as far as it has anything to ask."""
    found = {"aid": url_for(f"{noun.name}.aid_view")} if any(map(is_aided, noun)) else {}
    if noun.known_by or kind_of(noun.fields[noun.number]).proposed:
        found["near"] = url_for(f"{noun.name}.near_view")
    return found


def _for_typists(noun: Noun) -> None:
    """Let pass who enters such records somewhere."""
    if not reach(actor(), noun.name, "create"):
        raise Refused(may(actor(), noun.name, "create", actor().institution))
