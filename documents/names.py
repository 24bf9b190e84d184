"""Who asks, and the institutions of a government, by the names that stand on papers, boards and lists of choices."""

from __future__ import annotations

from collections.abc import Iterable

from flask import g, has_request_context

from accounts.accounts import circle
from words import t, w


def my_name() -> str:
    """The name of who asks, as it stands on papers; of a command, the console's."""
    if not has_request_context() or g.get("account") is None:
        return t("管理コマンド", "Console")
    return str(g.account.display_name or g.account.actor.login_id)


def house_named(code: str) -> str:
    """The name of an institution of this government, as it stands on papers."""
    houses = g.account.houses if has_request_context() and g.get("account") is not None else circle(code)
    return w(houses[code].name) if code in houses else code


def choices_of(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Institutions to choose from, (code, name); of another government there is none to choose."""
    houses = g.account.houses
    return [(code, w(houses[code].name)) for code in codes if code in houses]
