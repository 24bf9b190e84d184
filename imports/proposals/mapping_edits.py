"""One thing changed in a mapping's text: the order of days, words of a vocabulary."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Table
from typing import Any

import tomli_w

from imports.mapping.mapping import MappingError, mapping_of
from imports.proposals.file_words import vocabularies


def computed_columns(text: str) -> list[dict[str, Any]]:
    """The computed columns as the mapping's file has them."""
    return list(tomllib.loads(text).get("computed", []))


def with_order(text: str, field: str, order: str) -> str:
    """The mapping's text with the order in which a field's days stand, `dmy` or `mdy`.

    Raises:
        MappingError: it has no such field, or the field holds no dates.
    """
    told = tomllib.loads(text)
    rule = told.get("fields", {}).get(field)
    if rule is None:
        raise MappingError("対応表にその項目はありません。", "The mapping has no such field.")
    told["fields"][field] = {**({"column": rule} if isinstance(rule, str) else dict(rule)), "order": order}
    made = tomli_w.dumps(told)
    mapping_of(made)
    return made


def with_words(text: str, name: str, words: Table[str, str]) -> str:
    """The mapping's text with words of the file decided for a field of a vocabulary, or left open again ("").

    Raises:
        MappingError: no such rule, or a term that the vocabulary does not have.
    """
    told = tomllib.loads(text)
    rule = told.get("fields", {}).get(name)
    if rule is None or name not in vocabularies(mapping_of(text)):
        raise MappingError("対応表にその項目はありません。", "The mapping has no such field.")
    rule = {"column": rule} if isinstance(rule, str) else dict(rule)
    table = rule.get("terms", name)
    told["fields"][name] = {**rule, "terms": table, "unknown": rule.get("unknown", "match")}
    told["terms"] = {**told.get("terms", {}), table: {**told.get("terms", {}).get(table, {}), **words}}
    made = tomli_w.dumps(told)
    mapping_of(made)
    return made
