"""/audit/limits/: from when on something in the ledgers deserves a look, and how often things may be done in an hour,
for each institution."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from documents.names import choices_of
from gate.refusals import Invalid
from gate.store.hourly_limits import ACTS
from models.data_classes import Words
from oversight.alarm_limits import BOUNDS, alarm_limits, may_set, set_alarm_limits, with_limits
from views.requests.current_actor import actor
from words import t, w

pages = Blueprint("alarm_limits", __name__, url_prefix="/audit")

LABELS: dict[str, Words] = {
    "subjects_an_hour": ("1時間に閲覧した人数がこれを超えたら", "More people seen in an hour than"),
    "refusals_an_hour": ("1時間に拒否された回数がこれを超えたら", "More refusals in an hour than"),
    "night_from": ("夜間の始まり(時)", "Night begins (hour)"),
    "night_to": ("夜間の終わり(時)", "Night ends (hour)"),
    "network_days": ("これより長く使われていないネットワークは初めてとみなす(日)", "A network unused for longer counts as new (days)"),
} | {
    f"{act}_{who}": (f"{ja}: {who_ja}が1時間にできる回数", f"{en.capitalize()} {who_en} in an hour")
    for act, (ja, en) in ACTS.items()
    for who, (who_ja, who_en) in {"account": ("一人", "by one person"), "institution": ("館全体", "by the institution")}.items()
}  # fmt: skip


@pages.get("/limits/")
def show() -> str:
    """The limits of an institution."""
    house = _house()
    given = {name: str(value) for name, value in alarm_limits(actor(), house).items()}
    return _page(house, given, {})


@pages.post("/limits/")
def save() -> str | Response | tuple[str, int]:
    """Set them."""
    house = _house()
    try:
        set_alarm_limits(actor(), house, request.form)
    except Invalid as error:
        given = {name: request.form.get(name, "")[:9] for name in BOUNDS}
        return _page(house, given, error.errors), 400
    flash(
        t(
            "変更しました。いまから使われます。",
            "The limits are saved and apply from now on.",
        ),
        "success",
    )
    return redirect(url_for("alarm_limits.show", institution=house))


def _house() -> str:
    found = with_limits(actor())
    own = actor().institution
    return request.values.get("institution") or (own if own in found or not found else found[0])


def _page(house: str, given: dict[str, str], errors: dict[str, Words]) -> str:
    return render_template(
        "oversight/alarm_limits.html",
        chosen=house,
        houses=choices_of(with_limits(actor())),
        fields=[(name, w(LABELS[name]), given[name], BOUNDS[name], w(errors[name]) if name in errors else "") for name in BOUNDS],
        changeable=may_set(actor(), house),
    )  # fmt: skip
