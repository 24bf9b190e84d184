"""Entries of the ledgers and rows of the gate as tables of a paper; long ones are cut on paper and whole in the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from audit.events import ACTS
from audit.verification.chains import WRONG, Report
from documents.cells import cell
from documents.paper import Part, Table
from gate.reading.shown import Row
from models.registry import NOUNS
from policies.exits import LABELS
from words import day, purpose_words, t, w

Document = dict[str, Any]
SUBJECTS = 5
"""Of an entry's subjects so many are named."""


def withheld(name: str, title: str) -> Part:
    """A part that this reader's role does not show."""
    return Part(
        name,
        title,
        said=t(
            "この資料を作成した人の役割では見られません。", "Withheld from the person who made this pack."
        ),
    )


def entries(name: str, title: str, found: Iterable[Document] | None, names: Mapping[str, str]) -> Part:
    """Entries, oldest first: when, who, what, and the particulars."""
    if found is None:
        return withheld(name, title)
    heads = [
        t("日時", "When"),
        t("だれが", "Who"),
        t("こと", "What"),
        t("記録の種類", "Kind"),
        t("詳細", "Particulars"),
        t("番号", "No."),
    ]
    rows = [
        [
            day(each["at"]), names.get(each.get("actor", ""), each.get("actor", "")) or "—", act(each),
            noun_named(each.get("noun")), particulars(each), str(each.get("number") or t("封緘待ち", "waiting")),
        ]
        for each in found
    ]  # fmt: skip
    return Part(name, title, table=Table(heads, rows, [1.5, 1.3, 1.3, 1, 3, 0.7]))


def act(entry: Document) -> str:
    """What an entry's act is called."""
    action = entry.get("action", "")
    return w(ACTS.get(action, (action, action)))


def fields_named(entry: Document) -> str:
    """What the fields of an entry are called."""
    noun = NOUNS.get(entry.get("noun") or "")
    named = noun.fields if noun else {}
    return t("、", ", ").join(
        w(named[each].label) if each in named else each for each in entry.get("fields", [])
    )


def particulars(entry: Document) -> str:
    """Exit, purpose, names of fields, opaque ids, and what the act said of itself; never a value."""
    subjects = entry.get("subjects", [])
    more = len(subjects) - SUBJECTS
    said = [
        w(LABELS.get(entry.get("exit", ""), ("", ""))),
        purpose_words(entry.get("purpose", "")),
        fields_named(entry),
        " ".join(subjects[:SUBJECTS]) + (t(f" ほか{more}件", f" and {more} more") if more > 0 else ""),
        _detail(entry),
    ]
    return " / ".join(each for each in said if each)


def _detail(entry: Document) -> str:
    """What the act said of itself; of what left, its purpose in words."""
    said = str(entry.get("detail", ""))
    if entry.get("action") in ("exported", "printed"):
        return " ".join(purpose_words(each) for each in said.split(" "))
    return said


def noun_named(name: str | None) -> str:
    """What a kind of record is called; "" for none."""
    return w(NOUNS[name].label) if name in NOUNS else ""


def rows(name: str, title: str, found: list[Row] | None) -> Part:
    """Records as the list shows them."""
    if found is None:
        return withheld(name, title)
    if not found:
        return Part(name, title, table=Table([], []))
    fields = [each.field for each in found[0] if each.field.name not in ("institution", "changed_at")]
    lines = [[cell(row, row[each.name]) for each in fields] for row in found]
    return Part(name, title, table=Table([w(each.label) for each in fields], lines))


def chain_part(report: Report | None, institution: str, number: int, hash_: str, waiting: int) -> Part:
    """Where the chain ends, and whether every entry is as it was written."""
    facts = [
        (t("台帳", "Ledger"), institution), (t("末尾の番号", "Last entry"), f"{number:,}"),
        (t("末尾のハッシュ(SHA-256)", "Its hash (SHA-256)"), hash_), (t("封緘待ち", "Not sealed yet"), f"{waiting:,}"),
        (t("点検の結果", "Verified"), _verdict(report)),
    ]  # fmt: skip
    return Part("chain", t("台帳の点検", "The ledger itself"), facts=facts)


def _verdict(report: Report | None) -> str:
    if report is None:
        return t(
            "ここでは点検していません。flask audit verify で確かめてください。",
            "Not verified here; see flask audit verify.",
        )
    if report.finding is None:
        return t(
            f"{report.good.number:,}件すべて書かれたときのままです。",
            f"All {report.good.number:,} entries are as they were written.",
        )
    wrong = w(WRONG[report.finding.wrong])
    return t(f"異常: {report.finding.number:,}番 {wrong}", f"Wrong: entry {report.finding.number:,}: {wrong}")
