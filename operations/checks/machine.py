"""What stands around the store on this machine: room on its disks, modes of its files, its certificate, its processes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from engine import certificates, find, processes
from models.data_classes import Words
from operations import disk
from operations.checks.finding import Finding, warning, well, wrong
from settings.environment import Settings
from settings.keys import place

DISK: Words = ("ディスク", "Disk")
MODES: Words = ("ファイルの権限", "Modes of files")
CERTIFICATE: Words = ("証明書", "Certificate")
PROCESSES: Words = ("動いているもの", "Processes")
SOON = timedelta(days=21)
"""So long before its end a certificate is spoken of."""
NAMES: dict[str, Words] = {
    "postgres": ("データベース(PostgreSQL)", "the database (PostgreSQL)"),
    "gateway": ("データベースの入口(FerretDB)", "the database's gateway (FerretDB)"),
    "mongod": ("データベース(mongod)", "the database (mongod)"),
    "web": ("画面(web)", "the web application"),
    "worker": ("裏の仕事(worker)", "the worker"),
    "sealer": ("台帳への送出(sealer)", "the sealer"),
    "supervise": ("見張り(make run)", "the supervisor (make run)"),
}


def room(settings: Settings) -> Iterator[Finding]:
    """Whether what is written here still fits."""
    said = False
    for folder in dict.fromkeys((settings.var, settings.second_place)):
        found = disk.room(folder)
        if found is None or not (found.full or found.scarce):
            continue
        said = True
        size = f"{found.free // 1024**2:,} MB"
        if found.full:
            yield wrong(
                DISK,
                f"{folder} のディスクがいっぱいです(残り{size})。不要なファイルを消すか、ディスクを増やしてください。",
                f"The disk of {folder} is full ({size} left); remove what is not needed, or add space.",
            )
        else:
            yield warning(
                DISK,
                f"{folder} のディスクの残りが{size}です。いっぱいになる前に、空きを増やしてください。",
                f"The disk of {folder} has {size} left; make room before it is full.",
            )
    if not said:
        yield well(DISK, "空きがあります", "there is room")


def modes(settings: Settings) -> Iterator[Finding]:
    """Whether others may read what is secret, or write where this deployment keeps its data."""
    written = [each for each in (settings.var, settings.second_place) if _mode(each) & 0o022]
    secret = [place(settings.var), settings.var / "engine", settings.var / "turns"]
    secret += [*place(settings.var).glob("*"), *settings.var.glob("*.csv")]
    read = sorted(str(each) for each in secret if _mode(each) & 0o077)
    for each in written:
        yield wrong(
            MODES,
            f"ほかの人も {each} に書き込めます(モード{_mode(each):o})。chmod go-w {each} で閉じてください。",
            f"Others may write to {each} (mode {_mode(each):o}); close it with chmod go-w {each}.",
        )
    if read:
        names = ", ".join(read)
        yield wrong(
            MODES,
            f"ほかの人も読めます: {names}。chmod go= で閉じてください。",
            f"Others can read {names}; close with chmod go=.",
        )
    elif not written:
        yield well(MODES, "持ち主だけのものです", "the owner's alone")


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        return 0


def certificate(settings: Settings) -> Iterator[Finding]:
    """Whether the certificate that TLS is served with is one that browsers will take, today and in three weeks."""
    if not settings.tls_files:
        return
    path, _, key = settings.tls_files.partition(":")
    try:
        found = certificates.read(Path(path), Path(key))
    except certificates.Unfit as error:
        yield wrong(CERTIFICATE, error.ja, error.en)
        return
    now, day = datetime.now(UTC), f"{found.ends:%Y-%m-%d}"
    host = urlsplit(settings.public_address).hostname or ""
    if now >= found.ends:
        yield wrong(
            CERTIFICATE,
            f"{path} の期限が{day}に切れました。新しい証明書にして、make run を起動し直してください。",
            f"{path} expired on {day}; get a new certificate and start make run again.",
        )
    elif now < found.begins:
        yield wrong(
            CERTIFICATE,
            f"{path} は{found.begins:%Y-%m-%d}からのものです。この機械の日付を確かめてください。",
            f"{path} begins on {found.begins:%Y-%m-%d}; look at the date of this machine.",
        )
    elif host and not found.is_for(host):
        yield wrong(
            CERTIFICATE,
            f"{path} は {host} のものではありません({', '.join(found.names)})。SHUZOKO_ADDRESS か証明書を直してください。",
            f"{path} is not for {host} (it names {', '.join(found.names)}); put SHUZOKO_ADDRESS or the certificate right.",
        )
    elif found.ends - now < SOON:
        yield warning(
            CERTIFICATE,
            f"{path} の期限が{day}に切れます。その前に新しい証明書にしてください。",
            f"{path} expires on {day}; get a new certificate before that.",
        )
    else:
        yield well(CERTIFICATE, f"{day}まで", f"good until {day}")


def running(settings: Settings) -> Iterator[Finding]:
    """Whether what `make run` started lives and moves, and is still kept."""
    places = find(settings.var, os.environ).places
    stopped = [name for name in NAMES if processes.is_stopped(places.lock(name))]
    for name in stopped:
        if name == "supervise":
            todo = (
                "kill -CONT で動かすか、make run を起動し直してください",
                "wake it with kill -CONT, or start make run again",
            )
        else:
            todo = (
                "見張りがまもなく起動し直します。続くときは make run を起動し直してください",
                "its supervisor will soon restart it; if it stays so, start make run again",
            )
        yield wrong(
            PROCESSES,
            f"{NAMES[name][0]}が一時停止されています(SIGSTOP)。{todo[0]}。",
            f"{NAMES[name][1]} was stopped (SIGSTOP): {todo[1]}.",
        )
    if _was_killed(places.lock("supervise")):
        yield wrong(
            PROCESSES,
            "見張り(make run)が異常終了していて、止まったものが再び起動されません。make run を起動し直してください。",
            "The supervisor (make run) was killed, so what ends is not started again; start make run again.",
        )
    elif not stopped:
        yield well(PROCESSES, "問題ありません", "all move")


def _was_killed(lock: Path) -> bool:
    """The supervisor writes into its lock's file when it has begun, and empties it where it ends in order."""
    try:
        return bool(lock.read_text().strip()) and not processes.is_running(lock)
    except OSError:
        return False
