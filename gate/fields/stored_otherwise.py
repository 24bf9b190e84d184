"""What is said of values that are stored, and are not all that was typed: sizes not understood, sets counted as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from japanese.dimensions import read_sizes
from japanese.written_numbers import OF_SETS, whole_number
from models.data_classes import Words
from models.declaration import Field, Noun

LISTED = 5


def notices(noun: Noun, typed: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[Words]:
    """What to tell the person who has just saved these values.

    Args:
        typed: field → as typed.
        before: field → as it was stored; what did not change is not told again.
    """
    for name, raw in typed.items():
        if not isinstance(raw, str) or not raw.strip() or raw.split() == str(before.get(name) or "").split():
            continue
        if rows := _read_from(noun, name):
            yield from _unread(rows, raw)
        elif (
            noun.fields[name].kind == "integer" and (count := whole_number(raw)) and count.counter in OF_SETS
        ):
            yield (
                f"「{raw}」は数だけを{count.number}として保存しました。何点になるか確かめてください。",
                f"Of “{raw}” only the number was stored, {count.number}: check how many pieces there are.",
            )


def _read_from(noun: Noun, name: str) -> Field | None:
    return next((each for each in noun if each.declared.written_in == name), None)


def _unread(rows: Field, text: str) -> Iterator[Words]:
    if pieces := read_sizes(text).unread:
        some = pieces[:LISTED]
        more = ("ほか", " and more") if len(pieces) > LISTED else ("", "")
        yield (
            f"「{rows.label[0]}」として読めなかったところがあります: {'、'.join(some)}{more[0]}。"
            "表記は書かれたとおりに保存しました。必要なら寸法の欄に入力してください。",
            f"Part of this is not understood as {rows.label[1].lower()}: {', '.join(some)}{more[1]}. "
            "The text is stored as written; enter what is missing in the rows.",
        )
