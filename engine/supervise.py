"""What `make run` runs: the store, the web application and the worker, each started again when it ends.

Killed itself, it leaves nothing astray: the next one stops what is left of the web and the worker, and takes
over the store as it stands.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import click
from dotenv import load_dotenv

from engine import processes, resolve, services
from engine.messages import EngineError, console, say, step
from engine.places import PROJECT, Places, places_for, var_folder

PAUSE = 0.25
LONGEST_DELAY = 30.0
STEADY = 30.0


class NotPrepared(Exception):
    """What is served needs something that is not there; its command said what, in a sentence."""


class StopAsked(BaseException):
    """Ctrl-C or SIGTERM. A BaseException, so that no handler on the way takes it for an error."""


@dataclass
class Service:
    """One supervised program: started when its lock is free, later each time that it ends soon after its start."""

    name: str
    command: list[str]
    places: Places
    delay: float = 0.0
    started: float = field(default=0.0)

    @property
    def lock(self) -> Path:
        return self.places.lock(self.name)

    def keep(self) -> None:
        """Starts it when it does not run and its delay is over."""
        if processes.is_running(self.lock):
            return
        now = time.monotonic()
        if self.started:
            if now - self.started > STEADY:
                self.delay = 0.0
            if now < self.started + self.delay:
                return
            say(f"{self.name} が止まったため、再び起動します", f"{self.name} ended; starting it again")
        self.delay = min(max(0.5, self.delay * 2), LONGEST_DELAY)
        self.started = now
        processes.launch(self.lock, self.command, None, os.environ, cwd=PROJECT)


def run(until_parent_ends: bool, *, develop: bool = False) -> None:
    """Sets up, serves and watches until Ctrl-C, SIGTERM or, if asked, the parent's end. Raises EngineError."""
    var = var_folder(os.environ)
    where = services.address(os.environ)
    if develop and not services.is_loopback(where.host):
        raise EngineError(
            f"開発用の起動は、この機械だけに開きます(HOST={where.host} は使えません)。",
            f"make dev serves this machine alone; HOST={where.host} cannot be used with it.",
        )
    places = places_for(var, os.environ)
    places.make()
    parent = os.getppid() if until_parent_ends else 0
    with processes.held(places.lock("supervise")):
        web = Service("web", services.web(where, os.environ, develop=develop), places)
        worker = Service("worker", services.worker(), places)
        try:
            _stop([web, worker])
            services.require_free(where)
            engine = resolve.start(var, os.environ)
            first_run = _prepare()
            web.keep()
            worker.keep()
            _announce(var, where, web, first_run)
            while not parent or os.getppid() == parent:
                _keep_engine(engine)
                web.keep()
                worker.keep()
                time.sleep(PAUSE)
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            with step("停止", "Stop"):
                _stop([web, worker])
                resolve.stop(var, os.environ)


def _keep_engine(engine: resolve.Engine) -> None:
    if engine.is_up():
        return
    say("データベースが止まったため、再び起動します", "the database ended; starting it again")
    try:
        resolve.start(engine.places.var, os.environ)
    except EngineError as error:
        console.print(str(error), style="bold red")


def _prepare() -> str:
    """The address of the first-run page; empty where the store is administered. A no has been said by the command."""
    with step("鍵とはじめの記録の確認", "Look at the keys and the first records"):
        done = subprocess.run(  # noqa: S603 - our own command
            services.prepare(), cwd=PROJECT, check=False, stdout=subprocess.PIPE, text=True
        )
        if done.returncode:
            raise NotPrepared
    return done.stdout.strip()


def _announce(var: Path, where: services.Address, web: Service, first_run: str) -> None:
    """Waits for the first answer, then says where the panel is. A web that keeps ending is the loop's to retry."""
    answered = processes.wait_until(lambda: _answers(where) or not processes.is_running(web.lock), 60)
    if not answered or not processes.is_running(web.lock):
        return
    say(f"収蔵庫が動いています: {where.url}", f"Shuzoko is running: {where.url}")
    accounts = var / "demo-accounts.csv"
    if accounts.exists():
        say(f"見本の利用者とパスワード: {accounts}", f"demo accounts and passwords: {accounts}")
    if first_run:
        say(f"はじめの設定(24時間有効): {first_run}", f"first set-up (good for 24 hours): {first_run}")
    say("終わるには Ctrl-C", "Ctrl-C stops it")


def _answers(where: services.Address) -> bool:
    if where.certificate:
        return True  # its name is the public one: asking by address would only test that it differs
    try:
        urllib.request.urlopen(f"{where.url}healthz", timeout=5).close()  # noqa: S310 - our own http address
    except urllib.error.HTTPError as answer:
        answer.close()
    except OSError:
        return False
    return True


def _stop(running: list[Service]) -> None:
    """Ends them together: all are asked first, then each is waited for."""
    for service in running:
        processes.ask(service.lock, signal.SIGTERM)
    for service in running:
        processes.stop(service.lock, signal.SIGTERM, seconds=25)


def _asked(_number: int, _frame: FrameType | None) -> None:
    raise StopAsked


@click.command()
@click.option("--until-parent-ends", is_flag=True, help="親が終われば止まる。 / Stop when the parent ends.")
@click.option(
    "--develop", is_flag=True,
    help="コードの変更で読み直し、不具合の詳細を表示する(開発用)。 / Reload on a change of code and show tracebacks.",
)  # fmt: skip
def main(until_parent_ends: bool, develop: bool) -> None:
    """収蔵庫を動かす。 / Run Shuzoko: store, web and worker, until Ctrl-C."""
    load_dotenv(PROJECT / ".env")
    if develop:
        os.environ["FLASK_DEBUG"] = "1"
    signal.signal(signal.SIGINT, _asked)
    signal.signal(signal.SIGTERM, _asked)
    try:
        run(until_parent_ends, develop=develop)
    except StopAsked:
        return
    except NotPrepared:
        sys.exit(1)
    except EngineError as error:
        console.print(str(error), style="bold red")
        sys.exit(1)


if __name__ == "__main__":
    main()
