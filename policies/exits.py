"""The closed list of ways in which a value can leave, and what each way needs (law 2)."""

from __future__ import annotations

Words = tuple[str, str]

NEEDS: dict[str, str | None] = {
    "list": "read",
    "detail": "read",
    "form": "read",
    "search": "read",
    "filter": "read",
    "sort": "read",
    "count": "read",
    "choice": "read",
    "lookup": "lookup",
    "export": "export",
    "takeout": "takeout",
    "print": "print",
    "file": "file",
    "api": "api",
    "history": "history",
    "log": None,
    "error": None,
    "public": None,
    "message": None,
}
"""Exit → the action that a role must grant for it; None where no role can open it."""

EXITS: dict[str, Words] = {
    "list": ("一覧", "List"),
    "detail": ("詳細", "Detail"),
    "form": ("入力", "Form"),
    "search": ("検索", "Search"),
    "filter": ("絞込", "Filter"),
    "sort": ("並べ替え", "Sort"),
    "count": ("件数", "Count"),
    "choice": ("選択", "Choice"),
    "lookup": ("全文照会", "Look-up"),
    "export": ("書き出し", "Export"),
    "takeout": ("持ち出し", "Take-out"),
    "print": ("印刷", "Print"),
    "file": ("画像", "File"),
    "api": ("API", "API"),
    "history": ("履歴", "History"),
}
"""The exits that a role can open, with their names for people, in the order of a matrix."""

LABELS: dict[str, Words] = {
    **EXITS,
    "log": ("ログ", "Logs"),
    "error": ("エラー表示", "Error texts"),
    "public": ("公開目録", "Public catalogue"),
    "message": ("通知", "Messages"),
}
"""Every exit with its name for people."""

IMPLIES: dict[str, tuple[str, ...]] = {
    "form": ("detail",),
    "search": ("list",),
    "filter": ("list",),
    "sort": ("list",),
    "count": ("list",),
    "choice": ("list",),
    "lookup": ("choice",),
    "export": ("detail",),
    "takeout": ("detail",),
    "print": ("detail",),
    "file": ("detail",),
    "api": ("detail",),
    "history": ("detail",),
}
"""Exit → exits that must show a value before this one may: a value withheld there is withheld here."""

ORACLES = frozenset({"search", "filter", "sort", "count"})
"""Exits that tell of a value by which records answer, and in what order: they need the value in full."""

ACTIONS: dict[str, Words] = {
    "read": ("閲覧", "Read"),
    "create": ("登録", "Create"),
    "edit": ("更新", "Edit"),
    "remove": ("削除", "Remove"),
    "export": ("書き出し", "Export"),
    "takeout": ("個人情報の持出し", "Take personal data out"),
    "print": ("印刷", "Print"),
    "file": ("画像を開く", "Open files"),
    "reveal": ("目的を示して表示", "Reveal for a purpose"),
    "lookup": ("全文照会", "Look up"),
    "history": ("履歴", "History"),
    "api": ("API", "API"),
    "approve": ("決裁", "Decide"),
    "audit": ("閲覧記録を見る", "View the access log"),
    "import": ("取込", "Import"),
}
"""What a role can be granted on a noun, with its name for people."""
