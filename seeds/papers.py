"""The demo's papers: what the procedures of the institutions would have left, made by its accounts through the gate."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts.accounts import Account, standing
from accounts.lockout import folded
from gate.store.clock import today
from gate.store.collections import records_of
from gate.writing.changes import Origin
from gate.writing.writing import create
from models.registry import NOUNS
from workflows.work_requests.requests import decide

WORK_REQUEST, USER = NOUNS["work_request"], NOUNS["user"]
NUMBER = "W000001"
WINDOW = timedelta(days=365)


def work() -> None:
    """One approved request for the demo's contractor, open for a year from this machine; asked for by the manager,
    approved by the administrator. What is there already stays; killed in between, the next run approves it."""
    manager, admin = _account("manager").actor, _account("admin").actor
    asked = {"institution": manager.institution, "request_number": NUMBER}
    found = records_of(WORK_REQUEST).find_one(asked, {"work_status": 1, "revision": 1})
    if found is None:
        create(manager, WORK_REQUEST, manager.institution, _request(manager.user), origin=Origin.CONSOLE)
        found = records_of(WORK_REQUEST).find_one(asked, {"work_status": 1, "revision": 1})
    if found is not None and found["work_status"] == "requested":
        decide(admin, str(found["_id"]), found["revision"], "approve", "実演のため")


def _request(witness: str) -> dict[str, Any]:
    begins = today()
    return {
        "request_number": NUMBER,
        "work": "画面の動作確認",
        "why": "改修後の点検(実演用)",
        "work_place": "machine_room",
        "contractor": _id("contractor"),
        "begins_at": f"{begins}T00:00",
        "ends_at": f"{begins + WINDOW}T00:00",
        "network": "127.0.0.1",
        "witness": witness,
    }


def _account(login_id: str) -> Account:
    found = standing(_id(login_id))
    if found is None:
        raise LookupError(f"no account {login_id}")
    return found


def _id(login_id: str) -> str:
    found = records_of(USER).find_one({"login_key": folded(login_id)}, {"_id": 1})
    return str(found["_id"]) if found else ""
