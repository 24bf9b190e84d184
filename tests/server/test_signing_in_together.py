"""People of one office who sign in at one moment wait in line, and nobody has to type again (2A, section 5 point 5)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from mongoengine.connection import get_db

from tests.accounts.attempts import staff
from tests.server.caller import Caller
from tests.server.conftest import Server
from tests.views.panel import token_of
from tests.world import PASSWORD

PEOPLE = 8


def test_eight_people_at_one_moment_all_get_in(server: Server) -> None:
    assert server.panel  # the store that it serves is this process's too
    together = Barrier(PEOPLE)

    def come(login_id: str) -> tuple[int, float]:
        caller = Caller(server.port)
        caller.token = token_of(caller.ask("GET", "/login").text)
        together.wait()
        answer = caller.post("/login", {"login_id": login_id, "password": PASSWORD})
        return answer.status, answer.seconds

    with ThreadPoolExecutor(PEOPLE) as pool:
        found = list(pool.map(come, staff(get_db(), PEOPLE)))
    print("seconds:", ", ".join(f"{seconds:.1f}" for _, seconds in sorted(found)))
    assert [status for status, _ in found] == [302] * PEOPLE
