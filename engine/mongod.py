"""A mongod found on the PATH, run for this deployment alone on `$SHUZOKO_VAR/db` and a Unix socket."""

import shutil
import signal
from collections.abc import Mapping
from pathlib import Path

from engine import processes
from engine.ferretdb import answers, uri
from engine.messages import EngineError, cannot
from engine.places import Places


def program(environ: Mapping[str, str]) -> str | None:
    return shutil.which("mongod", path=environ.get("PATH"))


def data_folder(places: Places) -> Path:
    return places.var / "db"


def start(places: Places, environ: Mapping[str, str]) -> None:
    """Starts mongod unless it runs, and waits until it answers a ping."""
    lock = places.lock("mongod")
    found = program(environ)
    if found is None:
        raise cannot(
            f"データは mongod で {data_folder(places)} に作られましたが、PATH に mongod がありません。",
            f"The data in {data_folder(places)} was made by a mongod, and none is on the PATH.",
        )
    if not processes.is_running(lock):
        data_folder(places).mkdir(mode=0o700, exist_ok=True)
        places.mongodb_socket.unlink(missing_ok=True)
        command = [found, "--dbpath", str(data_folder(places)), "--bind_ip", str(places.mongodb_socket)]
        # It makes a second socket, named by a port: that one too belongs in the closed folder.
        command += ["--unixSocketPrefix", str(places.sockets), "--filePermissions", "0600"]
        processes.launch(lock, command, places.log("mongod"), environ)

    def up() -> bool:
        if not processes.is_running(lock):
            raise _did_not_start(places)
        return answers(uri(places))

    if not processes.wait_until(up, 120):
        raise _did_not_start(places)


def stop(places: Places) -> None:
    """mongod's own clean shutdown."""
    processes.stop(places.lock("mongod"), signal.SIGTERM)


def _did_not_start(places: Places) -> EngineError:
    log = places.log("mongod")
    return cannot(f"mongod が起動しませんでした。{log} を見てください。", f"mongod did not start; see {log}.")
