"""取扱責任者・取扱者 (S19): who answers for personal data and who handles it; the institution's own register."""

from policies.ceilings import Rules
from policies.rules.common import BARS, CEILINGS, NAMED_AT_HOME, NO_CONTRACTOR, NOT_OPERATED

RULES = Rules(ceilings=CEILINGS, bars=(*BARS, *NOT_OPERATED, *NAMED_AT_HOME, *NO_CONTRACTOR))
