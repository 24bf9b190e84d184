"""A deployment's beginnings: its keys, its first administrator, who may reach its store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError
from pymongo.uri_parser import parse_uri

from models.data_classes import Words
from operations.checks.finding import Finding, well, wrong
from operations.keyring import KeysRefused, look
from roles.setting_up import administrators_without_account, has_institution, without_administrator
from settings.environment import Settings

MILLISECONDS = 2_000


def keys_of_store(settings: Settings) -> Iterator[Finding]:
    """Whether this machine's keys are the store's; nothing is made."""
    about: Words = ("鍵", "Keys of the store")
    found = look(settings)
    if found.faults:
        yield Finding(about, False, KeysRefused(settings.var, found.faults).words)
    elif found.lacking:
        names = ", ".join(found.lacking)
        yield Finding(
            about, True, (f"{names} は次の起動で作られます", f"{names} will be made at the next start")
        )
    else:
        yield Finding(about, True, ("そろっています", "all there, and the right ones"))


def accounts(_settings: Settings) -> Iterator[Finding]:
    """Whether the accounts are there that the institutions name as their administrators."""
    about: Words = ("アカウント", "Accounts")
    if lost := administrators_without_account():
        names = ", ".join(lost)
        yield wrong(
            about,
            f"管理者のアカウントがデータベースから失われています({names})。バックアップから戻してください。",
            f"Accounts of administrators have gone from the store ({names}); restore it from a backup.",
        )
    else:
        yield well(about, "そろっています", "all there")


def first_set_up(_settings: Settings) -> Iterator[Finding]:
    """Whether anybody can begin to work."""
    about: Words = ("はじめの設定", "First set-up")
    todo: Words = (
        "flask init を実行するか、起動時に表示される「はじめの設定」のアドレス(flask init --page)を開いてください。",
        "run flask init, or open the first-run address that the start prints (flask init --page).",
    )
    if not has_institution():
        yield Finding(about, False, (
            f"館・役割・管理者がまだありません。{todo[0]}", f"There is no institution, role or administrator yet: {todo[1]}",
        ))  # fmt: skip
    elif lacking := without_administrator():
        names = ", ".join(lacking)
        yield Finding(about, False, (
            f"管理者のいない館があります({names})。flask init --code {lacking[0]} を実行してください。",
            f"Nobody administers {names}: run flask init --code {lacking[0]}.",
        ))  # fmt: skip
    else:
        yield Finding(about, True, ("管理者がいます", "there is an administrator"))


def locked_store(settings: Settings) -> Iterator[Finding]:
    """Whether a store named by MONGODB_URI asks who comes: without it, any program that reaches its port reads everything."""
    if not settings.mongodb_uri or not (hosts := _hosts(settings.mongodb_uri)):
        return  # our own, or on a socket: the folder's mode says who comes
    about: Words = ("データベースの認証", "Authentication of the store")
    if _lets_anybody_in(hosts, tls=bool(parse_uri(settings.mongodb_uri)["options"].get("tls"))):
        yield Finding(about, True, (
            "認証なしで開けます。つながる人は誰でも、個人情報を含む全部を読み書きできます。データベースの利用者と認証を設定してください。",
            "It opens without authentication: anybody who reaches it may read and write all of it, personal data too. Set up "
            "its users and access control.",
        ), warns=True)  # fmt: skip
    else:
        yield Finding(about, True, ("求められます", "asked for"))


def _hosts(uri: str) -> list[str]:
    return [
        f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        for host, port in parse_uri(uri)["nodelist"]
        if port
    ]


def _lets_anybody_in(hosts: list[str], *, tls: bool) -> bool:
    # No password is sent, so whose certificate it shows does not matter.
    told: dict[str, Any] = {"tls": True, "tlsAllowInvalidCertificates": True} if tls else {}
    stranger: MongoClient[dict[str, object]] = MongoClient(
        hosts, serverSelectionTimeoutMS=MILLISECONDS, **told
    )
    try:
        stranger.list_database_names()
    except PyMongoError:
        return False
    else:
        return True
    finally:
        stranger.close()
