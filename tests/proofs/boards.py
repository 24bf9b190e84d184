"""The pages beside the nouns': those that count and sum up, and the check."""

from __future__ import annotations

from hypothesis import strategies as st

from models.declaration import Noun
from models.registry import NOUNS
from tests.proofs.pool import Draw, Pool, Request

BY = {
    "institution": ("section", "shinjuku", "soseki", "kaizu", "nowhere"),
    "rank": ("AB", "CD", "A", "none", "zz"),
    "sample": ("3", "100"),
    "draw": ("1", "7"),
    "unit": ("records", "pieces"),
    "year": ("2024", "2026"),
    "person": ("staff.soseki", "console"),
    "month": ("2024-04", "2026-04"),
}
"""What a board can be asked by, and with what."""
BOARDS = (
    ("/progress/", ("institution", "rank")),
    ("/progress/status.csv", ("institution", "rank")),
    ("/progress/completeness.csv", ("institution", "rank")),
    ("/progress/check/", ("institution", "rank", "sample", "draw")),
    ("/progress/plan/", ("institution", "rank", "unit", "year", "person")),
    ("/progress/plan/plan.csv", ("institution", "rank", "unit", "year")),
    ("/progress/report.xlsx", ("institution", "rank", "month")),
    ("/work-request/", ()),
    ("/migration/", ()),
    ("/migration/photographs/", ()),
    ("/audit/limits/", ("institution",)),
    ("/admin/role/overview/", ()),
    ("/account/sessions/", ()),
    ("/admin/handler/lapsed/", ("institution",)),
    ("/api/v1/openapi.json", ()),
)
"""The pages beside the nouns', with what each takes."""
PLAIN = (
    "/",
    "/settings/",
    "/settings/vocabularies/",
    "/settings/vocabularies/object_type/",
    "/settings/vocabularies/object_type/file",
    "/settings/vocabularies/object_type/merge",
    "/help/",
    "/admin/institution/repair/",
    "/admin/",
    "/account/",
    "/healthz",
    "/livez",
    "/nowhere",
    "/account/tokens/",
    "/audit/",
    "/audit/seen/",
    "/account-approvals/",
    "/locked-accounts/",
    "/.well-known/security.txt",
    "/account/sessions/awake",
)
"""Those that are asked for as they are."""
LEFT_OUT = {
    "/help/<name>": "a page of the guide, which tells of no record",
    "/readyz": "it says what the machine lacks, and tells of no record",
    "/login": "it leads whoever has signed in to the first page",
    "/login/code": "it leads whoever has signed in back to the door",
    "/account/second-factor/": "it draws a new secret for each browser",
}
"""Page without an id that is not asked for → why not. Those of one import need an import, and no stage has one."""


def board(draw: Draw, pool: Pool, noun: Noun) -> Request:
    """The pages that count and sum up, each by what it can be narrowed by."""
    path, names = draw(st.sampled_from(BOARDS))
    asked = {name: draw(st.sampled_from(BY[name])) for name in names if draw(st.booleans())}
    if "sample" in asked:  # without a draw of its own each page would draw another
        asked.setdefault("draw", "7")
    return Request("GET", path, tuple(asked.items()))


def check(draw: Draw, pool: Pool, noun: Noun) -> Request:
    """Passing a record, or sending it back."""
    sent = (
        ("id", pool.id(draw, NOUNS["item"])),
        ("revision", draw(st.sampled_from(["2", "2", "1"]))),
        ("act", draw(st.sampled_from(["pass", "send_back"]))),
        ("comment", draw(st.sampled_from(["寸法を測ってください", ""]))),
    )
    return Request("POST", "/progress/check/act", sent=sent)
