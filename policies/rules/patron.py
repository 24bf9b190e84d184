"""利用者 (K1–K3): only the library's own librarians reach a patron's data."""

from policies.ceilings import Bar, Rules
from policies.rules.common import BARS, CEILINGS, NOT_OPERATED

RULES = Rules(
    ceilings=CEILINGS,
    bars=(
        *BARS,
        *NOT_OPERATED,
        Bar(
            "patrons-at-their-library",
            frozenset(),
            (
                "利用者の情報は、その図書館の職員と監査だけが扱います(K3)。",
                "Patrons are for their library's staff and auditors only (K3).",
            ),
            # guard: ceiling-patron-kinds
            kinds=frozenset({"manager", "staff", "contractor"}),
        ),
    ),
    masks={
        "surname": "presence",
        "firstname": "presence",
        "surname_reading": "presence",
        "firstname_reading": "presence",
        "dateofbirth": "year_only",
        "sex": "presence",
        "zipcode": "presence",
        "address": "to_ward",
        "B_address": "to_ward",
        "phone": "last_digits",
        "mobile": "last_digits",
        "email": "mail_domain",
        "dateenrolled": "year_only",
        "dateexpiry": "year_only",
        "use_count": "presence",
        "lastseen": "year_only",
        "leave": "presence",
        "notes": "presence",
    },
)
