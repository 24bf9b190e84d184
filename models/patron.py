"""利用者: a holder of a library card (requirement K1). Names after Koha's `borrowers`; readings added."""

from __future__ import annotations

from models.data_classes import DataClass
from models.declaration import Noun, Section, read_fields
from models.fields import choice, date, integer, long_text, number, proposed_readings, reading, text
from models.record import SYSTEM, Record, common_indexes, unique_number

INTERNAL, IDENTITY, CONTACT, BIRTH, CIRCULATION, NOTES = (
    DataClass.INTERNAL,
    DataClass.IDENTITY,
    DataClass.CONTACT,
    DataClass.BIRTH,
    DataClass.CIRCULATION,
    DataClass.NOTES,
)


class Patron(Record):
    """A card applicant. No field holds what was borrowed: after return no history remains (K2)."""

    meta = {"collection": "patrons", "indexes": [*common_indexes(), unique_number("cardnumber")]}

    cardnumber = number(("利用者番号", "Card number"), INTERNAL, max_length=32)
    surname = text(
        ("姓", "Surname"),
        IDENTITY,
        "basic",
        required=True,
        max_length=100,
        listed=True,
        searched=True,
        sorted=True,
        read_in="surname_reading",
        given_name="firstname",
    )
    firstname = text(
        ("名", "First name"),
        IDENTITY,
        "basic",
        max_length=100,
        listed=True,
        searched=True,
        read_in="firstname_reading",
    )
    surname_reading = reading(("姓よみ", "Surname reading"), IDENTITY, "basic", searched=True, sorted=True)
    firstname_reading = reading(("名よみ", "First name reading"), IDENTITY, "basic", searched=True)
    dateofbirth = date(("生年月日", "Date of birth"), BIRTH, "basic", in_past=True)
    sex = choice(("性別", "Sex"), BIRTH, "basic", "sex")
    zipcode = text(
        ("郵便番号", "Postcode"), CONTACT, "contact", kind="postcode", max_length=10, completes="address"
    )
    address = text(("現住所", "Present address"), CONTACT, "contact", listed=True, searched=True)
    B_address = text(
        ("帰省先", "Home address"),
        CONTACT,
        "contact",
        help=("学生など、現住所と別に連絡先があるとき。", "When there is another address, as for students."),
    )
    phone = text(
        ("電話", "Telephone"),
        CONTACT,
        "contact",
        kind="telephone",
        max_length=100,
        listed=True,
        searched=True,
    )
    mobile = text(("携帯電話", "Mobile"), CONTACT, "contact", kind="telephone", max_length=100, searched=True)
    email = text(("メール", "E-mail"), CONTACT, "contact", kind="email", max_length=254)
    categorycode = choice(
        ("利用者区分", "Category"),
        INTERNAL,
        "card",
        "patron_category",
        default="general",
        filtered=True,
        listed=True,
    )
    dateenrolled = date(("登録年月日", "Registration date"), CIRCULATION, "card", in_past=True)
    dateexpiry = date(("有効期限", "Expiry date"), CIRCULATION, "card", not_before="dateenrolled")
    use_count = integer(("利用累計", "Cumulative use count"), CIRCULATION, "card", minimum=0, default=0)
    lastseen = date(
        ("最終利用年月日", "Last-use date"), CIRCULATION, "card", not_before="dateenrolled", in_past=True
    )
    purpose = choice(
        ("利用目的", "Purpose of use"),
        INTERNAL,
        "handling",
        "purpose",
        required=True,
        default="library_card",
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
    leave = text(("本人以外のときの承諾", "Permission given by, if not the person"), NOTES, "handling")
    notes = long_text(("備考", "Notes"), NOTES, "handling")
    unconfirmed = proposed_readings()


PATRON = Noun(
    name="patron",
    label=("利用者", "Patrons"),
    singular="patron",
    place=60,
    document=Patron,
    number="cardnumber",
    naming=("cardnumber", "surname", "firstname"),
    numbering="",
    joined=(("surname", "firstname"), ("surname_reading", "firstname_reading")),
    counted=("名", "patrons"),
    sections=(
        Section("basic", ("基本", "Basic")),
        Section("contact", ("連絡先", "Contact")),
        Section("card", ("カード", "Card")),
        Section("handling", ("個人情報の取扱い", "Handling of personal data")),
        SYSTEM,
    ),
    card=(
        "cardnumber",
        "surname",
        "firstname",
        "surname_reading",
        "firstname_reading",
        "dateofbirth",
        "zipcode",
        "address",
        "phone",
        "mobile",
        "categorycode",
    ),
    known_by=(
        ("surname", "firstname"),
        ("surname_reading", "firstname_reading"),
        ("phone",),
        ("mobile",),
    ),
    behaviours=("proposed_readings",),
    fields=read_fields("patron", Patron),
)
