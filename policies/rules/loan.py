"""借用・貸出: the museums' and libraries' own work; names in it are masked for others."""

from policies.ceilings import Rules
from policies.rules.common import BARS, CEILINGS, NOT_OPERATED

RULES = Rules(
    ceilings=CEILINGS,
    bars=(*BARS, *NOT_OPERATED),
    masks={
        "borrowers_contact": "family_name",
        "contact_telephone": "last_digits",
        "notes": "presence",
    },
)
