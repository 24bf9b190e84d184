"""What the mapping's form shows: the file's columns with some values, what each becomes; and what was just chosen.

A form that was refused comes back as it was sent: nobody edits forty lines twice.
"""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from imports.formats.form import DELIMITERS, ENCODINGS
from imports.mapping.chosen_columns import UNITS, choices, targets, undecided
from imports.mapping.mapping import Mapping, MappingError, mapping_of
from imports.mapping.source import Look
from imports.run.outcomes import MODES
from imports.run.shown_source import column_samples
from models.declaration import Noun
from models.vocabularies import offered
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
    return {
        "columns": _columns(run, noun, mapping, look, given) if isinstance(look, Look) else [],
        "remarks": [w(each) for each in look.remarks] if isinstance(look, Look) else [],
        "unread": w(look) if look is not None and not isinstance(look, Look) else "",
        "targets": [(code, w(words)) for code, words in targets(noun)],
        "text": given.get("text", run["mapping"]["text"]),
        "by_text": "text" in given,
        "broken": _broken(run) if mapping is None else "",
        "vocabularies": _vocabularies(noun, run, given) if mapping else [],
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


def _columns(run: Document, noun: Noun, mapping: Mapping | None, look: Look, given: Given) -> list[Document]:
    """The file's columns with a sample of values, as far as this reader may see them; disclosed first."""
    shown = column_samples(actor(), run, mapping, look)
    taken = choices(mapping) if mapping else {}
    known = {target for target, _ in targets(noun)}
    return [
        {
            "name": column,
            "samples": values,
            "target": given.get(f"column.{at}", taken.get(column, "")),
            "kept": _kept(noun, its) if (its := taken.get(column)) and its not in known else [],
        }
        for at, (column, values) in enumerate(shown.items())
    ]


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


def _vocabularies(noun: Noun, run: Document, given: Given) -> list[Document]:
    found = []
    for name, stored in undecided(run["mapping"]["text"]).items():
        if name in noun.fields and noun.fields[name].declared.vocabulary:
            sent = zip(given.getlist(f"word.{name}"), given.getlist(f"term.{name}"), strict=False)
            words = stored | {theirs: ours for theirs, ours in sent if theirs in stored}
            label = w(noun.fields[name].label)
            found.append({"field": name, "label": label, "terms": _terms(noun, name, run["institution"]), "words": list(words.items())})  # fmt: skip
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
