"""A disk of a few megabytes, for tests of a full one: needs no root, and goes with the process that holds it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

INSIDE = ("unshare", "--user", "--map-root-user", "--mount")


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A new disk; its path is good for the length of the block. It is not to be resolved: it leads through /proc."""
    folder.mkdir()
    order = f"mount -t tmpfs -o size={megabytes}m,mode=700 none '{folder}' && echo ready && exec sleep 600"
    with subprocess.Popen([*INSIDE, "sh", "-c", order], stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "ready\n"
            yield Path(f"/proc/{holder.pid}/root{folder}")
        finally:
            holder.kill()


def fill(folder: Path) -> Path:
    """Write until nothing fits any more; returns the file to remove."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4_096))
    return filler
