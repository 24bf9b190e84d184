"""展覧会: an exhibition and the items shown in it."""

from __future__ import annotations

from models.data_classes import DataClass
from models.declaration import Noun, Section, read_fields
from models.fields import choice, date, long_text, number, reading, references, text
from models.record import SYSTEM, Record, common_indexes, unique_number

PUBLIC, INTERNAL, NOTES = DataClass.PUBLIC, DataClass.INTERNAL, DataClass.NOTES


class Exhibition(Record):
    """One exhibition with its term and its items (出品記録)."""

    meta = {"collection": "exhibitions", "indexes": [*common_indexes(), unique_number("exhibition_number")]}

    exhibition_number = number(("展覧会番号", "Exhibition number"), PUBLIC, max_length=60)
    title = text(
        ("展覧会名", "Title"),
        PUBLIC,
        "basic",
        required=True,
        listed=True,
        searched=True,
        sorted=True,
        read_in="title_reading",
    )
    title_reading = reading(("よみ", "Reading"), PUBLIC, "basic", searched=True)
    venue = text(("会場", "Venue"), PUBLIC, "basic", listed=True, searched=True)
    begins_on = date(("開始日", "Begins on"), PUBLIC, "basic", listed=True, sorted=True)
    ends_on = date(("終了日", "Ends on"), PUBLIC, "basic", listed=True, not_before="begins_on")
    exhibition_status = choice(
        ("状況", "Status"),
        INTERNAL,
        "basic",
        "exhibition_status",
        default="planned",
        listed=True,
        filtered=True,
    )
    items = references(("出品資料", "Items shown"), INTERNAL, "content", "item")
    description = long_text(("趣旨", "Description"), PUBLIC, "content", searched=True)
    notes = long_text(("備考", "Notes"), NOTES, "content")


EXHIBITION = Noun(
    name="exhibition",
    label=("展覧会", "Exhibitions"),
    singular="exhibition",
    place=50,
    document=Exhibition,
    number="exhibition_number",
    naming=("exhibition_number", "title"),
    numbering="E",
    sections=(Section("basic", ("基本", "Basic")), Section("content", ("内容", "Content")), SYSTEM),
    fields=read_fields("exhibition", Exhibition),
)
