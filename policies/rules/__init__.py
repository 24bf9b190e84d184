"""One short file per noun, which a curator could read aloud. A noun without one is denied."""

from __future__ import annotations

from policies.ceilings import Rules
from policies.rules import (
    book,
    donor,
    exhibition,
    handler,
    institution,
    item,
    loan,
    media,
    patron,
    plan,
    role,
    takeout,
    training,
    user,
    work_request,
)

RULES: dict[str, Rules] = {
    "item": item.RULES,
    "media": media.RULES,
    "donor": donor.RULES,
    "loan": loan.RULES,
    "exhibition": exhibition.RULES,
    "patron": patron.RULES,
    "book": book.RULES,
    "handler": handler.RULES,
    "training": training.RULES,
    "plan": plan.RULES,
    "takeout": takeout.RULES,
    "work_request": work_request.RULES,
    "user": user.RULES,
    "role": role.RULES,
    "institution": institution.RULES,
}
