"""One value on a page, as this reader may see it: in the little room of a list's cell, or where a card and a print have room.

A value that is shown is written by its kind of field (gate.fields.kinds), in lists, cards and prints alike. A page holds
hundreds: written in Python, each takes a microsecond or two; by a template's macros it took twenty, half the time of a page.

Kinds give HTML as plain text, each piece of it escaped where it is put in; what goes out is marked as such once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from flask import Flask, g, url_for
from markupsafe import Markup

from gate.fields.kinds.kind import Kind, kind_of, plain
from gate.reading.shown import Reference, Row, Shown
from models.data_classes import Words
from models.declaration import Noun
from views.shared.icons import icon
from views.shared.periods import in_both_calendars, what_it_means
from words import kept_for_request, t, w

References = Mapping[str, Reference]
Kept = dict[Any, Any]
"""What is alike in every row of an answer, written once: what it is → how it is written. What comes of a record stands in a pair."""
_HOUSE = Markup('<span class="house house-{}"><span>{}</span></span>')
_HEAD = Markup('<th scope="row" class="kind-{}"><a class="open" href="')
_NOTHING = Markup('<span class="none"><span aria-hidden="true">—</span><span class="unseen">{}</span></span>')
_WHY = (
    '<button type="button" class="{}" popovertarget="{}" aria-describedby="{}" data-why>{}<span class="whole">{}</span>{}'
    '</button><span class="why" id="{}" popover>{}</span>'
)


def line(row: Row, columns: Iterable[Any], url: str) -> Markup:
    """The cells of a row: the first is its header and link, so that Enter opens it and the arrows move along it.

    Args:
        row: as shown.
        columns: what to show, each with a `name` and a `label`.
        url: where the record is.
    """
    return Markup("".join(pieces(row, openings(row.noun, columns), url)))  # noqa: S704 - each piece is escaped there


Opening = tuple[str, str, Kind]


def openings(noun: Noun, columns: Iterable[Any]) -> list[Opening]:
    """For each column its name, that with which its cells begin, and its kind."""
    opening = '<td class="kind-{}" data-label="{}"><div class="line">'
    kinds = [(each, kind_of(noun.fields[each.name])) for each in columns]
    return [(each.name, opening.format(kind.name, plain(w(each.label))), kind) for each, kind in kinds]


def pieces(row: Row, columns: list[Opening], url: str, found: str = "") -> list[str]:
    """HTML of the cells of a row, escaped.

    Args:
        row: as shown.
        columns: of openings.
        url: where the record is.
        found: a cell to stand behind the second.
    """
    (first, _, headed), *rest = columns
    values, on = row.values, _On(row.references, _kept())
    cells = [_first(row, values[first], headed, url, on)]
    for name, opening, kind in rest:
        shown = _house(row, on.kept) if name == "institution" else _said(values[name], kind, row.id, on)
        cells += (opening, shown, "</div></td>")
    if found:
        cells.insert(4, found)  # the header is one piece, a cell three
    return cells


class _On(NamedTuple):
    """Where a value is written (gate.fields.kinds.kind.Page): what its row refers to, and what the answer has written before."""

    references: References
    kept: Kept

    def say(self, words: Words) -> str:
        """Words in the reader's language."""
        return w(words)

    def said(self, ja: str, en: str) -> str:
        """A text in the reader's language, escaped; in a page of values it is asked for hundreds of times."""
        if ja not in self.kept:
            self.kept[ja] = plain(t(ja, en))
        found: str = self.kept[ja]
        return found

    def address(self, noun: str) -> str:
        """The address of a noun's records without an id, escaped."""
        key = ("details of", noun)
        if key not in self.kept:
            self.kept[key] = plain(url_for(f"{noun}.details_view"))
        found: str = self.kept[key]
        return found

    def in_both_calendars(self, value: Mapping[str, Any]) -> str:
        """A written date with what it is taken to mean."""
        return in_both_calendars(value)

    def what_it_means(self, value: Mapping[str, Any]) -> str:
        """What it is taken to mean alone."""
        return what_it_means(value)


def _kept() -> Kept:
    found: Kept = kept_for_request().setdefault("cells", {})
    return found


def _first(row: Row, shown: Shown, kind: Kind, url: str, on: _On) -> str:
    said = _said(shown, kind, row.id, on)
    kept, key = on.kept, ("head", shown.field.name)
    if key not in kept:
        kept[key] = _HEAD.format(kind.name)
    opening = f'{kept[key]}{plain(url)}">'
    if shown.state == "shown" and not kind.linked:
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
    return Markup(_said(shown, kind_of(shown.field), id_, _On(references, _kept())))  # noqa: S704 - each piece is escaped


def _said(shown: Shown, kind: Kind, id_: str, on: _On, *, roomy: bool = False) -> str:
    field, value, verdict = shown
    if not verdict.shown:
        return _why(shown, id_)
    if not value and value in (None, "", [], {}):
        return _nothing(on.kept)
    said = kind.card(field, value, on) if roomy else kind.cell(field, value, on)
    return f'<span class="revealed">{said}</span>' if verdict.rule == "revealed" else said


def shown_value(shown: Shown, row: Row | None = None) -> Markup:
    """A value where it has room: on a card, a form, and their prints.

    Args:
        shown: the field, its value and the verdict.
        row: the record, for the labels of what the value refers to.
    """
    on = _On(row.references if row else {}, _kept())
    said = _said(shown, kind_of(shown.field), row.id if row else "", on, roomy=True)
    return Markup(said)  # noqa: S704 - each piece is escaped


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


def register(app: Flask) -> None:
    """Give the templates these cells."""
    app.jinja_env.globals.update(
        cell=cell,
        line=line,
        house_of=house,
        nothing=nothing,
        why=why,
        shown_value=shown_value,
        kind_of=kind_of,
    )
