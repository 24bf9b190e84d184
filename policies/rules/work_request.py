"""作業申請 (S14): asked for by the staff, decided by another, never removed; a contractor has no part in the papers."""

from policies.ceilings import Bar, Rules
from policies.rules.common import BARS, CEILINGS, NOT_DECIDED

RULES = Rules(
    ceilings=CEILINGS,
    bars=(
        *(each for each in BARS if each not in NOT_DECIDED),
        Bar(
            "contractor-asks-nobody",
            frozenset(),
            (
                "委託事業者の作業申請は、職員が記入し、職員が決裁します。",
                "A contractor's request is written and decided by the institution's own people.",
            ),
            kinds=frozenset({"contractor"}),
        ),
        Bar(
            "auditor-decides-nothing",
            frozenset({"approve"}),
            ("監査は決裁しません。", "Auditors decide nothing."),
            kinds=frozenset({"auditor"}),
        ),
        Bar(
            "work-request-stays",
            frozenset({"remove"}),
            (
                "作業申請は残します。取りやめるときは取消しにしてください。",
                "Work requests are kept; withdraw one that is not to be carried out.",
            ),
        ),
        Bar(
            "administrator-asks-for-no-work",
            frozenset({"create", "edit", "export", "reveal", "lookup", "api"}),
            (
                "作業の申請は職員が行い、システム管理者は決裁に当たります。",
                "The staff ask for work; administrators decide.",
            ),
            kinds=frozenset({"administrator"}),
        ),
    ),
    masks={"passages": "presence"},
)
