"""資料: what a curator would say. Its facts are open to sister museums; its price and place are not for all."""

from policies.ceilings import Ceiling, Rules
from policies.effects import Effect
from policies.rules.common import BARS, CEILINGS, NOT_OPERATED

RULES = Rules(
    ceilings=(
        *CEILINGS,
        Ceiling(
            "item-restricted-at-home",
            Effect.HIDE,
            (
                "収蔵場所と価格は、所管の館だけが見ます。",
                "Location and price are visible to the institution's own staff only.",
            ),
            subjects=frozenset({"restricted"}),
            scopes=frozenset({"supervised"}),
            kinds=frozenset({"staff", "librarian"}),
        ),
    ),
    bars=(*BARS, *NOT_OPERATED),
    masks={
        "credit_line": "presence",
        "provenance": "presence",
        "notes": "presence",
    },
)
