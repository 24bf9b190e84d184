"""Entering and changing a record. What was typed stays on a refused save; a withheld field is not in the form."""

from __future__ import annotations

from typing import Any

from flask import current_app, jsonify, render_template, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from accounts.sessions import draft_key
from documents.names import choices_of
from gate.fields.kinds import kind_of
from gate.fields.pictures import Picture
from gate.reading.loading import load
from gate.reading.references import label
from gate.reading.shown import Row, verdict_on
from gate.refusals import Conflict, Invalid, NotFound, Refused
from gate.store.collections import key_of
from gate.store.numbering import foreseen_number
from gate.writing.writing import Editing, create, create_once
from models.data_classes import Words
from models.declaration import Field, Noun
from policies.effects import Effect
from policies.verdict import may, reach
from views.records.form.acts import act_named, acts_in_form
from views.records.form.aids import aid_addresses
from views.records.form.beginnings import carried, copied_from, defaults_of, pinned
from views.records.form.cards import laid_out
from views.records.form.conflicts import chosen, conflict_page
from views.records.form.form_fields import FormField, form_field
from views.records.form.form_values import proposed_readings, refuse_withheld, revision_from, typed
from views.records.form.kept_files import keep_sent, picture_of
from views.records.form.once import once_of, sent_id
from views.records.form.references import identified
from views.records.form.saved import SAVED, saved
from views.requests.current_actor import actor
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
        if request.method != "POST":
            begun = self.begun(defaults_of(self.noun, fields))
            return self._form(None, institution, begun | carried(self.noun, fields), {})
        refuse_withheld(actor(), self.noun, institution, fields, [*request.form, *request.files])
        values = typed(fields, request.form, None)
        if "_restore" in request.form:
            return self._form(None, institution, values, {})
        try:
            values = identified(actor(), fields, values, institution)
            act = act_named(self.noun, institution, None, request.form.get("_act_next", ""))
            given = values | (act.values if act else {}) | self._uploaded(institution, required=True)
            proposed = proposed_readings(self.noun, request.form, values)
            once = None if self.noun.is_institution else sent_id(self.noun)
            id_ = (
                create_once(actor(), self.noun, institution, given, once, proposed=proposed)
                if once
                else create(actor(), self.noun, institution, given, proposed=proposed)
            )
        except Invalid as error:
            return self._form(None, institution, values, error.errors), 400
        if "_drawer" in request.form:
            return self._made_in_drawer(id_)
        return saved(self.noun, id_, institution, values, {}, new=True, done=act.act.done if act else SAVED)

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
            act = act_named(self.noun, row.institution, row, request.form.get("_act", ""))
            changes = {**values, **self._uploaded(row.institution, required=False)}
            editing.save(
                revision_from(request.form),
                changes | (act.values if act else {}),
                proposed=proposed_readings(self.noun, request.form, values),
                action=act.act.name if act else "edit",
                where=act.workflow.condition(act.state) if act else None,
            )
        except Invalid as error:
            shown = load(actor(), self.noun, id_, exit_="form")
            return self._form(shown, row.institution, values, error.errors), 400
        except Conflict as error:
            return conflict_page(self.noun, id_, mine, error), 409
        before = {name: row[name].value for name in values}
        return saved(
            self.noun, id_, row.institution, values, before, new=False, done=act.act.done if act else SAVED
        )

    def _made_in_drawer(self, id_: str) -> Response:
        """The new record as the chooser that asked for it takes it."""
        made = label(actor(), self.noun, [key_of(self.noun, id_)])[id_]
        return jsonify({"id": made.id, "label": made.label})

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

    def _form(
        self,
        row: Row | None,
        institution: str,
        values: dict[str, Any],
        errors: dict[str, Words],
        *,
        gone: bool = False,
    ) -> str:
        noun, drawer = self.noun, request.values.get("_drawer", "")
        if errors:
            keep_sent(noun, institution, errors)
        inputs = self._inputs(row, institution, values, errors)
        by_name = {each.name: each for each in inputs}
        labels = {each.name: w(each.label) for each in noun}
        cancel = (
            url_for(f"{noun.name}.details_view", id=row.id) if row else url_for(f"{noun.name}.index_view")
        )
        here = url_for(f"{noun.name}.edit_view", id=row.id) if row else url_for(f"{noun.name}.create_view")
        acts = acts_in_form(noun, institution, row)
        new = row is None and not errors
        return render_template(
            "records/form.html",
            noun=noun,
            heading=_heading(noun, new=row is None),
            row=row,
            layout=laid_out(noun, institution, row, inputs, values),
            error_summary=[(name, labels.get(name, ""), w(words)) for name, words in errors.items()],
            revision=_begun_from(row),
            institution=institution,
            institutions=[] if row else choices_of(self._houses()),
            field_names=",".join(each.name for each in inputs if each.shown is None),
            acts=[each.act for each in acts],
            aids=aid_addresses(noun),
            foreseen=self._foreseen(by_name, institution) if row is None else "",
            copied_from=copied_from(noun, institution) if new and not drawer else "",
            cancel_url=cancel,
            action=here,
            restored="_restore" in request.form or gone,
            draft_key=draft_key(actor().user, current_app.config["PEPPER"]),
            gone=gone,
            once=once_of(noun) if row is None and not noun.is_institution else "",
            drawer=drawer,
            near_by=[noun.number, *(each for group in noun.known_by for each in group)],
            named=next((each for each in noun.naming if each != noun.number), ""),
        )

    def _foreseen(self, inputs: dict[str, FormField], institution: str) -> str:
        """The number that this record gets if it is left empty: known before it is written on paper."""
        number = inputs.get(self.noun.number)
        given = number is not None and kind_of(self.noun.fields[self.noun.number]).proposed
        return foreseen_number(self.noun, institution) if given and not self.noun.numbered_by else ""

    def _inputs(
        self, row: Row | None, institution: str, values: dict[str, Any], errors: dict[str, Words]
    ) -> list[FormField]:
        who = actor()
        said = {name: [w(words)] for name, words in errors.items()}
        if row is None:
            pins = None if "_drawer" in request.values else frozenset(pinned())
            fields = [
                *self._fields_of(institution),
                *(each for each in self.noun.editable() if each.is_picture),
            ]
            return [
                form_field(
                    who, each, None, None, values.get(each.name), said.get(each.name, []), institution, pins
                )
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


def _heading(noun: Noun, *, new: bool) -> str:
    """Name what the form does: “New item”, “Edit item”."""
    name, one = noun.label[0], noun.singular
    return t(f"{name}の登録", f"New {one}") if new else t(f"{name}の編集", f"Edit {one}")
