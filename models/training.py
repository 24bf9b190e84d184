"""研修: what the handlers of personal data were taught, when, and who was there (S21)."""

from __future__ import annotations

from models.data_classes import DataClass
from models.declaration import Noun, Section, read_fields
from models.fields import date, long_text, number, references, text
from models.record import SYSTEM, Record, common_indexes, unique_number

INTERNAL = DataClass.INTERNAL


class Training(Record):
    """One occasion."""

    meta = {
        "collection": "trainings",
        "indexes": [*common_indexes(), unique_number("training_number"), {"fields": ["institution", "held_on"], "cls": False}],
    }  # fmt: skip

    training_number = number(("研修番号", "Training number"), INTERNAL)
    held_on = date(("実施日", "Held on"), INTERNAL, "basic", required=True, listed=True, sorted=True)
    subject = text(("内容", "Subject"), INTERNAL, "basic", required=True, listed=True, searched=True)
    lecturer = text(("講師・実施者", "Trainer"), INTERNAL, "basic", listed=True)
    attended = references(("受講者", "Attendees"), INTERNAL, "basic", "handler", listed=True)
    notes = long_text(("備考", "Notes"), INTERNAL, "basic")


TRAINING = Noun(
    name="training",
    label=("研修", "Trainings"),
    singular="training",
    place=90,
    document=Training,
    number="training_number",
    naming=("held_on", "subject"),
    numbering="K",
    sections=(Section("basic", ("基本", "Basic")), SYSTEM),
    fields=read_fields("training", Training),
)
