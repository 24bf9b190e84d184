"""利用者アカウント: a person who signs in. Passwords are never held, only their hash (class secret)."""

from __future__ import annotations

import mongoengine as me

from models.data_classes import DataClass
from models.declaration import Noun, Section, read_fields
from models.fields import boolean, choice, hidden, moment, reference, text
from models.record import SYSTEM, Record, common_indexes

INTERNAL, SECRET = DataClass.INTERNAL, DataClass.SECRET


class User(Record):
    """One account (S8). `login_key` is the folded login id; unique over all institutions."""

    meta = {
        "collection": "users",
        "indexes": [
            *common_indexes(),
            {"fields": ["login_key"], "unique": True, "cls": False},
            {"fields": ["views.id"], "sparse": True, "cls": False},
        ],
    }

    login_id = text(
        ("ログインID", "Login id"),
        INTERNAL,
        "basic",
        required=True,
        max_length=80,
        listed=True,
        searched=True,
        sorted=True,
        kind="login",
    )
    login_key = hidden(("照合用ID", "Folded login id"), SECRET, me.StringField(required=True), unsealed=True)
    display_name = text(
        ("表示名", "Display name"),
        INTERNAL,
        "basic",
        required=True,
        max_length=100,
        listed=True,
        searched=True,
    )
    role = reference(("役割", "Role"), INTERNAL, "basic", "role", required=True, listed=True)
    email = text(("メール", "E-mail"), INTERNAL, "basic", kind="email", max_length=254)
    language = choice(("画面の言語", "Language"), INTERNAL, "basic", "language", default="ja")
    disabled = boolean(
        ("利用状況", "Status"),
        INTERNAL,
        "basic",
        answers=(("停止中", "Disabled"), ("利用中", "Active")),
        listed=True,
        filtered=True,
    )
    # Drawn anew whenever all that was opened in this name is to end: a session keeps the one it was begun under.
    stamp = hidden(("入館の証", "Stamp"), SECRET, me.StringField())
    # The sealed secret behind its codes, the step of the last one, and the hashes of the codes on paper.
    second_factor = hidden(
        ("第2要素", "Second factor"), SECRET, me.DictField(), unsealed_parts=("last_step",)
    )
    # In which role and institution a second person has approved it, who and when (accounts.approval).
    approval = hidden(("承認", "Approval"), SECRET, me.DictField())
    # Noun → the columns that this person chose for its lists (gate.lists.columns).
    columns = hidden(("一覧の列", "List columns"), SECRET, me.DictField(), unsealed=True)
    # Questions of lists that this person saved by name (gate.lists.saved_views); nothing in them names anybody.
    views = hidden(("保存した条件", "Saved views"), SECRET, me.ListField(me.DictField()), unsealed=True)
    password_hash = hidden(("パスワードのハッシュ", "Password hash"), SECRET, me.StringField())
    signed_in_at = moment(("最終サインイン", "Last sign-in"), INTERNAL, "basic", listed=True, unsealed=True)


USER = Noun(
    name="user",
    label=("アカウント", "Users"),
    singular="user",
    place=130,
    document=User,
    number="login_id",
    naming=("display_name",),
    counted=("名", "users"),
    sections=(Section("basic", ("基本", "Basic")), SYSTEM),
    kept_by_sections=True,
    behaviours=("own_rights", "administrators", "session_stamp", "login"),
    fields=read_fields("user", User),
)
