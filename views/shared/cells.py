"""One value as a cell of a list, as this reader may see it.

A page holds hundreds of cells: written here, each takes a microsecond or two; by a template's macros it took twenty,
half the time of a page. The card, where a value has room, is macros/value.html.

The writers give HTML as plain text, each piece of it escaped where it is put in; what goes out is marked as such once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape as html
from typing import Any, NamedTuple

from flask import Flask, g, url_for
from markupsafe import Markup

from gate.reading.shown import Reference, Row, Shown
from models.declaration import Field, Noun
from views.shared.icons import icon
from views.shared.periods import in_both_calendars
from words import day, kept_for_request, t, term, w

LONG = 60
ADDRESS = 40
References = Mapping[str, Reference]
Kept = dict[Any, Any]
"""What is alike in every row of an answer, written once: what it is → how it is written. What comes of a record stands in a pair."""
_HOUSE = Markup('<span class="house house-{}"><span>{}</span></span>')
_HEAD = Markup('<th scope="row" class="kind-{}"><a class="open" href="')
_LINK = Markup('<a href="{}?id=')
_OUTWARD = Markup('<a href="{}" rel="noreferrer noopener" target="_blank">{}</a>')
_NOTHING = Markup('<span class="none"><span aria-hidden="true">—</span><span class="unseen">{}</span></span>')
_WHY = (
    '<button type="button" class="{}" popovertarget="{}" aria-describedby="{}" data-why>{}<span class="whole">{}</span>{}'
    '</button><span class="why" id="{}" popover>{}</span>'
)


def plain(text: Any) -> str:
    """Text as HTML. A page asks for it hundreds of times, and marking each piece as safe would take as long again."""
    # guard: escape
    return html(str(text))


def line(row: Row, columns: Iterable[Any], url: str) -> Markup:
    """The cells of a row: the first is its header and link, so that Enter opens it and the arrows move along it.

    Args:
        row: as shown.
        columns: what to show, each with a `name` and a `label`.
        url: where the record is.
    """
    return Markup("".join(pieces(row, openings(row.noun, columns), url)))  # noqa: S704 - each piece is escaped there


def openings(noun: Noun, columns: Iterable[Any]) -> list[tuple[str, str]]:
    """For each column its name and that with which its cells begin."""
    opening = '<td class="kind-{}" data-label="{}"><div class="line">'
    return [
        (each.name, opening.format(noun.fields[each.name].kind, plain(w(each.label)))) for each in columns
    ]


def pieces(row: Row, columns: list[tuple[str, str]], url: str, found: str = "") -> list[str]:
    """HTML of the cells of a row, escaped.

    Args:
        row: as shown.
        columns: of openings.
        url: where the record is.
        found: a cell to stand behind the second.
    """
    (first, _), *rest = columns
    values, on = row.values, _On(row.references, _kept())
    cells = [_first(row, values[first], url, on)]
    for name, opening in rest:
        shown = _house(row, on.kept) if name == "institution" else _said(values[name], row.id, on)
        cells += (opening, shown, "</div></td>")
    if found:
        cells.insert(4, found)  # the header is one piece, a cell three
    return cells


class _On(NamedTuple):
    """Where a value is written: what its row refers to, and what the answer has written before."""

    references: References
    kept: Kept

    def said(self, ja: str, en: str) -> str:
        """A text in the reader's language, escaped; in a page of values it is asked for hundreds of times."""
        if ja not in self.kept:
            self.kept[ja] = plain(t(ja, en))
        found: str = self.kept[ja]
        return found


def _kept() -> Kept:
    found: Kept = kept_for_request().setdefault("cells", {})
    return found


def _first(row: Row, shown: Shown, url: str, on: _On) -> str:
    said = _said(shown, row.id, on)
    kept, key = on.kept, ("head", shown.field.name)
    if key not in kept:
        kept[key] = _HEAD.format(shown.field.kind)
    opening = f'{kept[key]}{plain(url)}">'
    if shown.state == "shown" and shown.field.kind != "reference":
        return f"{opening}{said}</a></th>"
    return f"{opening}{on.said('開く', 'Open')}</a> {said}</th>"


def house(row: Row) -> Markup:
    """The row's institution: never named without its colour, nor its colour shown without its name."""
    return _house(row, _kept())


def _house(row: Row, kept: Kept) -> Markup:
    key = ("house", row.institution)
    if key not in kept:
        home = g.account.houses.get(row.institution) if g.account else None
        kept[key] = (
            _HOUSE.format(home.colour, w(home.name))
            if home
            else cell(row.values["institution"], row.id, row.references)
        )
    found: Markup = kept[key]
    return found


def cell(shown: Shown, id_: str, references: References) -> Markup:
    """A value in little room.

    Args:
        shown: the field, its value and the verdict.
        id_: what tells this value's popover from the same field's in another row.
        references: the labels of what the value may refer to.
    """
    return Markup(_said(shown, id_, _On(references, _kept())))  # noqa: S704 - each piece is escaped below


def _said(shown: Shown, id_: str, on: _On) -> str:
    field, value, verdict = shown
    if not verdict.shown:
        return _why(shown, id_)
    if not value and value in (None, "", [], {}):
        return _nothing(on.kept)
    said = _WRITERS.get(field.kind, _text)(field, value, on)
    return f'<span class="revealed">{said}</span>' if verdict.rule == "revealed" else said


def nothing() -> Markup:
    """That nothing is recorded, for the eye and for the ear."""
    return _nothing(_kept())


def _nothing(kept: Kept) -> Markup:
    if "nothing" not in kept:
        kept["nothing"] = _NOTHING.format(t("記録なし", "Not recorded"))
    found: Markup = kept["nothing"]
    return found


def why(shown: Shown, id_: str) -> Markup:
    """A masked value, or that one is withheld, with the reason behind a button."""
    return Markup(_why(shown, id_))  # noqa: S704 - each piece is escaped below


def _why(shown: Shown, id_: str) -> str:
    mark = plain(f"why-{id_}-{shown.field.name}" if id_ else f"why-{shown.field.name}")
    masked = shown.state == "masked"
    said = shown.value if masked else t("非表示", "Withheld")
    ear = f'<span class="unseen">{t("(一部を伏せています)", "(masked)")}</span>' if masked else ""
    style, reason = "masked" if masked else "withheld", plain(w(shown.verdict.reason))
    return _WHY.format(style, mark, mark, icon("lock"), plain(said), ear, mark, reason)


def _text(_field: Field, value: Any, _on: _On) -> str:
    return plain(value)


def _number(_field: Field, value: Any, _on: _On) -> str:
    return f'<span class="number">{plain(value)}</span>'


def _whole_of(text: Any) -> str:
    """What is never broken over two lines."""
    return f'<span class="whole">{plain(text)}</span>'


def _whole(_field: Field, value: Any, _on: _On) -> str:
    return _whole_of(value)


def _choice(field: Field, value: Any, on: _On) -> str:
    kept, key = on.kept, (field.declared.vocabulary, value)
    if key not in kept:
        said = plain(term(*key))
        state = field.declared.vocabulary == "input_status"
        kept[key] = f'<span class="state {plain(value)}">{said}</span>' if state else said
    found: str = kept[key]
    return found


def _boolean(field: Field, value: Any, on: _On) -> str:
    return on.said(*field.answer(value))


def _integer(field: Field, value: Any, _on: _On) -> str:
    unit = field.declared.unit
    said = f"{value:,} {w(unit)}" if unit[0] and isinstance(value, int) else f"{value} {w(unit)}".rstrip()
    return _whole_of(said)


def _moment(_field: Field, value: Any, _on: _On) -> str:
    return _whole_of(day(value)[:10])


def _minute(_field: Field, value: Any, _on: _On) -> str:
    return _whole_of(str(value).replace("T", " "))


def _colleague(_field: Field, value: Any, on: _On) -> str:
    found = on.references.get(f"user:{value}")
    return plain(found.label) if found else on.said("不明", "unknown")


def _period(_field: Field, value: Any, _on: _On) -> str:
    """As written; in both calendars behind it, where that says more."""
    written, told = value.get("text") or "", in_both_calendars(value)
    if not written or told == written:
        return plain(told)
    return f'<span title="{plain(told)}">{plain(written)}</span>'


def _parts(field: Field, value: Any, _on: _On) -> str:
    """Rows that belong to the record, in one line."""
    subs = [sub for sub in field.parts if sub.kind != "system"]
    lines = (
        " ".join(_part(sub, part) for sub in subs if part.get(sub.name) not in (None, "")) for part in value
    )
    return " × ".join(map(_whole_of, lines))


def _part(sub: Field, part: Mapping[str, Any]) -> str:
    said = part[sub.name]
    return term(sub.declared.vocabulary, said) if sub.kind == "choice" else str(said)


def _reference(field: Field, value: Any, on: _On) -> str:
    """A record that is out of reach, or gone, is said to be so; its name is the gate's to give."""
    target = field.declared.target
    found = on.references.get(f"{target}:{value}")
    if found is None:
        return f'<span class="none">{on.said("閲覧権限のない記録", "A record you cannot view")}</span>'
    if not found.open:
        return plain(found.label)
    kept, key = on.kept, ("details of", target)
    if key not in kept:
        kept[key] = _LINK.format(url_for(f"{target}.details_view"))
    return f'{kept[key]}{plain(found.id)}">{plain(found.label)}</a>'


def _count(_field: Field, value: Any, _on: _On) -> str:
    return str(len(value))


def _lines(_field: Field, value: Any, _on: _On) -> str:
    return plain(t("、", ", ").join(map(str, value)))


def _long(_field: Field, value: Any, _on: _On) -> str:
    return plain(_cut(str(value), LONG))


def _image(_field: Field, _value: Any, _on: _On) -> str:
    return plain(t("画像あり", "Has an image"))


def _address(_field: Field, value: Any, _on: _On) -> str:
    outward = str(value).startswith(("https://", "http://"))
    return _OUTWARD.format(value, _cut(str(value), ADDRESS)) if outward else plain(value)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


_WRITERS: dict[str, Callable[[Field, Any, _On], str]] = {
    "number": _number, "code": _number, "login": _number, "choice": _choice, "boolean": _boolean,
    "integer": _integer, "moment": _moment, "minute": _minute, "colleague": _colleague, "date": _whole, "period": _period, "parts": _parts,
    "reference": _reference, "references": _count, "lines": _lines, "networks": _lines, "long_text": _long, "image": _image,
    "address": _address, "telephone": _whole, "postcode": _whole, "isbn": _whole, "decimal": _whole,
}  # fmt: skip


def register(app: Flask) -> None:
    """Give the templates these cells."""
    app.jinja_env.globals.update(cell=cell, line=line, house_of=house, nothing=nothing, why=why)
