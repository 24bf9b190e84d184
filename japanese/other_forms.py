"""One form for what is written in several: 503-0653 and 5030653, コンピューター and コンピュータ, 二十世紀 and 20世紀.

A search key (japanese.keys) is folded character by character, so that any part of a text is found. These forms look at
their neighbours, so they stand beside the key: of the places where a text has another form, with what is around them.
A question is asked by its one form alone (`question_key`). A part of a text that is not altered is in its key; one that
is, is in the forms beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from japanese.contact_points import telephone_digits
from japanese.isbn import isbn_forms
from japanese.keys import search_key
from japanese.numerals import kanji_number

AROUND = 24
"""Characters on either side of such a place that are kept with it."""
_SIGN = "0-9a-z\u3005\u3400-\u9fff"
_HYPHEN = re.compile(f"(?<=[0-9])-(?=[{_SIGN}])|(?<=[{_SIGN}])-(?=[0-9])")
_BESIDE_LETTER = re.compile("(?<=[0-9])-(?=[a-z\u3005\u3400-\u9fff])|(?<=[a-z\u3005\u3400-\u9fff])-(?=[0-9])")
"""Where K-01987 and K01987 part; 2020-1-5 and 2020-15 are two numbers."""
_POSTCODE = re.compile(r"[0-9]{3}-[0-9]{4}")
_NUMERAL = "一二三四五六七八九十百千"
_COUNTED = re.compile(
    f"(?<![0-9{_NUMERAL}])[0{_NUMERAL}]*[{_NUMERAL}][0{_NUMERAL}]*"
    "(?=世紀|周年|年|月|日|代|号|番|回|丁目|巻|章|版|点|枚|冊|歳|才|人|件)"
)
_LENGTHENED = re.compile("(?<=[ぁ-ゖ-]{2}[ぁ-ゖ])-+(?![ぁ-ゖ-])")
"""ー at the end of a word of three signs or more, which JIS Z 8301 leaves out. After shorter ones it makes another word."""
_YA = re.compile(
    "(?<=だい|たい|わい)あ|(?<=ふあい|どらい|いたり|ぎりし|ぺるし|ぷろし|かなり)あ|(?<=ろし|あじ|まり|べに|しり)あ|(?<=ぴ)あ(?=の)"
)
"""ア in the loan words that are written with ヤ as well: ダイア, イタリア, ギリシア (ギリシャ), ピアノ."""
_JAPANESE = "[々ヶ\u3041-\u30fe\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]{1,12}"
_NAME = re.compile(rf"\s*({_JAPANESE})[,，]\s*({_JAPANESE})(?:\s*$|[,，\s(（])")
"""A name as catalogues write it: 夏目, 漱石, 1867-1916."""
_PREFIX = re.compile(r"(?:isbn(?:-1[03])?[:\s]*|〒\s*)(?=[0-9])", re.IGNORECASE)
_TELEPHONE = re.compile(r"\+?[0-9()./-]{9,20}")


@dataclass(frozen=True)
class Edit:
    """Characters [start, end) of a key, and what replaces them in its other form."""

    start: int
    end: int
    said: str


def _all_hyphens(key: str) -> list[Edit]:
    return [Edit(found.start(), found.end(), "") for found in _HYPHEN.finditer(key)] if "-" in key else []


def _beside_letters(key: str) -> list[Edit]:
    return (
        [Edit(found.start(), found.end(), "") for found in _BESIDE_LETTER.finditer(key)] if "-" in key else []
    )


def _words(key: str) -> list[Edit]:
    edits = (
        [Edit(found.start(), found.end(), "") for found in _LENGTHENED.finditer(key)] if "-" in key else []
    )
    edits += [Edit(found.start(), found.end(), "や") for found in _YA.finditer(key)]
    for found in _COUNTED.finditer(key):
        number = kanji_number(found[0].replace("0", "〇"))
        if number is not None:
            edits.append(Edit(found.start(), found.end(), str(number)))
    return sorted(edits, key=lambda each: each.start)


def edits_of(key: str) -> list[list[Edit]]:
    """The edits that make each other form of a key; none where it has no other."""
    hyphens, letters, words = _all_hyphens(key), _beside_letters(key), _words(key)
    return [edits for edits in (hyphens, letters if letters != hyphens else [], words) if edits]


def edited(key: str, edits: list[Edit], start: int = 0, end: int | None = None) -> str:
    """The part [start, end) of a key with the edits within it made."""
    end = len(key) if end is None else end
    out, at = "", start
    for each in edits:
        if start <= each.start and each.end <= end:
            out += key[at : each.start] + each.said
            at = each.end
    return out + key[at:end]


def forms_beside(key: str) -> list[str]:
    """The other forms of a key: of each place that has one, with AROUND characters on either side."""
    found = []
    for edits in edits_of(key):
        start, end = edits[0].start - AROUND, edits[0].end + AROUND
        for each in edits[1:]:
            if each.start > end:
                found.append(edited(key, edits, max(start, 0), min(end, len(key))))
                start = each.start - AROUND
            end = each.end + AROUND
        found.append(edited(key, edits, max(start, 0), min(end, len(key))))
    return list(dict.fromkeys(found))


def keys_of_kind(kind: str, text: str) -> tuple[str, ...]:
    """The one form of an identifier, whatever signs it is written with: a telephone number's digits, both of an ISBN.
    Of other texts that of a name whose parts a comma divides."""
    if kind == "telephone":
        return telephone_digits(text)
    if kind == "isbn":
        return tuple(each.lower() for each in isbn_forms(text))
    name = _NAME.match(text)
    return (search_key(name[1] + name[2]),) if name else ()


def without_prefix(text: str) -> str:
    """A question without the word ISBN or 〒 before a number: records keep neither."""
    return _PREFIX.sub("", text)


def question_key(typed: str) -> str:
    """The key by which a word is asked for.

    A telephone number, a postcode and an ISBN are asked for without their hyphens. In other numbers a hyphen between
    figures tells one number from another, so it stays; a question without hyphens finds them all.
    """
    key = search_key(typed)
    if _POSTCODE.fullmatch(key) or isbn_forms(key):
        return key.replace("-", "")
    if _TELEPHONE.fullmatch(key) and key.startswith(("0", "+", "(0")) and (digits := telephone_digits(key)):
        return digits[0]
    key = edited(key, _beside_letters(key))
    return edited(key, _words(key))
