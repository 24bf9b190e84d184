"""Copies the run's plain records into the peer's tables, and makes its one account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from benchmarks.django_admin import site

BATCH = 5_000
ACCOUNT = ("benchmark", "benchmark@example.invalid", "a long pass phrase of the benchmark")


def fill(database: Any) -> None:
    """Tables, account and records, from `plain_items` and `plain_donors` of the run's own database."""
    site.set_up()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connection

    from benchmarks.django_admin.models import Donor, Item

    call_command("migrate", run_syncdb=True, verbosity=0)
    User.objects.create_superuser(*ACCOUNT)
    donors: dict[Any, int] = {}
    for number, (key, one) in enumerate(_read(database["plain_donors"], Donor, {}), 1):
        donors[key] = number
        one.pk = number
        one.save(force_insert=True)
    items = (one for _, one in _read(database["plain_items"], Item, donors))
    while batch := list(islice(items, BATCH)):
        Item.objects.bulk_create(batch)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _read(collection: Any, table: Any, donors: Mapping[Any, int]) -> Iterator[tuple[Any, Any]]:
    names = [each.name for each in table._meta.fields if each.name != "id"]
    for document in collection.find():
        period = document.get("period") or {}
        values = {name: document[name] for name in names if document.get(name) is not None}
        if period:
            values |= {
                "period": period.get("text"), "period_earliest": period.get("earliest"), "period_latest": period.get("latest"),
            }  # fmt: skip
        if "acquisition_source" in values:
            values["acquisition_source_id"] = donors[values.pop("acquisition_source")]
        values = {name: _plain(value) for name, value in values.items()}
        yield document["_id"], table(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return (
        value
        if value is None or isinstance(value, str | int | float) or hasattr(value, "year")
        else str(value)
    )
