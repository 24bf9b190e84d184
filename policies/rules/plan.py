"""入力計画 (S5): the section plans with its museums, who read their own; no person stands in it."""

from policies.ceilings import Bar, Rules
from policies.rules.common import BARS, CEILINGS, NO_CONTRACTOR, NOT_OPERATED

RULES = Rules(
    ceilings=CEILINGS,
    bars=(
        *BARS,
        *NOT_OPERATED,
        *NO_CONTRACTOR,
        Bar(
            "planned-by-managers",
            frozenset({"create", "edit", "remove", "import"}),
            ("計画は管理の担当が立てます。", "Only managers make plans."),
            kinds=frozenset({"staff", "librarian"}),
        ),
    ),
)
