"""The box: bubblewrap around the unpacked tree, so that programs of another Debian run here, unprivileged."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.messages import cannot
from engine.places import Places

# PostgreSQL refuses to run as root: inside the box everybody is this user.
USER = "shuzoko"


def bubblewrap(tree: Path) -> list[str]:
    """The host's bwrap, or the unpacked one started through its own loader, as its libraries are not the host's."""
    host = shutil.which("bwrap")
    if host:
        return [host]
    loader = next(tree.glob("usr/lib*/ld-linux*"), Path("/lib/ld-linux.so"))
    libraries = ":".join(str(folder) for folder in tree.glob("usr/lib/*-linux-gnu*"))
    return [str(loader), "--library-path", libraries, str(tree / "usr/bin/bwrap")]


def enclose(tree: Path, home: Path, binds: Mapping[Path, str], command: Sequence[str]) -> list[str]:
    """The command line that runs `command` in the box, with the given folders of the host bound to places inside.

    Process ids and shared memory are the box's own: when its first process dies, the kernel ends all the others,
    so nothing is left behind that could hold the data. `home` receives the box's one-line passwd.
    """
    passwd = home / "passwd"
    if not passwd.exists():
        passwd.write_text(f"{USER}:x:1000:1000::/:/bin/sh\n")
    bound = [word for folder, inside in binds.items() for word in ("--bind", str(folder), inside)]
    return [
        *bubblewrap(tree),
        *("--unshare-user", "--uid", "1000", "--gid", "1000"),
        *("--unshare-pid", "--unshare-ipc", "--as-pid-1"),
        *("--ro-bind", str(tree / "usr"), "/usr"),
        *("--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--symlink", "usr/bin", "/bin"),
        *("--dev", "/dev", "--tmpfs", "/tmp", "--dir", "/etc", "--ro-bind", str(passwd), "/etc/passwd"),  # noqa: S108 - the box's own
        *bound,
        *("--clearenv", "--setenv", "TZ", "UTC", "--setenv", "PATH", "/usr/bin"),
        *command,
    ]


def require_namespaces(places: Places) -> None:
    """Raises EngineError when the box cannot be made here, with what bubblewrap said."""
    refused = try_box(places)
    if refused is not None:
        raise no_namespaces(refused)


def try_box(places: Places) -> str | None:
    """None when a box can be made, else why not."""
    command = enclose(places.tree, places.home, {}, ["/usr/bin/true"])
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours, no shell
    return None if done.returncode == 0 else done.stderr.strip() or f"exit {done.returncode}"


def require_unshare(environ: Mapping[str, str]) -> None:
    """A first look before 140 MB are fetched: does this machine allow user namespaces at all?"""
    if not shutil.which("unshare", path=environ.get("PATH")):
        return
    command = ["unshare", "--user", "--map-root-user", "--mount", "--pid", "--ipc", "--fork", "true"]
    done = subprocess.run(command, env=dict(environ), capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise no_namespaces(done.stderr.strip())


def no_namespaces(why: str) -> Exception:
    return cannot(
        f"この機械では利用者名前空間(user namespaces)が許されていないため、付属のデータベースを動かせません({why})。",
        f"This machine does not allow user namespaces, which the embedded database needs ({why}).",
    )
