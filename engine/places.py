"""Where the engine keeps what: the deployment's own data under its var, the programs in a cache that clones share."""

import hashlib
import os
import platform
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.messages import EngineError

# The majors that were tried together (docs/decisions/0003-embedded-engine.md). A change here makes a new cache.
POSTGRESQL = "18"
SUITE = "forky"
FERRETDB = "2.7.0"
RECIPE = "1"

PROJECT = Path(__file__).resolve().parents[1]


def var_folder(environ: Mapping[str, str]) -> Path:
    """SHUZOKO_VAR, or `var` beside the source; a relative path counts from the project's folder."""
    return (PROJECT / (environ.get("SHUZOKO_VAR") or "var")).resolve()


def programs_folder(var: Path, environ: Mapping[str, str]) -> Path:
    """The folder of unpacked programs, named by everything that decides its content.

    `SHUZOKO_CACHE`, else `$XDG_CACHE_HOME/shuzoko`, else `~/.cache/shuzoko`; a service without a home keeps them
    under its own var.
    """
    if environ.get("SHUZOKO_CACHE"):
        cache = Path(environ["SHUZOKO_CACHE"])
    elif environ.get("XDG_CACHE_HOME"):
        cache = Path(environ["XDG_CACHE_HOME"]) / "shuzoko"
    elif environ.get("HOME") and os.access(environ["HOME"], os.W_OK):
        cache = Path(environ["HOME"]) / ".cache" / "shuzoko"
    else:
        cache = var / "engine" / "programs"
    name = f"{SUITE}-postgresql{POSTGRESQL}-ferretdb{FERRETDB}-{platform.machine()}-{RECIPE}"
    return cache.absolute() / name


@dataclass(frozen=True)
class Places:
    """The paths of one deployment's engine."""

    var: Path
    programs: Path

    @property
    def home(self) -> Path:
        """All that this deployment's engine writes, beside a mongod's own `db`."""
        return self.var / "engine"

    @property
    def tree(self) -> Path:
        """PostgreSQL and its libraries, unpacked: what the box sees as /usr is `tree/usr`."""
        return self.programs / "tree"

    @property
    def gateway(self) -> Path:
        """The built ferretdb program."""
        return self.programs / "bin" / "ferretdb"

    @property
    def sockets(self) -> Path:
        """A short folder for sockets, whose paths end at 107 bytes. Made and checked by `make_sockets`.

        Always under /tmp: XDG_RUNTIME_DIR differs between a login and a service, and goes at the last logout.
        """
        digest = hashlib.sha256(os.fsencode(self.var.resolve())).hexdigest()[:12]
        return Path("/tmp") / f"shuzoko-{os.geteuid()}-{digest}"  # noqa: S108 - owner and mode are checked

    @property
    def mongodb_socket(self) -> Path:
        return self.sockets / "mongodb.sock"

    def lock(self, name: str) -> Path:
        return self.home / f"{name}.lock"

    def log(self, name: str) -> Path:
        return self.home / "log" / f"{name}.log"

    def make(self) -> None:
        """Makes the folders of this deployment, closed to others."""
        self.var.mkdir(parents=True, exist_ok=True)
        for folder in (self.home, self.home / "log"):
            folder.mkdir(mode=0o700, exist_ok=True)

    def make_sockets(self) -> None:
        """Makes the socket folder, or refuses one that somebody else prepared: it is the only access control."""
        folder = self.sockets
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077:
            return
        raise EngineError(
            f"{folder} は他の利用者が作ったか、他の利用者も開けるため使えません。中身を確かめて削除し、もう一度起動してください。",
            f"{folder} belongs to somebody else or is open to others, so it is not used; look into it, remove it, "
            "and start again.",
        )


def places_for(var: Path, environ: Mapping[str, str]) -> Places:
    return Places(var=var.resolve(), programs=programs_folder(var.resolve(), environ))
