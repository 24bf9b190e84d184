"""館: operated by administrators; credentials are never among what is shown."""

from policies.ceilings import Rules
from policies.rules.common import BARS, CEILINGS, OPERATED

RULES = Rules(ceilings=CEILINGS, bars=(*BARS, *OPERATED))
