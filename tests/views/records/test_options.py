"""Options of a choice, in the reader's language, the chosen one marked; addresses as they are asked."""

from __future__ import annotations

from flask import g

from models.registry import NOUNS
from tests.views.panel import Panel
from views.records.list.options import filter_options, options
from views.requests.addresses import address

RANK, DISABLED = NOUNS["item"].fields["input_status"], NOUNS["user"].fields["disabled"]


def test_each_reader_has_the_options_in_their_language(panel: Panel) -> None:
    for tongue, yes in (("ja", "停止中"), ("en", "Disabled"), ("ja", "停止中")):
        with panel.app.test_request_context("/"):
            g.language = tongue
            assert f'<option value="true">{yes}</option>' in options(DISABLED)


def test_the_chosen_one_alone_is_marked_and_what_is_no_option_is_not_there(panel: Panel) -> None:
    with panel.app.test_request_context("/"):
        assert filter_options(RANK, "done").count(" selected") == 1
        assert '<option value="done" selected>' in filter_options(RANK, "done")
        assert "selected" not in options(RANK)
        assert filter_options(RANK, "<made up>") == filter_options(RANK)
        assert options(NOUNS["item"].fields["title"]) == ""


def test_a_lists_filter_marks_what_is_asked(panel: Panel) -> None:
    page = panel.person("staff.shinjuku").get("/admin/item/?f.input_status=done").text
    assert 'value="done" checked>' in page


def test_an_address_begins_where_the_application_does(panel: Panel) -> None:
    """Behind a front server it may stand in a folder; and it holds what is asked of the page, escaped."""
    for root in ("", "/museum", ""):
        with panel.app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
            assert address("item.index_view") == f"{root}/admin/item/"
            asked = {"f.title": "鏡 &?", "sort": "title"}
            assert (
                address("item.index_view", asked) == f"{root}/admin/item/?f.title=%E9%8F%A1+%26?&sort=title"
            )
