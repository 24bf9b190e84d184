"""Acts that change no record: signing in, being refused, being locked out, exporting. Names and ids only (law 5)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime

from pymongo.errors import DuplicateKeyError

from audit.streams import insert
from models.data_classes import Words

EVENTS: dict[str, Words] = {
    "work_begun": ("作業のサインイン", "Signed in for work"),
    "signed_in": ("サインイン", "Signed in"),
    "signed_out": ("サインアウト", "Signed out"),
    "sign_in_failed": ("サインインの失敗", "Sign-in failed"),
    "locked_out": ("ロック", "Locked out"),
    "account_locked": ("アカウントのロック", "Account locked"),
    "outside_locked": ("許可されていない場所からの試行の停止", "Tries from outside stopped"),
    "address_locked": ("接続元のロック", "Network address locked"),
    "address_unlocked": ("接続元のロックの解除", "Network address unlocked"),
    "network_refused": ("許可されていないネットワーク", "Network not allowed"),
    "unlocked": ("ロックの解除", "Unlocked"),
    "refused": ("拒否", "Refused"),
    "taken_out": ("個人情報の持出し", "Personal data taken out"),
    "exported": ("書き出し", "Exported"),
    "printed": ("印刷", "Printed"),
    "imported": ("取り込み", "Imported"),
    "import_uploaded": ("取込ファイルの預かり", "Import file kept"),
    "import_created": ("取込による登録", "Created by an import"),
    "import_sealed": ("取り込んだ記録の封", "Imported records sealed"),
    "records_sealed": (
        "以前の版の記録の封(それまでの内容は保証しない)",
        "Records of an earlier version sealed; their state until then is not vouched for",
    ),
    "import_refused": ("取込で登録できず", "Refused in an import"),
    "import_held_decided": ("保留の行の判断", "Decided what becomes of held rows"),
    "import_decided": ("保留の行の処理", "Held rows decided"),
    "import_signed": ("取込の確認の署名", "Import signed off"),
    "import_removed": ("取込の取消による削除", "Removed by undoing an import"),
    "import_kept": ("取込の取消で残した", "Kept when an import was undone"),
    "import_undone": ("取込の取消", "Import undone"),
    "import_source_erased": ("取込の元データの消去", "Import source erased"),
    "pepper_made": ("ペッパーの追加", "Pepper made"),
    "keys_accepted": ("失われた鍵の入れ替え", "Lost keys replaced"),
    "code_wrong": ("確認コードの誤り", "Wrong code"),
    "reset_started": ("パスワード再設定の開始", "Reset started"),
    "reset_approved": ("パスワード再設定の承認", "Reset approved"),
    "role_draft_approved": ("役割の下書きの承認", "Role draft approved"),
    "approved_at_console": ("操作卓での承認", "Approved at the console"),
    "session_ended": ("サインイン中の画面を終了", "A session ended"),
    "sessions_ended": ("サインイン中の画面をすべて終了", "All sessions ended"),
    "token_made": ("APIトークンの発行", "API token made"),
    "token_refused": ("APIトークンの拒否", "API token refused"),
    "api": ("APIでの取得", "Read by the API"),
    "token_revoked": ("APIトークンの失効", "API token revoked"),
    "lookups_spent": ("全文照会の上限", "Look-ups spent"),
    "limit_reached": ("1時間の上限に達した", "Hourly limit reached"),
    "view_as_begun": ("ほかの役割で見る", "Viewing as another role"),
    "view_as_ended": ("自分の役割に戻る", "Back to own role"),
    "disclosures_read": ("閲覧記録を見た", "Viewed the access log"),
    "alarm_limits_set": ("警告の基準・回数の上限の変更", "Limits set"),
    "inspected": ("点検資料の作成", "Inspection pack made"),
    "incident_reported": ("事故報告資料の作成", "Incident pack made"),
    "ledger_read": ("台帳を見た", "Read the ledger"),
    "copy_shortened": (
        "台帳の写しから失われた記載を書き直した",
        "Entries gone from the second copy were written again",
    ),
}
"""Every kind of event that there is, and what it is called: a ledger of codes is read by nobody."""


ACTIONS: dict[str, Words] = {
    "create": ("登録", "Created"),
    "password": ("パスワードの変更", "Password changed"),
    "factor_on": ("第2要素の設定", "Second factor set up"),
    "factor_off": ("第2要素の解除", "Second factor turned off"),
    "factor_code_used": ("紙の確認コードの使用", "Paper code used"),
    "password_renewed": ("パスワードの保管方式の更新", "Password hash renewed"),
    "access_ended": ("サインインの証の更新", "Sign-in stamp renewed"),
    "approve_account": ("アカウントの承認", "Account approved"),
    "edit": ("更新", "Changed"),
    "remove": ("削除", "Removed"),
    "merge_terms": ("語彙の語をまとめた", "Terms merged"),
    "unmerge_terms": ("まとめた語を元に戻した", "Merge of terms undone"),
}
"""What changes a record is called, in its history and in the ledgers. Declared acts add theirs (workflows.engine)."""

ACTS: dict[str, Words] = {
    **ACTIONS,
    **EVENTS,
    "seen": ("閲覧", "Seen"),
    "restored": ("バックアップからの復元", "Restored from a backup"),
}
"""Every act that a ledger can hold, with its name for people."""


def register_actions(words: Mapping[str, Words]) -> None:
    """Add what declared acts are called in histories and ledgers; a repetition changes nothing.

    Raises:
        RuntimeError: a name is taken, with other words.
    """
    for name, each in words.items():
        if ACTS.get(name, each) != each:
            raise RuntimeError(
                f"act {name!r} is called {ACTS[name]} already; give the other one another name"
            )
    ACTIONS.update(words)
    ACTS.update(words)


def note(kind: str, *, actor: str = "", institution: str = "", noun: str = "", detail: str = "") -> None:
    """Append one event to the operation history.

    Args:
        kind: one of EVENTS.
        actor: the account's opaque id; empty when nobody is known.
        institution: whose history it belongs to.
        noun: the kind of record concerned.
        detail: a rule's name, a count, an address; never a value of a record.

    Raises:
        ValueError: an unknown kind.
    """
    insert(
        "ledger",
        {
            "at": datetime.now(UTC),
            "action": known_event(kind),
            "actor": actor,
            "institution": institution,
            "noun": noun,
            "detail": detail[:200],
        },
    )


def note_once(
    name: str,
    kind: str,
    *,
    actor: str,
    institution: str,
    noun: str,
    subjects: list[str],
    fields: list[str],
    detail: str,
) -> None:
    """Append one event about many records under a name of its own: told again after a kill, it stands there once.

    Args:
        name: unlike every other event's.
        kind, actor, institution, noun, detail: as note.
        subjects: opaque ids of the records.
        fields: names of the fields concerned.

    Raises:
        ValueError: as note.
    """
    with suppress(DuplicateKeyError):
        insert(
            "ledger",
            {
                "_id": name,
                "at": datetime.now(UTC),
                "action": known_event(kind),
                "actor": actor,
                "institution": institution,
                "noun": noun,
                "subjects": subjects,
                "fields": fields,
                "detail": detail[:200],
            },
        )


def known_event(kind: str) -> str:
    """The kind itself.

    Raises:
        ValueError: it is none of EVENTS.
    """
    if kind not in EVENTS:
        raise ValueError(f"unknown kind of event {kind!r}")
    return kind
