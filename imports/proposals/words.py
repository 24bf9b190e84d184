"""Which term of a vocabulary a word of an old ledger means; "" leaves it to a person."""

from __future__ import annotations

from collections.abc import Iterable

from japanese.keys import search_key
from models.declaration import Field
from models.vocabularies import offered, present, terms

MOST = 2_000
"""Different words of one column that a first mapping names."""
_WORDS = {
    "民具": "folk", "生活用具": "folk", "農具": "folk", "浮世絵": "print", "錦絵": "print", "木版画": "print", "油彩": "painting",
    "日本画": "painting", "掛軸": "painting", "書画": "painting", "軸": "calligraphy", "書": "calligraphy", "書簡": "document",
    "文書": "document", "土器": "archaeology", "石器": "archaeology", "出土品": "archaeology", "陶磁器": "craft", "漆器": "craft",
    "金工": "craft", "絵葉書": "photograph", "古写真": "photograph", "地図": "map", "絵図": "map", "和本": "book", "刊本": "book",
    "雑誌": "book", "フィルム": "moving_image", "寄付": "gift", "寄附": "gift", "買入": "purchase", "保管転換": "transfer",
    "管理換": "transfer", "発掘": "collected", "M": "male", "F": "female", "男性": "male", "女性": "female", "大人": "general",
    "成人": "general", "小学生": "child", "中学生": "child", "高校生": "student", "大学生": "student", "法人": "body",
    "ceramics": "craft", "metal": "craft", "textiles": "craft", "furniture": "craft", "tools": "folk",
}  # fmt: skip
"""Words of old ledgers that no label of a vocabulary holds → its code."""


def words_of(of: Field, cells: Iterable[str]) -> dict[str, str]:
    """The words of a column → the vocabulary's code; nothing where all are codes already."""
    words = sorted(set(cells))[:MOST]
    if not words or set(words) <= set(terms(of.declared.vocabulary)):
        return {}
    return {each: closest(of, each) for each in words}


def closest(of: Field, word: str) -> str:
    """The term whose label the word is a part of, or that is a part of it; "" leaves it to a person."""
    key = search_key(word)
    vocabulary = offered(of.declared.vocabulary, of.at)
    names = present().words(of.declared.vocabulary, of.at)
    if (known := _WORDS.get(word) or _WORDS.get(word.lower())) in vocabulary:
        return str(known)
    for code, labels in vocabulary.items():
        called = (name for name, means in names.items() if means == code)
        for label in (code, *labels, *labels[0].split("・"), *called):
            said = search_key(label)
            if key == said or (len(said) > 1 and (said in key or (len(key) > 1 and key in said))):
                return code
    return ""
