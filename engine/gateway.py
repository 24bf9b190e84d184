"""Building FerretDB: with the host's Go when it is new enough, otherwise in the box with Debian's, deleted after."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from engine.box import bubblewrap
from engine.packages import PrivateApt, run
from engine.places import FERRETDB, Places

MODULE = f"github.com/FerretDB/FerretDB/v2/cmd/ferretdb@v{FERRETDB}"
GO_WANTED = (1, 25)


def host_go(environ: Mapping[str, str]) -> str | None:
    """The host's own go, when it is 1.25 or newer."""
    go = shutil.which("go", path=environ.get("PATH"))
    if go is None:
        return None
    printed = subprocess.run(  # noqa: S603 - the host's go
        [go, "env", "GOVERSION"],
        env={**environ, "GOTOOLCHAIN": "local"},
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    version = re.match(r"go(\d+)\.(\d+)", printed)
    return go if version and (int(version[1]), int(version[2])) >= GO_WANTED else None


def build(places: Places, environ: Mapping[str, str]) -> None:
    """Leaves the program at `places.gateway`; moved there at the end, so a half-made one is never found."""
    with tempfile.TemporaryDirectory(
        dir=places.programs, prefix="build-", ignore_cleanup_errors=True
    ) as name:
        work = Path(name)
        go = host_go(environ)
        settings = {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "-modcacherw -buildvcs=false"}
        if go:
            # Without a home the module cache has no place of its own.
            own = {"GOPATH": f"{work}/path", "GOCACHE": f"{work}/cache"} if not environ.get("HOME") else {}
            run([go, "install", MODULE], {**environ, **own, **settings, "GOBIN": f"{work}/bin"})
        else:
            _build_in_box(places, environ, work, settings)
        places.gateway.parent.mkdir(exist_ok=True)
        (work / "bin" / "ferretdb").replace(places.gateway)


def _build_in_box(
    places: Places, environ: Mapping[str, str], work: Path, settings: Mapping[str, str]
) -> None:
    own = PrivateApt(work / "apt", environ)
    own.prepare()
    own.download(["golang-go", "libc6", "ca-certificates"])
    own.unpack(work / "go")
    shutil.rmtree(work / "apt")
    binds = [
        word
        for path in ("/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/ssl")
        for word in ("--ro-bind-try", path, path)
    ]
    inside = {
        **settings,
        "GOROOT": "/usr/lib/go",  # without /proc, go does not find its own folder
        "GOBIN": "/build/bin",
        "GOPATH": "/build/path",
        "GOCACHE": "/build/cache",
        "HOME": "/build",
    }
    passed = {
        name: value for name, value in environ.items() if name.upper().endswith("_PROXY") or name == "GOPROXY"
    }
    run(
        [
            *bubblewrap(places.tree),
            *("--unshare-user", "--uid", "1000", "--gid", "1000", "--unshare-pid", "--unshare-ipc"),
            *("--ro-bind", f"{work}/go/usr", "/usr", "--symlink", "usr/lib", "/lib"),
            *("--symlink", "usr/lib64", "/lib64", "--symlink", "usr/bin", "/bin"),
            *("--dev", "/dev", "--tmpfs", "/tmp", *binds, "--bind", str(work), "/build", "--chdir", "/build"),  # noqa: S108 - the box's own
            *("/usr/bin/go", "install", MODULE),
        ],
        {**passed, **inside, "PATH": "/usr/bin"},
    )
