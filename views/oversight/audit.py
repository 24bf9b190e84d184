"""/audit/: the ledgers on the screen, for auditors: what was done, who saw whom, and what deserves a look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

# guard: template
from flask import Blueprint, g, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from audit.chain import SITE
from documents.ledger_tables import act, fields_named, noun_named
from gate.refusals import BadQuestion
from models.registry import NOUNS
from oversight import trail
from oversight.alarms import KINDS as ALARMS
from oversight.alarms import Alarm
from oversight.trail import Asked
from policies.exits import LABELS
from policies.work import JAPAN, MINUTE
from views.oversight import packs
from views.requests.current_actor import actor
from views.shared.page_words import moment
from words import purpose_words, t, w

pages = Blueprint("audit", __name__, url_prefix="/audit")
WEEK = timedelta(days=7)
LONGEST_ALARMS = timedelta(days=31)
PAGE = 200
SUBJECTS = 3
ASKED = ("since", "until", "account", "noun", "subject", "kind")


@pages.get("/")
def show() -> str:
    """The entries, narrowed by time, account, noun, subject and kind; above them the alarms of that time."""
    asked = _asked(request.args)
    found = trail.trail(actor(), asked)
    kept: dict[str, Any] = {name: request.args[name] for name in ASKED if name in request.args}
    alarms, named = trail.alarms(actor(), max(asked.since, asked.until - LONGEST_ALARMS), asked.until)
    return render_template(
        "oversight/audit.html",
        **_form(asked),
        years=packs.years(),
        pack_houses=packs.houses(),
        entries=[_shown_entry(each, found.names, kept) for each in found.entries],
        alarms=[_alarm(each, named) for each in alarms],
        first_url=url_for("audit.show", **kept) if asked.after else None,
        more_url=url_for("audit.show", **{**kept, "after": found.after}) if found.after else None,
        seen_url=url_for("audit.seen", account=asked.account, since=_local(asked.since), until=_local(asked.until))
        if asked.account
        else None,
    )  # fmt: skip


@pages.get("/seen/")
def seen() -> str:
    """Whose records did this account see between these times?"""
    asked = _asked(request.args)
    if not asked.account:
        raise BadQuestion(("アカウントを選んでください。", "Choose an account."))
    found = trail.seen_by(actor(), asked)
    start = _page(request.args.get("page", "1"))
    kept: dict[str, Any] = {
        "account": asked.account,
        "since": _local(asked.since),
        "until": _local(asked.until),
    }
    return render_template(
        "oversight/audit_seen.html",
        **_form(asked),
        name=found.name,
        total=len(found.sights),
        sights=[
            {
                "noun": noun_named(each.noun),
                "subject": each.subject,
                "url": _record_url(each.noun, each.subject),
                "trail_url": url_for("audit.show", subject=each.subject, since=kept["since"], until=kept["until"]),
                "times": each.times,
                "first": each.first,
                "last": each.last,
            }
            for each in found.sights[start : start + PAGE]
        ],
        start=start + 1,
        first_url=url_for("audit.seen", **kept) if start else None,
        more_url=url_for("audit.seen", **kept, page=start // PAGE + 2) if start + PAGE < len(found.sights) else None,
        back_url=url_for("audit.show", **kept),
    )  # fmt: skip


def _asked(args: MultiDict[str, str]) -> Asked:
    """What the address asks. Times are minutes of Japan; without any, the last seven days."""
    now = datetime.now(UTC)
    until = moment(args.get("until", "")) or now + timedelta(minutes=1)
    since = moment(args.get("since", "")) or until - WEEK
    names = ("account", "noun", "subject", "kind", "after")
    return Asked(since, until, **{name: args.get(name, "").strip()[:100] for name in names})


def _page(text: str) -> int:
    if not text.isdecimal() or len(text) > 6 or text == "0":
        raise BadQuestion(("ページを一覧から選んでください。", "Choose the page from the list."))
    # guard: eval
    return (int(text) - 1) * PAGE


def _local(at: datetime) -> str:
    return at.astimezone(JAPAN).strftime(MINUTE)


def _form(asked: Asked) -> dict[str, Any]:
    return {
        "asked": asked,
        "since": _local(asked.since),
        "until": _local(asked.until),
        "accounts": trail.accounts(actor()),
        "nouns": [(noun.name, w(noun.label)) for noun in NOUNS.values()],
        "kinds": [(code, w(words)) for code, words in trail.KINDS.items()],
    }


def _shown_entry(entry: dict[str, Any], names: dict[str, str], kept: dict[str, Any]) -> dict[str, Any]:
    """Build one entry for the template; it holds no value of a record, because the ledger has none."""
    subjects = entry.get("subjects", [])
    account = entry.get("actor", "")
    return {
        "at": entry["at"],
        "house": g.account.houses.get(entry["institution"]),
        "of_site": entry["institution"] == SITE,
        "number": entry["number"],
        "who": names.get(account, account),
        "who_url": url_for("audit.show", **{**kept, "account": account}) if account in names else None,
        "act": act(entry),
        "noun": noun_named(entry.get("noun")),
        "subjects": [
            (each, url_for("audit.show", **{**kept, "subject": each})) for each in subjects[:SUBJECTS]
        ],
        "more": max(0, len(subjects) - SUBJECTS),
        "fields": fields_named(entry),
        "exit": w(LABELS.get(entry.get("exit", ""), ("", ""))),
        "purpose": purpose_words(entry.get("purpose", "")),
        "detail": entry.get("detail", ""),
    }


def _alarm(alarm: Alarm, names: dict[str, str]) -> dict[str, Any]:
    hour: dict[str, Any] = {"since": _local(alarm.at), "until": _local(alarm.at + timedelta(hours=1))}
    return {
        "what": w(ALARMS[alarm.kind]),
        "house": g.account.houses.get(alarm.institution),
        "who": names.get(alarm.actor, alarm.actor) or t("不明", "unknown"),
        "at": alarm.at,
        "count": alarm.count,
        "detail": alarm.detail,
        "url": url_for("audit.show", account=alarm.actor, **hour),
    }


def _record_url(noun: str, subject: str) -> str | None:
    return url_for(f"{noun}.details_view", id=subject) if noun in NOUNS else None
