"""Whether the store answers, takes writes, and has what this version needs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from mongoengine.connection import get_connection, get_db
from pymongo.errors import PyMongoError

from accounts.sign_in.arrivals import DAYS, undeclared_proxy
from engine import find
from gate.store.collections import ping
from models.data_classes import Words
from operations.checks.finding import Finding, well, wrong
from operations.disk import FULL, is_full, says_full
from settings.environment import Settings

STORE: Words = ("データベース", "Store")
WRITES: Words = ("書き込み", "Writing")


def answers(settings: Settings) -> Iterator[Finding]:
    """Whether it answers, and what it is."""
    if not settings.mongodb_uri and not find(settings.var).is_up():
        if is_full(settings.var):
            yield Finding(STORE, False, FULL)
            return
        yield wrong(
            STORE, "動いていません。make run で起動してください。", "It does not run; start it with make run."
        )
        return
    try:
        ping()
        version = get_connection().server_info()["version"]
    except PyMongoError as error:
        full = says_full(error) or is_full(settings.var)
        yield Finding(STORE, False, FULL) if full else silent(error)
        return
    yield well(STORE, str(version))


def silent(error: Exception) -> Finding:
    """What is said of a store that does not answer."""
    name = type(error).__name__
    return wrong(
        STORE,
        f"答えません({name})。make run か MONGODB_URI を確かめてください。",
        f"It does not answer ({name}); look at make run or MONGODB_URI.",
    )


def takes_writes(_settings: Settings) -> Iterator[Finding]:
    """Whether it writes: a store can answer and yet be full or read-only."""
    try:
        get_db()["deployment"].update_one(
            {"_id": "written"}, {"$set": {"at": datetime.now(UTC)}}, upsert=True
        )
    except PyMongoError as error:
        if says_full(error):
            yield Finding(WRITES, False, FULL)
            return
        if error.timeout:
            raise  # it does not answer, which is said elsewhere
        name = type(error).__name__
        yield wrong(
            WRITES,
            f"書き込めません({name})。データベースのログ(var/engine/log)か、MONGODB_URI の利用者の権限を確かめてください。",
            f"It cannot be written to ({name}); look at the store's log (var/engine/log), or at the rights of the user in MONGODB_URI.",
        )
    else:
        yield well(WRITES, "できます", "works")


def proxy(settings: Settings) -> Iterator[Finding]:
    """Whether people come through a proxy that was not declared."""
    if not settings.proxy_hops and (count := undeclared_proxy()):
        yield Finding(("中継(プロキシ)", "Proxy"), False, (
            f"この{DAYS}日のサインイン{count}件のほとんどが、指定されていない中継を通っています。全員が一つの接続元に見えるので、ロックや"
            "ネットワークの制限が正しく働きません。SHUZOKO_PROXY_HOPS に中継の段数を指定してください。",
            f"Nearly all sign-ins of the last {DAYS} days ({count}) came through a proxy that was not declared. Everybody seems to "
            "come from one address, so that locks and lists of networks do not hold. Set SHUZOKO_PROXY_HOPS to the number of "
            "proxies.",
        ))  # fmt: skip
