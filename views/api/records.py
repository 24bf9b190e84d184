"""The addresses of the API. They only read; each question passes the gate by the exit "api"."""

from __future__ import annotations

from flask import Blueprint, Response

from accounts.tokens import connectable
from audit.events import note
from gate.fields.kinds.kind import Json
from gate.reading.listing import Page, list_page
from gate.reading.loading import load
from gate.reading.questions import Question, institutions
from gate.reading.word_search import searchable
from gate.refusals import NotFound, Refused
from models.declaration import Noun
from models.registry import NOUNS
from policies.verdict import may
from views.api.asking import asked_in_address, asked_in_body
from views.api.openapi import document
from views.api.problems import as_json
from views.api.shape import api_fields, record
from views.requests.current_actor import actor

pages = Blueprint("api", __name__, url_prefix="/api/v1")


@pages.get("/openapi.json", strict_slashes=False)
def openapi() -> Response:
    """What the API offers, for programs that read OpenAPI 3.1."""
    if not connectable(actor()):
        raise Refused(may(actor(), next(iter(NOUNS)), "api", actor().institution))
    return as_json(document())


@pages.get("/<noun>/", strict_slashes=False)
def list_records(noun: str) -> Response:
    """A page of records."""
    asked = _named(noun)
    _open(asked)
    return as_json(_page(asked, *asked_in_address(asked), "list"))


@pages.post("/<noun>/search", strict_slashes=False)
def search_records(noun: str) -> Response:
    """A page of records found by words that do not belong into an address, and which classes of data were searched."""
    asked = _named(noun)
    _open(asked)
    question, size = asked_in_body(asked)
    found = _page(asked, question, size, "search")
    if question.text.strip():
        covered = institutions(actor(), asked, question, "api")
        found["searched"] = {
            each: sorted(searchable(actor(), asked, each, "api")) for each in sorted(covered)
        }
    return as_json(found)


@pages.get("/<noun>/<id>", strict_slashes=False)
def one_record(noun: str, id: str) -> Response:  # noqa: A002 - the name in the address
    """One record. Another institution's is not found, as if it were not there."""
    asked = _named(noun)
    _open(asked)
    try:
        row = load(actor(), asked, id, exit_="api")
    except Refused as error:
        raise NotFound from error
    _note(asked, "record", row.id)
    return as_json(record(row))


def _named(noun: str) -> Noun:
    if noun not in NOUNS:
        raise NotFound
    return NOUNS[noun]


def _open(noun: Noun) -> None:
    """The role must open this noun to programs somewhere, or the reason is told (403)."""
    institutions(actor(), noun, Question(), "api")


def _page(noun: Noun, question: Question, size: int, what: str) -> dict[str, Json]:
    columns = [each.name for each in api_fields(noun)]
    page: Page = list_page(actor(), noun, question, columns, size=size, exit_="api")
    _note(noun, what, str(len(page.rows)))
    return {
        "records": [record(each) for each in page.rows],
        "total": page.total,
        "capped": page.capped,
        "after": page.after or None,
        "before": page.before or None,
    }


def _note(noun: Noun, what: str, detail: str) -> None:
    """What a program took, in the operation history: a count or an opaque id, never a value."""
    note(
        "api", actor=actor().user, institution=actor().institution, noun=noun.name, detail=f"{what} {detail}"
    )
