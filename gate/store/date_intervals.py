"""A written date in a list: the interval that it is found by, and the place where it stands in order.

The interval of every record is kept beside it as whole numbers that are always there, of an open end and a missing date
too: so an index serves them, and no record falls between the windows of a page (gate.store.windows). Beside them stands where
the interval comes from (gate.store.rereading).
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from gate.refusals import BadQuestion
from gate.store.rereading import GIVEN, origin_of
from gate.store.windows import Matching, fetch, fetch_alike
from japanese.eras import parse_period
from japanese.period import OPEN_END, OPEN_START, Period
from models.declaration import Field, Noun
from models.registry import NOUNS

Document = dict[str, Any]
Order = list[tuple[str, int]]
INTERVALS = "intervals"
"""The field of a record that holds them: field → `from`, `to`, and `at`, its place in order; as japanese.period counts.
`by`: where it comes from, a number of gate.store.rereading."""
UNDATED = OPEN_END + 1
"""Where what is not dated stands in order: after every date."""
_NEVER = OPEN_START - 1
"""Where what is not dated ends, so that it overlaps nothing."""


class UnreadDate(BadQuestion):
    """What was typed is not understood as a date."""


def intervals_of(noun: Noun, document: Document) -> Document:
    """The `intervals` of a stored document."""
    before: Document = document.get(INTERVALS) or {}
    return {
        name: _with_origin(_interval(document.get(name)), document.get(name), before.get(name) or {})
        for name in dated_fields(noun)
    }


def stored_before(noun: Noun, document: Document) -> Document:
    """The intervals that stand beside a stored record; of one older than they are, as they would have stood."""
    kept: Document = document.get(INTERVALS) or {}
    return {name: kept.get(name) or _interval(document.get(name)) for name in dated_fields(noun)}


def dated_fields(noun: Noun) -> tuple[str, ...]:
    """The fields of which an interval is kept."""
    return _kept(noun.name)


def _with_origin(interval: Document, value: Any, before: Document) -> Document:
    """`before`: the interval that stood there, which knows more of its origin as long as the bounds are the same."""
    same = bool(before) and all(interval[each] == before.get(each) for each in ("from", "to"))
    origin = origin_of(value, older=same and "by" not in before) if isinstance(value, dict) else GIVEN
    if same and origin == GIVEN and before.get("by", GIVEN) > GIVEN:
        origin = before["by"]  # by a former reading that this version no longer knows of
    return {**interval, "by": origin}


@cache
def _kept(noun: str) -> tuple[str, ...]:
    return tuple(
        each.name
        for each in NOUNS[noun]
        if each.is_written_date and (each.declared.filtered or each.declared.sorted)
    )


def _interval(value: Any) -> Document:
    bounds: Document = value if isinstance(value, dict) else {}
    earliest, latest = bounds.get("earliest"), bounds.get("latest")
    if earliest is None and latest is None:
        return {"at": UNDATED, "from": UNDATED, "to": _NEVER}
    return {
        # 明治30年以前 has no beginning: it stands where it ends, and not before the stone age.
        "at": latest if earliest is None else earliest,
        "from": OPEN_START if earliest is None else earliest,
        "to": OPEN_END if latest is None else latest,
    }


@lru_cache(maxsize=256)
def understood(typed: str) -> Period:
    """What a date typed into a filter means. It is asked several times for a page; reading it takes 0.2 ms.

    Raises:
        UnreadDate: nobody would know.
    """
    found = parse_period(typed)
    if found is None:
        raise UnreadDate((
            "年代として読めません。例: 明治30年頃、江戸後期、1897-1902、R8.7.2。日付のない記録は「不明」で探せます。",
            "This is not understood as a date. For example 明治30年頃, 1897-1902, c. 1870. “不明” finds what has none.",
        ))  # fmt: skip
    return found


def overlapping(field: Field, typed: str) -> Document:
    """The store's condition that a record's interval and the one typed have a day in common; of 不明, that it has none.

    Raises:
        UnreadDate: as understood.
    """
    asked = understood(typed)
    if not asked.known:
        return {f"{INTERVALS}.{field.name}.from": UNDATED}
    return {
        f"{INTERVALS}.{field.name}.from": {"$lte": asked.latest},
        f"{INTERVALS}.{field.name}.to": {"$gte": asked.earliest},
    }


def not_understood(field: Field) -> Document:
    """The store's condition that a date is written and nobody understands it, so that it has no interval."""
    return {f"{INTERVALS}.{field.name}.from": UNDATED, f"{INTERVALS}.{field.name}.by": {"$lt": GIVEN}}


def place_of(field: Field) -> str:
    """Where in a stored document the order by this field is found."""
    return f"{INTERVALS}.{field.name}.at"


def fetch_absent_last(
    of: Matching,
    order: Order,
    limit: int,
    *,
    edge: Any,
    beyond: Document | None,
    descending: bool,
    absent: Any,
) -> list[Document]:
    """As gate.store.windows.fetch, where `absent`, the greatest value of the order, stands for none: what is not dated
    stands last also where the latest dates come first.

    `descending`: how the list is ordered; `order` may be the other way round, for the page before.
    """
    name, step = order[0]
    if not descending:
        return fetch(of, order, limit, edge=edge, beyond=beyond)
    there: Document = {name: {"$lt": absent}}
    parts = [there, {name: absent}] if step < 0 else [{name: absent}, there]
    if edge is not None and (edge == absent) is (step < 0):
        parts = parts[1:]  # it lies in the second
    found: list[Document] = []
    for part in parts:
        if part is there:
            within = replace(of, where={"$and": [of.where, part]})
            found += fetch(within, order, limit - len(found), edge=edge, beyond=beyond, but=absent)
        else:
            found += fetch_alike(of, order, absent, limit - len(found), beyond)
        if len(found) == limit:
            break
        edge = beyond = None
    return found
