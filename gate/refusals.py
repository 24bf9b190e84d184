"""What the gate says no with. None of them carries a value of a record (law 5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models.data_classes import Words
from policies.actor import Actor
from policies.verdict import TRIED_ON, Verdict


class Refused(Exception):
    """Policy says no: to a page (403), or to a question about a withheld field (400)."""

    def __init__(self, verdict: Verdict, *, status: int = 403, field: str = "", narrower: str = "") -> None:
        """Args:
        verdict: what was decided, with its rule and reason.
        status: 403 for an act, 400 for a question over a withheld field.
        field: the field asked about, if any.
        narrower: an institution for which the same question would be answered, if any.
        """
        super().__init__(verdict.rule)
        self.verdict = verdict
        self.status = status
        self.field = field
        self.narrower = narrower


class NotFound(Exception):
    """No such record within reach; whether there is one elsewhere is not told."""


class NotReady(Exception):
    """A file that is not there: it is still being prepared, or could not be; `words` say which."""

    def __init__(self, words: Words) -> None:
        super().__init__("not ready")
        self.words = words


class BadQuestion(Exception):
    """The question itself is malformed: a filter, sort, page or id that cannot be."""

    def __init__(self, words: Words) -> None:
        super().__init__(words[1])
        self.words = words


class TooMany(Exception):
    """An account or an institution has spent what it may do of something for a while: 429 until `until`."""

    def __init__(self, until: datetime, words: Words) -> None:
        super().__init__(words[1])
        self.until = until
        self.words = words


class Busy(Exception):
    """Too many passwords are being checked at once: 429, and after `seconds` it is worth trying again."""

    def __init__(self, seconds: int) -> None:
        super().__init__("busy")
        self.seconds = seconds


class Invalid(Exception):
    """What was typed cannot be stored: field → what is wrong and what to do. The key "" is the whole record."""

    def __init__(self, errors: dict[str, Words]) -> None:
        super().__init__(", ".join(sorted(errors)))
        self.errors = errors


class Conflict(Exception):
    """Somebody else saved first. Nothing was written; `theirs` is the record as it now stands, as this actor sees it."""

    def __init__(self, theirs: Any, changed: frozenset[str], before: Any = None) -> None:
        """Args:
        theirs: the gate's Row of the record now.
        changed: names of the fields that the others changed since the revision this edit began from.
        before: the gate's Row of those fields as they were at that revision.
        """
        super().__init__(", ".join(sorted(changed)))
        self.theirs = theirs
        self.changed = changed
        self.before = before


def only_reads(actor: Actor) -> None:
    """Refuse a write to what is stored with the account while another role is being tried on.

    Raises:
        Refused: another role is being tried on.
    """
    if actor.behind is not None:
        raise Refused(TRIED_ON)
