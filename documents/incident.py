"""事故報告資料: who saw what and did what between two moments, of an account or of a record (S22)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from documents.ledger_tables import entries, noun_named
from documents.names import my_name
from documents.paper import Paper, Part, Table
from gate.store.clock import now
from oversight.inspection import Incident
from words import day, t

Document = dict[str, Any]
SIGNING = frozenset({"signed_in", "signed_out", "sign_in_failed", "code_wrong", "locked_out", "account_locked", "work_begun", "session_ended", "sessions_ended"})  # fmt: skip
REFUSED = frozenset({"refused", "network_refused", "lookups_spent", "limit_reached"})
LEFT = frozenset({"exported", "printed", "taken_out"})


def paper_of(found: Incident, institution: str) -> Paper:
    """The paper, headed by the institution that reports."""
    of = found.names.get(found.account, "")
    about = (
        (t("アカウント", "Account"), f"{of} ({found.account})")
        if found.account
        else (t("記録のID", "Record's id"), found.subject)
    )
    parts: list[tuple[str, str, Callable[[Document], bool]]] = [
        ("sign_ins", t("サインイン", "Sign-ins"), lambda each: each.get("action") in SIGNING),
        ("refusals", t("拒否", "Refusals"), lambda each: each.get("action") in REFUSED),
        ("left", t("書き出し・印刷・持出し", "Exports, prints and removable media"), lambda each: each.get("action") in LEFT),
        ("disclosures", t("個人情報の閲覧", "Personal data viewed"), lambda each: each.get("kind") == "disclosure"),
        ("changes", t("登録・更新・削除", "Changes"), lambda each: each.get("kind") == "change"),
        ("other", t("その他", "Other acts"), lambda each: each.get("kind") == "event" and each.get("action") not in SIGNING | REFUSED | LEFT),
    ]  # fmt: skip
    return Paper(
        title=t("事故報告資料", "Incident report"),
        house=institution,
        about=[
            about,
            (t("期間", "Period"), f"{day(found.since)} – {day(found.until)}"),
            (t("作成", "Made"), f"{day(now())} {my_name()}"),
            (t("記載の数", "Entries"), f"{len(found.entries):,}" + ("" if found.whole else t("(先頭から。期間を分けてください)", " (the first; divide the period)"))),
        ],
        parts=[
            *([_sights(found)] if found.account else []),
            *(entries(name, title, filter(holds, found.entries), found.names) for name, title, holds in parts),
            _heads(found),
        ],
        empty=t("該当なし", "None"),
    )  # fmt: skip


def _sights(found: Incident) -> Part:
    heads = [
        t("記録の種類", "Kind"),
        t("記録のID", "Record's id"),
        t("回数", "Times"),
        t("最初", "First"),
        t("最後", "Last"),
    ]
    lines = [
        [noun_named(each.noun), each.subject, f"{each.times:,}", day(each.first), day(each.last)]
        for each in found.sights
    ]
    said = t(
        f"{len(lines):,}件の記録の個人情報が表示されました。",
        f"Personal data of {len(lines):,} records was shown.",
    )
    return Part(
        "seen",
        t("だれの記録を見たか", "Records this account viewed"),
        said=said,
        table=Table(heads, lines, [1.2, 2.2, 0.6, 1.4, 1.4]),
    )


def _heads(found: Incident) -> Part:
    lines = [[code, f"{head.number:,}", head.hash] for code, head in found.heads.items()]
    return Part("heads", t("台帳の末尾", "Where the ledgers end"), table=Table([t("台帳", "Ledger"), t("件数", "Entries"), t("末尾のハッシュ", "Hash of the last")], lines, [1, 0.7, 5]))  # fmt: skip
