"""The behaviours of accounts, roles and institutions (gate.writing.behaviours): rights, networks, supervision, ended sessions."""

from __future__ import annotations

from accounts.networks import shuts_out
from accounts.sessions import stamped
from gate.writing.behaviours import Behaviour, check_registered, register_behaviour
from roles.rights import administrators_kept, raises_own, removes_own
from roles.supervision import moves_wrongly, starts_wrongly


def register_behaviours() -> None:
    """Register every behaviour that a declaration names.

    Raises:
        RuntimeError: a declaration names one that nobody registered.
    """
    register_behaviour("own_rights", Behaviour(check=raises_own, check_removal=removes_own))
    register_behaviour("own_network", Behaviour(check=shuts_out))
    register_behaviour("supervision", Behaviour(check=moves_wrongly, check_new=starts_wrongly))
    register_behaviour("administrators", Behaviour(around_write=administrators_kept))
    register_behaviour("session_stamp", Behaviour(derive=stamped))
    check_registered()
