"""How the deployment is: the one list of what doctor and `/readyz` look at, and how it is looked at in bounded time."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from threading import Thread

from pymongo import timeout
from pymongo.errors import PyMongoError

from models.data_classes import Words
from operations.checks import machine, setting_up, store, stored_data, unfinished, work
from operations.checks.finding import Finding, well, wrong
from settings.environment import Settings
from settings.version import VERSION

LIBRARIES = ("flask", "flask-admin", "mongoengine", "pymongo", "pillow", "bcrypt")
NO_ANSWER: Words = ("点検", "Check")


def versions(_settings: Settings) -> Iterator[Finding]:
    """What runs here."""
    told = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    yield well(("版", "Versions"), f"Shuzoko {VERSION}, Python {platform.python_version()}, {told}")


@dataclass(frozen=True)
class Check:
    """One check. `name` is for machines."""

    name: str
    look: Callable[[Settings], Iterable[Finding]]
    readiness: bool = True
    """Whether `/readyz` asks it too, or doctor alone."""
    asks_store: bool = True
    """Whether there is nothing to look at while the store does not answer."""


CHECKS: tuple[Check, ...] = (
    Check("versions", versions, readiness=False, asks_store=False),
    Check("store", store.answers, asks_store=False),
    Check("write", store.takes_writes),
    Check("disk", machine.room, asks_store=False),
    Check("processes", machine.running, asks_store=False),
    Check("worker", work.worker),
    Check("sealer", work.sealer_process),
    Check("sealing", work.sealing),
    Check("second_place", work.second_place),
    Check("keys", setting_up.keys_of_store),
    Check("accounts", setting_up.accounts),
    Check("modes", machine.modes, asks_store=False),
    Check("certificate", machine.certificate, asks_store=False),
    Check("clock", work.clock),
    Check("set_up", setting_up.first_set_up, readiness=False),
    Check("authentication", setting_up.locked_store, readiness=False),
    Check("stored_data", stored_data.stored_data, readiness=False),
    Check("upgrade", stored_data.upgraded),
    Check("operations", unfinished.unfinished),
    Check("proxy", store.proxy, readiness=False),
)
READINESS: tuple[Check, ...] = tuple(each for each in CHECKS if each.readiness)


@dataclass(frozen=True)
class Told:
    """What one check has found."""

    check: Check
    findings: tuple[Finding, ...]

    @property
    def well(self) -> bool:
        """Whether nothing is to be done now."""
        return all(each.well for each in self.findings)


def examine(settings: Settings, checks: tuple[Check, ...] = CHECKS, *, seconds: float) -> list[Told]:
    """Look at everything at once; what has not been found out after so many seconds is told as that.

    While the store does not answer, what would ask it says nothing: the check of the store does.
    """
    until = time.monotonic() + seconds
    looks = {check.name: _Look(check, settings, seconds) for check in checks}
    for look in looks.values():
        if not look.check.asks_store:
            look.start()
    if (asked := looks.get("store")) is not None:
        asked.join(seconds)
        if not asked.told(seconds).well:
            looks = {name: look for name, look in looks.items() if not look.check.asks_store}
    for look in looks.values():
        if look.check.asks_store:
            look.start()
    for look in looks.values():
        look.join(max(0.0, until - time.monotonic()))
    return [look.told(seconds) for look in looks.values()]


class _Look(Thread):
    """One check, in a thread of its own: a disk or a server that hangs holds up neither the others nor the end."""

    def __init__(self, check: Check, settings: Settings, seconds: float) -> None:
        super().__init__(daemon=True, name=f"check {check.name}")
        self.check = check
        self._settings, self._seconds = settings, seconds
        self._findings: tuple[Finding, ...] | None = None

    def run(self) -> None:
        try:
            with timeout(self._seconds):
                self._findings = tuple(self.check.look(self._settings))
        except PyMongoError as error:
            self._findings = (store.silent(error),)
        except Exception as error:  # noqa: BLE001 - one that fails must not hide what the others have found
            name = type(error).__name__
            self._findings = (wrong(
                NO_ANSWER,
                f"「{self.check.name}」を調べられません({name})。サーバーの記録を確かめてください。",
                f"{self.check.name} cannot be looked at ({name}); see the server's log.",
            ),)  # fmt: skip

    def told(self, seconds: float) -> Told:
        """What it has found so far."""
        late = wrong(
            NO_ANSWER,
            f"「{self.check.name}」を{seconds:.0f}秒で調べ終えられません。機械やディスクが混み合っていないか確かめてください。",
            f"{self.check.name} was not found out within {seconds:.0f} s; see whether the machine or a disk is overloaded.",
        )
        return Told(self.check, (late,) if self._findings is None else self._findings)
