"""PostgreSQL with DocumentDB in its box: its data folder, its start, its stop."""

import shutil
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine import processes
from engine.box import USER, enclose, require_namespaces
from engine.messages import EngineError, cannot, step
from engine.places import POSTGRESQL, Places
from engine.setup import versions

PROGRAMS = f"/usr/lib/postgresql/{POSTGRESQL}/bin"
DATABASE = "postgres"
SETTINGS = """
# Shuzoko: docs/decisions/0003-embedded-engine.md says why.
shared_preload_libraries = 'pg_cron,pg_documentdb_core,pg_documentdb'
cron.database_name = 'postgres'
cron.host = '/sockets'
cron.use_background_workers = on
max_worker_processes = 20
listen_addresses = ''
unix_socket_directories = '/sockets'
documentdb.localhost_connection_string = 'host=/sockets'
documentdb_core.enableCollation = on
jit = off
shared_buffers = 512MB
maintenance_work_mem = 256MB
wal_compression = lz4
max_wal_size = 4GB
min_wal_size = 512MB
# A record with its search keys is over 2 kB and so kept compressed; every filter and sort unpacks it.
default_toast_compression = lz4
# Values of records never reach a log: statements, details and the errors that quote them stay out.
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
"""

QUIET = ("cron.log_statement=off", "cron.log_run=off", "log_checkpoints=off")
"""DocumentDB asks every two seconds whether an index waits to be built, and each time wrote two lines into the log and a
row into a table. Given at each start, because data folders of before have them not in their settings."""
SSL_REQUEST = bytes.fromhex("00000008 04d2162f")
"""PostgreSQL answers it with one byte before it asks who comes."""


def data_folder(places: Places) -> Path:
    return places.home / "postgresql"


def start(places: Places, environ: Mapping[str, str]) -> None:
    """Makes the data folder when there is none, starts PostgreSQL unless it runs, and waits until it answers."""
    _initialise(places)
    with step("PostgreSQLを起動", "Start PostgreSQL"):
        _start(places, environ)
    _extend(places)


def _start(places: Places, environ: Mapping[str, str]) -> None:
    lock = places.lock("postgres")
    notice = data_folder(places) / "postmaster.pid"
    if not processes.is_running(lock):
        # Nobody holds the lock, so whoever wrote this is dead.
        notice.unlink(missing_ok=True)
        quiet = [word for each in QUIET for word in ("-c", each)]
        command = [f"{PROGRAMS}/postgres", "-D", "/data", *quiet]
        processes.launch(
            lock, _enclosed(places, data_folder(places), command), places.log("postgres"), environ
        )

    def answers() -> bool:
        if not processes.is_running(lock):
            require_namespaces(places)
            raise _did_not_start(places)
        try:
            return notice.read_text().splitlines()[7].strip() == "ready"
        except (OSError, IndexError):
            return False

    # Replaying the log after a crash may take minutes; PostgreSQL says so in its own log.
    if not processes.wait_until(answers, 300):
        raise _did_not_start(places)


def answers(places: Places, seconds: float) -> bool:
    """Whether it takes a new connection and says something in that time."""
    with socket.socket(socket.AF_UNIX) as talk:
        talk.settimeout(seconds)
        try:
            talk.connect(str(places.sockets / ".s.PGSQL.5432"))
            talk.sendall(SSL_REQUEST)
            return bool(talk.recv(1))
        except OSError:
            return False


def stop(places: Places) -> None:
    """A fast shutdown: running statements are aborted, everything acknowledged is on disk."""
    processes.stop(places.lock("postgres"), signal.SIGINT)


def url(places: Places) -> str:
    return f"postgres://{USER}@localhost:5432/{DATABASE}?host={places.sockets}"


def _enclosed(places: Places, data: Path, command: Sequence[str]) -> list[str]:
    return enclose(places.tree, places.home, {data: "/data", places.sockets: "/sockets"}, command)


def _initialise(places: Places) -> None:
    if data_folder(places).exists():
        return
    unfinished = places.home / "postgresql.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    with step("データの置き場所を作成", "Make the data folder"):
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command = [f"{PROGRAMS}/initdb", "-D", "/data", "-U", USER, "-A", "trust", "-E", "UTF8", *locale]
        _run(places, unfinished, command)
        with (unfinished / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)
        unfinished.rename(data_folder(places))


def _extend(places: Places) -> None:
    """Loads DocumentDB, and brings its tables up to date when other versions were unpacked since."""
    stamp = data_folder(places) / "documentdb.version"
    version = versions(places)[f"postgresql-{POSTGRESQL}-documentdb"]
    if stamp.exists() and stamp.read_text() == version:
        return
    with step("DocumentDBを組み込み", "Load DocumentDB"):
        orders = ["CREATE EXTENSION IF NOT EXISTS documentdb CASCADE"]
        orders += [f"ALTER EXTENSION {name} UPDATE" for name in ("documentdb_core", "documentdb")]
        psql = [
            f"{PROGRAMS}/psql",
            "-h",
            "/sockets",
            "-U",
            USER,
            "-d",
            DATABASE,
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
        ]
        _run(places, data_folder(places), psql + [word for order in orders for word in ("-c", order)])
        stamp.write_text(version)


def _run(places: Places, data: Path, command: Sequence[str]) -> None:
    done = subprocess.run(_enclosed(places, data, command), capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        require_namespaces(places)
        why = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        raise cannot(f"PostgreSQLの準備に失敗しました({why})。", f"Preparing PostgreSQL failed ({why}).")


def _did_not_start(places: Places) -> EngineError:
    log = places.log("postgres")
    return cannot(
        f"PostgreSQLが起動しませんでした。{log} を見てください。", f"PostgreSQL did not start; see {log}."
    )
