"""資料: an object of a museum's collection (requirement S1). Names after Spectrum's units of information."""

from __future__ import annotations

import mongoengine as me

from models.data_classes import DataClass
from models.declaration import Noun, Section, read_fields
from models.fields import (
    choice,
    hidden,
    integer,
    lines,
    long_text,
    moment,
    number,
    parts,
    proposed_readings,
    reading,
    reference,
    references,
    text,
    written_date,
)
from models.part import Dimension, Period
from models.record import (
    SYSTEM,
    Record,
    beginning_index,
    common_indexes,
    interval_index,
    order_index,
    unique_number,
)

PUBLIC, INTERNAL, NOTES, RESTRICTED = (
    DataClass.PUBLIC,
    DataClass.INTERNAL,
    DataClass.NOTES,
    DataClass.RESTRICTED,
)


class Item(Record):
    """One accession. Its donor is a reference: no name, address or telephone is ever written into an item."""

    meta = {
        "collection": "items",
        "indexes": [
            *common_indexes(),
            unique_number("accession_number"),
            {"fields": ["institution", "input_status", "_id"], "cls": False},
            {"fields": ["institution", "rank", "_id"], "cls": False},
            order_index("accession_number"),
            order_index("title"),
            order_index("maker"),
            beginning_index("maker"),
            beginning_index("location"),
            interval_index("period"),
            interval_index("acquisition_date"),
            {"fields": ["entered_by", "input_status"], "sparse": True, "cls": False},
            {"fields": ["completed_at"], "sparse": True, "cls": False},
        ],
    }

    accession_number = number(("資料番号", "Accession number"), PUBLIC, max_length=60)
    branch_number = text(("枝番", "Branch number"), PUBLIC, "basic", max_length=30)
    group = text(("資料群", "Group"), PUBLIC, "basic", max_length=120, searched=True)
    title = text(
        ("資料名", "Title"),
        PUBLIC,
        "basic",
        required=True,
        max_length=500,
        listed=True,
        searched=True,
        sorted=True,
        read_in="title_reading",
    )
    title_reading = reading(("資料名よみ", "Title reading"), PUBLIC, "basic", searched=True)
    other_names = lines(
        ("別名", "Other names"),
        PUBLIC,
        "basic",
        searched=True,
        help=("一行に一つ。", "One per line."),
    )
    object_type = choice(
        ("資料種別", "Object type"), PUBLIC, "basic", "object_type", listed=True, filtered=True
    )
    object_count = integer(
        ("点数", "Count of pieces"), PUBLIC, "basic", minimum=1, default=1, unit=("点", "pieces")
    )
    rank = choice(
        ("ランク", "Rank"),
        INTERNAL,
        "basic",
        "rank",
        listed=True,
        filtered=True,
        help=("A・Bは重要・貴重、C・Dはその他。", "A and B are important or valuable, C and D the rest."),
    )
    period = written_date(
        ("年代", "Period"),
        PUBLIC,
        "history",
        Period,
        listed=True,
        searched=True,
        sorted=True,
        filtered=True,
        help=(
            "書かれたとおりに。例: 明治30年頃、江戸時代後期",
            "As written, for example 明治30年頃 or c. 1870-1880.",
        ),
    )
    maker = text(
        ("作者・製作者", "Maker"),
        PUBLIC,
        "history",
        listed=True,
        searched=True,
        sorted=True,
        read_in="maker_reading",
    )
    maker_reading = reading(("作者よみ", "Maker reading"), PUBLIC, "history", searched=True)
    place_made = text(("製作地・出土地", "Place made or found"), PUBLIC, "history", searched=True)
    materials = text(("材質・技法", "Materials and technique"), PUBLIC, "history", searched=True)
    dimensions_text = long_text(
        ("寸法(表記)", "Dimensions as written"),
        PUBLIC,
        "dimensions",
        help=(
            "台帳に書かれたとおりに。寸法はここから読み取ります。例: 24.5×36.2、口径12.3～13.0cm",
            "As the ledger has it; the sizes are read from it. For example 24.5×36.2 or 9 1/2 x 12 in.",
        ),
    )
    dimensions = parts(("寸法", "Dimensions"), PUBLIC, "dimensions", Dimension, written_in="dimensions_text")
    dimensions_note = text(("寸法の補足", "Dimensions note"), PUBLIC, "dimensions")
    location = text(
        ("収蔵場所", "Location"),
        RESTRICTED,
        "storage",
        searched=True,
        filtered=True,
        help=("例: 第2収蔵庫 棚12-3", "For example: Store 2, shelf 12-3"),
    )
    acquisition_method = choice(
        ("受入区分", "Acquisition method"), INTERNAL, "acquisition", "acquisition_method", filtered=True
    )
    acquisition_date = written_date(
        ("受入年月日", "Acquisition date"), INTERNAL, "acquisition", Period, sorted=True, filtered=True
    )
    acquisition_source = reference(
        ("受入先(寄贈者・寄託者)", "Acquisition source (donor)"),
        INTERNAL,
        "acquisition",
        "donor",
        filtered=True,
        help=("番号・氏名の一部で選びます。", "Choose by part of the number or name."),
    )
    acquisition_price = integer(
        ("受入価格", "Acquisition price"), RESTRICTED, "acquisition", minimum=0, unit=("円", "yen")
    )
    credit_line = text(("クレジット", "Credit line"), NOTES, "acquisition", max_length=500)
    description = long_text(("解説", "Description"), PUBLIC, "notes", searched=True)
    provenance = long_text(("来歴", "Provenance"), NOTES, "notes")
    notes = long_text(("備考", "Notes"), NOTES, "notes")
    web_address = text(("関連URL", "Related address"), PUBLIC, "notes", kind="address", max_length=500)
    photographs = references(("写真", "Photographs"), PUBLIC, "basic", "media", filtered=True)
    input_status = choice(
        ("入力状況", "Input status"),
        INTERNAL,
        "basic",
        "input_status",
        default="not_started",
        listed=True,
        filtered=True,
    )
    check_comment = text(
        ("点検の意見", "Checker's comment"),
        INTERNAL,
        "check",
        max_length=1000,
        help=(
            "直してほしいこと。個人の情報は書かないでください。",
            "What needs correcting. Please write nothing about persons.",
        ),
    )
    status_at = moment(("状況が変わった日時", "Status since"), INTERNAL, "check", sorted=True)
    status_by = text(
        ("状況を変えた人", "Status set by"), INTERNAL, "check", kind="account", kept_by_system=True
    )
    entered_by = text(
        ("入力した人", "Entered by"), INTERNAL, "check", kind="account", kept_by_system=True, filtered=True
    )
    completed_at = moment(("完了日時", "Done at"), INTERNAL, "check")
    unconfirmed = proposed_readings()
    # Of the fields that its object type asks for (models.completeness), those that are empty.
    lacks = hidden(
        ("不足の項目", "Missing fields"), INTERNAL, me.ListField(me.StringField(max_length=60)), unsealed=True
    )


ITEM = Noun(
    name="item",
    label=("資料", "Items"),
    singular="item",
    place=10,
    document=Item,
    number="accession_number",
    naming=("accession_number", "title"),
    sections=(
        Section("basic", ("基本", "Basic")),
        Section("history", ("来歴・製作", "Making and period")),
        Section("dimensions", ("寸法", "Dimensions")),
        Section("storage", ("収蔵", "Storage")),
        Section("acquisition", ("受入", "Acquisition")),
        Section("notes", ("備考", "Notes")),
        Section("check", ("点検", "Check")),
        SYSTEM,
    ),
    card=(
        "accession_number",
        "title",
        "title_reading",
        "object_type",
        "rank",
        "period",
        "dimensions_text",
        "maker",
        "acquisition_source",
        "location",
        "photographs",
    ),
    card_by="object_type",
    behaviours=("input_status", "completeness", "proposed_readings"),
    fields=read_fields("item", Item),
)
