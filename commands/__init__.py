"""The command line: `flask init`, `seed`, `import`, `users`, `keys`, `policy`, `audit`, `worker`, `sealer`, `upgrade`, `doctor`; one file each."""

from __future__ import annotations

from flask import Flask

from commands.audit import audit
from commands.doctor import doctor
from commands.import_ import import_
from commands.import_photographs import photographs
from commands.init import init
from commands.keys import keys
from commands.policy import policy
from commands.sealer import sealer
from commands.seed import seed
from commands.upgrade import derive, upgrade
from commands.users import users
from commands.worker import worker


def register(app: Flask) -> None:
    """Give the application its commands."""
    import_.add_command(photographs)
    for command in (init, seed, import_, users, keys, policy, audit, worker, sealer, upgrade, derive, doctor):
        app.cli.add_command(command)
