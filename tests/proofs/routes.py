"""Every address of the application and who may use it, on whose records.

Two tables. ACTS says who may do what: for each noun and action, a column for each person, `o` for records of the own
institution, `s` for those of an institution under the same supervisor, `-` for neither. ROUTES says which of those acts
an address needs. Nobody ever reaches the records of the other government, whatever the table says.
"""

from __future__ import annotations

from dataclasses import dataclass, field

COLUMNS = (
    "admin", "manager", "staff.shinjuku", "auditor", "contractor", "admin.kaizu", "librarian.kaizu", "auditor.kaizu",
    "reader.shinjuku", "clerk.soseki",
)  # fmt: skip

ACTS = """
#                    admin     auditor        librarian
#                       manager   contractor     auditor of the library
#                          staff     admin of the city reader
#                                                         clerk
item        read     os os os os os o  -  -  os os
item        create   -  o  o  -  -  -  -  -  -  o
item        edit     -  os o  -  -  -  -  -  -  o
item        remove   -  o  o  -  -  -  -  -  -  -
item        export   -  os o  -  -  -  -  -  os o
item        print    -  os os -  -  -  -  -  os o
item        file     -  os os -  -  -  -  -  os -
item        reveal   -  os o  -  -  -  -  -  -  -
item        lookup   -  o  o  -  -  -  -  -  os -
item        history  -  os o  os -  -  -  -  os o
item        api      -  -  o  -  -  -  -  -  os o
item        audit    -  s  -  os -  -  -  -  -  -
item        takeout  -  o  o  -  -  -  -  -  -  -
item        import   -  os o  -  -  -  -  -  -  -
media       read     os os os os os o  o  o  os -
media       create   -  o  o  -  -  -  o  -  -  -
media       edit     -  o  o  -  -  -  o  -  -  -
media       remove   -  o  o  -  -  -  o  -  -  -
media       export   -  o  o  -  -  -  o  -  os -
media       print    -  os os -  -  -  o  -  os -
media       file     -  os os -  -  -  o  -  os -
media       reveal   -  os o  -  -  -  o  -  -  -
media       lookup   -  o  o  -  -  -  o  -  os -
media       history  -  os o  os -  -  o  o  os -
media       api      -  -  o  -  -  -  o  -  os -
media       audit    -  s  -  os -  -  -  o  -  -
media       takeout  -  o  o  -  -  -  o  -  -  -
media       import   -  os o  -  -  -  o  -  -  -
donor       read     os os os os -  o  -  -  os os
donor       create   -  o  o  -  -  -  -  -  -  o
donor       edit     -  o  o  -  -  -  -  -  -  o
donor       remove   -  o  o  -  -  -  -  -  -  -
donor       export   -  o  o  -  -  -  -  -  os o
donor       print    -  os o  -  -  -  -  -  os o
donor       file     -  os o  -  -  -  -  -  os -
donor       reveal   -  os o  -  -  -  -  -  -  -
donor       lookup   -  o  o  -  -  -  -  -  os -
donor       history  -  os o  os -  -  -  -  os o
donor       api      -  -  o  -  -  -  -  -  os o
donor       audit    -  s  -  os -  -  -  -  -  -
donor       takeout  -  o  o  -  -  -  -  -  -  -
donor       import   -  os o  -  -  -  -  -  -  -
loan        read     os os os os -  o  -  -  os -
loan        create   -  o  o  -  -  -  -  -  -  -
loan        edit     -  o  o  -  -  -  -  -  -  -
loan        remove   -  o  o  -  -  -  -  -  -  -
loan        export   -  o  o  -  -  -  -  -  os -
loan        print    -  os os -  -  -  -  -  os -
loan        file     -  os os -  -  -  -  -  os -
loan        reveal   -  os o  -  -  -  -  -  -  -
loan        lookup   -  o  o  -  -  -  -  -  os -
loan        history  -  os o  os -  -  -  -  os -
loan        api      -  -  o  -  -  -  -  -  os -
loan        audit    -  s  -  os -  -  -  -  -  -
loan        takeout  -  o  o  -  -  -  -  -  -  -
loan        import   -  os o  -  -  -  -  -  -  -
exhibition  read     os os os os os o  -  -  os os
exhibition  create   -  o  o  -  -  -  -  -  -  o
exhibition  edit     -  o  o  -  -  -  -  -  -  o
exhibition  remove   -  o  o  -  -  -  -  -  -  -
exhibition  export   -  o  o  -  -  -  -  -  os o
exhibition  print    -  os os -  -  -  -  -  os o
exhibition  file     -  os os -  -  -  -  -  os -
exhibition  reveal   -  os o  -  -  -  -  -  -  -
exhibition  lookup   -  o  o  -  -  -  -  -  os -
exhibition  history  -  os o  os -  -  -  -  os o
exhibition  api      -  -  o  -  -  -  -  -  os o
exhibition  audit    -  s  -  os -  -  -  -  -  -
exhibition  takeout  -  o  o  -  -  -  -  -  -  -
exhibition  import   -  os o  -  -  -  -  -  -  -
patron      read     -  -  -  -  -  -  o  o  -  -
patron      create   -  -  -  -  -  -  o  -  -  -
patron      edit     -  -  -  -  -  -  o  -  -  -
patron      remove   -  -  -  -  -  -  o  -  -  -
patron      export   -  -  -  -  -  -  o  -  -  -
patron      print    -  -  -  -  -  -  o  -  -  -
patron      file     -  -  -  -  -  -  o  -  -  -
patron      reveal   -  -  -  -  -  -  o  -  -  -
patron      lookup   -  -  -  -  -  -  o  -  -  -
patron      history  -  -  -  -  -  -  o  o  -  -
patron      api      -  -  -  -  -  -  o  -  -  -
patron      audit    -  -  -  -  -  -  -  o  -  -
patron      takeout  -  -  -  -  -  -  o  -  -  -
patron      import   -  -  -  -  -  -  o  -  -  -
book        read     os -  -  -  -  o  o  o  -  -
book        create   -  -  -  -  -  -  o  -  -  -
book        edit     -  -  -  -  -  -  o  -  -  -
book        remove   -  -  -  -  -  -  o  -  -  -
book        export   -  -  -  -  -  -  o  -  -  -
book        print    -  -  -  -  -  -  o  -  -  -
book        file     -  -  -  -  -  -  o  -  -  -
book        reveal   -  -  -  -  -  -  o  -  -  -
book        lookup   -  -  -  -  -  -  o  -  -  -
book        history  -  -  -  -  -  -  o  o  -  -
book        api      -  -  -  -  -  -  o  -  -  -
book        audit    -  -  -  -  -  -  -  o  -  -
book        takeout  -  -  -  -  -  -  o  -  -  -
book        import   -  -  -  -  -  -  o  -  -  -
handler     read     os os o  os -  o  o  o  -  -
handler     create   -  os o  -  -  -  o  -  -  -
handler     edit     -  os o  -  -  -  o  -  -  -
handler     export   -  os o  -  -  -  o  -  -  -
handler     print    -  os o  -  -  -  o  -  -  -
handler     history  os os o  os -  o  o  o  -  -
handler     api      -  -  o  -  -  -  o  -  -  -
handler     audit    -  s  -  os -  -  -  o  -  -
training    read     os os o  os -  o  o  o  -  -
training    create   -  os o  -  -  -  o  -  -  -
training    edit     -  os o  -  -  -  o  -  -  -
training    export   -  os o  -  -  -  o  -  -  -
training    print    -  os o  -  -  -  o  -  -  -
training    history  os os o  os -  o  o  o  -  -
training    api      -  -  o  -  -  -  o  -  -  -
training    audit    -  s  -  os -  -  -  o  -  -
plan        read     os os o  os -  o  -  -  -  -
plan        create   -  os -  -  -  -  -  -  -  -
plan        edit     -  os -  -  -  -  -  -  -  -
plan        remove   -  os -  -  -  -  -  -  -  -
plan        export   -  os o  -  -  -  -  -  -  -
plan        print    -  os o  -  -  -  -  -  -  -
plan        history  -  os -  os -  -  -  -  -  -
plan        audit    -  -  -  os -  -  -  -  -  -
takeout     read     os os o  os -  o  o  o  -  -
takeout     create   -  o  o  -  -  -  o  -  -  -
takeout     edit     -  os o  -  -  -  o  -  -  -
takeout     export   -  o  o  -  -  -  o  -  -  -
takeout     print    -  os o  -  -  -  o  -  -  -
takeout     history  os os o  os -  o  o  o  -  -
takeout     api      -  -  o  -  -  -  o  -  -  -
takeout     audit    -  s  -  os -  -  -  o  -  -
work_request read    os os o  os -  o  o  o  -  -
work_request create  -  o  o  -  -  -  o  -  -  -
work_request edit    -  o  o  -  -  -  o  -  -  -
work_request export  -  o  o  -  -  -  o  -  -  -
work_request api     -  -  o  -  -  -  o  -  -  -
work_request print   os os o  -  -  o  o  -  -  -
work_request history os os o  os -  o  o  o  -  -
work_request approve os os -  -  -  o  -  -  -  -
work_request audit   -  s  -  os -  -  -  o  -  -
user        read     os -  -  os -  o  -  o  -  -
user        create   os -  -  -  -  o  -  -  -  -
user        edit     os -  -  -  -  o  -  -  -  -
user        remove   os -  -  -  -  o  -  -  -  -
user        history  os -  -  os -  o  -  o  -  -
role        read     os -  -  os -  o  -  o  -  -
role        create   os -  -  -  -  o  -  -  -  -
role        edit     os -  -  -  -  o  -  -  -  -
role        remove   os -  -  -  -  o  -  -  -  -
role        history  os -  -  os -  o  -  o  -  -
term        read     os -  -  os -  o  -  o  -  -
term        create   os -  -  -  -  o  -  -  -  -
term        edit     os -  -  -  -  o  -  -  -  -
term        history  os -  -  os -  o  -  o  -  -
institution read     os os os os os o  o  o  -  -
institution create   os -  -  -  -  o  -  -  -  -
institution edit     os -  -  -  -  o  -  -  -  -
institution remove   os -  -  -  -  o  -  -  -  -
institution history  os -  -  os -  o  -  o  -  -
institution api      -  -  o  -  -  -  o  -  -  -
"""


@dataclass(frozen=True)
class Rule:
    """What an address needs, and how it is tried.

    act: what the role must be granted on the noun.
    on: `record`, one record (out of reach: 404); `house`, an institution named in the address; `anywhere`, the noun
        at all; `person`, being signed in; `all`, nothing; `token`, a program's token; `roles`, editing roles;
        `ledger`, the act on any noun; `work`, the act on work requests; `terms`, the act on terms of vocabularies;
        `imports`, the act on any noun, and an import within reach;
        `items`, the act on items.
    more: what the address takes beside the record.
    sent: what a POST sends.
    unclear: an act that is permitted may still be refused for what the record holds; then only denials are certain.
    """

    act: str = "read"
    on: str = "record"
    more: str = ""
    sent: dict[str, str] = field(default_factory=dict)
    unclear: bool = False


NOUN_ROUTES: dict[tuple[str, str], Rule] = {
    ("", "GET"): Rule(on="house"),
    ("search/", "POST"): Rule(on="anywhere", sent={"q": "絵図"}),
    ("undo/", "POST"): Rule(on="anywhere"),
    ("views/", "GET"): Rule(on="anywhere"),
    ("views/", "POST"): Rule(on="anywhere", sent={"act": "forget"}),
    ("columns/", "GET"): Rule(on="anywhere"),
    ("columns/", "POST"): Rule(on="anywhere", sent={"act": "reset"}),
    ("choices/", "POST"): Rule(on="anywhere", sent={"q": "絵図"}),
    ("aid/", "POST"): Rule("create", on="anywhere", sent={"field": "keys"}, unclear=True),
    ("near/", "POST"): Rule("create", on="anywhere"),
    ("lookup/", "GET"): Rule("lookup", on="anywhere", unclear=True),
    ("lookup/", "POST"): Rule("lookup", on="anywhere", unclear=True),
    ("batch/", "POST"): Rule(on="anywhere"),
    ("new/", "GET"): Rule("create", on="house"),
    ("new/", "POST"): Rule("create", on="house"),
    ("print-list/", "GET"): Rule("print", on="house"),
    ("export/", "GET"): Rule("export", on="house"),
    ("export/csv/", "POST"): Rule("export", on="house", sent={"purpose": "report"}),
    ("export/xlsx/", "POST"): Rule("export", on="house", sent={"purpose": "report"}),
    ("details/", "GET"): Rule(),
    ("explain/", "GET"): Rule(more="&field=institution"),
    ("history/", "GET"): Rule("history"),
    ("print/", "GET"): Rule("print", more="&purpose=report"),
    ("file/", "GET"): Rule("file", more="&field=file", unclear=True),
    ("edit/", "GET"): Rule("edit"),
    ("edit/", "POST"): Rule("edit"),
    ("delete/", "GET"): Rule("remove"),
    ("delete/", "POST"): Rule("remove", sent={"revision": "1", "reason": "試し"}),
    ("reveal/", "POST"): Rule("reveal", sent={"purpose": "check", "field": "notes"}, unclear=True),
    ("seen/", "GET"): Rule("audit"),
}
"""What stands below every noun's address: (path, method) → rule."""

MORE: dict[tuple[str, str], Rule] = {
    ("/admin/role/matrix/", "GET"): Rule(),
    ("/admin/role/matrix/", "POST"): Rule("edit", sent={"revision": "0"}),
    ("/admin/role/draft/", "GET"): Rule(),
    ("/admin/role/draft/", "POST"): Rule("edit", sent={"act": "drop"}),
    ("/admin/institution/repair/", "GET"): Rule("edit", on="anywhere"),
    ("/admin/institution/repair/", "POST"): Rule(
        "edit", on="anywhere", sent={"code": "nowhere"}, unclear=True
    ),
    ("/admin/institution/card/", "GET"): Rule("edit"),
    ("/admin/institution/card/", "POST"): Rule("edit", sent={"act": "reset"}),
    ("/admin/role/overview/", "GET"): Rule(on="anywhere"),
    ("/admin/role/versions/", "GET"): Rule("history"),
    ("/admin/role/versions/", "POST"): Rule("edit", sent={"version": "1", "revision": "1"}, unclear=True),
    ("/admin/user/unlock/", "GET"): Rule("edit"),
    ("/admin/user/unlock/", "POST"): Rule("edit"),
    ("/admin/handler/lapsed/", "GET"): Rule(on="anywhere"),
    ("/admin/takeout/act/", "POST"): Rule(
        "edit",
        sent={"revision": "1", "act": "settle", "returned_on": "2099-01-01", "settled_as": "erased"},
        unclear=True,
    ),
    ("/admin/work_request/decide/", "POST"): Rule("approve", sent={"revision": "2", "act": "approve"}),
    ("/admin/work_request/enter/", "POST"): Rule("edit", sent={"who": "試し"}),
    ("/admin/work_request/leave/", "POST"): Rule("edit", sent={"passage": "zzz"}, unclear=True),
    ("/admin/work_request/report/", "GET"): Rule("print"),
    ("/admin/work_request/report.pdf", "GET"): Rule("print"),
    ("/admin/user/reset/", "GET"): Rule("edit"),
    ("/admin/user/reset/", "POST"): Rule("edit"),
    ("/admin/user/sessions/", "GET"): Rule("edit"),
    ("/admin/user/sessions/", "POST"): Rule("edit"),
}
"""What single nouns have beside."""

PAGES: dict[tuple[str, str], Rule] = {
    ("/static/<path:filename>", "GET"): Rule(on="all"),
    ("/", "GET"): Rule(on="person"),
    ("/healthz", "GET"): Rule(on="all"),
    ("/livez", "GET"): Rule(on="all"),
    ("/readyz", "GET"): Rule(on="all"),
    ("/.well-known/security.txt", "GET"): Rule(on="all", unclear=True),
    ("/login", "GET"): Rule(on="all"),
    ("/login", "POST"): Rule(on="all"),
    ("/login/code", "GET"): Rule(on="all"),
    ("/login/code", "POST"): Rule(on="all"),
    ("/reset/<token>", "GET"): Rule(on="all"),
    ("/reset/<token>", "POST"): Rule(on="all"),
    ("/setup/<token>", "GET"): Rule(on="all"),
    ("/setup/", "POST"): Rule(on="all"),
    ("/language", "POST"): Rule(on="all"),
    ("/logout", "POST"): Rule(on="person"),
    ("/admin/", "GET"): Rule(on="person"),
    ("/account/", "GET"): Rule(on="person"),
    ("/locked-accounts/", "GET"): Rule(on="person"),
    ("/locked-accounts/unlock", "POST"): Rule(on="person", unclear=True),
    ("/account-approvals/", "GET"): Rule(on="person"),
    ("/account-approvals/approve", "POST"): Rule(on="person", unclear=True),
    ("/account-approvals/approve-role", "POST"): Rule(on="person", unclear=True),
    ("/help/", "GET"): Rule(on="person"),
    ("/help/<name>", "GET"): Rule(on="person"),
    ("/account/password", "POST"): Rule(on="person"),
    ("/account/sessions/", "GET"): Rule(on="person"),
    ("/account/sessions/awake", "GET"): Rule(on="person"),
    ("/account/sessions/end", "POST"): Rule(on="person"),
    ("/account/sessions/end-others", "POST"): Rule(on="person"),
    ("/account/second-factor/", "GET"): Rule(on="person"),
    ("/account/second-factor/", "POST"): Rule(on="person"),
    ("/account/second-factor/off", "POST"): Rule(on="person"),
    ("/account/tokens/", "GET"): Rule(on="person"),
    ("/account/tokens/", "POST"): Rule(on="person"),
    ("/account/tokens/revoke", "POST"): Rule(on="person"),
    ("/work-request/", "GET"): Rule(on="work"),
    ("/progress/", "GET"): Rule(on="items"),
    ("/progress/<chart>.csv", "GET"): Rule("export", on="items"),
    ("/progress/report.xlsx", "GET"): Rule("export", on="items"),
    ("/progress/check/", "GET"): Rule(on="items"),
    ("/progress/check/act", "POST"): Rule("edit", on="items"),
    ("/progress/plan/", "GET"): Rule(on="items"),
    ("/progress/plan/<chart>.csv", "GET"): Rule("export", on="items"),
    ("/audit/", "GET"): Rule("audit", on="ledger"),
    ("/audit/seen/", "GET"): Rule("audit", on="ledger"),
    ("/migration/", "GET"): Rule("import", on="imports"),
    ("/migration/", "POST"): Rule("import", on="imports"),
    ("/migration/<run>/", "GET"): Rule("import", on="imports"),
    ("/migration/<run>/act", "POST"): Rule("import", on="imports"),
    ("/migration/<run>/form", "POST"): Rule("import", on="imports"),
    ("/migration/photographs/", "GET"): Rule("import", on="imports"),
    ("/migration/photographs/", "POST"): Rule("import", on="imports"),
    ("/migration/photographs/<run>/", "GET"): Rule("import", on="imports"),
    ("/migration/photographs/<run>/act", "POST"): Rule("import", on="imports"),
    ("/migration/photographs/<run>/progress", "GET"): Rule("import", on="imports"),
    ("/migration/<run>/held", "GET"): Rule("import", on="imports"),
    ("/migration/<run>/held", "POST"): Rule("import", on="imports"),
    ("/migration/<run>/mapping", "POST"): Rule("import", on="imports"),
    ("/migration/<run>/mapping.toml", "GET"): Rule("import", on="imports"),
    ("/migration/<run>/problems", "GET"): Rule("import", on="imports"),
    ("/migration/<run>/problems", "POST"): Rule("import", on="imports"),
    ("/migration/<run>/progress", "GET"): Rule("import", on="imports"),
    ("/migration/<run>/record.pdf", "GET"): Rule("import", on="imports"),
    ("/migration/<run>/row", "GET"): Rule("import", on="imports"),
    ("/migration/<run>/rows", "GET"): Rule("import", on="imports"),
    ("/migration/<run>/values", "GET"): Rule("import", on="imports"),
    ("/migration/<run>/words/<field>", "GET"): Rule("import", on="imports"),
    ("/migration/<run>/words/<field>", "POST"): Rule("import", on="imports"),
    ("/migration/<run>/sign", "POST"): Rule("import", on="imports"),
    ("/migration/<run>/witness", "GET"): Rule("import", on="imports"),
    ("/audit/limits/", "GET"): Rule("audit", on="ledger"),
    ("/audit/limits/", "POST"): Rule("edit", on="ledger"),
    ("/audit/inspection", "POST"): Rule("audit", on="ledger"),
    ("/audit/incident", "POST"): Rule("audit", on="ledger"),
    ("/settings/", "GET"): Rule(on="person"),
    ("/settings/vocabularies/", "GET"): Rule(on="terms"),
    ("/settings/vocabularies/<name>/", "GET"): Rule(on="terms"),
    ("/settings/vocabularies/<name>/", "POST"): Rule("edit", on="terms"),
    ("/settings/vocabularies/<name>/file", "GET"): Rule("create", on="terms"),
    ("/settings/vocabularies/<name>/file", "POST"): Rule("create", on="terms"),
    ("/settings/vocabularies/<name>/merge", "GET"): Rule("edit", on="terms"),
    ("/settings/vocabularies/<name>/merge", "POST"): Rule("edit", on="terms"),
    ("/settings/vocabularies/<name>/unmerge", "POST"): Rule("edit", on="terms"),
    ("/view-as/", "POST"): Rule("edit", on="roles"),
    ("/view-as/end", "POST"): Rule(on="person"),
    ("/api/v1/openapi.json", "GET"): Rule("api", on="token"),
    ("/api/v1/<noun>/", "GET"): Rule("api", on="token"),
    ("/api/v1/<noun>/search", "POST"): Rule("api", on="token"),
    ("/api/v1/<noun>/<id>", "GET"): Rule("api", on="token"),
}
"""All others, by their rule as Flask writes it."""


def granted(login_id: str, noun: str, act: str) -> str:
    """The letters of the table; of nothing that it does not speak of."""
    return _TABLE.get((noun, act), {}).get(login_id, "-")


def _read() -> dict[tuple[str, str], dict[str, str]]:
    rows = [line.split() for line in ACTS.splitlines() if line and not line.startswith("#")]
    return {(row[0], row[1]): dict(zip(COLUMNS, row[2:], strict=True)) for row in rows}


_TABLE = _read()
