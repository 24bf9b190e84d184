"""借用・貸出: an item lent out or borrowed in by a museum. Names after Spectrum's loans in and out."""

from __future__ import annotations

from models.data_classes import DataClass
from models.declaration import Noun, Section, read_fields
from models.fields import choice, date, long_text, number, references, text
from models.record import SYSTEM, Record, common_indexes, unique_number

PUBLIC, INTERNAL, IDENTITY, CONTACT, NOTES = (
    DataClass.PUBLIC,
    DataClass.INTERNAL,
    DataClass.IDENTITY,
    DataClass.CONTACT,
    DataClass.NOTES,
)


class Loan(Record):
    """One agreement over one or more items."""

    meta = {"collection": "loans", "indexes": [*common_indexes(), unique_number("loan_number")]}

    loan_number = number(("貸借番号", "Loan number"), INTERNAL, max_length=60)
    direction = choice(
        ("区分", "Direction"),
        INTERNAL,
        "basic",
        "loan_direction",
        required=True,
        default="out",
        listed=True,
        filtered=True,
    )
    borrower = text(
        ("相手先", "Borrower or lender"),
        INTERNAL,
        "basic",
        required=True,
        listed=True,
        searched=True,
        sorted=True,
    )
    borrowers_contact = text(("担当者", "Their contact"), IDENTITY, "basic", searched=True)
    contact_telephone = text(
        ("担当者の電話", "Their telephone"), CONTACT, "basic", kind="telephone", max_length=100
    )
    loan_purpose = text(("目的", "Purpose"), INTERNAL, "basic", searched=True)
    items = references(("資料", "Items"), INTERNAL, "basic", "item")
    loan_out_date = date(("開始日", "Start date"), INTERNAL, "term", listed=True, sorted=True)
    loan_return_date = date(
        ("返却予定日", "Return due"), INTERNAL, "term", listed=True, not_before="loan_out_date"
    )
    returned_on = date(
        ("返却日", "Returned on"), INTERNAL, "term", listed=True, not_before="loan_out_date", in_past=True
    )
    loan_status = choice(
        ("状況", "Status"), INTERNAL, "term", "loan_status", default="requested", listed=True, filtered=True
    )
    conditions = long_text(("条件", "Special conditions"), INTERNAL, "term")
    notes = long_text(("備考", "Notes"), NOTES, "term")


LOAN = Noun(
    name="loan",
    label=("借用・貸出", "Loans"),
    singular="loan",
    place=40,
    document=Loan,
    number="loan_number",
    naming=("loan_number", "borrower"),
    numbering="L",
    sections=(
        Section("basic", ("基本", "Basic")),
        Section("term", ("期間・条件", "Term and conditions")),
        SYSTEM,
    ),
    fields=read_fields("loan", Loan),
)
