"""FerretDB, which speaks MongoDB's wire protocol in front of PostgreSQL."""

import signal
from collections.abc import Mapping
from urllib.parse import quote

from pymongo import MongoClient, timeout
from pymongo.errors import PyMongoError

from engine import postgres, processes
from engine.messages import EngineError, cannot
from engine.places import Places

# A failed query is logged with the store's error, which may quote a value of a record; it stands in the braces.
WITHOUT_VALUES = ["sed", "-u", r"s/[[:space:]]*{.*//"]


def uri(places: Places) -> str:
    """MongoDB's address of a server on this deployment's socket."""
    return f"mongodb://{quote(str(places.mongodb_socket), safe='')}"


def start(places: Places, environ: Mapping[str, str]) -> None:
    """Starts the gateway unless it runs, and waits until it answers a ping. PostgreSQL must be up."""
    lock = places.lock("gateway")
    if not processes.is_running(lock):
        places.mongodb_socket.unlink(missing_ok=True)
        state = places.home / "ferretdb"
        state.mkdir(mode=0o700, exist_ok=True)
        command = [
            str(places.gateway),
            f"--postgresql-url={postgres.url(places)}",
            "--listen-addr=",
            f"--listen-unix={places.mongodb_socket}",
            f"--state-dir={state}",
            *("--no-auth", "--telemetry=disable", "--debug-addr=-", "--log-level=error"),
        ]
        processes.launch(lock, command, places.log("gateway"), environ, through=WITHOUT_VALUES)

    def up() -> bool:
        if not processes.is_running(lock):
            raise _did_not_start(places)
        return answers(uri(places))

    if not processes.wait_until(up, 60):
        raise _did_not_start(places)


def stop(places: Places) -> None:
    processes.stop(places.lock("gateway"), signal.SIGTERM, seconds=10)
    places.mongodb_socket.unlink(missing_ok=True)


def answers(address: str, milliseconds: int = 2000) -> bool:
    """Whether a MongoDB-compatible server answers there, and what is behind it too."""
    client: MongoClient[dict[str, object]] = MongoClient(
        address,
        serverSelectionTimeoutMS=milliseconds,
        connectTimeoutMS=milliseconds,
        socketTimeoutMS=milliseconds,
    )
    try:
        with timeout(milliseconds / 1_000):
            client.admin.command("ping")
            # The gateway answers a ping by itself, and this by what PostgreSQL says.
            client["shuzoko_asked"]["alive"].find_one()
    except PyMongoError:
        return False
    else:
        return True
    finally:
        client.close()


def _did_not_start(places: Places) -> EngineError:
    log = places.log("gateway")
    return cannot(
        f"FerretDBが起動しませんでした。{log} を見てください。", f"FerretDB did not start; see {log}."
    )
