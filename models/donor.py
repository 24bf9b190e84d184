"""寄贈者・寄託者: who gave or deposited (requirement S2). Personal data: masked by default."""

from __future__ import annotations

from models.data_classes import DataClass
from models.declaration import Noun, Section, read_fields
from models.fields import choice, long_text, number, proposed_readings, reading, text
from models.record import SYSTEM, Record, common_indexes, unique_number

PUBLIC, INTERNAL, IDENTITY, CONTACT, NOTES = (
    DataClass.PUBLIC,
    DataClass.INTERNAL,
    DataClass.IDENTITY,
    DataClass.CONTACT,
    DataClass.NOTES,
)


class Donor(Record):
    """A person or body from whom items came, with the purpose for which the data is held (S16)."""

    meta = {"collection": "donors", "indexes": [*common_indexes(), unique_number("donor_number")]}

    donor_number = number(("寄贈者番号", "Donor number"), INTERNAL, max_length=60)
    standing = choice(
        ("区分", "Status"), INTERNAL, "basic", "donor_standing", default="donor", listed=True, filtered=True
    )
    party = choice(
        ("個人・団体", "Person or body"), INTERNAL, "basic", "party", default="person", filtered=True
    )
    name = text(
        ("氏名・名称", "Name"),
        IDENTITY,
        "basic",
        required=True,
        listed=True,
        searched=True,
        sorted=True,
        read_in="name_reading",
        given_name="name",
    )
    name_reading = reading(("よみ", "Reading"), IDENTITY, "basic", searched=True)
    postcode = text(
        ("郵便番号", "Postcode"), CONTACT, "contact", kind="postcode", max_length=10, completes="address"
    )
    address = text(("住所", "Address"), CONTACT, "contact", listed=True, searched=True)
    telephone = text(
        ("電話", "Telephone"),
        CONTACT,
        "contact",
        kind="telephone",
        max_length=100,
        listed=True,
        searched=True,
    )
    email = text(("メール", "E-mail"), CONTACT, "contact", kind="email", max_length=254)
    purpose = choice(
        ("利用目的", "Purpose of use"),
        INTERNAL,
        "handling",
        "purpose",
        required=True,
        default="donation",
        help=("この目的以外には使いません。", "The data is used for this purpose only."),
    )
    collected_from = choice(
        ("取得先", "Obtained from"),
        INTERNAL,
        "handling",
        "collected_from",
        required=True,
        default="person",
    )
    leave = text(
        ("本人以外のときの承諾", "Permission given by, if not the person"),
        NOTES,
        "handling",
        help=("誰の承諾により、いつ収集したか。", "Who permitted the collection, and when."),
    )
    notes = long_text(("備考", "Notes"), NOTES, "handling")
    unconfirmed = proposed_readings()


DONOR = Noun(
    name="donor",
    label=("寄贈者・寄託者", "Donors"),
    singular="donor",
    place=30,
    document=Donor,
    number="donor_number",
    naming=("donor_number", "name"),
    numbering="D",
    counted=("名", "donors"),
    sections=(
        Section("basic", ("基本", "Basic")),
        Section("contact", ("連絡先", "Contact")),
        Section("handling", ("個人情報の取扱い", "Handling of personal data")),
        SYSTEM,
    ),
    card=("donor_number", "name", "name_reading", "postcode", "address", "telephone", "purpose"),
    known_by=(("name",), ("name_reading",), ("telephone",)),
    behaviours=("proposed_readings",),
    fields=read_fields("donor", Donor),
)
