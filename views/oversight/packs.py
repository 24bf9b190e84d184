"""/audit/: the packs of an inspection and of an incident, one button each."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, request

from audit.chain import head
from audit.place import Place
from audit.verification.chains import verify_chain
from documents import incident as incident_paper
from documents import inspection as inspection_paper
from documents.names import choices_of
from documents.pack import pack
from documents.paper import Paper
from gate.refusals import BadQuestion
from gate.store.clock import fiscal_year, now, today
from oversight import inspection, trail
from settings.environment import Settings
from views.requests.current_actor import actor
from views.shared.leaving import attached, take_turn
from views.shared.page_words import moment
from words import w

pages = Blueprint("packs", __name__, url_prefix="/audit")
VERIFIED_AT_MOST = 20_000
"""Entries of a chain that a page may wait for; a longer one is verified by `flask audit verify`."""


def years() -> list[int]:
    """The fiscal years to choose from, the present one first."""
    present = fiscal_year(today())
    return [present - each for each in range(6)]


def houses() -> list[tuple[str, str]]:
    """The institutions whose inspection this person may make."""
    return choices_of(sorted(trail.houses(actor())))


@pages.post("/inspection")
def inspect() -> Response:
    """The inspection pack of a fiscal year."""
    asked, institution = request.form.get("year", ""), request.form.get("institution", "")
    if asked not in map(str, years()):
        raise BadQuestion(("年度を一覧から選んでください。", "Choose the fiscal year from the list."))
    take_turn("export", "")
    found = inspection.inspect(actor(), institution, int(asked))
    small = head(institution).number <= VERIFIED_AT_MOST
    report = verify_chain(second_place(), institution) if small else None
    return _answer(inspection_paper.paper_of(found, report), f"inspection-{institution}-{asked}")


@pages.post("/incident")
def incident() -> Response:
    """The incident pack of an account or a record."""
    account, subject = (request.form.get(name, "").strip()[:100] for name in ("account", "subject"))
    since, until = (moment(request.form.get(name, "")) for name in ("since", "until"))
    if bool(account) == bool(subject) or since is None or until is None or since >= until:
        raise BadQuestion((
            "アカウントか記録のIDのどちらか一つと、始まりと終わりの日時を入力してください。",
            "Give either an account or a record's id, and the two times.",
        ))  # fmt: skip
    take_turn("export", "")
    found = inspection.incident(actor(), since, until, account=account, subject=subject)
    return _answer(incident_paper.paper_of(found, w(g.account.house.name)), "incident")


def second_place() -> Place:
    """The ledgers' second place."""
    settings: Settings = current_app.config["SETTINGS"]
    return Place(settings.second_place, current_app.config["LEDGER_KEY"])


def _answer(paper: Paper, name: str) -> Response:
    return attached(pack(paper, name, now()), "application/zip", f"{name}.zip")
