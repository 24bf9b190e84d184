"""Columns computed of columns, as the mapping's page asks for them: one small form for each transformation (S3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from imports.mapping.computed_columns import Computed
from imports.mapping.contact_cells import CONTACT_PARTS
from imports.mapping.mapping import MappingError
from models.data_classes import Words
from words import w

Document = dict[str, Any]
COLUMN, TEXT = "column", "text"
WHERE: dict[str, Words] = {
    "anywhere": ("どこでも", "anywhere"),
    "start": ("はじめだけ", "at the start only"),
    "end": ("終わりだけ", "at the end only"),
}
ENDS_WORDS: dict[str, Words] = {
    "first": ("前の部分", "What stands before"),
    "rest": ("後の部分", "What stands behind"),
}
PART_WORDS: dict[str, Words] = {
    "name": ("氏名", "name"), "postcode": ("郵便番号", "postcode"), "address": ("住所", "address"),
    "telephone": ("電話", "telephone"), "mail": ("メール", "e-mail"),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One question of a form: a column, a text or a choice."""

    name: str
    label: Words
    control: str = COLUMN
    options: dict[str, Words] | None = None
    required: bool = False


@dataclass(frozen=True)
class ComputeForm:
    """How one transformation is asked for."""

    words: Words
    example: Words
    asks: tuple[Asked, ...]
    listed: bool = False
    """Whether its columns are a list, in their order."""


FORMS: dict[str, ComputeForm] = {
    "join": ComputeForm(
        ("つなぐ", "Join"),
        ("「部門」と「連番」を - でつないで資料番号にする、など。空のセルは飛ばします。", "Department and running number with - between, say. Empty cells are passed over."),
        (Asked("1", ("列1", "Column 1"), required=True), Asked("2", ("列2", "Column 2"), required=True), Asked("3", ("列3", "Column 3")),
         Asked("4", ("列4", "Column 4")), Asked("between", ("間に入れる文字", "Text between"), TEXT)),
        listed=True,
    ),
    "first_of": ComputeForm(
        ("空なら別の列", "Another column where empty"),
        ("「年代」が空なら「時代」を使う、など。", "The period where the date is empty, say."),
        (Asked("1", ("まず", "First"), required=True), Asked("2", ("空なら", "Else"), required=True), Asked("3", ("それも空なら", "Else"))),
        listed=True,
    ),
    "replace": ComputeForm(
        ("取り除く・置き換える", "Take out or replace"),
        ("* は何文字でも、# は数字。例: 「No.」、「(*)」、「第#号」。", "* is any text, # a number. For example No. or (*) or lot #."),
        (Asked("column", ("列", "Column"), required=True), Asked("replace", ("この形を", "This pattern"), TEXT, required=True),
         Asked("put", ("これに(空なら取り除く)", "Becomes (empty: taken out)"), TEXT), Asked("where", ("場所", "Where"), options=WHERE)),
    ),
    "year": ComputeForm(
        ("年・月・日をまとめる", "Year, month and day"),
        ("別々の列の年・月・日を一つの日付にします。", "Makes one date of columns of their own."),
        (Asked("era", ("元号(あれば)", "Era, if any")), Asked("year", ("年", "Year"), required=True), Asked("month", ("月", "Month")),
         Asked("day", ("日", "Day"))),
    ),
    "unit_from": ComputeForm(
        ("単位の列を使う", "Unit from a column"),
        ("数の列に、単位の列の単位をつけます。", "Puts the unit of another column behind a number."),
        (Asked("column", ("数の列", "Number"), required=True), Asked("unit_from", ("単位の列", "Unit"), required=True)),
    ),
    "part": ComputeForm(
        ("分ける", "Divide"),
        ("空白や記号の前か後だけを取り出します。", "Takes what stands before or behind a space or a sign."),
        (Asked("column", ("列", "Column"), required=True), Asked("part", ("取り出すところ", "Which part"), options=ENDS_WORDS),
         Asked("at", ("区切り(空なら空白)", "Sign (empty: a space)"), TEXT)),
    ),
    "contact": ComputeForm(
        ("氏名・住所・電話に分ける", "Name, address, telephone"),
        ("一つのセルに書かれた人の氏名・郵便番号・住所・電話を、別々の列にします。", "Makes columns of a cell in which a person stands with address and telephone."),
        (Asked("column", ("列", "Column"), required=True),),
    ),
    "roles": ComputeForm(
        ("作者に役割をつける", "Makers with their roles"),
        ("「A|B」と「絵|彫」を「A (絵); B (彫)」にします。", "A|B and printer|publisher become A (printer); B (publisher)."),
        (Asked("column", ("作者の列", "Makers"), required=True), Asked("roles", ("役割の列", "Roles"), required=True),
         Asked("split", ("区切り(空なら |)", "Sign between (empty: |)"), TEXT)),
    ),
}  # fmt: skip
"""Transformation → its form. Each key is one of imports.mapping.computed_columns.KINDS."""


def forms(given: MultiDict[str, str]) -> list[Document]:
    """The forms as the page draws them, with what was typed."""
    return [
        {
            "name": kind,
            "label": w(form.words),
            "example": w(form.example),
            "open": any(given.get(f"make.{kind}.{each.name}") for each in form.asks if each.control == COLUMN and not each.options),
            "asks": [
                {
                    "name": f"make.{kind}.{each.name}", "label": w(each.label), "control": "choice" if each.options else each.control,
                    "options": [(code, w(words)) for code, words in (each.options or {}).items()],
                    "value": given.get(f"make.{kind}.{each.name}", ""),
                }
                for each in form.asks
            ],
        }
        for kind, form in FORMS.items()
    ]  # fmt: skip


def added(kind: str, sent: MultiDict[str, str], taken: Sequence[str]) -> list[Document]:
    """The computed columns that a form asks for, named so that no column of the file is called so.

    Raises:
        MappingError: a column that it needs is not chosen.
    """
    form = FORMS.get(kind)
    if form is None:
        raise MappingError("画面のボタンから操作してください。", "Use the buttons on the page.")
    said = {each.name: sent.get(f"make.{kind}.{each.name}", "") for each in form.asks}
    lacking = [each.label for each in form.asks if each.required and not said[each.name]]
    if lacking:
        raise MappingError(
            f"「{form.words[0]}」の{'・'.join(ja for ja, _ in lacking)}を選んでください。",
            f"{form.words[1]}: choose {', '.join(en for _, en in lacking)}.",
        )
    columns = [
        said[each.name]
        for each in form.asks
        if each.control == COLUMN and not each.options and said[each.name]
    ]
    told: Document = {name: value for name, value in said.items() if value}
    if form.listed:
        told = {kind: columns} | ({"between": said["between"]} if said.get("between") else {})
    if kind == "contact":
        parts = CONTACT_PARTS[:4]
        return [
            {
                "name": _free(f"{columns[0]}: {w(PART_WORDS[part])}", taken),
                "column": columns[0],
                "contact": part,
            }
            for part in parts
        ]
    return [{"name": _free(_name(kind, columns, told), taken), **told}]


def _name(kind: str, columns: Sequence[str], told: Document) -> str:
    if kind == "part":
        return f"{columns[0]}: {w(ENDS_WORDS[told['part']])}"
    between = {"join": "＋", "year": "＋", "unit_from": "＋", "roles": "＋", "first_of": "／"}.get(kind, "")
    return between.join(columns) if between else f"{columns[0]} ({w(FORMS[kind].words)})"


def _free(name: str, taken: Sequence[str]) -> str:
    name, at = name[:90], 2
    free = name
    while free in taken:
        free, at = f"{name} {at}", at + 1
    return free


def described(computed: Computed, name: str) -> str:
    """What a computed column does, for the page: 「つなぐ」 部門, 連番."""
    made = dict(computed.columns)[name]
    kind = next(key for key, form in FORMS.items() if hasattr(made, key))
    more = [
        value
        for key in ("between", "replace", "put", "at", "part", "contact")
        if (value := getattr(made, key, ""))
    ]
    if kind in ("part", "contact"):
        more = [w((ENDS_WORDS | PART_WORDS)[more[-1]]), *more[:-1]]
    return f"{w(FORMS[kind].words)}: {'、'.join(made.columns)}" + (f" ({' → '.join(more)})" if more else "")
