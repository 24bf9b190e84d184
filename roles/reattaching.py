"""Setting right the supervisor of an institution that an older fault detached from its government."""

from __future__ import annotations

from gate.refusals import BadQuestion, Refused
from gate.store.collections import records_of
from gate.writing.changes import Origin
from gate.writing.writing import write
from policies.actor import Actor
from policies.verdict import may
from roles.supervision import INSTITUTION, detached, top_for


def reattach(actor: Actor, code: str) -> None:
    """Give an institution the supervisor that it must have; the ledger holds it as an edit.

    Raises:
        Refused: this actor may not edit institutions.
        BadQuestion: nothing is wrong with it, or it is not of this government.
        Conflict, NotFound: somebody saved it meanwhile.
    """
    if not (verdict := may(actor, INSTITUTION.name, "edit", top_for(actor))):
        raise Refused(verdict)
    found = next((each for each in detached(actor) if each.code == code), None)
    document = records_of(INSTITUTION).find_one({"_id": code}) if found else None
    if found is None or document is None:
        raise BadQuestion(("この館に直すところはありません。", "Nothing is wrong with this institution."))
    wanted = {"supervisor": found.wanted or None}
    write(INSTITUTION, document, wanted, actor=actor, reason="supervisor repaired", origin=Origin.FORM)
