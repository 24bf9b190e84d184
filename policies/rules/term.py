"""語彙の語: edited by administrators and by those whom a role lets; never removed, for records bear them."""

from policies.ceilings import Bar, Rules
from policies.rules.common import BARS, CEILINGS

RULES = Rules(
    ceilings=CEILINGS,
    bars=(
        *BARS,
        Bar(
            "terms-are-retired",
            frozenset({"remove"}),
            (
                "記録が使っているかもしれないので、語は削除せず廃止します。",
                "Records may bear it, so a term is retired and never removed.",
            ),
        ),
        Bar(
            "terms-on-screen",
            frozenset({"import", "takeout", "reveal", "lookup", "api"}),
            ("語彙は「設定」の画面で扱います。", "Vocabularies are edited under Settings."),
        ),
    ),
)
