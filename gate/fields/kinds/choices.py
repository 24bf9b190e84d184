"""What is chosen from a list: a term of a vocabulary, another record, a colleague."""

from __future__ import annotations

from typing import Any

from bson import ObjectId
from bson.errors import InvalidId

from gate.fields.kinds.kind import (
    JOINED,
    TEXT,
    UNNAMED,
    Control,
    Json,
    Kind,
    Labels,
    Named,
    Page,
    Say,
    Schema,
    plain,
)
from gate.fields.kinds.texts import Account
from gate.fields.typed_text import Wrong, short_enough
from gate.fields.typed_text import plain as typed
from gate.refusals import BadQuestion
from models.data_classes import Words
from models.declaration import Field
from models.vocabularies import offered, present, terms

SAID_AT_MOST = 60
"""Characters of a refused text that its message repeats."""
AT_MOST = 1_000
"""Records that one field may refer to."""
REFERENCE: Schema = {"$ref": "#/components/schemas/Reference"}


class Choice(Kind):
    """One code of a vocabulary; one that the vocabulary no longer has is shown as it is stored."""

    name = "choice"
    control = Control("menu", "narrow")
    filtered_by = "menu"
    has_terms = repeats = True

    def read(self, field: Field, raw: Any) -> str | None:
        text = typed(raw)
        if not text:
            return None
        # guard: choices
        found = present().find(field.declared.vocabulary, field.at, text)
        if found is not None and found.code in offered(field.declared.vocabulary, field.at):
            return found.code
        if found is not None and found.retired:
            raise Wrong((
                f"「{found.label[0]}」は廃止された言葉です。一覧から選んでください。",
                f"“{found.label[1]}” is retired; choose from the list.",
            ))  # fmt: skip
        raise Wrong((
            f"「{field.label[0]}」にない言葉です。一覧から選んでください。",
            f"Not one of the terms of “{field.label[1]}”; choose from the list.",
        ))  # fmt: skip

    def options(self, field: Field) -> dict[str, Words]:
        return offered(field.declared.vocabulary, field.at)

    def filters(self, field: Field) -> dict[str, Words]:
        return present().asked(field.declared.vocabulary)

    def exactly(self, field: Field, text: str) -> Any:
        """A retired term can be asked for, since records may bear it; one that was merged means the one in its place too."""
        known = present()
        term = known.of(field.declared.vocabulary).get(text)
        if term is None:
            raise BadQuestion(
                ("その選択肢はありません。選び直してください。", "There is no such term; choose again.")
            )
        then = known.follow_merges(field.declared.vocabulary, term).code
        return text if then == text else {"$in": [text, then]}

    def written(self, field: Field, value: Any, say: Say) -> str:
        found = terms(field.declared.vocabulary).get(str(value))
        return say(found) if found else str(value)

    def exported(self, field: Field, value: Any, say: Say, labels: Labels) -> str:  # noqa: ARG002
        return self.written(field, value, say)

    def piece(self, field: Field, value: Any, say: Say) -> str:
        return self.written(field, value, say)

    def cell(self, field: Field, value: Any, page: Page) -> str:
        """Written once for an answer, which holds it in every row."""
        kept, key = page.kept, (field.declared.vocabulary, value)
        if key not in kept:
            said = plain(self.written(field, value, page.say))
            state = field.declared.vocabulary == "input_status"
            kept[key] = f'<span class="state {plain(value)}">{said}</span>' if state else said
        found: str = kept[key]
        return found

    def schema(self, field: Field) -> Schema:
        """Codes that a vocabulary has dropped may still stand in records: the list explains, it does not bind."""
        labels = {code: {"ja": ja, "en": en} for code, (ja, en) in terms(field.declared.vocabulary).items()}
        return {**TEXT, "x-terms": labels}


class Colleague(Account):
    """An account that is chosen by its name."""

    name = "colleague"
    control = Control("menu")
    chosen_account = True
    is_one_line = False

    def exported(self, field: Field, value: Any, say: Say, labels: Labels) -> str:  # noqa: ARG002
        found = labels.get(f"user:{value}")
        return found.label if found else ""

    def cell(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        found = page.references.get(f"user:{value}")
        return plain(found.label) if found else page.said("不明", "unknown")


class Reference(Kind):
    """Another record, by its id; what is shown of it is the gate's decision on that noun."""

    name = "reference"
    control = Control("reference")
    linked = True

    def read(self, field: Field, raw: Any) -> Any:
        return _id(field, raw)

    def exactly(self, field: Field, text: str) -> Any:
        return _asked(field, text)

    def exported(self, field: Field, value: Any, say: Say, labels: Labels) -> str:  # noqa: ARG002
        return _labels(field, value, labels)

    def cell(self, field: Field, value: Any, page: Page) -> str:
        return _link(field, value, page)

    def json(self, field: Field, value: Any, labels: Labels) -> Json:
        return _reference_json(field, value, labels) if value else None

    def schema(self, field: Field) -> Schema:  # noqa: ARG002
        return REFERENCE


class References(Kind):
    """Several other records, in their order."""

    name = "references"
    control = Control("references", "wide", grouped=True)
    wide = several = never_null = True

    def read(self, field: Field, raw: Any) -> list[Any]:
        rows = raw if isinstance(raw, list) else [raw]
        if len(rows) > AT_MOST:
            raise Wrong(("選んだ数が多すぎます。", "Too many were chosen."))
        return list(dict.fromkeys(found for each in rows if (found := _id(field, each)) is not None))

    def as_input(self, field: Field, value: Any) -> list[str]:  # noqa: ARG002
        return [str(each) for each in value or []]

    def exactly(self, field: Field, text: str) -> Any:
        return _asked(field, text)

    def exported(self, field: Field, value: Any, say: Say, labels: Labels) -> str:  # noqa: ARG002
        return _labels(field, value, labels)

    def cell(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        """How many; their names have no room."""
        return str(len(value))

    def card(self, field: Field, value: Any, page: Page) -> str:
        lines = "".join(f"<li>{_link(field, each, page)}</li>" for each in value)
        return f'<ul class="lines">{lines}</ul>'

    def json(self, field: Field, value: Any, labels: Labels) -> Json:
        return [_reference_json(field, key, labels) for key in value or []]

    def schema(self, field: Field) -> Schema:  # noqa: ARG002
        return {"type": "array", "items": REFERENCE}


def _id(field: Field, raw: Any) -> Any:
    if isinstance(raw, ObjectId):
        return raw
    text = typed(raw)
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


def _asked(field: Field, text: str) -> Any:
    if field.declared.target == "institution":
        return text
    try:
        return ObjectId(text)
    except (InvalidId, TypeError) as error:
        raise BadQuestion(("記録の番号が正しくありません。", "The record's id is malformed.")) from error


def _found(field: Field, key: Any, labels: Labels) -> Named | None:
    return labels.get(f"{field.declared.target}:{key}")


def _labels(field: Field, value: Any, labels: Labels) -> str:
    keys = value if isinstance(value, list) else [value]
    return JOINED.join(each.label for key in keys if (each := _found(field, key, labels)))


def _link(field: Field, key: Any, page: Page) -> str:
    """A record that is out of reach, or gone, is said to be so; its name is the gate's to give."""
    found = _found(field, key, page.references)
    if found is None:
        return f'<span class="none">{page.said("閲覧権限のない記録", "A record you cannot view")}</span>'
    if not found.open:
        return plain(found.label)
    return f'<a href="{page.address(field.declared.target)}?id={plain(found.id)}">{plain(found.label)}</a>'


def _reference_json(field: Field, key: Any, labels: Labels) -> Json:
    found = _found(field, key, labels)
    return {"id": str(key), "label": found.label if found and found.label != UNNAMED else None}
