"""A mapping as TOML text: what the screen builds becomes the same file that a person would write."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def as_toml(told: Mapping[str, Any]) -> str:
    """Tables of tables, texts, booleans, whole numbers, and lists of tables.

    Raises:
        TypeError: something that no mapping holds.
    """
    lines = [
        f"{_key(name)} = {_value(value)}" for name, value in told.items() if not isinstance(value, Mapping)
    ]
    for name, value in told.items():
        if isinstance(value, Mapping):
            lines += _table([name], value)
    return "\n".join(lines) + "\n"


def _table(path: list[str], values: Mapping[str, Any]) -> list[str]:
    nested = path[0] in ("terms", "institutions") and len(path) == 1
    if nested:
        return [line for name, inner in values.items() for line in _table([*path, name], inner)]
    head = f"[{'.'.join(map(_key, path))}]"
    return ["", head, *(f"{_key(name)} = {_value(value)}" for name, value in values.items())]


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(text: str) -> str:
    # JSON writes every sign that TOML would not take as \uXXXX; above that plane the two differ, so it stands as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(name)} = {_value(each)}" for name, each in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[\n" + "".join(f"    {_value(each)},\n" for each in value) + "]"
    raise TypeError(type(value).__name__)
