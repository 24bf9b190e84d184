"""The same records in a plain ModelView: ten columns, the donor as a ReferenceField, standard templates."""

from __future__ import annotations

import os
from typing import Any

import mongoengine as me
from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.mongoengine import ModelView

COLUMNS = (
    "accession_number", "title", "object_type", "rank", "period", "maker", "input_status", "changed_at",
    "institution", "acquisition_source",
)  # fmt: skip


class Donor(me.Document):
    """A donor as the peers know one."""

    meta = {"collection": "plain_donors", "strict": False, "auto_create_index": False}
    donor_number = me.StringField()
    name = me.StringField(required=True)

    def __str__(self) -> str:
        return f"{self.donor_number} {self.name}"


class Period(me.EmbeddedDocument):
    """A date as written."""

    meta = {"strict": False}
    text = me.StringField()

    def __str__(self) -> str:
        return str(self.text or "")


class Item(me.Document):
    """An item of the same ten fields, and the longer ones of its form."""

    meta = {"collection": "plain_items", "strict": False, "auto_create_index": False}
    accession_number = me.StringField(required=True)
    title = me.StringField(required=True)
    title_reading = me.StringField()
    object_type = me.StringField()
    rank = me.StringField()
    period = me.EmbeddedDocumentField(Period)
    maker = me.StringField()
    materials = me.StringField()
    place_made = me.StringField()
    location = me.StringField()
    description = me.StringField()
    input_status = me.StringField()
    changed_at = me.DateTimeField()
    institution = me.StringField(required=True)
    acquisition_source = me.ReferenceField(Donor)


class ItemView(ModelView):
    """As the documentation has it."""

    column_list = COLUMNS
    column_sortable_list = ("accession_number", "title")
    column_searchable_list = ("title", "title_reading", "maker")
    column_filters = ("institution", "input_status", "rank", "object_type")
    page_size = 50
    can_export = True
    named_filter_urls = True


def application() -> Any:
    """What gunicorn loads."""
    app = Flask(__name__)
    app.secret_key = os.urandom(16)
    me.connect(os.environ["SHUZOKO_DATABASE"], host=os.environ["MONGODB_URI"], connect=False)
    Admin(app, name="stock").add_view(ItemView(Item, name="Items", endpoint="item"))
    return app
