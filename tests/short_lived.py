"""A store that ends with its tests: nobody waits until its writes are on the disk.

No process's end loses anything by it, as the system still has what was written; only the machine's would. Tests that
kill PostgreSQL start a store of their own (tests/engine, tests/recovery), with the settings of a deployment.
"""

from __future__ import annotations

import os
import signal

from engine import Engine, postgres

SETTINGS = """
fsync = off
full_page_writes = off
"""


def spare_the_disk(running: Engine) -> None:
    """Let the embedded engine acknowledge a write before the disk has it; a store of another kind is left as it is."""
    pid = running.processes().get("postgres")
    if pid is None:
        return
    with (postgres.data_folder(running.places) / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(SETTINGS)
    os.kill(pid, signal.SIGHUP)
