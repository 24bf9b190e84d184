"""Who sees what, by which exit: the tables a curator and an engineer read together (laws 1 and 2; S2, S10, S14, K3).

Written from the design, not from the code. A letter an exit, in the order of EXITS, with the groups parted:
E in full and editable, S in full, M masked, - nothing.
"""

import pytest

from models.registry import NOUNS
from policies.effects import Effect
from policies.exits import NEEDS
from policies.verdict import Ask, decide, may
from tests.policies.people import PEOPLE, house

EXITS = ["list", "detail", "form", "search", "filter", "sort", "count", "choice", "lookup", "export", "print", "file", "api", "history", "log", "error", "public", "takeout"]  # fmt: skip

NOTHING = "--- ---- -- ---- - --- -"
PUBLIC_IN_LOGS = "--- ---- -- ---- - SS- -"
KEPT = "EEE EEEE EE MEE- E --- E"
# Who may have a token of the API gets by it what an export would give.
CONNECTED = "EEE EEEE EE EEEE E --- E"
HELD = "EEE EEEE EE MEEM E --- E"

TABLE = [
    # staff: their own museum in full, the sister museum's people masked, its price and place not at all
    ("staff", "item", "title", "own", "EEE EEEE EE EEEE E SS- E"),
    ("staff", "item", "rank", "own", CONNECTED),
    ("staff", "item", "acquisition_price", "own", CONNECTED),
    ("staff", "item", "provenance", "own", HELD),
    ("staff", "item", "title", "supervised", "SSS SSSS S- -SS- - SS- -"),
    ("staff", "item", "rank", "supervised", "SSS SSSS S- -SS- - --- -"),
    ("staff", "item", "acquisition_price", "supervised", NOTHING),
    ("staff", "item", "location", "supervised", NOTHING),
    ("staff", "item", "provenance", "supervised", "MMM ---- M- -MM- - --- -"),
    ("staff", "item", "title", "other", NOTHING),
    ("staff", "donor", "name", "own", HELD),
    ("staff", "donor", "telephone", "own", HELD),
    ("staff", "donor", "notes", "own", HELD),
    ("staff", "donor", "donor_number", "supervised", "SSS SSSS S- ---- - --- -"),
    ("staff", "donor", "name", "supervised", "MMM ---- M- ---- - --- -"),
    ("staff", "donor", "address", "supervised", "MMM ---- M- ---- - --- -"),
    ("staff", "donor", "notes", "supervised", "MMM ---- M- ---- - --- -"),
    ("staff", "donor", "name", "other", NOTHING),
    ("staff", "loan", "borrowers_contact", "supervised", "MMM ---- M- -MM- - --- -"),
    ("staff", "media", "file", "supervised", "SSS SSSS S- -SS- - --- -"),
    ("staff", "patron", "surname", "own", NOTHING),
    ("staff", "book", "title", "own", PUBLIC_IN_LOGS),
    ("staff", "user", "login_id", "own", NOTHING),
    ("staff", "institution", "name", "supervised", "SSS SSSS S- ---- - SS- -"),
    ("staff", "institution", "attempts", "own", NOTHING),
    # manager: checks both museums; people masked; moves the input status and leaves the facts to the museums
    ("manager", "item", "title", "supervised", "SSS SSSS S- SSS- S SS- -"),
    ("manager", "item", "input_status", "supervised", "EEE EEEE E- EEE- E --- -"),
    ("manager", "item", "acquisition_price", "supervised", "SSS SSSS S- SSS- S --- -"),
    ("manager", "item", "notes", "supervised", "MMM ---- M- MMM- M --- -"),
    ("manager", "donor", "name", "own", KEPT),
    ("manager", "donor", "name", "supervised", "MMM ---- M- -MM- M --- -"),
    ("manager", "donor", "telephone", "supervised", "MMM ---- M- -MM- M --- -"),
    ("manager", "donor", "name", "other", NOTHING),
    ("manager", "patron", "surname", "own", NOTHING),
    ("manager", "user", "login_id", "own", NOTHING),
    # administrator: operates, and is granted no personal class
    ("administrator", "user", "login_id", "own", "EEE EEEE E- ---- E --- -"),
    ("administrator", "user", "login_id", "supervised", "EEE EEEE E- ---- E --- -"),
    ("administrator", "user", "login_id", "other", NOTHING),
    ("administrator", "institution", "name", "own", "EEE EEEE E- ---- E SS- -"),
    ("administrator", "role", "code", "own", "EEE EEEE E- ---- E --- -"),
    ("administrator", "item", "title", "supervised", "SSS SSSS S- ---- - SS- -"),
    ("administrator", "item", "provenance", "own", NOTHING),
    ("administrator", "donor", "donor_number", "own", "SSS SSSS S- ---- - --- -"),
    ("administrator", "donor", "name", "own", NOTHING),
    ("administrator", "donor", "name", "supervised", NOTHING),
    ("city administrator", "book", "title", "own", "SSS SSSS S- ---- - SS- -"),
    ("city administrator", "patron", "surname", "own", NOTHING),
    ("city administrator", "user", "login_id", "other", NOTHING),
    # auditor: reads and changes nothing, people masked even at home
    ("auditor", "item", "title", "own", "SSS SSSS S- ---- S SS- -"),
    ("auditor", "item", "acquisition_price", "own", NOTHING),
    ("auditor", "donor", "name", "own", "MMM ---- M- ---- M --- -"),
    ("auditor", "donor", "name", "supervised", "MMM ---- M- ---- M --- -"),
    ("auditor", "donor", "name", "other", NOTHING),
    ("auditor", "user", "login_id", "supervised", "SSS SSSS S- ---- S --- -"),
    ("city auditor", "patron", "surname", "own", "MMM ---- M- ---- M --- -"),
    ("city auditor", "patron", "dateofbirth", "own", "-MM ---- -- ---- M --- -"),
    ("city auditor", "patron", "surname", "other", NOTHING),
    # contractor: looks at the screens, no personal class, no export, print, file or API (S14)
    ("contractor", "item", "title", "own", "SSS SSSS S- ---- - SS- -"),
    ("contractor", "item", "title", "supervised", "SSS SSSS S- ---- - SS- -"),
    ("contractor", "item", "rank", "supervised", "SSS SSSS S- ---- - --- -"),
    ("contractor", "item", "provenance", "own", NOTHING),
    ("contractor", "item", "acquisition_price", "own", NOTHING),
    ("contractor", "item", "title", "other", NOTHING),
    ("contractor", "donor", "donor_number", "own", NOTHING),
    ("contractor", "donor", "name", "own", NOTHING),
    ("contractor", "media", "file", "own", "SSS SSSS S- ---- - --- -"),
    ("contractor", "user", "login_id", "own", NOTHING),
    # work requests (S14): the staff's papers; who went in is a person's name; the contractor has no part in them
    ("staff", "work_request", "work", "own", "EEE EEEE E- EE-E E --- -"),
    ("staff", "work_request", "passages", "own", "EEE EEEE E- ME-M E --- -"),
    ("staff", "work_request", "work", "supervised", NOTHING),
    ("manager", "work_request", "work", "supervised", "SSS SSSS S- -S-- S --- -"),
    ("manager", "work_request", "passages", "supervised", "MMM ---- M- -M-- M --- -"),
    ("administrator", "work_request", "work", "supervised", "SSS SSSS S- -S-- S --- -"),
    ("administrator", "work_request", "passages", "own", NOTHING),
    ("auditor", "work_request", "passages", "own", "MMM ---- M- ---- M --- -"),
    ("contractor", "work_request", "work", "own", NOTHING),
    ("contractor", "work_request", "request_number", "own", NOTHING),
    ("librarian", "work_request", "work", "own", "EEE EEEE E- EE-E E --- -"),
    ("librarian", "work_request", "work", "other", NOTHING),
    # the register of media (S15, S17): the section settles what its museums took out; nothing personal stands in it
    ("staff", "takeout", "content", "own", "EEE EEEE E- EE-E E --- -"),
    ("staff", "takeout", "content", "supervised", NOTHING),
    ("manager", "takeout", "content", "supervised", "EEE EEEE E- -E-- E --- -"),
    ("administrator", "takeout", "content", "own", "SSS SSSS S- ---- S --- -"),
    ("auditor", "takeout", "content", "supervised", "SSS SSSS S- ---- S --- -"),
    ("contractor", "takeout", "content", "own", NOTHING),
    ("librarian", "takeout", "content", "other", NOTHING),
    # the registers of handlers and trainings (S19, S21): the section keeps them with its museums
    ("staff", "handler", "name", "own", "EEE EEEE E- EE-E E --- -"),
    ("manager", "handler", "name", "supervised", "EEE EEEE E- EE-- E --- -"),
    ("manager", "training", "subject", "supervised", "EEE EEEE E- EE-- E --- -"),
    ("administrator", "training", "subject", "supervised", "SSS SSSS S- ---- S --- -"),
    ("auditor", "handler", "name", "supervised", "SSS SSSS S- ---- S --- -"),
    ("contractor", "handler", "name", "own", NOTHING),
    ("librarian", "training", "subject", "other", NOTHING),
    # librarian: the library's patrons in full; birth and sex in no list, and so in no search (K3)
    ("librarian", "patron", "surname", "own", HELD),
    ("librarian", "patron", "phone", "own", HELD),
    ("librarian", "patron", "dateofbirth", "own", "-EE ---- -- MEEM E --- E"),
    ("librarian", "patron", "sex", "own", "-EE ---- -- MEEM E --- E"),
    ("librarian", "patron", "use_count", "own", HELD),
    ("librarian", "patron", "surname", "other", NOTHING),
    ("librarian", "book", "title", "own", "EEE EEEE EE EEEE E SS- E"),
    ("librarian", "item", "title", "own", PUBLIC_IN_LOGS),
    ("librarian", "donor", "name", "other", NOTHING),
]  # fmt: skip

LETTERS = {"E": Effect.EDIT, "S": Effect.SHOW, "M": Effect.MASK, "-": Effect.HIDE}


def test_the_tables_speak_of_every_exit() -> None:
    assert {*EXITS, "message"} == set(NEEDS)


@pytest.mark.parametrize("who", PEOPLE)
def test_no_value_leaves_by_a_message(who: str) -> None:
    """Mail and webhooks carry noun, number and link only (law 2)."""
    asks = [
        Ask(noun.name, field.name, str(field.data_class), "message", house(PEOPLE[who], "own"))
        for noun in NOUNS.values()
        for field in noun
    ]
    assert not [ask for ask in asks if decide(PEOPLE[who], ask).shown]


@pytest.mark.parametrize(("who", "noun", "field", "scope", "expected"), TABLE)
def test_a_field_by_every_exit(who: str, noun: str, field: str, scope: str, expected: str) -> None:
    actor = PEOPLE[who]
    data_class = str(NOUNS[noun].fields[field].data_class)
    verdicts = {
        exit_: decide(actor, Ask(noun, field, data_class, exit_, house(actor, scope))).effect
        for exit_ in EXITS
    }
    wanted = dict(zip(EXITS, (LETTERS[each] for each in expected.replace(" ", "")), strict=True))
    assert verdicts == wanted


@pytest.mark.parametrize("exit_", EXITS)
@pytest.mark.parametrize("who", PEOPLE)
def test_credentials_leave_by_no_exit(who: str, exit_: str) -> None:
    actor = PEOPLE[who]
    for scope in ("own", "supervised", "other"):
        for noun in NOUNS.values():
            for field in (each for each in noun if each.data_class == "secret"):
                ask = Ask(noun.name, field.name, "secret", exit_, house(actor, scope))
                assert decide(actor, ask).effect is Effect.HIDE


WORK = "read create edit remove export print file history reveal lookup import takeout"
ACTS = [
    ("staff", "item", "own", f"{WORK} api"),
    ("staff", "item", "supervised", "read print file"),
    ("staff", "donor", "own", f"{WORK} api"),
    ("staff", "donor", "supervised", "read"),
    ("staff", "donor", "other", ""),
    ("staff", "patron", "own", ""),
    ("staff", "user", "own", ""),
    ("staff", "role", "own", ""),
    ("staff", "institution", "supervised", "read"),
    ("manager", "item", "own", WORK),
    ("manager", "item", "supervised", "read edit print file history reveal export audit import"),
    ("manager", "donor", "supervised", "read print file history reveal audit import"),
    ("manager", "user", "own", ""),
    ("administrator", "user", "own", "read create edit remove history"),
    ("administrator", "user", "supervised", "read create edit remove history"),
    ("administrator", "role", "other", ""),
    ("administrator", "item", "own", "read"),
    ("administrator", "donor", "supervised", "read"),
    ("auditor", "donor", "supervised", "read history audit"),
    ("auditor", "user", "own", "read history"),
    ("auditor", "donor", "other", ""),
    ("staff", "work_request", "own", "read create edit export print history api"),
    ("manager", "work_request", "own", "read create edit export print history approve"),
    ("manager", "work_request", "supervised", "read print history approve audit"),
    ("administrator", "work_request", "supervised", "read print history approve"),
    ("auditor", "work_request", "own", "read history audit"),
    ("contractor", "work_request", "own", ""),
    ("contractor", "item", "supervised", "read"),
    ("contractor", "donor", "own", ""),
    ("contractor", "item", "other", ""),
    ("librarian", "patron", "own", f"{WORK} api"),
    ("librarian", "patron", "other", ""),
    ("librarian", "book", "own", f"{WORK} api"),
    ("librarian", "item", "own", ""),
    ("city auditor", "patron", "own", "read history audit"),
    ("city administrator", "patron", "own", ""),
]


@pytest.mark.parametrize(("who", "noun", "scope", "expected"), ACTS)
def test_what_a_role_may_do(who: str, noun: str, scope: str, expected: str) -> None:
    from policies.exits import ACTIONS

    actor = PEOPLE[who]
    granted = {action for action in ACTIONS if may(actor, noun, action, house(actor, scope))}
    assert granted == set(expected.split())
