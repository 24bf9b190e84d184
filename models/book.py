"""図書: one copy of a book in a library."""

from __future__ import annotations

from models.data_classes import DataClass
from models.declaration import Noun, Section, read_fields
from models.fields import choice, integer, lines, long_text, number, proposed_readings, reading, text
from models.record import SYSTEM, Record, common_indexes, order_index, unique_number

PUBLIC, INTERNAL, RESTRICTED = DataClass.PUBLIC, DataClass.INTERNAL, DataClass.RESTRICTED


class Book(Record):
    """A copy with its barcode. Nothing here says who has it."""

    meta = {
        "collection": "books",
        "indexes": [
            *common_indexes(),
            unique_number("barcode"),
            order_index("barcode"),
            order_index("title"),
            order_index("author"),
        ],
    }

    barcode = number(("図書番号", "Barcode"), PUBLIC, max_length=32)
    title = text(
        ("書名", "Title"),
        PUBLIC,
        "basic",
        required=True,
        max_length=500,
        listed=True,
        searched=True,
        sorted=True,
        read_in="title_reading",
    )
    title_reading = reading(("書名よみ", "Title reading"), PUBLIC, "basic", searched=True)
    subtitle = text(("副書名", "Subtitle"), PUBLIC, "basic", max_length=500, searched=True)
    volume = text(
        ("巻次", "Volume"),
        PUBLIC,
        "basic",
        max_length=60,
        listed=True,
        help=("例: 上、3、2020年版", "For example 3 or 2020 edition."),
    )
    author = text(
        ("著者", "Author"), PUBLIC, "basic", listed=True, searched=True, sorted=True, read_in="author_reading"
    )
    author_reading = reading(("著者よみ", "Author reading"), PUBLIC, "basic", searched=True)
    publisher = text(("出版者", "Publisher"), PUBLIC, "basic", searched=True, listed=True)
    publication_year = text(("出版年", "Publication year"), PUBLIC, "basic", max_length=30, listed=True)
    isbn = text(("ISBN", "ISBN"), PUBLIC, "basic", kind="isbn", max_length=20, searched=True)
    ndc = text(
        ("分類(NDC)", "Class (NDC)"),
        PUBLIC,
        "basic",
        max_length=30,
        searched=True,
        filtered=True,
        help=("日本十進分類法。例: 913.6", "Nippon Decimal Classification, for example 913.6."),
    )
    subject = lines(
        ("件名", "Subjects"), PUBLIC, "basic", searched=True, help=("一行に一つ。", "One per line.")
    )
    call_number = text(
        ("請求記号", "Call number"), PUBLIC, "shelf", max_length=60, listed=True, searched=True
    )
    shelf = text(("排架場所", "Shelf"), PUBLIC, "shelf", max_length=100)
    book_status = choice(
        ("状態", "Status"), INTERNAL, "shelf", "book_status", default="available", listed=True, filtered=True
    )
    price = integer(("価格", "Price"), RESTRICTED, "shelf", minimum=0, unit=("円", "yen"))
    notes = long_text(("備考", "Notes"), INTERNAL, "shelf")
    unconfirmed = proposed_readings()


BOOK = Noun(
    name="book",
    label=("図書", "Books"),
    singular="book",
    place=70,
    document=Book,
    number="barcode",
    naming=("barcode", "title"),
    numbering="B",
    counted=("冊", "copies"),
    sections=(Section("basic", ("書誌", "Bibliography")), Section("shelf", ("所蔵", "Holding")), SYSTEM),
    behaviours=("proposed_readings",),
    fields=read_fields("book", Book),
)
