"""What holds for every noun."""

from __future__ import annotations

from policies.ceilings import EVERY, PERSONAL, Bar, Ceiling
from policies.effects import Effect

CEILINGS: tuple[Ceiling, ...] = (
    Ceiling(
        "secret",
        Effect.HIDE,
        ("認証情報はどこにも出ません。", "Credentials leave by no exit."),
        # guard: ceiling-secret
        subjects=frozenset({"secret"}),
    ),
    Ceiling(
        "administrator-no-personal",
        Effect.HIDE,
        (
            "システム管理者は個人情報を扱いません。所管の職員にお尋ねください。",
            "Administrators handle no personal data; ask the staff in charge.",
        ),
        subjects=PERSONAL,
        kinds=frozenset({"administrator"}),
    ),
    Ceiling(
        "contractor-no-personal",
        Effect.HIDE,
        (
            "委託事業者には個人情報・制限情報を見せません(S14)。",
            "A contractor sees no personal or restricted data (S14).",
        ),
        subjects=PERSONAL | {"restricted"},
        kinds=frozenset({"contractor"}),
    ),
    Ceiling(
        "auditor-reads-only",
        Effect.SHOW,
        ("監査は読むだけで、何も変えません。", "Auditors read and change nothing."),
        kinds=frozenset({"auditor"}),
    ),
    Ceiling(
        "supervised-masked",
        Effect.MASK,
        (
            "ほかの館の個人情報は伏せて表示します。必要なときは目的を示して表示するか、所管の館へお尋ねください。",
            "Another institution's personal data is masked. Reveal it for a purpose, or ask that institution.",
        ),
        subjects=PERSONAL,
        # guard: ceiling-supervised
        scopes=frozenset({"supervised"}),
    ),
    Ceiling(
        "lists-without-birth",
        Effect.HIDE,
        ("生年月日・性別は一覧に並べません。", "Birth and sex are not laid out in lists."),
        # guard: ceiling-birth
        subjects=frozenset({"birth"}),
        exits=frozenset({"list"}),
    ),
    Ceiling(
        "export-masked",
        Effect.MASK,
        (
            "個人情報は、暗号化と持出し登録がないかぎり伏せて書き出します(S15・S17)。",
            "Personal data is exported masked unless it is encrypted and registered (S15, S17).",
        ),
        subjects=PERSONAL,
        # guard: ceiling-export-api
        exits=frozenset({"export", "api"}),
    ),
)

NOT_DECIDED = (
    Bar(
        "only-papers-are-decided",
        frozenset({"approve"}),
        ("決裁があるのは申請だけです。", "Only requests are decided on."),
    ),
)
"""Held by every noun but those that somebody asks for and another decides on."""

BARS: tuple[Bar, ...] = (
    *NOT_DECIDED,
    Bar(
        "contractor-looks-only",
        frozenset(
            {
                "create",
                "edit",
                "remove",
                "export",
                "print",
                "file",
                "api",
                "reveal",
                "lookup",
                "history",
                "audit",
                "import",
                "takeout",
            }
        ),
        (
            "委託事業者は、書き出し・印刷・画像・更新を行えません(S14)。",
            "A contractor cannot export, print, open files or change records (S14).",
        ),
        kinds=frozenset({"contractor"}),
    ),
    Bar(
        "auditor-changes-nothing",
        frozenset({"create", "edit", "remove", "import"}),
        ("監査は何も変えません。", "Auditors change nothing."),
        kinds=frozenset({"auditor"}),
    ),
    Bar(
        "staff-keep-to-their-house",
        frozenset({"create", "edit", "remove", "import"}),
        (
            "ほかの館の記録は更新できません。所管の館へお知らせください。",
            "Records of another institution cannot be changed; tell that institution.",
        ),
        scopes=frozenset({"supervised"}),
        kinds=frozenset({"staff", "librarian"}),
    ),
)

OPERATED = (
    Bar(
        "operated-on-screen",
        frozenset({"api", "import"}),
        ("アカウントと役割は、画面から扱います。", "Users and roles are operated on screen."),
        kinds=frozenset({"administrator"}),
    ),
    Bar(
        "operated-by-administrators",
        frozenset({"create", "edit", "remove", "import"}),
        (
            "館・アカウント・役割はシステム管理者が扱います。",
            "Only administrators change institutions, users and roles.",
        ),
        kinds=frozenset({"manager", "staff", "librarian", "auditor", "contractor"}),
    ),
)
"""Held by institution, user and role."""

NO_CONTRACTOR = (
    Bar(
        "contractor-keeps-no-papers",
        frozenset(),
        (
            "管理簿は館の職員が記入します。委託事業者には開きません(S14)。",
            "The registers are for the institution's own staff; contractors have no access (S14).",
        ),
        kinds=frozenset({"contractor"}),
    ),
)
"""Held by the institutions' own papers."""

NOT_OPERATED = (
    Bar(
        "administrators-keep-no-records",
        frozenset(
            {
                "create",
                "edit",
                "remove",
                "export",
                "takeout",
                "print",
                "reveal",
                "lookup",
                "api",
                "audit",
                "import",
            }
        ),
        (
            "システム管理者は資料・利用者の記録を扱いません。職員にお任せください。",
            "Administrators do not work on records; staff do.",
        ),
        kinds=frozenset({"administrator"}),
    ),
)
"""Held by every noun that is the museums' and libraries' own work."""

NAMED_AT_HOME = (
    Bar(
        "staff-named-at-home",
        frozenset(),
        (
            "職員の氏名は、その館と監督する課の人だけが見ます。",
            "Names of staff are for their own institution and its supervisor.",
        ),
        scopes=frozenset({"supervised"}),
        kinds=frozenset({"staff", "librarian"}),
    ),
)
"""Held by what lists an institution's people."""

__all__ = [
    "BARS",
    "CEILINGS",
    "EVERY",
    "NAMED_AT_HOME",
    "NOT_DECIDED",
    "NOT_OPERATED",
    "NO_CONTRACTOR",
    "OPERATED",
]
