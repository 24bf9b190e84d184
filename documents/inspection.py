"""年度の点検資料: one institution's handling of personal data in a fiscal year, for the inspection (S20)."""

from __future__ import annotations

from audit.verification.chains import Report
from documents.ledger_tables import chain_part, entries, noun_named, rows, withheld
from documents.names import house_named, my_name
from documents.paper import Paper, Part, Table
from gate.reading.shown import Row
from gate.store.clock import now
from models.vocabularies import terms
from oversight.inspection import Inspection
from policies.exits import LABELS
from words import day, purpose_words, t, w


def paper_of(found: Inspection, report: Report | None) -> Paper:
    """The paper; `report` is the verification of the institution's chain, if it was done."""
    institution = house_named(found.institution)
    return Paper(
        title=t(f"個人情報取扱状況の点検資料 {found.year}年度", f"Inspection of the handling of personal data, fiscal {found.year}"),
        house=institution,
        about=[
            (t("館", "Institution"), f"{institution} ({found.institution})"),
            (t("期間", "Period"), t(f"{found.year}年4月1日から{found.year + 1}年3月31日まで", f"1 April {found.year} to 31 March {found.year + 1}")),
            (t("作成", "Made"), f"{day(now())} {my_name()}"),
            (t("内容", "Contents"), t("記録の値は含みません。記録は識別番号で示します。", "No values of records; records are named by opaque ids.")),
        ],
        parts=[
            _roles(found),
            entries("role_changes", t("役割の変更", "Changes of roles"), found.role_changes, found.names),
            rows("accounts", t("アカウント", "Accounts"), found.accounts),
            entries("account_changes", t("アカウントの変更", "Changes of accounts"), found.account_changes, found.names),
            entries("locks", t("ロックと拒否", "Lockouts and refusals"), found.locks, found.names),
            *_disclosures(found),
            entries("left", t("書き出し・印刷・持出し", "Exports, prints and removable media"), found.left, found.names),
            rows("takeouts", t("媒体・持出し管理簿", "Register of media"), found.takeouts),
            rows("work", t("委託事業者の作業", "Contractor's work"), found.work),
            rows("handlers", t("取扱責任者・取扱者", "Responsible persons and handlers"), found.handlers),
            rows("trainings", t("研修", "Trainings"), found.trainings),
            _lacking(found),
            entries("removals", t("削除", "Removals"), found.removals, found.names),
            Part("erasures", t("消去証明", "Erasures"), said=t("この期間の消去証明はありません。", "No erasure was certified in this time.")),
            chain_part(report, found.institution, found.head.number, found.head.hash, found.waiting),
        ],
        empty=t("該当なし", "None"),
    )  # fmt: skip


def _roles(found: Inspection) -> Part:
    title = t("役割と見える範囲", "Roles and what they may see")
    if found.roles is None:
        return withheld("roles", title)
    kinds = terms("role_kind")
    heads = [
        t("役割", "Role"),
        t("種類", "Kind"),
        t("人数", "Holders"),
        t("できること・見える範囲", "What it may do and see"),
    ]
    lines = [
        [w(role.name), w(kinds.get(role.kind, (role.kind, role.kind))), str(role.holders) if not at else "", w(said)]
        for role in found.roles
        for at, said in enumerate(role.may or [("—", "—")])
    ]  # fmt: skip
    return Part("roles", title, table=Table(heads, lines, [1.2, 1.2, 0.6, 5]))


def _disclosures(found: Inspection) -> list[Part]:
    by_purpose = _summed(found, ("purpose", "exit", "noun"))
    by_person = _summed(found, ("actor", "noun"))
    counts = [t("回数", "Acts"), t("延べ件数", "Records, each act's own")]
    purposes = [
        [purpose_words(purpose) or t("(日常の閲覧)", "(daily work)"), w(LABELS.get(exit_, (exit_, exit_))), noun_named(noun), f"{acts:,}", f"{subjects:,}"]
        for (purpose, exit_, noun), (acts, subjects) in sorted(by_purpose.items())
    ]  # fmt: skip
    people = [
        [found.names.get(actor, actor), noun_named(noun), f"{acts:,}", f"{subjects:,}"]
        for (actor, noun), (acts, subjects) in sorted(by_person.items())
    ]
    kind = t("記録の種類", "Kind of record")
    return [
        Part("disclosures_by_purpose", t("個人情報の閲覧(目的・経路別)", "Personal data viewed, by purpose and exit"),
             table=Table([t("目的", "Purpose"), t("経路", "Exit"), kind, *counts], purposes)),
        Part("disclosures_by_person", t("個人情報の閲覧(人別)", "Personal data viewed, by person"),
             table=Table([t("だれが", "Who"), kind, *counts], people)),
    ]  # fmt: skip


def _summed(found: Inspection, by: tuple[str, ...]) -> dict[tuple[str, ...], tuple[int, int]]:
    """Acts and records of the counted disclosures, by these of their parts."""
    sums: dict[tuple[str, ...], tuple[int, int]] = {}
    for each in found.disclosures:
        key = tuple(str(each[name]) for name in by)
        acts, subjects = sums.get(key, (0, 0))
        sums[key] = (acts + each["acts"], subjects + each["subjects"])
    return sums


def _lacking(found: Inspection) -> Part:
    title = t("登録簿に足りないもの", "Missing from the registers")
    if found.lacking is None:
        return withheld("lacking", title)
    known: list[Row] = found.handlers or []
    names = {each.id: each.label for each in known}
    said = [[t("取扱責任者がいません", "Nobody is responsible"), ""]] if found.lacking.responsible else []
    said += [
        [t("研修の期限を過ぎた取扱者", "Handler without training"), names.get(each, each)]
        for each in found.lacking.untrained
    ]
    return Part("lacking", title, table=Table([t("こと", "What"), t("だれ", "Who")], said))
