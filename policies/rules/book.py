"""図書: a library's holdings; nothing in them tells of a person."""

from policies.ceilings import Rules
from policies.rules.common import BARS, CEILINGS, NOT_OPERATED

RULES = Rules(
    ceilings=CEILINGS,
    bars=(*BARS, *NOT_OPERATED),
)
