"""/settings/vocabularies/: the vocabularies, and the terms of one: added, renamed, sorted, retired, restored."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from documents.names import choices_of
from gate.refusals import BadQuestion, Conflict, Invalid, NotFound
from models.data_classes import Words
from models.registry import NOUNS
from models.vocabularies import VOCABULARIES, present
from policies.verdict import may, reach
from views.requests.addresses import address
from views.requests.current_actor import actor
from vocabularies import editing, merges
from vocabularies.behaviour import shared_by
from vocabularies.usage import about, is_in_parts, usage
from words import kept_for_request, t, w

pages = Blueprint("vocabularies", __name__, url_prefix="/settings/vocabularies")
TERM = NOUNS["term"]
Answer = str | Response | tuple[str, int]
NEW = ("label", "label_en", "code")
CHANGED: Words = (
    "ほかの人が先に変更しました。いまの内容を確かめて、やり直してください。",
    "Somebody changed it first. See what stands now, and try again.",
)


def institution_asked() -> str:
    """The institution of the address; else the own where its terms may be seen.

    Raises:
        NotFound, Refused: its terms are not this person's to see.
    """
    chosen = request.values.get("institution", "") or actor().institution
    editing.permit(actor(), chosen)
    return chosen


def vocabulary_named(name: str) -> None:
    """Let pass the name of a vocabulary that has terms.

    Raises:
        NotFound: there is none.
    """
    if name not in VOCABULARIES or name == "vocabulary":
        raise NotFound


def institutions() -> list[tuple[str, str]]:
    """Those whose terms this person may see: code and name."""
    return choices_of(
        sorted(reach(actor(), TERM.name, "read"), key=lambda code: (code != actor().institution, code))
    )


@pages.get("/")
def show_all() -> str:
    """All vocabularies: those that people extend, then those whose terms the application knows."""
    chosen = institution_asked()
    rows = [
        {
            "name": name,
            "label": each.label,
            "open": each.is_open,
            "terms": len(present().offered(name, chosen)),
            "url": url_for(".show", name=name, institution=chosen),
        }
        for name, each in VOCABULARIES.items()
        if name != "vocabulary"
    ]
    return render_template("settings/vocabularies.html", rows=rows)


@pages.get("/<name>/")
def show(name: str) -> str:
    """The terms of a vocabulary that are an institution's own."""
    return _page(name, institution_asked(), {}, {})


@pages.post("/<name>/")
def change(name: str) -> Answer:
    """Add, rename, move, retire or restore one term."""
    vocabulary_named(name)
    chosen = institution_asked()
    act, term = request.form.get("act", ""), request.form.get("term", "")
    given = {each: request.form.get(each, "").strip()[:200] for each in NEW}
    try:
        done = _do(name, chosen, act, term, given)
    except Invalid as error:
        return _page(name, chosen, {**given, "term": term}, error.errors), 400
    except Conflict:
        flash(w(CHANGED), "error")
        return redirect(url_for(".show", name=name, institution=chosen))
    if done:
        flash(done, "success")
    moved = act in ("up", "down")
    here = url_for(
        ".show", name=name, institution=chosen, moved=term if moved else None, by=act if moved else None
    )
    return redirect(here)


def _do(name: str, chosen: str, act: str, term: str, given: dict[str, str]) -> str:
    """The act, and what to say of it."""
    who, revision = actor(), _revision()
    if act == "add":
        editing.add_term(who, name, chosen, given["label"], given["label_en"], given["code"])
        return t(f"「{given['label']}」を加えました。次の画面から選べます。", f"“{given['label_en']}” is added and can be chosen from now on.")  # fmt: skip
    if act == "rename":
        editing.rename_term(who, term, revision, given["label"], given["label_en"])
        return t(
            "呼び方を変えました。以前の呼び方でも見つかります。",
            "Renamed. It is still found by its former name.",
        )
    if act == "retire":
        editing.retire_term(who, term, revision)
        return t("廃止しました。この語の記録はそのままです。", "Retired. Records that bear it keep it.")
    if act == "restore":
        editing.restore_term(who, term, revision)
        return t("廃止を取り消しました。", "It can be chosen again.")
    if act in ("up", "down"):
        editing.move_term(who, name, chosen, term, -1 if act == "up" else 1)
        return ""
    raise BadQuestion(("その操作はありません。", "There is no such action."))


def _revision() -> int:
    sent = request.form.get("revision", "0")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0


def _page(name: str, chosen: str, given: dict[str, str], errors: dict[str, Words]) -> str:
    vocabulary_named(name)
    who, known = actor(), VOCABULARIES[name]
    those = editing.listed(who, name, chosen)
    changeable = bool(may(who, TERM.name, "edit", chosen))
    shared = shared_by(chosen)
    return render_template(
        "settings/vocabulary.html",
        name=name,
        known=known,
        chosen=chosen,
        houses=institutions(),
        terms=[(each, _used(name, chosen, each.code)) for each in those],
        counted=[w(NOUNS[each.of.noun].label) for each in usage_of(name, chosen)],
        labels=present().labels(name),
        shared="" if shared == chosen else shared,
        shared_terms=[w(each.label) for each in present().of(name).values() if each.institution in ("", shared) and not each.retired],
        changeable=changeable,
        addable=known.is_open and bool(may(who, TERM.name, "create", chosen)),
        mergeable=changeable and known.is_open and not is_in_parts(name),
        merges=[_merge(each) for each in merges.of(name, chosen)],
        given=given,
        errors={each: w(words) for each, words in errors.items()},
        focus=(request.args.get("moved", ""), request.args.get("by", "")),
    )  # fmt: skip


def usage_of(name: str, chosen: str) -> list[Any]:
    """How often the terms are used, asked once for a page."""
    kept = kept_for_request()
    if "vocabulary_usage" not in kept:
        kept["vocabulary_usage"] = usage(actor(), name, chosen)
    found: list[Any] = kept["vocabulary_usage"]
    return found


def _used(name: str, chosen: str, code: str) -> list[tuple[str, str, str]]:
    """For each noun with such a field: its name, the count as it may be told, and the list filtered by the term."""
    found = []
    asked = {} if shared_by(chosen) == chosen else {"institution": chosen}
    for each in usage_of(name, chosen):
        if not each.countable:
            continue
        number = about(each.records[code])
        label = w(NOUNS[each.of.noun].label)
        url = address(f"{each.of.noun}.index_view", {f"f.{each.of.name}": code, **asked})
        told = t("10未満", "under 10") if number is None else f"{number:,}"
        found.append((label, told, url if each.of.declared.filtered and number != 0 else ""))
    return found


def _merge(found: dict[str, Any]) -> dict[str, Any]:
    labels = present().labels(found["vocabulary"])
    states = {
        merges.MERGING: t("記録を変更しています", "Changing records"),
        merges.MERGED: t("まとめました", "Merged"),
        merges.STOPPED: t("途中で止まりました。元に戻せます", "Stopped half-way; it can be undone"),
        merges.UNDOING: t("元に戻しています", "Being undone"),
        merges.UNDONE: t("元に戻しました", "Undone"),
    }
    return {
        "id": str(found["_id"]),
        "at": found["at"],
        "gone": labels.get(found["gone"], (found["gone"], found["gone"])),
        "into": labels.get(found["into"], (found["into"], found["into"])),
        "state": states[found["state"]],
        "changed": found.get("changed", 0),
        "restored": found.get("restored", 0),
        "undone": found["state"] in (merges.UNDOING, merges.UNDONE),
        "left": len(found.get("left") or ()),
        "undoable": found["state"] in (merges.MERGED, merges.STOPPED),
        "busy": found["state"] in (merges.MERGING, merges.UNDOING),
    }
