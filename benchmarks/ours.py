"""The application as gunicorn serves it.

Told so by the environment, it answers with a Server-Timing header: how long the request took, and how much of it
passed in the gate and in the store. The clocks are put around the gate from outside; the product has none.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from functools import wraps
from types import FunctionType
from typing import Any

from pymongo.collection import Collection
from pymongo.command_cursor import CommandCursor
from pymongo.cursor import Cursor

_clock = threading.local()


DRIVEN = {
    Collection: (
        "find_one", "find", "aggregate", "count_documents", "insert_one", "insert_many", "update_one", "update_many",
        "replace_one", "delete_one", "delete_many",
    ),
    Cursor: ("next", "__next__", "to_list"),
    CommandCursor: ("next", "__next__", "to_list"),
}  # fmt: skip
"""What the application calls of the store's driver."""


def driven(call: Callable[..., Any]) -> Callable[..., Any]:
    """The same call of the driver, its time counted as the store's: asking, waiting and decoding, calls within calls once."""

    @wraps(call)
    def around(*args: Any, **kwargs: Any) -> Any:
        if getattr(_clock, "driving", False):
            return call(*args, **kwargs)
        _clock.driving = True
        began = time.perf_counter()
        try:
            return call(*args, **kwargs)
        finally:
            _clock.driving = False
            spent = (time.perf_counter() - began) * 1e6
            _clock.store = getattr(_clock, "store", 0.0) + spent
            if getattr(_clock, "depth", 0):
                _clock.gate_store = getattr(_clock, "gate_store", 0.0) + spent

    return around


def time_the_store() -> None:
    """Put a clock around the driver."""
    for kind, names in DRIVEN.items():
        for name in names:
            setattr(kind, name, driven(getattr(kind, name)))


def timed(call: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, its time counted as the gate's; calls within calls once."""

    @wraps(call)
    def around(*args: Any, **kwargs: Any) -> Any:
        depth = getattr(_clock, "depth", 0)
        _clock.depth = depth + 1
        began = time.perf_counter()
        try:
            return call(*args, **kwargs)
        finally:
            _clock.depth = depth
            if not depth:
                _clock.gate = getattr(_clock, "gate", 0.0) + time.perf_counter() - began

    return around


def time_the_gate() -> None:
    """Put a clock around every function of gate and policies that a screen calls."""
    for name, module in list(sys.modules.items()):
        if name.startswith("views"):
            for known, thing in list(vars(module).items()):
                if isinstance(thing, FunctionType) and thing.__module__.startswith(("gate.", "policies.")):
                    setattr(module, known, timed(thing))


def with_timing(wsgi: Any) -> Any:
    """The WSGI application with a Server-Timing header in milliseconds: app, gate, gate_store, store."""

    def around(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        _clock.gate, _clock.store, _clock.gate_store = 0.0, 0.0, 0.0
        began = time.perf_counter()

        def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            spent = {
                "app": (time.perf_counter() - began) * 1e3,
                "gate": _clock.gate * 1e3,
                "gate_store": _clock.gate_store / 1e3,
                "store": _clock.store / 1e3,
            }
            said = ", ".join(f"{name};dur={value:.3f}" for name, value in spent.items())
            return start(status, [*headers, ("Server-Timing", said)], *rest)

        found: Iterable[bytes] = wsgi(environ, started)
        return found

    return around


def application() -> Any:
    """What gunicorn loads."""
    clocks = bool(os.environ.get("BENCHMARK_CLOCKS"))
    from app import create_app

    app = create_app()
    if clocks:
        time_the_gate()
        time_the_store()
        app.wsgi_app = with_timing(app.wsgi_app)  # type: ignore[method-assign]
    return app
