"""Days, times and dates as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from gate.fields.dates import bound_text, read_date, read_minute, read_period
from gate.fields.kinds.kind import (
    NO_FIELD,
    TEXT,
    Condition,
    Control,
    Json,
    Kind,
    Labels,
    Page,
    Say,
    Schema,
    plain,
    whole,
)
from gate.fields.kinds.rows import row_json, row_schema
from gate.fields.typed_text import Wrong
from gate.refusals import BadQuestion
from gate.store.clock import midnight
from models.declaration import Field
from policies.work import JAPAN, MINUTE

NO_DATE = ("日付として読めません。例: 2020-12-01", "This is not a date. For example 2020-12-01.")


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
        found + timedelta(days=1)  # the last day of all has none behind it
    except (ValueError, OverflowError) as error:
        raise BadQuestion(NO_DATE) from error
    return found


class Date(Kind):
    """A day, `YYYY-MM-DD`."""

    name = "date"
    control = Control("day", "narrow")
    filtered_by = "day"
    is_day = is_dated = repeats = looked_up = True

    def read(self, field: Field, raw: Any) -> str | None:
        return read_date(field, raw)

    def bounded(self, field: Field, text: str, *, begins: bool) -> Condition:  # noqa: ARG002
        return {"$gte" if begins else "$lte": _day(text).isoformat()}

    def cell(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        return whole(value)

    def schema(self, field: Field) -> Schema:  # noqa: ARG002
        return {**TEXT, "format": "date"}


class Minute(Kind):
    """A planned time of Japan's clock, `YYYY-MM-DDTHH:MM`."""

    name = "minute"
    control = Control("minute")

    def read(self, field: Field, raw: Any) -> str | None:
        return read_minute(field, raw)

    def bounded(self, field: Field, text: str, *, begins: bool) -> Condition:  # noqa: ARG002
        try:
            found = datetime.strptime(text, MINUTE)  # noqa: DTZ007
        except ValueError as error:
            raise BadQuestion(NO_DATE) from error
        return {"$gte" if begins else "$lte": found.strftime(MINUTE)}

    def written(self, field: Field, value: Any, say: Say) -> str:  # noqa: ARG002
        return str(value).replace("T", " ")

    def exported(self, field: Field, value: Any, say: Say, labels: Labels) -> str:  # noqa: ARG002
        return self.written(field, value, say)

    def cell(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        return whole(str(value).replace("T", " "))


class Moment(Kind):
    """A point in time, set by the system."""

    name = "moment"
    is_dated = True

    def read(self, field: Field, raw: Any) -> None:  # noqa: ARG002
        raise Wrong(NO_FIELD)

    def bounded(self, field: Field, text: str, *, begins: bool) -> Condition:  # noqa: ARG002
        """A moment is kept in UTC; the day that a person names is Japan's, to its end."""
        day = _day(text)
        return {"$gte": midnight(day)} if begins else {"$lt": midnight(day + timedelta(days=1))}

    def exported(self, field: Field, value: Any, say: Say, labels: Labels) -> str:
        return _local(value) if isinstance(value, datetime) else super().exported(field, value, say, labels)

    def cell(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        return whole(_local(value)[:10])

    def card(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        return whole(_local(value))

    def json(self, field: Field, value: Any, labels: Labels) -> Json:
        if not isinstance(value, datetime):
            return super().json(field, value, labels)
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

    def schema(self, field: Field) -> Schema:  # noqa: ARG002
        return {**TEXT, "format": "date-time"}


def _local(moment: Any) -> str:
    """A moment by Japan's clock; empty when it is none."""
    return moment.astimezone(JAPAN).isoformat(" ", "minutes")[:16] if isinstance(moment, datetime) else ""


class Period(Kind):
    """A date as it is written, with the interval that it means."""

    name = "period"
    control = Control("period", "wide", grouped=True)
    filtered_by = "period"
    is_day = is_dated = keeps_text = repeats = True

    def read(self, field: Field, raw: Any) -> dict[str, Any] | None:
        return read_period(field, raw)

    def as_input(self, field: Field, value: Any) -> dict[str, str]:  # noqa: ARG002
        given: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
        return {
            name: bound_text(each) if isinstance(each := given.get(name), int) else str(each or "")
            for name in ("text", "earliest", "latest", "certainty")
        }

    def place(self, field: Field) -> str:
        return f"{field.name}.text"

    def written(self, field: Field, value: Any, say: Say) -> str:  # noqa: ARG002
        return str(value.get("text") or "") if isinstance(value, dict) else str(value)

    def cell(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        """As written; in both calendars behind it, where that says more."""
        written, told = value.get("text") or "", page.in_both_calendars(value)
        if not written or told == written:
            return plain(told)
        return f'<span title="{plain(told)}">{plain(written)}</span>'

    def card(self, field: Field, value: Any, page: Page) -> str:  # noqa: ARG002
        """As written, and beside it in both calendars what it is taken to mean, where that says more."""
        written, meant = plain(value.get("text") or ""), page.what_it_means(value)
        if not meant:
            return written
        return f'{written}{" " if written else ""}<span class="interval">{plain(meant)}</span>'

    def json(self, field: Field, value: Any, labels: Labels) -> Json:  # noqa: ARG002
        return row_json(field, value) if value else None

    def schema(self, field: Field) -> Schema:
        return row_schema(field)
