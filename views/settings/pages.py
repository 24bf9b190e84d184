"""/settings/: the page that lists what can be set, as far as this person may."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from models.registry import NOUNS
from oversight.alarm_limits import with_limits
from policies.verdict import reach
from views.requests.current_actor import actor
from words import t, w

pages = Blueprint("settings", __name__, url_prefix="/settings")


@pages.get("/")
def show() -> str:
    """Links, each with a sentence on what is set there."""
    return render_template("settings/index.html", places=_places())


def _places() -> list[tuple[str, str, str]]:
    who = actor()
    found = []
    if reach(who, "term", "read"):
        found.append((
            t("語彙", "Vocabularies"),
            url_for("vocabularies.show_all"),
            t("資料種別・受入区分など、選択肢の語を加え、呼び方を変え、廃止し、まとめます。", "Add, rename, retire and merge the terms that people choose from."),
        ))  # fmt: skip
    told = {
        "institution": t("館の名称、画像とサインインの決まり、ネットワーク。", "An institution's name, its rules for pictures and sign-in, its networks."),
        "role": t("役割ごとに、何を見て何ができるか。", "What each role may see and do."),
        "user": t("アカウントと、その役割。", "Accounts and their roles."),
    }  # fmt: skip
    for name, said in told.items():
        if reach(who, name, "edit"):
            found.append((w(NOUNS[name].label), url_for(f"{name}.index_view"), said))
    if with_limits(who) and reach(who, "institution", "edit"):
        said = t(
            "いつ警告するかと、1時間にできる回数。",
            "When to raise an alarm, and how often things may be done in an hour.",
        )
        found.append(
            (t("警告の基準と回数の上限", "Alarms and hourly limits"), url_for("alarm_limits.show"), said)
        )
    return found
