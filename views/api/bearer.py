"""Before every request of the API: whose token is this? Nobody's gets no further."""

from __future__ import annotations

from flask import Response, current_app, g, request
from werkzeug.routing import RequestRedirect

from accounts.tokens import REQUESTS, bearer
from gate.refusals import NotFound
from gate.store.rates import within_rate
from views.api.problems import too_many, unsigned
from vocabularies.present import use_terms
from words import LANGUAGES


def guard() -> Response | None:
    """Let a valid token's maker act for this request; answer 401 or 429 otherwise.

    Raises:
        NotFound: an address that would only be redirected; a program gets no page that says so.
    """
    g.language = request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return unsigned()
    known = bearer(token.strip(), pepper=current_app.config["PEPPER"], address=request.remote_addr or "")
    if known is None:
        return unsigned()
    who, token_id = known
    if not request.accept_languages and who.language in LANGUAGES:
        g.language = who.language
    # guard: rate
    if not within_rate(f"token {token_id}", REQUESTS):
        return too_many()
    g.account = who
    use_terms(who.houses, who.house.code)
    if isinstance(request.routing_exception, RequestRedirect):
        raise NotFound
    return None
