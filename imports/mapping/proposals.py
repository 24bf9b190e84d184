"""A first mapping out of a file's header and some of its values: what a person then looks over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from gate.fields.kinds import kind_of
from imports.formats.form import SheetRow
from imports.mapping.rules import sizes
from japanese.eras import parse_period
from japanese.keys import search_key
from models.declaration import Field, Noun
from models.vocabularies import terms

_SAID = {
    "accession_number": "資料番号 資料No 資料ID 台帳番号 登録番号 収蔵番号 整理番号 受入番号 管理番号 番号 No ID accession accessionno "
    "accessionnumber objectnumber inventorynumber 遺跡番号",
    "branch_number": "枝番 枝番号 branch",
    "group": "資料群 資料群名 コレクション文庫 コレクション collection",
    "title": "資料名 資料名称 名称 品名 題名 件名 作品名 標題 タイトル 遺跡名 title name objectname",
    "title_reading": "資料名よみ よみ ふりがな フリガナ ヨミ カナ 名称カナ 資料名カナ reading kana",
    "other_names": "別名 別称 旧称 通称 alternativetitle othernames",
    "object_type": "資料種別 種別 分類 種類 区分 大分類 classification type category objecttype",
    "object_count": "点数 数量 員数 件数 count quantity pieces",
    "rank": "ランク 重要度 等級 rank",
    "period": "年代 時代 製作年 制作年 製作年代 制作年代 成立年代 年号 時期 creationdate date period era",
    "maker": "作者 作者名 製作者 制作者 著者 筆者 作者・製作者 creator maker artist author",
    "maker_reading": "作者よみ 作者カナ makerreading",
    "place_made": "製作地 出土地 産地 所在地 製作地・出土地 出土地点 placemade findspot place origin",
    "materials": "材質 技法 材質技法 材質・技法 素材 品質形状 medium materials technique",
    "dimensions_note": "寸法の補足 寸法備考",
    "location": "収蔵場所 保管場所 保管先 収納場所 棚番号 配架 所在 location physicallocation storage shelf",
    "acquisition_method": "受入区分 受入方法 取得方法 入手方法 acquisitionmethod",
    "acquisition_date": "受入年月日 受入日 取得年月日 収集年月日 寄贈年月日 寄贈日 登録年月日 dateacquired acquisitiondate",
    "acquisition_price": "受入価格 価格 購入価格 金額 評価額 price",
    "credit_line": "クレジット creditline",
    "description": "解説 説明 内容 概要 description",
    "provenance": "来歴 伝来 provenance provenancetext",
    "notes": "備考 メモ 注記 特記事項 摘要 notes remarks memo",
    "web_address": "URL 関連URL weburl web_url link",
    "input_status": "入力状況",
}
"""Field → what its column is called in ledgers; the field's own labels are known beside these."""
_DONOR = {
    "number": "寄贈者番号 寄贈者ID donornumber",
    "name": "寄贈者 寄贈者名 寄贈者氏名 寄託者 寄託者名 受入先 受入先(寄贈者・寄託者) 旧所蔵者 提供者 donor donorname depositor source",
    "reading": "寄贈者よみ 寄贈者カナ 寄贈者フリガナ donorreading",
    "address": "寄贈者住所 寄託者住所 住所 donoraddress address",
    "postcode": "寄贈者郵便番号 郵便番号 postcode",
    "telephone": "寄贈者電話 寄贈者電話番号 電話 電話番号 連絡先 donortelephone telephone phone tel",
}
_SIZES = "寸法 法量 大きさ サイズ size dimensions"
_MEASURES = {
    "height": "縦 高さ 高 タテ height itemheight",
    "width": "横 幅 ヨコ width itemwidth",
    "depth": "奥行 奥行き 厚さ 厚 depth itemdepth",
    "diameter": "径 直径 口径 diameter itemdiameter",
    "length": "長さ 長 length",
    "weight": "重さ 重量 weight",
}
_WORDS = {
    "民具": "folk", "生活用具": "folk", "農具": "folk", "浮世絵": "print", "錦絵": "print", "木版画": "print", "油彩": "painting",
    "日本画": "painting", "掛軸": "painting", "書画": "painting", "軸": "calligraphy", "書": "calligraphy", "書簡": "document",
    "文書": "document", "土器": "archaeology", "石器": "archaeology", "出土品": "archaeology", "陶磁器": "craft", "漆器": "craft",
    "金工": "craft", "絵葉書": "photograph", "古写真": "photograph", "地図": "map", "絵図": "map", "和本": "book", "刊本": "book",
    "雑誌": "book", "フィルム": "moving_image", "寄付": "gift", "寄附": "gift", "買入": "purchase", "保管転換": "transfer",
    "管理換": "transfer", "発掘": "collected",
}  # fmt: skip
"""Words of old ledgers that no label of a vocabulary holds → its code."""
STATUS, AFTER_IMPORT = "input_status", "awaiting_check"
"""What a ledger says was entered; nobody has checked it yet. Without a status it would count as not begun."""
_UNIT = re.compile(r"[(\[]?(cm|mm|kg|g|in|m)[)\]]?$", re.IGNORECASE)
SAMPLES = 5
DISTINCT = 40


def samples(rows: Sequence[SheetRow], column: str) -> list[str]:
    """The first few different values of a column that are not empty."""
    found = dict.fromkeys(cell for row in rows if (cell := row.cells.get(column, "").strip()))
    return list(found)[:SAMPLES]


def proposed(noun: Noun, header: Sequence[str], rows: Sequence[SheetRow], unit: str = "cm") -> dict[str, Any]:
    """A mapping as its TOML reads, from the labels of the columns and what stands in them.

    Args:
        noun: the kind of record.
        header: the file's columns.
        rows: some of its first rows.
        unit: the unit of sizes whose column names none.
    """
    known = {_key(name): name for name in header if name}
    fields: dict[str, Any] = {}
    terms_: dict[str, dict[str, str]] = {}
    taken: set[str] = set()
    for field in noun.editable():
        column = _column(field, known, taken)
        if column is None:
            continue
        taken.add(column)
        fields[field.name] = rule_for(field, column, rows, terms_)
    if "dimensions" in noun.fields:
        fields |= _measured(known, taken, rows, unit)
    if "acquisition_source" in noun.fields and (donor_columns := _donor_columns(known, taken)):
        fields["acquisition_source"] = {"donor": donor_columns}
    told: dict[str, Any] = {"noun": noun.name, "fields": fields}
    if terms_:
        told["terms"] = terms_
    if STATUS in noun.fields and STATUS not in fields:
        told["constants"] = {STATUS: AFTER_IMPORT}
    return told


def _key(text: str) -> str:
    return re.sub(r"[\s_()\[\].:／/#＃-]", "", search_key(text))


def _column(field: Field, known: dict[str, str], taken: set[str]) -> str | None:
    if field.declared.target or not kind_of(field).from_column or field.name == "institution":
        return None
    words = [*field.label, field.name, *_SAID.get(field.name, "").split()]
    for each in words:
        found = known.get(_key(each))
        if found is not None and found not in taken:
            return found
    return None


def rule_for(field: Field, column: str, rows: Sequence[SheetRow], terms_: dict[str, dict[str, str]]) -> Any:
    """How a column fills a field, as a mapping's file says it; the words of a vocabulary go into `terms_`."""
    cells = {cell for row in rows if (cell := row.cells.get(column, "").strip())}
    kind = kind_of(field)
    if kind.has_terms:
        if 0 < len(cells) <= DISTINCT and not cells <= set(terms(field.declared.vocabulary)):
            terms_[field.name] = {each: _closest(field, each) for each in sorted(cells)}
            return {"column": column, "terms": field.name, "unknown": "match"}
        return {"column": column, "unknown": "match"}
    if kind.by_lines:
        return {"several": column}
    if field.name == "acquisition_date" and cells and all(_is_day(each) for each in cells):
        return {"day": column}
    return column


def _is_day(text: str) -> bool:
    found = parse_period(text)
    return found is not None and found.earliest == found.latest


def _closest(field: Field, word: str) -> str:
    """The term whose label the word is a part of, or that is a part of it; "" leaves it to a person."""
    key = search_key(word)
    if (known := _WORDS.get(word)) in terms(field.declared.vocabulary):
        return str(known)
    for code, labels in terms(field.declared.vocabulary).items():
        for label in (code, *labels, *labels[0].split("・")):
            known = search_key(label)
            if key == known or (len(known) > 1 and (known in key or key in known)):
                return code
    return ""


def _measured(known: dict[str, str], taken: set[str], rows: Sequence[SheetRow], unit: str) -> dict[str, Any]:
    for word in _SIZES.split():
        column = known.get(_key(word))
        if column and column not in taken:
            taken.add(column)
            return {"dimensions": {"sizes": column, "unit": unit}}
    found = []
    for column in known.values():
        plain = column.split(" ", 1)[-1]
        told = _UNIT.search(plain)
        bare = _key(plain[: told.start()] if told else plain)
        name = next((each for each, said in _MEASURES.items() if bare in map(_key, said.split())), "")
        if name and column not in taken and _are_numbers(rows, column):
            taken.add(column)
            its = told[1].lower() if told else "kg" if name == "weight" else unit
            found.append({"column": column, "dimension": name, "unit": its})
    return {"dimensions": found} if found else {}


def _are_numbers(rows: Sequence[SheetRow], column: str) -> bool:
    for row in rows:
        cell = row.cells.get(column, "").strip()
        read = sizes(cell, "cm")
        if read.unread or len({each.dimension for each in read.measured}) > 1:
            return False
    return True


def _donor_columns(known: dict[str, str], taken: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part, words in _DONOR.items():
        column = next((known[_key(each)] for each in words.split() if _key(each) in known), None)
        if column and column not in taken:
            found[part] = column
            taken.add(column)
    return found if {"name", "number"} & set(found) else {}
