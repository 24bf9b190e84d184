"""Entering and changing a record. What was typed stays on a refused save; a withheld field is not in the form."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from accounts.sessions import draft_key
from documents.names import choices_of
from gate.card.same_files import same_files
from gate.fields.kinds import kind_of
from gate.fields.pictures import Picture
from gate.fields.stored_otherwise import notices
from gate.reading.loading import load
from gate.reading.shown import Row, verdict_on
from gate.refusals import Conflict, Invalid, NotFound, Refused
from gate.writing.writing import Editing, create, create_once
from models.data_classes import Words
from models.declaration import Field, Noun
from policies.effects import Effect
from policies.verdict import may, reach
from views.records.form.conflicts import chosen, conflict_page
from views.records.form.form_fields import FormField, form_field
from views.records.form.form_values import refuse_withheld, revision_from, typed
from views.records.form.kept_files import forget_sent, keep_sent, picture_of
from views.records.form.once import once_of, sent_id
from views.records.form.references import identified
from views.requests.current_actor import actor
from views.shared.frame import forget_tallies
from words import t, w

Answer = str | Response | tuple[str, int]


class FormMixin:
    """`/new/` and `/edit/`."""

    noun: Noun

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Answer:
        """A form for a new record of an institution where this person may make one."""
        institutions = self._houses()
        institution = request.values.get("institution") or institutions[0]
        if institution not in institutions:
            raise Refused(may(actor(), self.noun.name, "create", institution))
        fields = self._fields_of(institution)
        if request.method == "GET":
            return self._form(
                None, institution, self.begun({each.name: _default(each) for each in fields}), {}
            )
        refuse_withheld(actor(), self.noun, institution, fields, [*request.form, *request.files])
        values = typed(fields, request.form, None)
        if "_restore" in request.form:
            return self._form(None, institution, values, {})
        try:
            values = identified(actor(), fields, values, institution)
            given = {**values, **self._uploaded(institution, required=True)}
            once = None if self.noun.is_institution else sent_id(self.noun)
            id_ = (
                create_once(actor(), self.noun, institution, given, once)
                if once
                else create(actor(), self.noun, institution, given)
            )
        except Invalid as error:
            return self._form(None, institution, values, error.errors), 400
        forget_tallies()
        return self._saved(id_, values, {})

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Answer:
        """A form for a record, as far as this person may change it."""
        id_ = request.args.get("id", "")
        if request.method == "POST" and "_restore" not in request.form:
            try:
                return self._saved_changes(id_)
            except NotFound:
                return self._gone(), 404
        row = load(actor(), self.noun, id_, exit_="form")
        verdict = may(actor(), self.noun.name, "edit", row.institution)
        if not verdict:
            raise Refused(verdict)
        fields = _fillable(row)
        if request.method == "POST":
            return self._form(row, row.institution, typed(fields, request.form, row), {})
        return self._form(row, row.institution, {each.name: row[each.name].value for each in fields}, {})

    def _saved_changes(self, id_: str) -> Answer:
        """Save what the form sent; the record is shown, and its disclosure written, only where it sends the form again."""
        editing = Editing(actor(), self.noun, id_)
        row = editing.row
        fields = _fillable(row)
        refuse_withheld(actor(), self.noun, row.institution, fields, [*request.form, *request.files])
        mine = identified(actor(), fields, typed(fields, request.form, row), row.institution)
        values = chosen(mine, request.form, row)
        try:
            changes = {**values, **self._uploaded(row.institution, required=False)}
            editing.save(revision_from(request.form), changes)
        except Invalid as error:
            shown = load(actor(), self.noun, id_, exit_="form")
            return self._form(shown, row.institution, values, error.errors), 400
        except Conflict as error:
            return conflict_page(self.noun, id_, mine, error), 409
        return self._saved(id_, values, {name: row[name].value for name in values})

    def _gone(self) -> str:
        """What was typed for a record that somebody removed meanwhile: a form for a new one where this person may make one,
        else to be copied. A record that is out of reach, or never was, is answered alike."""
        houses = sorted(
            reach(actor(), self.noun.name, "create"), key=lambda code: code != actor().institution
        )
        if houses:
            values = typed(self._fields_of(houses[0]), request.form, None)
            return self._form(None, houses[0], values, {}, gone=True)
        sent = typed(list(self.noun.editable()), request.form, None)
        lines = [
            (w(each.label), text)
            for each in self.noun.editable()
            if each.name in sent
            and not each.declared.target
            and (text := kind_of(each).text(each, sent[each.name], w))
        ]
        return render_template(
            "records/gone.html", noun=self.noun, lines=lines, back_url=url_for(f"{self.noun.name}.index_view")
        )

    def begun(self, defaults: dict[str, Any]) -> dict[str, Any]:
        """What a new record's form holds when it opens; a noun's view may know more than its declaration."""
        return defaults

    def _houses(self) -> list[str]:
        found = sorted(reach(actor(), self.noun.name, "create"), key=lambda code: code != actor().institution)
        if not found:
            raise Refused(may(actor(), self.noun.name, "create", actor().institution))
        return found

    def _fields_of(self, institution: str) -> list[Field]:
        """The fields that this person may fill in a new record there."""
        return [
            each
            for each in self.noun.editable()
            if each.name != "institution"
            and kind_of(each).tabular
            and verdict_on(actor(), each, "form", institution).effect is Effect.EDIT
        ]

    def _uploaded(self, institution: str, *, required: bool) -> dict[str, Picture]:
        """The pictures that came with the form, checked; whether they may be stored is the gate's to say."""
        found: dict[str, Picture] = {}
        for field in self.noun.editable():
            if not field.is_picture:
                continue
            if picture := picture_of(field, institution):
                found[field.name] = picture
            elif required:
                raise Invalid({field.name: ("画像を選んでください。", "Choose a picture.")})
        return found

    def _saved(self, id_: str, values: dict[str, Any], before: dict[str, Any]) -> Response:
        flash(t("保存しました。", "Saved."), "success")
        forget_sent(self.noun)
        for each in notices(self.noun, values, before):
            flash(w(each), "notice")
        if any(each.filename for each in request.files.values()):
            self._hint_at_same_files(id_)
        if request.form.get("_next"):
            return redirect(
                url_for(f"{self.noun.name}.create_view", institution=request.form.get("institution") or None)
            )
        return redirect(url_for(f"{self.noun.name}.details_view", id=id_))

    def _hint_at_same_files(self, id_: str) -> None:
        if same := same_files(actor(), self.noun, id_):
            labels = t("、", ", ").join(each.label for each in same)
            flash(
                t(
                    f"同じファイルがすでに登録されています: {labels}。要らなければ、どちらかを削除してください。",
                    f"The same file is stored already: {labels}. Remove one of them if it is not needed.",
                ),
                "notice",
            )

    def _form(
        self,
        row: Row | None,
        institution: str,
        values: dict[str, Any],
        errors: dict[str, Words],
        *,
        gone: bool = False,
    ) -> str:
        noun = self.noun
        if errors:
            keep_sent(noun, institution, errors)
        inputs = self._inputs(row, institution, values, errors)
        by_name = {each.name: each for each in inputs}
        labels = {each.name: w(each.label) for each in noun}
        cancel = (
            url_for(f"{noun.name}.details_view", id=row.id) if row else url_for(f"{noun.name}.index_view")
        )
        here = url_for(f"{noun.name}.edit_view", id=row.id) if row else url_for(f"{noun.name}.create_view")
        return render_template(
            "records/form.html",
            noun=noun,
            heading=_heading(noun, new=row is None),
            row=row,
            sections=_sections(noun, by_name),
            error_summary=[(name, labels.get(name, ""), w(words)) for name, words in errors.items()],
            revision=_begun_from(row),
            institution=institution,
            institutions=[] if row else choices_of(self._houses()),
            field_names=",".join(each.name for each in inputs if each.shown is None),
            cancel_url=cancel,
            action=here,
            restored="_restore" in request.form or gone,
            draft_key=draft_key(actor().user, current_app.config["PEPPER"]),
            gone=gone,
            once=once_of(noun) if row is None and not noun.is_institution else "",
        )

    def _inputs(
        self, row: Row | None, institution: str, values: dict[str, Any], errors: dict[str, Words]
    ) -> list[FormField]:
        who = actor()
        said = {name: [w(words)] for name, words in errors.items()}
        if row is None:
            fields = [
                *self._fields_of(institution),
                *(each for each in self.noun.editable() if each.is_picture),
            ]
            return [
                form_field(who, each, None, None, values.get(each.name), said.get(each.name, []), institution)
                for each in fields
            ]
        return [
            form_field(
                who,
                each.field,
                each,
                row,
                values.get(each.field.name, each.value),
                said.get(each.field.name, []),
                institution,
            )
            for each in row
            if each.field.declared.section != "system"
        ]


def _begun_from(row: Row | None) -> int:
    """The revision that the edit began from; a refused save keeps it, or what others saved since would be lost."""
    if row is None:
        return 0
    return revision_from(request.form) if request.method == "POST" else row.revision


def _fillable(row: Row) -> list[Field]:
    """The fields of a record that this person may change."""
    return [each.field for each in row if each.editable and each.field.name != "institution"]


def _default(field: Field) -> Any:
    return field.default() if callable(field.default) else field.default


def _heading(noun: Noun, *, new: bool) -> str:
    """Name what the form does: “New item”, “Edit item”."""
    name, one = noun.label[0], noun.singular
    return t(f"{name}の登録", f"New {one}") if new else t(f"{name}の編集", f"Edit {one}")


def _sections(noun: Noun, inputs: dict[str, FormField]) -> list[tuple[str, list[FormField]]]:
    found = [
        (
            w(section.label),
            [
                inputs[each.name]
                for each in noun
                if each.declared.section == section.name and each.name in inputs
            ],
        )
        for section in noun.sections
    ]
    return [(label, fields) for label, fields in found if fields]
