"""What is overdue, said on the first page to whoever can see to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from flask import current_app, url_for

from accounts.approving import waiting
from accounts.sign_in.lifting_locks import locked_accounts
from documents.names import house_named
from gate.reading.shown import Row
from gate.refusals import Refused
from gate.store.clock import today
from oversight.registers import Lacking, lacking
from oversight.trail import unseen_alarms
from policies.actor import Actor
from roles.widening import waiting_drafts
from words import t
from workflows.content_check.check import sent_back_records, sent_back_to
from workflows.data_release.releases import overdue

REMINDED = frozenset({"manager", "administrator"})
"""The kinds of role that see to the registers."""


@dataclass(frozen=True)
class Reminder:
    """One line: what, and where it is seen to."""

    said: str
    url: str


def overdue_filter() -> str:
    """The list of takeouts past their day, as the part of an address."""
    yesterday = today() - timedelta(days=1)
    return urlencode({"f.due_on.to": yesterday.isoformat(), "f.returned_on.empty": "1"})


def reminders(who: Actor) -> list[Reminder]:
    """All that this person is to be reminded of."""
    found = _alarms(who) + _approvals(who) + _locked(who) + _came_back(who)
    if count := overdue(who):
        found.append(
            Reminder(
                t(f"期限を過ぎた持出しが{count}件あります。", f"Overdue removable media: {count}."),
                f"{url_for('takeout.index_view')}?{overdue_filter()}",
            )
        )
    if who.role.role_kind in REMINDED:
        for each in lacking(who):
            found += _of_registers(each)
    return found


def _alarms(who: Actor) -> list[Reminder]:
    """Their number and where they stand: what they are about is in the ledgers, for who opens them."""
    count = unseen_alarms(who)
    said = t(f"確かめたい警告が{count:,}件あります。", f"Alarms to look at: {count:,}.")
    return [Reminder(said, url_for("audit.show"))] if count else []


def _approvals(who: Actor) -> list[Reminder]:
    """Accounts that this person may approve: their own requests wait for others."""
    count = sum(who.user not in each.asked_by and who.user != each.user for each in waiting(who))
    count += sum(who.user != each.by for each in waiting_drafts(who))
    said = t(
        f"承認を待つアカウント・役割が{count}件あります。",
        f"Accounts and roles waiting for approval: {count}.",
    )
    return [Reminder(said, url_for("account_approvals.show"))] if count else []


def _locked(who: Actor) -> list[Reminder]:
    count = len(locked_accounts(who, pepper=current_app.config["PEPPER"]))
    said = t(f"ロックされたアカウントが{count}件あります。", f"Locked accounts: {count}.")
    return [Reminder(said, url_for("locked_accounts.show"))] if count else []


def _came_back(who: Actor) -> list[Reminder]:
    try:
        return [_sent_back(each) for each in sent_back_records(who)] if sent_back_to(who) else []
    except Refused:  # the role withholds who entered what, or when: then nothing can be told of it
        return []


def _sent_back(row: Row) -> Reminder:
    """One record of one's own that came back, with what is to be mended."""
    comment = row["check_comment"].value if row["check_comment"].state == "shown" else ""
    said = t(f"差戻し: {row.label}", f"Sent back: {row.label}")
    return Reminder(f"{said} – {comment}" if comment else said, url_for("item.details_view", id=row.id))


def _of_registers(found: Lacking) -> list[Reminder]:
    house, said = house_named(found.institution), []
    if found.responsible:
        said.append(
            Reminder(
                t(f"{house}に取扱責任者がいません。", f"{house} has no responsible person."),
                url_for("handler.index_view", institution=found.institution),
            )
        )
    if count := len(found.untrained):
        said.append(
            Reminder(
                t(
                    f"{house}に、研修の期限を過ぎた取扱者が{count}名います。",
                    f"{house}: {count} handlers need training.",
                ),
                url_for("handler.lapsed_view"),
            )
        )
    return said
