"""The command line: `flask seed`, `import`, `users`, `policy`, `worker`, `doctor`; one file each."""

from __future__ import annotations

from flask import Flask

from commands.import_ import import_
from commands.seed import seed


def register(app: Flask) -> None:
    """Give the application its commands."""
    for command in (seed, import_):
        app.cli.add_command(command)
