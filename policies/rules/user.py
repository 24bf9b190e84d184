"""アカウント: operated by administrators; credentials are never among what is shown."""

from policies.ceilings import Rules
from policies.rules.common import BARS, CEILINGS, NAMED_AT_HOME, NO_CONTRACTOR, OPERATED

RULES = Rules(ceilings=CEILINGS, bars=(*BARS, *OPERATED, *NAMED_AT_HOME, *NO_CONTRACTOR))
