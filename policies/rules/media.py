"""写真・画像: the museums' and libraries' own work; names in it are masked for others."""

from policies.ceilings import Rules
from policies.rules.common import BARS, CEILINGS, NOT_OPERATED

RULES = Rules(
    ceilings=CEILINGS,
    bars=(*BARS, *NOT_OPERATED),
    masks={
        "original_name": "presence",
        "taken_by": "presence",
        "rights_note": "presence",
    },
)
