"""Several values in their order: lines of text, networks, and rows that belong to the record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gate.fields.kinds.kind import (
    EMPTY,
    JOINED,
    TEXT,
    Control,
    Json,
    Kind,
    Labels,
    Page,
    Say,
    Schema,
    kind_of,
    plain,
    whole,
)
from gate.fields.network_lists import read_networks
from gate.fields.size_rows import spread
from gate.fields.typed_text import Wrong, short_enough
from gate.fields.typed_text import plain as typed
from models.declaration import Field
from models.part import new_part_id

MAX_ROWS = 100
AMOUNT = '<td class="amount">'
TOO_MANY = (f"{MAX_ROWS}行までにしてください。", f"At most {MAX_ROWS} rows, please.")
MALFORMED = ("行の形が正しくありません。", "The rows are malformed.")


class _Several(Kind):
    """Texts, one a line."""

    control = Control("area", "wide", rows=2, counted=False)
    several = never_null = True

    def as_input(self, field: Field, value: Any) -> Any:  # noqa: ARG002
        return "\n".join(value) if isinstance(value, list) else value or ""

    def written(self, field: Field, value: Any, say: Say) -> str:
        """What was typed has its lines in one text."""
        return super().written(field, value.split("\n") if isinstance(value, str) else value, say)

    def exported(self, field: Field, value: Any, say: Say, labels: Labels) -> str:  # noqa: ARG002
        return self.written(field, value, say)

    def cell(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        return plain(page.say(("、", ", ")).join(map(str, value)))

    def card(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        return f'<ul class="lines">{"".join(f"<li>{plain(each)}</li>" for each in value)}</ul>'

    def json(self, field: Field, value: Any, labels: Labels) -> Json:  # noqa: ARG002
        return [str(each) for each in value or []]

    def schema(self, field: Field) -> Schema:  # noqa: ARG002
        return {"type": "array", "items": TEXT}


class Lines(_Several):
    """Several short texts."""

    name = "lines"
    wide = by_lines = is_free_text = keeps_text = True

    def read(self, field: Field, raw: Any) -> list[str]:
        rows = raw if isinstance(raw, list) else typed(raw).splitlines()
        if len(rows) > MAX_ROWS:
            raise Wrong((f"{MAX_ROWS}行までにしてください。", f"At most {MAX_ROWS} lines, please."))
        return [text for each in rows if (text := short_enough(field, typed(each)))]


class Networks(_Several):
    """Networks in their shortest form."""

    name = "networks"

    def read(self, field: Field, raw: Any) -> list[str]:
        return read_networks(field, raw)


class Parts(Kind):
    """Rows that belong to the record, each with an id of its own."""

    name = "parts"
    control = Control("rows", "wide", grouped=True)
    wide = several = by_rows = never_null = True
    from_column = False

    def read(self, field: Field, raw: Any) -> list[dict[str, Any]]:
        if not isinstance(raw, list):
            raise Wrong(MALFORMED)
        if len(raw) > MAX_ROWS:
            raise Wrong(TOO_MANY)
        given = spread(raw) if field.declared.written_in else raw
        rows = [row for each in given if (row := _row(field, each)) is not None]
        if len(rows) > MAX_ROWS:
            raise Wrong(TOO_MANY)
        seen: set[str] = set()
        for row in rows:
            if row["id"] in seen:
                row["id"] = new_part_id()
            seen.add(row["id"])
        return rows

    def as_input(self, field: Field, value: Any) -> list[Any]:  # noqa: ARG002
        return value if isinstance(value, list) else []

    def written(self, field: Field, value: Any, say: Say) -> str:
        return JOINED.join(line for row in value if (line := row_line(field, row, say)))

    def exported(self, field: Field, value: Any, say: Say, labels: Labels) -> str:  # noqa: ARG002
        return JOINED.join(" ".join(_pieces(field, row, say)) for row in value)

    def cell(self, field: Field, value: Any, page: Page) -> str:
        """One line of all rows."""
        return " × ".join(whole(" ".join(_pieces(field, row, page.say))) for row in value)

    def card(self, field: Field, value: Any, page: Page) -> str:
        """A small table."""
        columns = [(each, kind_of(each)) for each in field.columns]
        heads = "".join(f'<th scope="col">{plain(page.say(each.label))}</th>' for each, _ in columns)
        lines = []
        for row in value:
            cells = (
                f"{AMOUNT if kind.amount else '<td>'}{_in_table(each, kind, row, page)}</td>"
                for each, kind in columns
            )
            lines.append(f"<tr>{''.join(cells)}</tr>")
        return f'<table class="parts"><thead><tr>{heads}</tr></thead><tbody>{"".join(lines)}</tbody></table>'

    def json(self, field: Field, value: Any, labels: Labels) -> Json:  # noqa: ARG002
        return [row_json(field, each) for each in value or []]

    def schema(self, field: Field) -> Schema:
        return {"type": "array", "items": row_schema(field)}


def _row(field: Field, raw: Any) -> dict[str, Any] | None:
    if not isinstance(raw, Mapping):
        raise Wrong(MALFORMED)
    columns = [(each, kind_of(each)) for each in field.columns]
    # A row whose free parts are all empty was left unused, whatever its menus stand on.
    if not any(typed(raw.get(each.name)) for each, kind in columns if not kind.has_terms):
        return None
    row: dict[str, Any] = {"id": _row_id(raw.get("id"))}
    for each, kind in columns:
        value = kind.read(each, raw.get(each.name))
        if each.required and value is None:
            raise Wrong(
                (f"「{each.label[0]}」を入力してください。", f"“{each.label[1]}” is required in each row.")
            )
        if value is not None or not kind.has_terms:  # rows of before a menu was added are as they were
            row[each.name] = value
    return row


def _row_id(raw: Any) -> str:
    return raw if isinstance(raw, str) and re.fullmatch(r"[0-9a-f]{8}", raw) else new_part_id()


def row_line(field: Field, row: Mapping[str, Any] | None, say: Say) -> str:
    """One row of a part as a line, to lay side by side; empty when there is none."""
    given = row or {}
    said = (kind_of(each).text(each, given.get(each.name), say) for each in field.columns)
    return " ".join(filter(None, said))


def _pieces(field: Field, row: Mapping[str, Any], say: Say) -> list[str]:
    return [
        kind_of(each).piece(each, value, say)
        for each in field.columns
        if (value := row.get(each.name)) not in EMPTY
    ]


def _in_table(field: Field, kind: Kind, row: Mapping[str, Any], page: Page) -> str:
    value = row.get(field.name)
    return "—" if value in EMPTY else kind.card(field, value, page)


def row_json(field: Field, row: Mapping[str, Any]) -> Json:
    """One row of a part as the API sends it."""
    return {each.name: row.get(each.name) for each in field.columns}


def row_schema(field: Field) -> Schema:
    """The JSON Schema of that."""
    return {
        "type": "object",
        "properties": {
            each.name: {
                "x-label": {"ja": each.label[0], "en": each.label[1]},
                "anyOf": [kind_of(each).schema(each), {"type": "null"}],
            }
            for each in field.columns
        },
    }
