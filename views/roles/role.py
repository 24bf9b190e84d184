"""役割: its screens, and the matrix of nouns × actions and nouns × data classes."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_admin import expose
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from gate.reading.loading import load
from gate.reading.shown import Row
from gate.refusals import BadQuestion, Conflict, Invalid, Refused
from models.data_classes import LABELS, DataClass
from models.registry import NOUNS
from models.role import ROLE
from models.vocabularies import terms
from policies.actor import SCOPES
from policies.effects import LABELS as EFFECT_LABELS
from policies.effects import Effect
from policies.exits import ACTIONS
from policies.verdict import may
from roles.drafts import draft_of, keep_draft
from roles.grant_changes import changes
from roles.grants import (
    Actions,
    Effects,
    Grants,
    as_stored,
    ceiling_of_action,
    ceiling_of_class,
    grants_of,
    in_plain_words,
    save_grants,
)
from roles.widening import SECOND, needs_second
from views.records import GuardedView
from views.records.form.form_values import revision_from
from views.requests.current_actor import actor
from views.roles.overview import RoleOverviewMixin
from views.roles.versions import RoleVersionsMixin
from views.shared.role_changes import SCOPE_WORDS, change_rows
from words import t, w


class RoleView(RoleVersionsMixin, RoleOverviewMixin, GuardedView):
    """`/matrix/`, `/overview/`, `/draft/` and `/versions/` beside the generated screens."""

    def _buttons(self, row: Row) -> list[tuple[str, str, str]]:
        matrix = (t("権限の設定", "Permission settings"), url_for("role.matrix", id=row.id), "primary")
        return [matrix, *super()._buttons(row)]

    def places(self) -> list[tuple[str, str]]:
        """The table of all roles."""
        return [(t("権限の一覧表", "Permissions"), url_for("role.overview_view"))]

    @expose("/matrix/", methods=("GET", "POST"))
    def matrix(self) -> str | Response | tuple[str, int]:
        """Read the matrix, or store it."""
        id_ = request.args.get("id", "")
        row = load(actor(), ROLE, id_)
        kind, grants = grants_of(actor(), id_)
        if request.method != "POST":
            return self._matrix(row, kind, grants, {})
        if not (verdict := may(actor(), "role", "edit", row.institution)):
            raise Refused(verdict)
        grants = _posted(request.form, grants)
        try:
            if request.form.get("_draft"):
                if other := keep_draft(actor(), id_, revision_from(request.form), grants):
                    flash(
                        t(f"{other} の下書きを置き換えました。", f"The draft of {other} was replaced."),
                        "notice",
                    )
                return redirect(url_for("role.draft_view", id=id_))
            if needs_second(actor(), id_, grants):
                keep_draft(actor(), id_, revision_from(request.form), grants)
                flash(w(SECOND), "notice")
                return redirect(url_for("role.draft_view", id=id_))
            save_grants(actor(), id_, revision_from(request.form), grants)
        except Invalid as error:
            if unknown := error.errors.get(""):
                raise BadQuestion(unknown) from error  # what was sent cannot be laid out as a matrix
            said = {name: w(words) for name, words in error.errors.items()}
            return self._matrix(row, kind, grants, said), 400
        except Conflict as conflict:
            said = {"": t(
                "ほかの管理者が先に保存しました。入力した内容は下に残っています。いまの内容との違いを確かめて、もう一度保存してください。",
                "Another administrator saved first. What you entered still stands below. See how it differs from what stands now, "
                "and save again.",
            )}  # fmt: skip
            _, now = grants_of(actor(), id_)
            return self._matrix(conflict.theirs, kind, as_stored(grants), said, now), 409
        flash(
            t("保存しました。次の操作から効きます。", "Saved. It applies from the next request."), "success"
        )
        return redirect(url_for("role.matrix", id=id_))

    def _matrix(
        self, row: Row, kind: str, grants: Grants, errors: dict[str, str], now: Grants | None = None
    ) -> str:
        """The page with these grants in its boxes. `now`: what is in force, where that is something else."""
        return render_template(
            "roles/matrix.html",
            noun=ROLE,
            row=row,
            revision=row.revision,
            role_name=row.label,
            kind_label=w(terms("role_kind")[kind]),
            action_labels=[(code, w(words)) for code, words in ACTIONS.items()],
            class_labels=[(str(each), w(LABELS[each])) for each in DataClass if each is not DataClass.SECRET],
            effect_labels=[(each.name.lower(), w(EFFECT_LABELS[each])) for each in Effect],
            scopes=[(scope, w(SCOPE_WORDS[scope])) for scope in SCOPES],
            nouns=[_noun(kind, name, grants.actions, grants.effects) for name in NOUNS],
            grants=grants,
            asked={name: ROLE.fields[name] for name in ("second_factor", "networks")},
            factor_terms=[(code, w(words)) for code, words in terms("second_factor").items()],
            plain=[w(words) for words in in_plain_words((now or grants).actions, (now or grants).effects)],
            overtaken=None if now is None else change_rows(changes(now, grants)),
            error_summary=[(name, "", said) for name, said in errors.items()],
            editable=bool(may(actor(), "role", "edit", row.institution)),
            action=url_for("role.matrix", id=row.id),
            back_url=url_for("role.details_view", id=row.id),
            draft_url=url_for("role.draft_view", id=row.id) if draft_of(actor(), row.id) else None,
            versions_url=url_for("role.versions_view", id=row.id)
            if may(actor(), "role", "history", row.institution)
            else None,
        )


def _noun(kind: str, noun: str, actions: Actions, effects: Effects) -> dict[str, Any]:
    """One noun's part of the matrix: for each scope its checkboxes and its selects, with their ceilings."""
    return {
        "name": noun,
        "label": w(NOUNS[noun].label),
        "scopes": [
            {
                "name": scope,
                "label": w(SCOPE_WORDS[scope]),
                "actions": [_action(kind, noun, scope, action, actions) for action in ACTIONS],
                "classes": [_class(kind, noun, scope, each, effects) for each in _classes(noun)],
            }
            for scope in SCOPES
        ],
    }


def _classes(noun: str) -> list[DataClass]:
    held = {field.data_class for field in NOUNS[noun]}
    return [each for each in DataClass if each in held and each is not DataClass.SECRET]


def _action(kind: str, noun: str, scope: str, action: str, actions: Actions) -> dict[str, Any]:
    barred = ceiling_of_action(kind, noun, action, scope)
    return {
        "key": f"a.{noun}.{scope}.{action}",
        "label": w(ACTIONS[action]),
        "checked": action in actions.get(noun, {}).get(scope, []),
        "barred": w(barred) if barred else "",
    }


def _class(kind: str, noun: str, scope: str, data_class: DataClass, effects: Effects) -> dict[str, Any]:
    most, reason = ceiling_of_class(kind, noun, str(data_class), scope)
    now = Effect.named(effects.get(noun, {}).get(scope, {}).get(str(data_class), "hide"))
    return {
        "key": f"e.{noun}.{scope}.{data_class}",
        "label": w(LABELS[data_class]),
        "value": now.name.lower(),
        "options": [(each.name.lower(), w(EFFECT_LABELS[each]), each > most) for each in Effect],
        "reason": w(reason) if most < Effect.EDIT else "",
    }


def _posted(form: MultiDict[str, str], stored: Grants) -> Grants:
    """The matrix that was sent. Effects of single fields are not on it and stay as they are."""
    actions: Actions = {}
    effects: Effects = {
        noun: {
            scope: {s: e for s, e in subjects.items() if s.startswith("field:")}
            for scope, subjects in scopes.items()
        }
        for noun, scopes in stored.effects.items()
    }
    for name, value in form.items():
        kind, _, rest = name.partition(".")
        parts = rest.split(".")
        if kind == "a" and len(parts) == 3:
            actions.setdefault(parts[0], {}).setdefault(parts[1], []).append(parts[2])
        elif kind == "e" and len(parts) == 3 and value != "hide":
            effects.setdefault(parts[0], {}).setdefault(parts[1], {})[parts[2]] = value
    networks = form["networks"].splitlines() if "networks" in form else stored.networks
    given = {noun: scopes for noun, scopes in effects.items() if any(scopes.values())}
    return Grants(actions, given, form.get("second_factor", stored.second_factor), networks)
