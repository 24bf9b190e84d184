"""館: a museum, a library, or the section that supervises them; one more is data, not code (K7)."""

from __future__ import annotations

import mongoengine as me

from models.data_classes import DataClass
from models.declaration import Noun, Section, read_fields
from models.fields import boolean, choice, hidden, integer, network_list, reference, text
from models.record import SYSTEM, Record, common_indexes

PUBLIC, INTERNAL, SECRET = DataClass.PUBLIC, DataClass.INTERNAL, DataClass.SECRET


class Institution(Record):
    """Its id is its code; `institution` repeats it, so that the gate treats it like any record."""

    meta = {"collection": "institutions", "indexes": [*common_indexes()]}

    id = me.StringField(primary_key=True)
    code = text(
        ("館コード", "Code"),
        PUBLIC,
        "basic",
        required=True,
        max_length=40,
        listed=True,
        searched=True,
        kind="code",
        sorted=True,
        help=(
            "英小文字・数字・ハイフン。あとから変えられません。",
            "Lower-case letters, digits, hyphens; it cannot change later.",
        ),
    )
    name = text(("名称", "Name"), PUBLIC, "basic", required=True, listed=True, searched=True)
    name_en = text(("英語名", "English name"), PUBLIC, "basic", listed=True)
    standing = choice(
        ("種別", "Kind"), PUBLIC, "basic", "institution_kind", required=True, listed=True, filtered=True
    )
    supervisor = reference(
        ("監督する課", "Supervised by"),
        PUBLIC,
        "basic",
        "institution",
        listed=True,
        help=(
            "同じ課の下の館だけが、互いの記録を閲覧できます。",
            "Only institutions under the same supervisor can see each other's records.",
        ),
    )
    address = text(("所在地", "Address"), PUBLIC, "basic")
    telephone = text(("電話", "Telephone"), PUBLIC, "basic", kind="telephone", max_length=100)
    # Questions of lists saved by name for everybody of it (gate.lists.saved_views).
    views = hidden(("保存した条件", "Saved views"), SECRET, me.ListField(me.DictField()), unsealed=True)
    # Which state its vocabularies' terms are in; every request reads it with the institution (vocabularies.present).
    vocabularies = hidden(("語彙の状態", "State of vocabularies"), SECRET, me.DictField(), unsealed=True)
    # The forms' cards where they are not the declared ones (gate.forms.card_layouts).
    cards = hidden(("カードの項目", "Cards"), SECRET, me.ListField(me.DictField()), unsealed=True)
    colour = choice(("目印の色", "Colour chip"), PUBLIC, "basic", "colour", default="indigo")
    originals = choice(
        ("画像の原本", "Originals of pictures"),
        INTERNAL,
        "pictures",
        "originals",
        default="keep",
        help=(
            "原本は、位置情報などを取り除いたほかは手を加えずに保管します(画素は同じです)。変更は、これから登録する画像に効きます。",
            "An original is kept with its pixels untouched; only position and the like is removed. "
            "A change holds for pictures that come from then on.",
        ),
    )
    picture_megabytes = integer(
        ("画像1点の上限", "Maximum picture size"),
        INTERNAL,
        "pictures",
        minimum=1,
        maximum=500,
        default=200,
        unit=("MB", "MB"),
    )
    attempts = integer(
        ("誤入力の上限", "Failed sign-ins allowed"),
        INTERNAL,
        "security",
        minimum=3,
        maximum=100,
        default=5,
        unit=("回", "times"),
        help=(
            "この回数を超えるとアカウントをロックします(100回まで)。",
            "Beyond this the account is locked (at most 100).",
        ),
    )
    cool_off = integer(
        ("ロックの長さ", "Lock duration"), INTERNAL, "security", minimum=1, default=15, unit=("分", "minutes")
    )
    managers_unlock = boolean(
        ("管理職によるロック解除", "Managers may unlock accounts"),
        INTERNAL,
        "security",
        answers=(("許す", "Allowed"), ("許さない", "Not allowed")),
        help=(
            "ロックされたこの館のアカウントを、システム管理者のほか、館と監督する課の管理の役割の人も解けるようにします。",
            "Lets managers of the institution and of its supervising section, besides administrators, unlock its accounts.",
        ),
    )
    networks = network_list(
        ("許可するネットワーク", "Allowed networks"),
        INTERNAL,
        "security",
        help=(
            "1行に1つ。例: 192.0.2.0/24、2001:db8::/48。この館のアカウントは、ここからだけ使えます。空ならどこからでも使えます。",
            "One per line, for example 192.0.2.0/24 or 2001:db8::/48. Accounts of this institution can be used from these only; "
            "an empty list allows all.",
        ),
    )
    session_idle = integer(
        ("操作がないときの終了", "Sign out after inactivity of"),
        INTERNAL,
        "security",
        minimum=5,
        maximum=480,
        default=60,
        unit=("分", "minutes"),
        help=(
            "入力中は操作とみなします。5分から480分(8時間)まで。",
            "Typing counts as use. From 5 to 480 minutes (8 hours).",
        ),
    )
    session_longest = integer(
        ("サインインし直すまで", "Maximum session length"),
        INTERNAL,
        "security",
        minimum=1,
        maximum=24,
        default=12,
        unit=("時間", "hours"),
        help=(
            "使い続けていても、この時間でサインインし直します。24時間まで。",
            "Even in use, a session ends after this time. At most 24 hours.",
        ),
    )
    training_months = integer(
        ("研修の間隔", "Training interval"),
        INTERNAL,
        "security",
        minimum=1,
        default=12,
        unit=("か月", "months"),
        help=(
            "取扱者がこの期間に研修を受けていないと、はじめの画面で知らせます。",
            "A handler without training for this long is shown on the home page.",
        ),
    )
    stale_days = integer(
        ("下書きが止まったとみなす日数", "A draft is inactive after"),
        INTERNAL,
        "basic",
        minimum=1,
        maximum=365,
        default=14,
        unit=("日", "days"),
        help=(
            "入力中のままこの日数変わらない資料を、進捗の「点検」に挙げます。",
            "Items in progress and unchanged for this long are listed under Progress, Check.",
        ),
    )
    # The one document that holds "never without an administrator" (design.md, laws).
    administrators = hidden(
        ("管理者", "Administrators"), INTERNAL, me.ListField(me.StringField()), unsealed=True
    )


INSTITUTION = Noun(
    name="institution",
    label=("館", "Institutions"),
    singular="institution",
    place=150,
    document=Institution,
    number="code",
    naming=("name",),
    counted=("館", "institutions"),
    sections=(
        Section("basic", ("基本", "Basic")),
        Section("pictures", ("画像", "Pictures")),
        Section("security", ("安全", "Security")),
        SYSTEM,
    ),
    is_institution=True,
    made_within="supervisor",
    behaviours=("own_network", "supervision"),
    fields=read_fields("institution", Institution),
)
