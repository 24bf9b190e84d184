"""A hundred and eleven uploads with bad intentions, made as they are needed: each is a name, a type as declared, and bytes."""

from __future__ import annotations

from tests.server.hostile.jpegs import jpegs
from tests.server.hostile.names import names
from tests.server.hostile.others import others
from tests.server.hostile.pngs import pngs
from tests.server.hostile.upload import Upload


def uploads() -> list[Upload]:
    """All of them."""
    return [*pngs(), *jpegs(), *others(), *names()]
