"""What the mapping's form shows: the file's columns with some values, what each becomes; and what was just chosen.

A form that was refused comes back as it was sent: nobody edits forty lines twice.
"""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from gate.fields.kinds import kind_of
from imports.formats.form import DELIMITERS, ENCODINGS
from imports.mapping.mapping import Mapping, MappingError, mapping_of
from imports.mapping.source import Look
from imports.mapping.unreadable import CHOICES, REFUSE, choices_of
from imports.proposals.chosen_columns import UNITS, choices, targets, whole_names
from imports.proposals.file_words import shown_words, vocabularies, words_of_file
from imports.run.outcomes import MODES
from imports.run.shown_source import column_samples, computed_samples
from models.declaration import Noun
from models.vocabularies import offered
from views.imports import computing
from views.imports.run_state import key
from views.requests.current_actor import actor
from words import t, w

Document = dict[str, Any]
Given = MultiDict[str, str]
ALIKE = ("object_type", "rank", "acquisition_method", "input_status")
_READING = ("encoding", "delimiter", "sheet", "header_row", "header_rows")


def mapping_parts(
    run: Document, noun: Noun, mapping: Mapping | None, look: Look | Any, given: Given
) -> Document:
    """Everything that the forms of reading and mapping show, by its name in the template.

    Args:
        mapping: the stored one, None where it is broken.
        look: the file's head, or why it cannot be read, or None where it is not looked at.
        given: the form just sent and refused; empty where the page is only opened.
    """
    chosen = "unit" in given  # the form of columns, and not that of the text
    seen = look if isinstance(look, Look) else None
    return {
        "columns": _columns(run, noun, mapping, seen, given) if seen else [],
        "computed": _computed(run, noun, mapping, seen, given) if seen and mapping else [],
        "compute_forms": computing.forms(given),
        "column_names": [(each, each) for each in _names(look, mapping)] if seen else [],
        "remarks": [w(each) for each in seen.remarks] if seen else [],
        "unread": w(look) if look is not None and not isinstance(look, Look) else "",
        "targets": [(code, w(words)) for code, words in targets(noun)],
        "text": given.get("text", run["mapping"]["text"]),
        "by_text": "text" in given,
        "broken": _broken(run) if mapping is None else "",
        "guessed": "guessed" in run["mapping"],
        "unfilled": _unfilled(run, mapping),
        "vocabularies": _vocabularies(noun, run, mapping, seen, given) if mapping else [],
        "alike": _alike(noun, run["institution"], mapping, given),
        "units": UNITS,
        "unit": given.get("unit", _unit(mapping)),
        "encodings": [(code, w(words)) for code, words in ENCODINGS.items()],
        "delimiters": [(code, w(words)) for code, words in DELIMITERS.items()],
        "modes": [(code, w(words)) for code, words in MODES.items()],
        "mode": given.get("mode", run["mode"]),
        "reading": {**run["form"], **{name: given[name] for name in _READING if name in given}},
        "name": given.get("name", run["mapping"].get("name", "")),
        "merging": given.get("repeated") == "merge" if chosen else bool(mapping and mapping.options.repeated == "merge"),
        "erasing": given.get("blank_erases") == "1" if chosen else bool(run.get("blank_erases")),
    }  # fmt: skip


def _names(look: Look, mapping: Mapping | None) -> list[str]:
    hidden = whole_names(mapping) if mapping else {}
    return (
        [*look.header, *(name for name, _ in mapping.computed.columns if name not in hidden)]
        if mapping
        else look.header
    )


def _columns(run: Document, noun: Noun, mapping: Mapping | None, look: Look, given: Given) -> list[Document]:
    """The file's columns with a sample of values, as far as this reader may see them; disclosed first."""
    shown = column_samples(actor(), run, mapping, look)
    taken = choices(mapping) if mapping else {}
    how = "guessed" in run["mapping"] and "unit" not in given
    by_values = run["mapping"].get("guessed", [])
    return [
        {
            **_row(noun, mapping, taken, column, given, f"column.{at}"),
            "samples": values,
            "guess": ("values" if column in by_values else "heading") if how and column in taken else "",
        }
        for at, (column, values) in enumerate(shown.items())
    ]


def _row(
    noun: Noun, mapping: Mapping | None, taken: dict[str, str], column: str, given: Given, name: str
) -> Document:
    """What one column becomes, and what becomes of its cells that cannot be read."""
    known = {target for target, _ in targets(noun)}
    stored = taken.get(column, "")
    choices_ = _unreadable(noun, mapping, stored)
    return {
        "name": column,
        "field": name,
        "target": given.get(name, stored),
        "kept": _kept(noun, stored) if stored and stored not in known else [],
        "unreadable": choices_,
        "left": given.get(f"unreadable.{name}", _left(mapping, stored)) if choices_ else "",
    }


def _unreadable(noun: Noun, mapping: Mapping | None, target: str) -> list[tuple[str, str]]:
    """What may become of cells that cannot be read, where the field may refuse any."""
    its = noun.fields.get(_field_of(target))
    if mapping is None or its is None or kind_of(its).keeps_text:
        return []
    found = choices_of(noun, its)
    return [(code, w(CHOICES[code])) for code in found] if len(found) > 1 else []


def _field_of(target: str) -> str:
    kind, _, name = target.partition(":")
    return "dimensions" if kind == "size" else name if kind == "field" else ""


def _left(mapping: Mapping | None, target: str) -> str:
    return mapping.unreadable.get(_field_of(target), REFUSE) if mapping else REFUSE


def _computed(run: Document, noun: Noun, mapping: Mapping, look: Look, given: Given) -> list[Document]:
    """The computed columns: what each does, what it makes of some rows, and what it becomes."""
    shown, taken, hidden = (
        computed_samples(actor(), run, mapping, look),
        choices(mapping),
        whole_names(mapping),
    )
    return [
        {
            **_row(noun, mapping, taken, name, given, f"computed.{at}"),
            "pairs": shown[name],
            "does": computing.described(mapping.computed, name),
        }
        for at, name in enumerate(each for each, _ in mapping.computed.columns if each not in hidden)
    ]


def _unfilled(run: Document, mapping: Mapping | None) -> list[str]:
    """Required fields that nothing fills yet."""
    return [w(each.label) for each in mapping.unfilled(updating=run["mode"] == "update")] if mapping else []


def _kept(noun: Noun, target: str) -> list[tuple[str, str]]:
    """A target that no column can be given on the screen, for the one that has it."""
    name = target.partition(":")[2]
    ja, en = noun.fields[name].label if name in noun.fields else (name, name)
    return [(target, t(f"{ja}(いまのまま)", f"{en}, as it is"))]


def _broken(run: Document) -> str:
    try:
        mapping_of(run["mapping"]["text"])
    except MappingError as error:
        return w(error.words)
    return ""


def _terms(noun: Noun, name: str, institution: str) -> list[tuple[str, str]]:
    chosen = offered(noun.fields[name].declared.vocabulary, institution)
    return [(code, w(words)) for code, words in chosen.items()]


ON_PAGE = 40
"""Words of one vocabulary that the mapping's page shows; all of them have a page of their own."""


def _vocabularies(
    noun: Noun, run: Document, mapping: Mapping, look: Look | None, given: Given
) -> list[Document]:
    """The words of each vocabulary: of the whole file once it was tried, before that of its first rows."""
    counted = words_of_file(run, key(), mapping, look.rows if look else ())
    found = []
    for name in vocabularies(mapping):
        words = shown_words(actor(), run, name, counted.words(name))
        if not words:
            continue
        sent = dict(zip(given.getlist(f"word.{name}"), given.getlist(f"term.{name}"), strict=False))
        open_ = [each for each in words if not each.code]
        first = (open_ + [each for each in words if each.code])[:ON_PAGE]
        found.append({
            "field": name, "label": w(noun.fields[name].label), "terms": _terms(noun, name, run["institution"]), "kinds": len(words),
            "words": [(each.said, sent.get(each.said, each.code), each.count) for each in first],
            "undecided": len(open_), "more": len(words) > len(first),
        })  # fmt: skip
    return found


def _alike(noun: Noun, institution: str, mapping: Mapping | None, given: Given) -> list[Document]:
    """Fields that every record can get alike, where no column fills them."""
    return [
        {
            "field": name,
            "label": w(noun.fields[name].label),
            "terms": _terms(noun, name, institution),
            "value": given.get(f"alike.{name}", mapping.constants.get(name, "") if mapping else ""),
        }
        for name in ALIKE
        if name in noun.fields and not (mapping and name in mapping.rules)
    ]


def _unit(mapping: Mapping | None) -> str:
    rule = mapping.rules.get("dimensions") if mapping else None
    measured = getattr(rule, "measures", None)
    return measured[0].unit if measured else getattr(rule, "unit", "cm")
