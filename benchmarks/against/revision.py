"""A revision of the repository with what it needs to be served: its files, its Python, its database."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.servers import Server, free_port, wait_for
from engine.places import PROJECT

LOCK = "requirements.txt"
PIN = re.compile(r"^([\w.-]+)==([\w.+-]+)", re.MULTILINE)


@dataclass(frozen=True)
class Revision:
    """Where its files lie, the Python that has its libraries, and the environment of its processes."""

    name: str
    root: Path
    python: Path
    environ: dict[str, str] = field(repr=False)

    def flask(self, *words: str) -> None:
        """Run one of its commands to the end.

        Raises:
            RuntimeError: it failed, with the end of what it said.
        """
        command = [str(self.python), "-m", "flask", "--app", "app", *words]
        _run(command, self.root, self.environ)

    def passwords(self) -> dict[str, str]:
        """Login id → password of the demonstration's accounts."""
        path = Path(self.environ["SHUZOKO_VAR"]) / "demo-accounts.csv"
        with path.open(encoding="utf-8", newline="") as file:
            return {row["login_id"]: row["password"] for row in csv.DictReader(file)}


def _run(command: list[str], folder: Path, environ: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(  # noqa: S603 - our own commands, and git and pip
        command, cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:6])} … ended with {done.returncode}: {done.stderr[-800:]}")
    return done.stdout.strip()


def resolve(name: str) -> str:
    """The commit that a revision's name means.

    Raises:
        RuntimeError: git knows no such revision.
    """
    return _run(
        ["git", "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"], PROJECT
    )


def unpack(commit: str, folder: Path) -> Path:
    """Put its files into a folder of their own. No worktree: killed, this leaves nothing in the repository."""
    archive = folder.with_suffix(".tar")
    _run(["git", "archive", "--format=tar", "--output", str(archive), commit], PROJECT)
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    archive.unlink()
    return folder


def python_for(root: Path, folder: Path) -> Path:
    """This Python where it has every library of the revision in its version, else one of the revision's own in `folder`."""
    if all(
        _installed(name) == pinned for name, pinned in PIN.findall((root / LOCK).read_text(encoding="utf-8"))
    ):
        return Path(sys.executable)
    _run([sys.executable, "-m", "venv", str(folder)], root)
    python = folder / "bin" / "python"
    quietly = ("--disable-pip-version-check", "install", "--quiet", "-r", LOCK)
    _run([str(python), "-m", "pip", *quietly], root)
    return python


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def prepared(
    name: str, root: Path, python: Path, environ: Mapping[str, str], sizes: Mapping[str, int]
) -> Revision:
    """Fill its database with the demonstration, by its own command: the same numbers give the same records."""
    revision = Revision(name, root, python, dict(environ))
    revision.flask(
        "seed", "demo", *(word for noun, many in sizes.items() for word in (f"--{noun}", str(many)))
    )
    return revision


@contextmanager
def served(revision: Revision) -> Iterator[Server]:
    """Its application under gunicorn: one process of four threads, by the worker class that it ships with."""
    port = free_port()
    own = (revision.root / "engine" / "waiting.py").exists()
    command = [
        *(str(revision.python), "-m", "gunicorn", "app:create_app()", "--bind", f"127.0.0.1:{port}"),
        *(
            "--workers",
            "1",
            "--threads",
            "4",
            "--timeout",
            "300",
            "--keep-alive",
            "60",
            "--log-level",
            "error",
        ),
        *(("--worker-class", "engine.waiting.Worker") if own else ()),
    ]
    with subprocess.Popen(command, cwd=revision.root, env={**revision.environ, "PORT": str(port)}) as process:  # noqa: S603 - our own gunicorn
        try:
            wait_for(port, "/healthz", process)
            yield Server("ours", port, process.pid)
        finally:
            process.terminate()
