"""Which store a deployment uses: MONGODB_URI, else a mongod on the PATH, else the embedded engine."""

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine import ferretdb, mongod, postgres, processes
from engine.messages import step
from engine.places import Places, places_for
from engine.setup import set_up

Kind = Literal["given", "mongod", "embedded"]
PROCESSES: dict[Kind, tuple[str, ...]] = {
    "given": (),
    "mongod": ("mongod",),
    "embedded": ("postgres", "gateway"),
}


@dataclass(frozen=True)
class Engine:
    """A store that answers. `uri` is a MongoDB address without a database's name unless MONGODB_URI names one."""

    uri: str
    source: Kind
    places: Places

    def processes(self) -> dict[str, int | None]:
        """Name → process id of what runs for this deployment; None for one that does not run."""
        return {name: processes.leader(self.places.lock(name)) for name in PROCESSES[self.source]}

    def is_up(self) -> bool:
        """Whether every process of it lives. Cheap: asks the locks, not the store."""
        return all(processes.is_running(self.places.lock(name)) for name in PROCESSES[self.source])

    def stop(self) -> None:
        """Stops what runs for this deployment; a store named by MONGODB_URI is left alone."""
        if self.source != "given":
            stop(self.places.var)


def choose(var: Path, environ: Mapping[str, str]) -> Kind:
    """The kind of store. Where data already stands, the store that made it keeps it, whatever the PATH says now."""
    places = places_for(var, environ)
    if environ.get("MONGODB_URI"):
        return "given"
    if mongod.data_folder(places).exists():
        return "mongod"
    if mongod.program(environ) and not postgres.data_folder(places).exists():
        return "mongod"
    return "embedded"


def find(var: Path, environ: Mapping[str, str] | None = None) -> Engine:
    """The store of this deployment, whether or not it runs; nothing is started and nothing made."""
    environ = os.environ if environ is None else environ
    kind = choose(var, environ)
    places = places_for(var, environ)
    return Engine(environ["MONGODB_URI"] if kind == "given" else ferretdb.uri(places), kind, places)


def start(var: Path, environ: Mapping[str, str] | None = None) -> Engine:
    """The running store of this deployment, set up and started where needed; the same one when it runs already.

    Raises EngineError, bilingual, when it cannot be made ready.
    """
    environ = os.environ if environ is None else environ
    engine = find(var, environ)
    kind, places = engine.source, engine.places
    if kind == "given":
        return engine
    if engine.is_up() and ferretdb.answers(engine.uri):
        return engine
    places.make()
    with processes.one_at_a_time(places.lock("start")):
        places.make_sockets()
        if kind == "mongod":
            with step("mongodを起動", "Start mongod"):
                mongod.start(places, environ)
        else:
            set_up(places, environ)
            postgres.start(places, environ)
            with step("MongoDB互換の入口を起動", "Start the MongoDB gateway"):
                ferretdb.start(places, environ)
    return engine


def resolve_uri(var: Path, environ: Mapping[str, str]) -> str:
    """The MongoDB address to connect to; starts what is needed first. Raises EngineError."""
    return start(var, environ).uri


def stop(var: Path, environ: Mapping[str, str] | None = None) -> None:
    """Stops every engine process of this deployment cleanly: first who is asked, then who stores."""
    places = places_for(var, os.environ if environ is None else environ)
    if not places.home.exists():
        return
    with processes.one_at_a_time(places.lock("start")):
        ferretdb.stop(places)
        postgres.stop(places)
        mongod.stop(places)
        with contextlib.suppress(OSError):  # never made, or not ours to empty
            places.sockets.rmdir()
