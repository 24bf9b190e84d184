"""役割: what an account may do. Edited on screen by administrators, within the ceilings of policies."""

from __future__ import annotations

import mongoengine as me

from models.data_classes import DataClass
from models.declaration import Noun, Section, read_fields
from models.fields import choice, hidden, long_text, network_list, text
from models.record import SYSTEM, Record, common_indexes, unique_number

INTERNAL = DataClass.INTERNAL


class Role(Record):
    """A role of one government: it belongs to the institution at the top, and serves those it supervises.

    `actions`: noun → scope (own, supervised) → list of actions.
    `effects`: noun → scope → subject (a data class, or `field:NAME`) → effect (hide, mask, show, edit).
    """

    meta = {"collection": "roles", "indexes": [*common_indexes(), unique_number("code")]}

    code = text(
        ("コード", "Code"),
        INTERNAL,
        "basic",
        required=True,
        max_length=40,
        listed=True,
        kind="code",
        sorted=True,
    )
    name = text(("名称", "Name"), INTERNAL, "basic", required=True, max_length=60, listed=True, searched=True)
    name_en = text(("英語名", "English name"), INTERNAL, "basic", max_length=60, listed=True)
    role_kind = choice(
        ("種類", "Kind"),
        INTERNAL,
        "basic",
        "role_kind",
        required=True,
        listed=True,
        filtered=True,
        help=("種類ごとに、越えられない上限があります。", "Each kind has a ceiling that no role can exceed."),
    )
    second_factor = choice(
        ("第2要素(確認コード)", "Second factor (code)"),
        INTERNAL,
        "basic",
        "second_factor",
        default="none",
        help=(
            "「必須」にすると、この役割の人は次の操作から、確認コードを設定するまで先へ進めません。",
            "Where required, people of this role set a code up before their next step.",
        ),
    )
    description = long_text(("説明", "Description"), INTERNAL, "basic")
    networks = network_list(
        ("許可するネットワーク", "Allowed networks"),
        INTERNAL,
        "basic",
        help=(
            "1行に1つ。館の一覧に加えて、この役割の人はここからだけ使えます。空なら館の一覧だけに従います。",
            "One per line. In addition to the institution's list, people of this role may sign in from these networks only; if empty, the "
            "institution's list alone decides.",
        ),
    )
    actions = hidden(("できること", "Actions"), INTERNAL, me.DictField())
    effects = hidden(("見え方", "Effects"), INTERNAL, me.DictField())


ROLE = Noun(
    name="role",
    label=("役割", "Roles"),
    singular="role",
    place=140,
    document=Role,
    number="code",
    naming=("name",),
    sections=(Section("basic", ("基本", "Basic")), SYSTEM),
    behaviours=("own_rights", "own_network"),
    fields=read_fields("role", Role),
)
