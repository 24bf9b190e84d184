"""`flask doctor`: is everything where it should be? Each check says what it found and, if need be, what to do."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from importlib.metadata import version

import click
from flask import current_app
from flask.cli import with_appcontext
from mongoengine.connection import get_connection
from pymongo import timeout
from pymongo.errors import PyMongoError

from accounts.sign_in.arrivals import DAYS, undeclared_proxy
from commands.doctor_parts.finding import Finding, well
from commands.doctor_parts.setup import first_set_up, keys_of_store, locked_store
from commands.doctor_parts.stored_data import stored_data
from commands.doctor_parts.unfinished import unfinished
from commands.words import said
from engine import find
from gate.store.collections import ping
from models.data_classes import Words
from seeds.passwords import FILE
from settings.environment import Settings
from settings.keys import place
from settings.version import VERSION

SECONDS = 8
"""For all that is asked of the store: who runs this may be looking for what does not answer."""
LIBRARIES = ("flask", "flask-admin", "mongoengine", "pymongo", "pillow", "bcrypt")


@click.command(
    help="動作の前提を点検する。すべて良いときだけ終了コード0。 / Check what the application rests on. Exit status 0 only when all is "
    "well."
)
@with_appcontext
def doctor() -> None:
    """See the help above."""
    settings: Settings = current_app.config["SETTINGS"]
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _versions,
        _store,
        _proxy,
        _keys,
        _passwords,
    )
    findings = [finding for check in checks for finding in check(settings)]
    for each in findings:
        click.echo(f"{each.sign} {said(each.about)}: {said(each.words)}")
    if not all(each.well for each in findings):
        raise SystemExit(1)


def _versions(_settings: Settings) -> Iterator[Finding]:
    told = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    yield well(("版", "Versions"), f"Shuzoko {VERSION}, Python {platform.python_version()}, {told}")


def _store(settings: Settings) -> Iterator[Finding]:
    about: Words = ("データベース", "Store")
    if not settings.mongodb_uri and not find(settings.var).is_up():
        yield Finding(
            about,
            False,
            ("動いていません。make run で起動してください。", "It does not run; start it with make run."),
        )
        return
    try:
        with timeout(SECONDS):
            ping()
            server = get_connection().server_info()["version"]
            begun = [
                each
                for check in (keys_of_store, first_set_up, locked_store, stored_data, unfinished)
                for each in check(settings)
            ]
    except PyMongoError as error:
        name = type(error).__name__
        yield Finding(about, False, (
            f"答えません({name})。make run か MONGODB_URI を確かめてください。",
            f"It does not answer ({name}); look at make run or MONGODB_URI.",
        ))  # fmt: skip
        return
    yield well(about, f"{server}")
    yield from begun


def _proxy(settings: Settings) -> Iterator[Finding]:
    if settings.proxy_hops:
        return
    try:
        count = undeclared_proxy()
    except PyMongoError:
        return  # said above
    if count:
        yield Finding(("中継(プロキシ)", "Proxy"), False, (
            f"この{DAYS}日のサインイン{count}件のほとんどが、指定されていない中継を通っています。全員が一つの接続元に見えるので、ロックや"
            "ネットワークの制限が正しく働きません。SHUZOKO_PROXY_HOPS に中継の段数を指定してください。",
            f"Nearly all sign-ins of the last {DAYS} days ({count}) came through a proxy that was not declared. Everybody seems to "
            "come from one address, so that locks and lists of networks do not hold. Set SHUZOKO_PROXY_HOPS to the number of "
            "proxies.",
        ))  # fmt: skip


def _keys(settings: Settings) -> Iterator[Finding]:
    about: Words = ("鍵の置き場", "Keys")
    folder = place(settings.var)
    if not folder.is_dir():
        yield Finding(about, True, ("まだありません", "none yet"))
        return
    open_ones = [each.name for each in (folder, *folder.iterdir()) if each.stat().st_mode & 0o077]
    yield Finding(about, not open_ones, _mode(open_ones))


def _passwords(settings: Settings) -> Iterator[Finding]:
    about: Words = ("見本のパスワード", "Demo passwords")
    if (settings.var / FILE).exists():
        open_ones = [FILE] if (settings.var / FILE).stat().st_mode & 0o077 else []
        yield Finding(about, not open_ones, _mode(open_ones))


def _mode(open_ones: list[str]) -> Words:
    if not open_ones:
        return ("持ち主だけが読めます", "readable by their owner only")
    names = ", ".join(sorted(open_ones))
    return (
        f"ほかの人も読めます: {names}。chmod go= で閉じてください。",
        f"Others can read {names}; close with chmod go=.",
    )
