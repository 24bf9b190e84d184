"""The peer's screens: ten columns, filters, search, fifty a page, the donor fetched with the page."""

from __future__ import annotations

from django.contrib import admin

from benchmarks.django_admin.models import Donor, Item
from benchmarks.stock.app import COLUMNS


class ItemAdmin(admin.ModelAdmin):
    """As the documentation has it."""

    list_display = COLUMNS
    list_select_related = ("acquisition_source",)
    list_filter = ("institution", "input_status", "rank", "object_type")
    search_fields = ("title", "title_reading", "maker")
    list_per_page = 50


admin.site.register(Item, ItemAdmin)
admin.site.register(Donor)
