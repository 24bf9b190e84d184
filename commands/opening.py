"""Before anything is served or done: the store is up, and this machine has its keys. `--help` and doctor need neither."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

from flask import Flask, current_app
from flask.cli import AppGroup
from pymongo.errors import ConnectionFailure, PyMongoError

from accounts.sign_in.passwords import Pepper
from audit.streams import open_streams
from commands.words import said, stop
from engine import EngineError, start
from gate.fields.scanning import use_scanner
from models.data_classes import Words
from operations.keyring import KeysRefused, load_keys
from operations.upgrade.stamp import NewerStore, require_known_store
from settings import keys
from settings.environment import Settings

P = ParamSpec("P")
R = TypeVar("R")
OPENED = "OPENED"
UNOPENED = frozenset({"/livez", "/readyz"})
"""Addresses that are answered whatever there is of store and keys: they say what is missing."""
NOT_BOOTED = 3
"""By this exit status gunicorn's master knows that starting its workers again is of no use."""
AWAY: Words = (
    "データベースが答えません({})。make run か MONGODB_URI を確かめてください。",
    "The store does not answer ({}); look at make run or MONGODB_URI.",
)


def start_store(settings: Settings) -> None:
    """Start the store where it is ours, and see that this version knows the shape of its data.

    Raises:
        EngineError: it cannot be started.
        NewerStore: its data are in the shape of a newer version.
        PyMongoError: the store does not answer.
    """
    if not settings.mongodb_uri:
        start(settings.var)
    require_known_store()


def open_deployment(app: Flask) -> None:
    """Start the store where it is ours, and give the application its keys; once.

    Raises:
        EngineError, NewerStore: as start_store.
        KeysRefused, OSError: the keys are not the store's, or cannot be made.
        PyMongoError: the store does not answer.
    """
    if app.config.get(OPENED):
        return
    settings: Settings = app.config["SETTINGS"]
    start_store(settings)
    found = load_keys(settings)
    peppers = [key for name, key in found.items() if name.startswith(f"{keys.PEPPER}.")]
    app.config.update(
        SECRET_KEY=settings.secret_key or found[keys.SECRET].decode(),
        PEPPER=Pepper.of(found[keys.PEPPER], peppers),
        FACTOR_KEY=bytes.fromhex(found[keys.FACTOR].decode()),
        LEDGER_KEY=found[keys.LEDGER],
        IMPORT_KEY=found[keys.IMPORT_SOURCE],
    )
    open_streams(settings.second_place, found[keys.LEDGER])
    use_scanner(settings.clamd)
    app.config[OPENED] = True


def open_to_serve(app: Flask) -> None:
    """As open_deployment, for a process that serves: it does not begin with another's keys.

    A store that does not answer yet is waited for: until it does, every request is answered by 503.
    """
    try:
        open_deployment(app)
    except (EngineError, NewerStore, KeysRefused, OSError) as error:
        refuse(_words(error))
    except PyMongoError:
        open_at_first_request(app)


def refuse(words: Words) -> NoReturn:
    """End this process with a sentence."""
    print(said(words), file=sys.stderr, flush=True)  # noqa: T201 - to whoever starts it
    raise SystemExit(NOT_BOOTED)


def open_at_first_request(app: Flask) -> None:
    """Let the first request open the deployment, and until then every one be answered by 503."""
    inner, turn = app.wsgi_app, threading.Lock()

    def guarded(environ: Any, begin: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("PATH_INFO") in UNOPENED:
            return inner(environ, begin)
        try:
            with turn:
                open_deployment(app)
        except (PyMongoError, EngineError, NewerStore, KeysRefused, OSError) as error:
            words = _words(error)
            print(said(words), file=sys.stderr, flush=True)  # noqa: T201 - to the log
            begin(
                "503 Service Unavailable",
                [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "5")],
            )
            short = isinstance(error, PyMongoError)
            return [b"store unreachable\n" if short else b"not ready; see the log\n"]
        return inner(environ, begin)

    app.wsgi_app = guarded  # type: ignore[assignment,method-assign]


def with_store(command: Callable[P, R]) -> Callable[P, R]:
    """A command that needs the store and the keys: both are opened first, and a no is one sentence."""
    return _after(open_deployment, command)


def with_bare_store(command: Callable[P, R]) -> Callable[P, R]:
    """A command that needs the store, whatever the keys are."""
    return _after(lambda app: start_store(app.config["SETTINGS"]), command)


def _after(begin: Callable[[Flask], None], command: Callable[P, R]) -> Callable[P, R]:
    @wraps(command)
    def begun(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            begin(current_app._get_current_object())  # type: ignore[attr-defined]
        except (EngineError, NewerStore, KeysRefused, PyMongoError, OSError) as error:
            stop(*_words(error))
        try:
            return command(*args, **kwargs)
        except (EngineError, NewerStore, KeysRefused, ConnectionFailure) as error:
            stop(*_words(error))

    return begun


class StoreGroup(AppGroup):
    """A group whose commands all need the store."""

    def command(self, *args: Any, **kwargs: Any) -> Callable[[Callable[..., Any]], Any]:  # type: ignore[override]
        """As AppGroup's."""
        as_command = super().command(*args, **kwargs)
        return lambda function: as_command(with_store(function))


def _words(error: Exception) -> Words:
    if isinstance(error, EngineError):
        return error.ja, error.en
    if isinstance(error, KeysRefused | NewerStore):
        return error.words
    if isinstance(error, OSError):
        return f"ファイルを読み書きできません: {error.filename}({error.strerror})。", f"Cannot read or write {error.filename} ({error.strerror})."  # fmt: skip
    return AWAY[0].format(type(error).__name__), AWAY[1].format(type(error).__name__)
