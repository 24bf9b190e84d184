"""The one subclass of Flask-Admin's ModelView.

Flask-Admin keeps the registry, the addresses and the hooks. Everything it would read from or write to the store by
itself is replaced: nothing is cached at the start, because it would have no user (law 8).
"""

from __future__ import annotations

from typing import Any

from flask_admin.contrib.mongoengine import ModelView

from gate.refusals import Refused
from models.declaration import Noun
from policies.verdict import may, reach
from views.records.card.card import RecordMixin
from views.records.card.disclosures import SeenMixin
from views.records.card.explain import ExplainMixin
from views.records.card.files import FileMixin
from views.records.card.remove import RemoveMixin
from views.records.card.reveal import RevealMixin
from views.records.form.aids import AidMixin
from views.records.form.choices import ChoiceMixin
from views.records.form.forms import FormMixin
from views.records.list.batch import BatchMixin
from views.records.list.listing import ListMixin
from views.records.list.lookups import LookupMixin
from views.records.list.questions import AskingMixin
from views.records.list.saved_views import SaveMixin
from views.records.out.export import ExportMixin
from views.requests.current_actor import actor


class GuardedView(
    ListMixin, RecordMixin, FormMixin, AidMixin, RemoveMixin, BatchMixin, ExportMixin, ChoiceMixin, FileMixin, AskingMixin, ExplainMixin,
    LookupMixin, RevealMixin, SeenMixin, SaveMixin,
    ModelView,
):  # fmt: skip
    """The screens of one noun. A noun's own file may add to it; most add nothing."""

    def __init__(self, noun: Noun) -> None:
        self.noun = noun
        super().__init__(
            noun.document, name=noun.label[0], endpoint=noun.name, url=f"/admin/{noun.name}", category=None
        )

    def _refresh_cache(self) -> None:
        """Columns, forms, filters and exports are worked out for each request by the gate."""

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        """Call the view plainly: a TypeError inside it is its own, not a reason to call it again."""
        return fn(self, *args, **kwargs)

    def _handle_view(self, name: str, **kwargs: Any) -> None:  # noqa: ARG002 - Flask-Admin's signature
        """Before every screen of this noun: something of it must be within reach."""
        if not reach(actor(), self.noun.name, "read"):
            raise Refused(may(actor(), self.noun.name, "read", actor().institution))

    def is_accessible(self) -> bool:
        """Whether the menu shows it."""
        return bool(reach(actor(), self.noun.name, "read"))

    # Flask-Admin would answer these from the whole collection; the gate has its own (views/records/form/choices, files).
    def ajax_update(self) -> None:
        """In-place editing is not offered."""

    def api_file_view(self) -> None:
        # guard: files-by-id
        """Any stored file by its id is not offered; a record's file is opened by record and field."""

    def action_view(self) -> None:
        """Replaced by views/records/list/batch.py."""

    def ajax_lookup(self) -> None:
        """Replaced by views/records/form/choices.py."""

    def export(self, export_type: str) -> None:
        """Replaced by views/records/out/export.py."""
