"""寄贈者・寄託者 (S2): their own museum knows them; the sister museum and the section see a mask."""

from policies.ceilings import Rules
from policies.rules.common import BARS, CEILINGS, NOT_OPERATED

RULES = Rules(
    ceilings=CEILINGS,
    bars=(*BARS, *NOT_OPERATED),
    masks={
        "name": "family_name",
        "name_reading": "presence",
        "postcode": "presence",
        "address": "to_ward",
        "telephone": "last_digits",
        "email": "mail_domain",
        "leave": "presence",
        "notes": "presence",
    },
)
