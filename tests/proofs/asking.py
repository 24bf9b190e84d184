"""Any request that a person could send: every address, with every parameter that it takes, sensible or not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from models.declaration import Noun
from models.registry import NOUNS
from tests.proofs.boards import PLAIN, board, check
from tests.proofs.browsing import PASSPHRASE
from tests.proofs.pool import Draw, Pool, Request

PURPOSES = ("check", "enquiry", "none")


@st.composite
def requests(draw: Draw, pool: Pool) -> Request:
    """One request."""
    noun = NOUNS[draw(st.sampled_from(pool.nouns))]
    shapes = BY_PART[pool.part]
    shape = shapes[draw(st.integers(0, len(shapes) - 1))]
    return shape(draw, pool, noun)  # type: ignore[no-any-return]


def _at(noun: Noun, path: str) -> str:
    return f"/admin/{noun.name}/{path}"


def _question(draw: Draw, pool: Pool, noun: Noun) -> tuple[tuple[str, str], ...]:
    names = list(noun.fields)
    asked: list[tuple[str, str]] = []
    for _ in range(draw(st.integers(0, 2))):
        kind = draw(st.integers(0, 5))
        # Half of the questions aim at what is withheld from who asks.
        name = draw(st.sampled_from(pool.withheld.get(noun.name, names) if draw(st.booleans()) else names))
        if kind == 0:
            asked.append(
                (
                    "institution",
                    draw(st.sampled_from(["", "section", "shinjuku", "soseki", "kaizu", "nowhere"])),
                )
            )
        elif kind == 1:
            asked.append(("sort", name))
            if draw(st.booleans()):
                asked.append(("desc", "1"))
        elif kind in (2, 3):
            operator = draw(
                st.sampled_from(
                    ["", ".is", ".from", ".to", ".empty", ".has", ".overlaps", ".unread", ".masked", ".shown"]
                )
            )
            asked.append((f"f.{name}{operator}", pool.value(draw, noun, name)))
        elif kind == 4:
            asked.append((draw(st.sampled_from(["after", "before"])), pool.id(draw, noun)))
        else:
            asked.append(("q", pool.words(draw, noun)))
    return tuple(dict(asked).items())


def _list(draw: Draw, pool: Pool, noun: Noun) -> Request:
    return Request("GET", _at(noun, ""), _question(draw, pool, noun))


def _print_list(draw: Draw, pool: Pool, noun: Noun) -> Request:
    return Request("GET", _at(noun, "print-list/"), (*_question(draw, pool, noun), ("purpose", "report")))


def _export(draw: Draw, pool: Pool, noun: Noun) -> Request:
    return Request(
        "POST",
        _at(noun, f"export/{draw(st.sampled_from(['csv', 'xlsx']))}/"),
        _question(draw, pool, noun),
        (("purpose", "report"),),
    )


def _take_out(draw: Draw, pool: Pool, noun: Noun) -> Request:
    """Personal data in full, sealed: the one file that may hold more than a mask shows."""
    plain = _export(draw, pool, noun)
    due = draw(st.sampled_from(["2099-03-31", "2099-03-31", "2099-03-31", ""]))
    said = (("personal", "1"), ("passphrase", PASSPHRASE), ("again", PASSPHRASE), ("takeout_medium", "usb"),
            ("destination", "印刷業者"), ("due_on", due))  # fmt: skip
    return replace(plain, sent=(*plain.sent, *said))


def _views(draw: Draw, pool: Pool, noun: Noun) -> Request:
    question = _question(draw, pool, noun)
    act = draw(st.sampled_from(["", "save", "save", "forget", "drop"]))
    if not act:
        return Request("GET", _at(noun, "views/"), question)
    name = draw(st.sampled_from(["点検待ち", "明治の品", ""]))
    whose = draw(st.sampled_from(["own", "house"]))
    sent = [("act", act), ("name", name), ("whose", whose), ("id", "zz")]
    if draw(st.booleans()):
        sent.append(("columns", "1"))
    return Request("POST", _at(noun, "views/"), question, tuple(sent))


def _columns(draw: Draw, pool: Pool, noun: Noun) -> Request:
    # Half of the columns aim at what is withheld from who asks; later lists of the row show what was kept.
    names = pool.withheld.get(noun.name) if draw(st.booleans()) else None
    chosen = draw(st.lists(st.sampled_from(names or list(noun.fields)), max_size=4, unique=True))
    act = draw(st.sampled_from([("act", "keep"), ("act", "keep"), ("act", "reset"), ("up", "title")]))
    if not draw(st.integers(0, 4)):
        return Request("GET", _at(noun, "columns/"))
    return Request("POST", _at(noun, "columns/"), sent=(act, *(("column", each) for each in chosen)))


def _undo(draw: Draw, pool: Pool, noun: Noun) -> Request:
    return Request("POST", _at(noun, "undo/"), sent=(("id", draw(st.sampled_from(["zz", ""]))),))


def _search(draw: Draw, pool: Pool, noun: Noun) -> Request:
    sent = [("q", pool.words(draw, noun))]
    if draw(st.integers(0, 3)) == 0:
        name = draw(st.sampled_from(list(noun.fields)))
        operator = draw(st.sampled_from(["", ".masked", ".shown"]))
        sent.append((f"f.{name}{operator}", pool.value(draw, noun, name)))
    return Request("POST", _at(noun, "search/"), sent=tuple(sent))


def _choices(draw: Draw, pool: Pool, noun: Noun) -> Request:
    return Request("POST", _at(noun, "choices/"), sent=(("q", pool.words(draw, noun)),))


def _record(draw: Draw, pool: Pool, noun: Noun) -> Request:
    page = draw(st.sampled_from(["details", "history", "print", "edit", "delete", "explain", "file", "seen"]))
    query = [("id", pool.id(draw, noun))]
    if page in ("explain", "file"):
        names = [each.name for each in noun if page == "explain" or each.kind == "image"] or ["file"]
        query.append(("field", draw(st.sampled_from(names))))
    if page == "print":
        query.append(("purpose", "report"))
    return Request("GET", _at(noun, f"{page}/"), tuple(query))


def _reveal(draw: Draw, pool: Pool, noun: Noun) -> Request:
    sent = (("field", draw(st.sampled_from(list(noun.fields)))), ("purpose", draw(st.sampled_from(PURPOSES))))
    return Request("POST", _at(noun, "reveal/"), (("id", pool.id(draw, noun)),), sent)


def _look_up(draw: Draw, pool: Pool, noun: Noun) -> Request:
    # Only what stands in neither world: who knows a value in full may find it (law 2).
    missed = draw(
        st.sampled_from(["090-0000-9999", "存在しない 人", "nobody@example.jp", "", "東京都新宿区"])
    )
    sent = (("field", draw(st.sampled_from(list(noun.fields)))), ("value", missed), ("purpose", "check"))
    return Request(draw(st.sampled_from(["POST", "GET"])), _at(noun, "lookup/"), sent=sent)


def _typed(draw: Draw, pool: Pool, noun: Noun) -> list[tuple[str, str]]:
    names = draw(st.lists(st.sampled_from(list(noun.fields)), min_size=1, max_size=4, unique=True))
    sent = [("_fields", ",".join(names))]
    for name in names:
        field = noun.fields[name]
        sent.append((f"{name}.text" if field.kind == "period" else name, pool.value(draw, noun, name)))
    return sent


def _create(draw: Draw, pool: Pool, noun: Noun) -> Request:
    house = draw(st.sampled_from(["", "section", "shinjuku", "soseki", "kaizu"]))
    if draw(st.integers(0, 3)) == 0:
        return Request("GET", _at(noun, "new/"), (("institution", house),))
    sent = [
        ("institution", house),
        ("title", "新しい"),
        ("name", "新 人"),
        ("surname", "新"),
        ("borrower", "新しい館"),
    ]
    return Request("POST", _at(noun, "new/"), sent=tuple([*sent, *_typed(draw, pool, noun)]))


def _edit(draw: Draw, pool: Pool, noun: Noun) -> Request:
    revision = draw(st.sampled_from(["2", "2", "2", "3", "1", "0", ""]))
    sent = [("revision", revision), *_typed(draw, pool, noun)]
    return Request("POST", _at(noun, "edit/"), (("id", pool.id(draw, noun)),), tuple(sent))


def _remove(draw: Draw, pool: Pool, noun: Noun) -> Request:
    sent = (
        ("revision", draw(st.sampled_from(["2", "2", "1"]))),
        ("reason", draw(st.sampled_from(["整理のため", ""]))),
    )
    return Request("POST", _at(noun, "delete/"), (("id", pool.id(draw, noun)),), sent)


def _batch(draw: Draw, pool: Pool, noun: Noun) -> Request:
    rows = [("rowid", pool.id(draw, noun)) for _ in range(draw(st.integers(1, 3)))]
    name = draw(st.sampled_from([each.name for each in noun if each.kind == "choice"] or ["rank"]))
    act = draw(st.sampled_from(["set", "set", "remove"]))
    return Request(
        "POST",
        _at(noun, "batch/"),
        sent=(("action", act), (name, pool.value(draw, noun, name)), ("reason", "整理"), *rows),
    )


def _page(draw: Draw, pool: Pool, noun: Noun) -> Request:
    return Request("GET", draw(st.sampled_from(PLAIN)))


def _role(draw: Draw, pool: Pool, noun: Noun) -> Request:
    page = draw(st.sampled_from(["matrix", "draft", "versions"]))
    return Request("GET", f"/admin/role/{page}/", (("id", pool.id(draw, NOUNS["role"])),))


def _view_as(draw: Draw, pool: Pool, noun: Noun) -> Request:
    if draw(st.booleans()):
        return Request("POST", "/view-as/end")
    return Request("POST", "/view-as/", sent=(("role", pool.id(draw, NOUNS["role"])),))


def _program(draw: Draw, pool: Pool, noun: Noun) -> Request:
    path = draw(st.sampled_from(["", pool.id(draw, noun)]))
    query = () if path else _question(draw, pool, noun)
    return Request("GET", f"/api/v1/{noun.name}/{path}", query, program=True)


BY_PART: dict[str, list[Any]] = {
    "everywhere": [_list, _list, _list, _search, _search, _choices, _record, _record, _record, _record, _print_list,
                   _export, _take_out, _take_out, _reveal, _look_up, _create, _edit, _edit, _edit, _remove, _batch, _page, _role, _view_as,
                   board, board, check,
                   _program, _views, _columns, _columns, _undo],
    "lists": [_list, _list, _list, _search, _search, _choices, _columns, _views],
    "exports": [_export, _export, _program],
}  # fmt: skip
