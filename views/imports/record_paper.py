"""移行記録: what came, what became of it, who ran it, who looked and signed (S3). It holds no value of any record."""

from __future__ import annotations

from typing import Any

from documents.names import house_named, my_name
from documents.paper import Paper, Part, Table
from gate.reading.names import names_of
from gate.store.clock import now
from imports.run.outcomes import MODES, OUTCOMES
from imports.run.reconciliation import agrees
from imports.run.row_comparison import feeds, mapping_or_none
from models.declaration import Noun
from models.registry import NOUNS
from models.vocabularies import terms
from views.imports.run_state import STATES, uncompared
from views.requests.current_actor import actor
from words import day, t, w

Document = dict[str, Any]


def paper_of(run: Document) -> Paper:
    """The record of an import after its run."""
    noun = NOUNS[run["noun"]]
    named = names_of(actor(), {each["by"] for each in run["history"] if each["by"]})
    parts = [_file(run, noun), _mapping(run, noun), _fates(run)]
    if "reconciled" in run:
        parts.append(_reconciled(run, noun))
    parts.append(_causes(run))
    steps = [
        [day(each["at"]), w(STATES[each["state"]]), named.get(each["by"], each["by"])]
        for each in run["history"]
    ]
    heads = [t("日時", "When"), t("段階", "Step"), t("だれが", "By")]
    parts.append(Part("steps", t("経過", "Steps"), table=Table(heads, steps)))
    if "signed" in run:
        parts.append(_signed(run, named))
    witness = [(t("立会人", "Witness"), ""), (t("取扱責任者", "Responsible person"), "")]
    parts.append(Part("seal", t("確認", "Checked"), facts=witness))
    return Paper(
        title=t("データ移行の記録", "Record of an import"),
        house=house_named(run["institution"]),
        about=[(t("作成", "Made"), day(now())), (t("作成者", "Made by"), my_name())],
        parts=parts,
        empty=t("該当なし", "None"),
    )


def _file(run: Document, noun: Noun) -> Part:
    mapping = run["mapping"]
    version = f" ({mapping['version']})" if mapping.get("version") else ""
    facts = [
        (t("取込番号", "Import"), str(run["_id"])),
        (t("記録の種類", "Kind of record"), w(noun.label)),
        (t("ファイル", "File"), f"{run['file']['name']} ({run['file']['size']:,} B)"),
        ("SHA-256", run["file"]["sha256"]),
        (t("対応表", "Mapping"), (mapping.get("name") or "—") + version),
        (t("状態", "State"), w(STATES[run["state"]])),
    ]
    return Part("file", t("ファイルと対応表", "File and mapping"), facts=facts)


def _mapping(run: Document, noun: Noun) -> Part:
    """Which column became which field, those that were left out too; and the mapping's own text, which says how."""
    mapping = mapping_or_none(run)
    fed = feeds(mapping) if mapping else {}
    left_out = t("取り込まない", "Left out")
    rows = [
        [column, t("、", ", ").join(w(each.label) for each in fed.get(column, [])) or left_out]
        for column in dict.fromkeys([*run.get("header", fed), *fed])
    ]
    alike = mapping.constants | mapping.defaults(run["institution"]) if mapping else {}
    facts = [(t("取込の種類", "What the import did"), w(MODES[run["mode"]]))]
    facts += [
        (t("すべての行の", "Of every row: ") + w(noun.fields[name].label), _worded(noun, name, value))
        for name, value in sorted(alike.items())
    ]
    heads = [t("ファイルの列", "Column of the file"), t("取り込み先", "Became")]
    return Part("mapping", t("列の対応", "Columns to fields"), facts=facts, table=Table(heads, rows, [2, 3]))


def _worded(noun: Noun, name: str, value: str) -> str:
    words = terms(noun.fields[name].declared.vocabulary) if noun.fields[name].declared.vocabulary else {}
    return w(words[value]) if value in words else value


def _fates(run: Document) -> Part:
    sums = run["counts"]
    facts = [(t("ファイルの行", "Rows in the file"), f"{sums['rows']:,}")]
    facts += [(w(OUTCOMES[at]), f"{count:,}") for at, count in enumerate(sums["fates"])]
    facts.append((t("新しい寄贈者", "New donors"), f"{sums['made']:,}"))
    return Part("fates", t("行の行方", "Results of the rows"), facts=facts)


def _reconciled(run: Document, noun: Noun) -> Part:
    found = run["reconciled"]
    rows = [
        [
            w(noun.fields[name].label),
            f"{expected:,}",
            f"{stored:,}",
            one if one == other else f"{one} ≠ {other}",
        ]
        for name, expected, stored, one, other in found["fields"]
    ]
    heads = [
        t("項目", "Field"),
        t("元の件数", "In the file"),
        t("登録の件数", "Stored"),
        t("照合値", "Checksum"),
    ]
    said = (
        t("元の行と登録内容は一致しています。", "File and store agree.")
        if agrees(found, run["counts"])
        else t("一致しないところがあります。", "File and store differ.")
    )
    facts = []
    if lines := found.get("lines"):
        facts = [
            (t("ファイルの行(改行で数えて)", "Lines of the file"), f"{lines['file']:,}"),
            (t("記録の行(セルの中の改行を含む)", "Lines of records"), f"{lines['rows']:,}"),
            (t("見出しと空行", "Lines of headings and empty ones"), f"{lines['besides']:,}"),
        ]
    return Part(
        "sums", t("突合", "Reconciliation"), said=said, facts=facts, table=Table(heads, rows, [3, 1, 1, 3])
    )


def _causes(run: Document) -> Part:
    rows = [
        [each["column"] or "—", w((each["ja"], each["en"])), f"{each['count']:,}"]
        for each in run["counts"]["causes"]
    ]
    heads = [t("列", "Column"), t("指摘", "Findings"), t("行数", "Rows")]
    return Part("causes", t("指摘の内訳", "Findings"), table=Table(heads, rows[:100], [2, 5, 1]))


def _signed(run: Document, named: dict[str, str]) -> Part:
    signed = run["signed"]
    facts = [
        (
            t("確認者(取込を行った者とは別の職員)", "By (a person who did not run it)"),
            named.get(signed["by"], signed["by"]),
        ),
        (t("日時", "At"), day(signed["at"])),
        (t("確かめた行", "Rows looked at"), ", ".join(map(str, signed["rows"]))),
        (t("比べられなかった項目", "Not compared"), "\n".join(uncompared(run)) or t("なし", "None")),
        (t("所見", "Remark"), signed["remark"] or "—"),
        (t("元データの消去", "Source erased"), day(run.get("erased_at")) or "—"),
    ]
    return Part("signed", t("確認の署名", "Sign-off"), facts=facts)
