"""What `make run` runs: the store, the web application, the worker and the sealer, each started again when it ends or says nothing.

Killed itself, it leaves nothing astray: the next one stops what is left of the web, the worker and the sealer, and takes
over the store as it stands.
"""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import click
from dotenv import load_dotenv

from engine import certificates, processes, resolve, services, watching
from engine.keeping import Service, Store
from engine.messages import EngineError, console, say, step
from engine.places import PROJECT, places_for, var_folder

PAUSE = 0.25
HOUSEKEEPING = 60.0
"""Seconds between looks at the length of the logs."""


class NotPrepared(Exception):
    """What is served needs something that is not there; its command said what, in a sentence."""


class StopAsked(BaseException):
    """Ctrl-C or SIGTERM. A BaseException, so that no handler on the way takes it for an error."""


def run(until_parent_ends: bool, *, develop: bool = False) -> None:
    """Sets up, serves and watches until Ctrl-C, SIGTERM or, if asked, the parent's end. Raises EngineError."""
    var = var_folder(os.environ)
    where = services.address(os.environ)
    if develop and not services.is_loopback(where.host):
        raise EngineError(
            f"開発用の起動は、この機械だけに開きます(HOST={where.host} は使えません)。",
            f"make dev serves this machine alone; HOST={where.host} cannot be used with it.",
        )
    _require_certificate(where)
    seconds = watching.seconds_of(os.environ)
    places = places_for(var, os.environ)
    places.make()
    parent = os.getppid() if until_parent_ends else 0
    with processes.held(places.lock("supervise")):
        web = Service(
            "web", services.web(where, os.environ, develop=develop), places,
            lambda wait: watching.web_answers(where, wait), seconds,
        )  # fmt: skip
        worker = Service(
            "worker", services.worker(), places, lambda _: watching.has_pulse(places, seconds), seconds
        )
        # Of its own, so that imports and pictures never hold up the ledger.
        sealer = Service(
            "sealer",
            services.sealer(),
            places,
            lambda _: watching.has_pulse(places, seconds, "sealer"),
            seconds,
        )
        served = [web, worker, sealer]
        try:
            _stop(served)
            services.require_free(where)
            engine = resolve.start(var, os.environ)
            first_run = _prepare()
            places.lock("supervise").write_text(f"{os.getpid()}\n")  # emptied where it ends in order
            web.keep()
            worker.keep()
            sealer.keep()
            _announce(var, where, web, first_run)
            _keep(Store(engine, seconds), served, parent)
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            with step("停止", "Stop"):
                _stop(served)
                resolve.stop(var, os.environ)
            places.lock("supervise").write_text("")


def _keep(store: Store, running: list[Service], parent: int) -> None:
    """Keeps everything going until the parent has ended, where there is one."""
    looked = time.monotonic()
    while not parent or os.getppid() == parent:
        store.keep()
        for service in running:
            service.keep()
        if time.monotonic() - looked > HOUSEKEEPING:
            looked = time.monotonic()
            for log in store.engine.places.log("any").parent.glob("*.log"):
                processes.rotate(log)
        time.sleep(PAUSE)


def _require_certificate(where: services.Address) -> None:
    """Raises EngineError for a certificate that cannot be served; warns of one that browsers will refuse."""
    if not where.certificate:
        return
    try:
        found = certificates.read(Path(where.certificate), Path(where.key))
    except certificates.Unfit as error:
        raise EngineError(error.ja, error.en) from None
    if not found.begins <= datetime.now(UTC) < found.ends:
        say(
            f"証明書の期限は{found.begins:%Y-%m-%d}から{found.ends:%Y-%m-%d}までです。ブラウザは接続を拒みます。取り直してください",
            f"the certificate is good from {found.begins:%Y-%m-%d} to {found.ends:%Y-%m-%d}; browsers will refuse it: get another one",
        )


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
    answered = processes.wait_until(
        lambda: watching.web_answers(where, 5) or not processes.is_running(web.lock), 60
    )
    if not answered or not processes.is_running(web.lock):
        return
    say(f"収蔵庫が動いています: {where.url}", f"Shuzoko is running: {where.url}")
    accounts = var / "demo-accounts.csv"
    if accounts.exists():
        say(f"見本の利用者とパスワード: {accounts}", f"demo accounts and passwords: {accounts}")
    if first_run:
        say(f"はじめの設定(24時間有効): {first_run}", f"first set-up (good for 24 hours): {first_run}")
    say("終わるには Ctrl-C", "Ctrl-C stops it")


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
