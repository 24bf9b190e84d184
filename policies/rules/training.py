"""研修 (S21): who was taught what and when; the institution's own register."""

from policies.ceilings import Rules
from policies.rules.common import BARS, CEILINGS, NAMED_AT_HOME, NO_CONTRACTOR, NOT_OPERATED

RULES = Rules(ceilings=CEILINGS, bars=(*BARS, *NOT_OPERATED, *NAMED_AT_HOME, *NO_CONTRACTOR))
