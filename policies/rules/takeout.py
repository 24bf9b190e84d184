"""媒体・持出し管理簿 (S15, S17): written in once, settled later, never removed; no personal value stands in it."""

from policies.ceilings import Bar, Rules
from policies.rules.common import BARS, CEILINGS, NO_CONTRACTOR, NOT_OPERATED

RULES = Rules(
    ceilings=CEILINGS,
    bars=(
        *BARS,
        *NOT_OPERATED,
        *NO_CONTRACTOR,
        Bar(
            "takeouts-stay",
            frozenset({"remove"}),
            (
                "管理簿の記載は残します。終わったら返却・消去の日を入れてください。",
                "Entries of the register are kept; fill in when it was returned or erased.",
            ),
        ),
    ),
)
