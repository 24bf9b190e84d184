"""語彙の語: one term of a controlled vocabulary, for a whole government or for one of its institutions."""

from __future__ import annotations

from models.data_classes import DataClass
from models.declaration import Noun, Section, read_fields
from models.fields import choice, date, integer, lines, text
from models.record import SYSTEM, Record, common_indexes, unique_number

PUBLIC = DataClass.PUBLIC


class Term(Record):
    """A term of an institution that supervises others holds for them too. It is never removed: it is retired."""

    meta = {"collection": "terms", "indexes": [*common_indexes(), unique_number("term_number")]}

    term_number = text(
        ("語の番号", "Term number"),
        PUBLIC,
        "basic",
        required=True,
        kept_by_system=True,
        listed=True,
        sorted=True,
    )
    vocabulary = choice(
        ("語彙", "Vocabulary"), PUBLIC, "basic", "vocabulary", required=True, listed=True, filtered=True
    )
    code = text(
        ("コード", "Code"),
        PUBLIC,
        "basic",
        required=True,
        max_length=60,
        listed=True,
        searched=True,
        help=(
            "英数字と _ -。記録に保存され、あとから変えられません。館だけの語は「館コード-」で始めます。",
            "Letters, digits, _ and -. It is what records hold, and cannot change later. A term of one institution begins "
            "with that institution's code and a hyphen.",
        ),
    )
    label = text(
        ("語(日本語)", "Term (Japanese)"),
        PUBLIC,
        "basic",
        required=True,
        max_length=100,
        listed=True,
        searched=True,
    )
    label_en = text(
        ("語(英語)", "Term (English)"),
        PUBLIC,
        "basic",
        required=True,
        max_length=100,
        listed=True,
        searched=True,
    )
    order = integer(("順", "Order"), PUBLIC, "basic", minimum=0, maximum=1_000_000, sorted=True)
    retired_on = date(
        ("廃止日", "Retired on"),
        PUBLIC,
        "basic",
        listed=True,
        help=(
            "廃止した語は、その語の記録ではこれまでどおり表示されますが、新しくは選べません。",
            "A retired term is shown where records bear it, and cannot be chosen any more.",
        ),
    )
    aliases = lines(
        ("以前の呼び方", "Former names"),
        PUBLIC,
        "basic",
        searched=True,
        help=(
            "取込と検索は、これらの言葉でもこの語を見つけます。1行に1つ。",
            "Imports and searches find the term by these too. One per line.",
        ),
    )
    merged_into = text(("まとめた先", "Merged into"), PUBLIC, "basic", max_length=60, kept_by_system=True)


TERM = Noun(
    name="term",
    label=("語彙の語", "Vocabulary terms"),
    singular="vocabulary term",
    place=160,
    document=Term,
    number="term_number",
    naming=("label",),
    numbered_by=("vocabulary", "code"),
    counted=("語", "terms"),
    kept_by_sections=True,
    in_settings=True,
    behaviours=("vocabulary",),
    sections=(Section("basic", ("基本", "Basic")), SYSTEM),
    fields=read_fields("term", Term),
)
