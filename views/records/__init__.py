"""Generated screens for one noun: list, record, form, filters, batch, export, choices, files, through the gate."""

from views.records.view import GuardedView

__all__ = ["GuardedView"]
