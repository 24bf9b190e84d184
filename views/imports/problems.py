"""The rows that did not come in, asked for as any export is: what for, and whether personal data goes along (decision 17)."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from audit.events import note
from gate.refusals import Invalid, Refused
from imports.mapping.mapping import MappingError
from imports.run.problem_rows import kept_out, problem_rows
from imports.store import runs
from imports.store.sealed_source import Unopened
from models.data_classes import Words
from models.registry import NOUNS
from policies.verdict import may
from views.imports.pages import Document, pages
from views.imports.run_state import key, phase_of
from views.records.out.export import workbook_answer
from views.records.out.sealed_export import (
    CHOOSE,
    XLSX_AT_MOST,
    asked_of_export,
    asked_takeout,
    sealed_answer,
    wrong_in_takeout,
)
from views.requests.current_actor import actor
from views.shared.frame import forget_tallies
from views.shared.leaving import take_turn
from views.shared.purposes import given_purpose
from words import language
from workflows.data_release.releases import enter, takes_out

GONE: Words = ("元データはもうありません。", "The source is gone.")
TOO_MANY: Words = (
    f"一度に受け取れるのは{XLSX_AT_MOST:,}行までです。対応表を直して試し直し、行を減らしてください。",
    f"At most {XLSX_AT_MOST:,} rows at once; correct the mapping and try again, so that fewer are left.",
)


@pages.get("/<run>/problems")
def problems_page(run: str) -> str:
    """What for, and whether personal data goes along."""
    found = runs.find(actor(), run)
    _permit(found)
    return _asked(found, {})


def _permit(run: Document) -> None:
    verdict = may(actor(), run["noun"], "export", run["institution"])
    if not verdict:
        raise Refused(verdict)


def _asked(run: Document, errors: dict[str, Words]) -> str:
    noun, phase = NOUNS[run["noun"]], phase_of(run)
    return render_template(
        "imports/problems.html", run=run, id=str(run["_id"]), noun=noun, phase=phase, count=kept_out(run, phase),
        personal=takes_out(actor(), noun) and bool(may(actor(), noun.name, "takeout", run["institution"])),
        back_url=url_for("migration.show", run=str(run["_id"])), **asked_of_export(errors),
    )  # fmt: skip


@pages.post("/<run>/problems")
def problems(run: str) -> Response | tuple[str, int]:
    """A workbook without the columns of persons; or in full, sealed and registered."""
    found = runs.find(actor(), run)
    _permit(found)
    personal = bool(request.form.get("personal"))
    errors = {} if given_purpose() else {"purpose": CHOOSE}
    if personal:
        errors |= wrong_in_takeout()
    count = kept_out(found, phase_of(found))
    if count > XLSX_AT_MOST:
        errors[""] = TOO_MANY
    if errors:
        return _asked(found, errors), 400
    try:
        return _sent(found, count, personal=personal)
    except Invalid as error:
        return _asked(found, error.errors), 400
    except Unopened:
        return _asked(found, {"": GONE}), 400
    except MappingError as error:
        return _asked(found, {"": error.words}), 400


def _sent(run: Document, count: int, *, personal: bool) -> Response:
    take_turn("export", run["noun"])
    noun, name = NOUNS[run["noun"]], f"import-{run['_id']}"
    heads, rows = problem_rows(
        actor(), run, phase_of(run), key(), int(language() == "en"),
        exit_="takeout" if personal else "export", purpose=given_purpose(),
    )  # fmt: skip
    if personal:
        enter(actor(), noun, count, asked_takeout(), "の取込で登録できなかった行")
        forget_tallies()
        return sealed_answer(name, "xlsx", heads, rows)
    note("exported", actor=actor().user, institution=run["institution"], noun=noun.name,
         detail=f"import={run['_id']} problem rows, {given_purpose()}")  # fmt: skip
    return workbook_answer(name, heads, rows)
