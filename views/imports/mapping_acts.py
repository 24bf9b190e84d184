"""The mapping's form: kept as it was chosen, and then what the pressed button asks for."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for

from imports.formats.form import SheetError
from imports.mapping import source
from imports.mapping.mapping import MappingError, mapping_of
from imports.proposals.chosen_columns import Asked, chosen, whole_names
from imports.proposals.mapping_edits import computed_columns
from imports.run import opening
from imports.run.outcomes import MODES
from imports.store import runs
from models.registry import NOUNS
from views.imports.acts import MAP, MEANWHILE, Answer, begin_trial
from views.imports.computing import added
from views.imports.mapping_page import ALIKE
from views.imports.pages import pages, refused, to_page
from views.imports.run_state import key
from views.requests.current_actor import actor
from words import t

Document = dict[str, Any]


@pages.post("/<run>/mapping")
def mapping(run: str) -> Answer:
    """Keep what was chosen for each column, or the text as it was edited; by name, if one is given."""
    found = runs.own(actor(), run)
    noun = NOUNS[found["noun"]]
    try:
        text = _text(found)
        read = mapping_of(text)
        if read.noun != noun:
            raise MappingError(
                "ほかの種類の記録の対応表です。", "This mapping is for another kind of record."
            )
    except MappingError as error:
        return refused(found, error.words)
    mode = request.form.get("mode", found["mode"])
    if mode not in MODES:
        return refused(found, ("取込の種類を選んでください。", "Choose what the import may do."))
    name = request.form.get("name", "").strip()[:80]
    told = {
        "mapping": {"name": name, "version": 0, "text": text},
        "mode": mode,
        "blank_erases": request.form.get("blank_erases") == "1",
        "failure": None,
    }
    if not runs.advance(run, MAP, told, by=actor().user):
        return refused(found, MEANWHILE)
    if name:  # taken, and so worth keeping for others
        version = runs.keep_mapping(actor(), noun, found["institution"], name, text)
        runs.name_version(run, text, version)
    return _then(runs.own(actor(), run))


def _then(found: Document) -> Answer:
    """What the pressed button asks for after saving: no button of this form drops what was chosen in it."""
    then, _, about = request.form.get("then", "").partition(":")
    if then == "trial":
        return begin_trial(found)
    if then == "words" and about in NOUNS[found["noun"]].fields:
        return redirect(url_for("migration.words", run=str(found["_id"]), field=about))
    if then in ("add", "drop"):
        return redirect(url_for("migration.show", run=str(found["_id"]), _anchor="computed"))
    return to_page(found, t("対応表を保存しました。", "The mapping is saved."))


def _text(found: Document) -> str:
    if "text" in request.form:
        return request.form["text"].replace("\r\n", "\n")
    noun, sent = NOUNS[found["noun"]], request.form
    old = mapping_of(found["mapping"]["text"])
    hidden = whole_names(old)
    names = {f"column.{at}": column for at, column in enumerate(found.get("header", []))}
    names |= {
        f"computed.{at}": column
        for at, column in enumerate(each for each, _ in old.computed.columns if each not in hidden)
    }
    options = {"repeated": "merge"} if sent.get("repeated") == "merge" else {}
    if old.options.returned:
        options |= {"returned": True, "revision": old.options.revision, "house": old.options.house}  # type: ignore[dict-item]
    words = {
        name: dict(zip(theirs, sent.getlist(f"term.{name}"), strict=False))
        for name in noun.fields
        if (theirs := sent.getlist(f"word.{name}"))
    }
    asked = Asked(
        {column: sent.get(name, "") for name, column in names.items()},
        unit=sent.get("unit", "cm"),
        unreadable={
            column: sent[f"unreadable.{name}"]
            for name, column in names.items()
            if f"unreadable.{name}" in sent
        },
        more={"options": options, "constants": _alike()},
        words=words,
        computed=_computed(found, [column for name, column in names.items() if name.startswith("computed.")]),
    )
    try:
        rows = opening.look_at(key(), found, source.SAMPLED).rows
    except SheetError as error:
        raise MappingError(*error.words) from error
    return chosen(found["mapping"]["text"], noun, asked, rows)


def _alike() -> dict[str, str]:
    return {name: value for name in ALIKE if (value := request.form.get(f"alike.{name}", ""))}


def _computed(found: Document, shown: list[str]) -> list[Document]:
    """The computed columns of the mapping, with one added or taken away."""
    told = computed_columns(found["mapping"]["text"])
    then, _, about = request.form.get("then", "").partition(":")
    if then == "drop" and about.isdecimal() and int(about) < len(shown):
        gone = shown[int(about)]
        return [each for each in told if each["name"] != gone]
    if then == "add":
        return told + added(about, request.form, [*found.get("header", []), *(each["name"] for each in told)])
    return told
