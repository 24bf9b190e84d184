"""A role's draft, its preview, and the versions that were in force."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from gate.reading.loading import load
from gate.reading.shown import Row
from gate.refusals import BadQuestion, Conflict, Invalid
from models.role import ROLE
from roles.draft_table import ROLE_DRAFT
from roles.drafts import (
    DraftChanged,
    apply_draft,
    concerned,
    draft_of,
    drop_draft,
    restore,
    versions,
)
from roles.grant_changes import changes
from roles.grants import grants_of
from roles.widening import SECOND
from views.records.form.form_values import revision_from
from views.requests.current_actor import actor
from views.shared.role_changes import change_rows
from words import t, w
from workflows.engine.acts import granted

ACTS = {"apply": "apply_draft", "drop": "drop_draft"}
"""What the preview's form sends → the act."""


class RoleVersionsMixin:
    """`/draft/` and `/versions/`."""

    @expose("/draft/", methods=("GET", "POST"))
    def draft_view(self) -> str | Response | tuple[str, int]:
        """What the draft would change, and for whom; put it in force, or drop it."""
        id_ = request.args.get("id", "")
        if request.method != "POST":
            return self._draft(id_, "")
        try:
            said = _act(id_, request.form.get("act", ""), request.form.get("draft", ""))
        except Invalid as error:
            return self._draft(id_, " ".join(w(words) for words in error.errors.values())), 400
        except Conflict:
            return self._draft(id_, _overtaken()), 409
        except DraftChanged as other:
            return self._draft(id_, _replaced(other), other), 409
        flash(said, "success")
        return redirect(url_for("role.matrix", id=id_))

    def _draft(self, id_: str, error: str, other: DraftChanged | None = None) -> str:
        """The preview. `other`: the draft is not the one that was previewed; shown is the one that it names."""
        row = load(actor(), ROLE, id_)
        draft = other.now if other else draft_of(actor(), id_)
        if draft is None:
            raise BadQuestion(
                (
                    "下書きがありません。表を直すと作れます。",
                    "There is no draft; change the permission settings to create one.",
                )
            )
        _, grants = grants_of(actor(), id_)
        return render_template(
            "roles/draft.html",
            row=row,
            draft=draft,
            changes=change_rows(changes(grants, draft.grants)),
            since_previewed=change_rows(changes(other.previewed, draft.grants))
            if other and other.previewed
            else None,
            people=concerned(actor(), id_),
            error=error,
            acts=[
                (short, act)
                for short, name in ACTS.items()
                if granted(actor(), ROLE_DRAFT, act := ROLE_DRAFT.act(name), row.institution)
            ],
            back_url=url_for("role.matrix", id=id_),
        )

    @expose("/versions/", methods=("GET", "POST"))
    def versions_view(self) -> str | Response | tuple[str, int]:
        """Every version that was in force, with what its successor changed; bring one back."""
        id_ = request.args.get("id", "")
        if request.method != "POST":
            return self._versions(id_, "")
        wanted = request.form.get("version", "")
        if not wanted.isdecimal() or len(wanted) > 9:
            raise BadQuestion(("版を一覧から選んでください。", "Choose a version from the list."))
        try:
            restored = restore(actor(), id_, int(wanted), revision_from(request.form))
        except Invalid as error:
            return self._versions(id_, " ".join(w(words) for words in error.errors.values())), 400
        except Conflict:
            return self._versions(id_, _overtaken()), 409
        if restored is None:
            flash(w(SECOND), "notice")
            return redirect(url_for("role.draft_view", id=id_))
        flash(w(ROLE_DRAFT.act("restore_version").done), "success")
        return redirect(url_for("role.matrix", id=id_))

    def _versions(self, id_: str, error: str) -> str:
        row: Row = load(actor(), ROLE, id_)
        _, after = grants_of(actor(), id_)
        listed = []
        for each in versions(actor(), id_):
            listed.append((each, change_rows(changes(each.grants, after))))
            after = each.grants
        return render_template(
            "roles/versions.html",
            row=row,
            versions=listed,
            error=error,
            restoring=ROLE_DRAFT.act("restore_version"),
            editable=granted(actor(), ROLE_DRAFT, ROLE_DRAFT.act("restore_version"), row.institution),
            back_url=url_for("role.matrix", id=id_),
        )


def _act(role: str, act: str, digest: str) -> str:
    """Drop the draft that was previewed, or put it in force; what to say of it."""
    if act == "drop":
        drop_draft(actor(), role, digest)
        return w(ROLE_DRAFT.act("drop_draft").done)
    apply_draft(actor(), role, digest)
    return w(ROLE_DRAFT.act("apply_draft").done)


def _replaced(other: DraftChanged) -> str:
    return t(
        f"確かめたあとで、{other.now.by} が下書きを置き換えました。何も行っていません。いまの下書きを下に示します。確かめ直してください。",
        f"{other.now.by} replaced the draft after you previewed it. Nothing was done. The draft that stands now is below; check it again.",
    )


def _overtaken() -> str:
    return t(
        "ほかの管理者が先に保存しました。いまの内容を確かめて、もう一度お試しください。",
        "Another administrator saved first. Check what stands now and try again.",
    )
