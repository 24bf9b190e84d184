"""A cell of a list says the same value as the card, in little room and escaped."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, g

from gate.reading.shown import Reference, Row, Shown
from models.registry import NOUNS
from policies.effects import Effect
from policies.verdict import Verdict
from tests.views.panel import Panel
from views.records.list.list_rows import list_rows
from views.shared.cells import cell, house, nothing

HERE = {
    "item:a": Reference("item", "a", "<鏡>", open=True),
    "item:b": Reference("item", "b", "届かぬ鏡", open=False),
}
WHOLE = Verdict(Effect.SHOW, "role:1", ("", ""))


def written(app: Flask, noun: str, name: str, value: Any) -> str:
    with app.test_request_context("/"):
        return str(cell(Shown(NOUNS[noun].fields[name], value, WHOLE), "1", HERE))


@pytest.mark.parametrize(
    ("noun", "name", "value", "said"),
    [
        ("item", "title", "<b>鏡</b>", "&lt;b&gt;鏡&lt;/b&gt;"),
        ("item", "object_count", 1502, "1,502 点"),
        ("item", "accession_number", "S-<1>", '<span class="number">S-&lt;1&gt;</span>'),
        ("item", "period", {"text": "明治<30>年頃"}, "明治&lt;30&gt;年頃"),
        ("item", "period", {"earliest": -2989899, "latest": -2988769}, "紀元前300年"),
        (
            "item",
            "period",
            {"text": "明治30年", "earliest": 18970101, "latest": 18971231},
            'title="明治30年（1897年）"',
        ),
        ("item", "dimensions", [{"part": "全体", "value": "5.2", "unit": "cm"}], "全体 5.2 cm"),
        ("item", "input_status", "done", '<span class="state done">'),
        ("item", "title", "", "記録なし"),
        ("loan", "items", ["a", "b"], "2"),
    ],
)
def test_each_kind_of_value_stands_in_its_cell(
    panel: Panel, noun: str, name: str, value: Any, said: str
) -> None:
    assert said in written(panel.app, noun, name, value)


def test_what_a_mask_leaves_is_escaped_like_any_text(panel: Panel) -> None:
    masked = Verdict(Effect.MASK, "role:1", ("<i>伏せます。", "<i>Masked."), "to_ward")
    with panel.app.test_request_context("/"):
        said = str(cell(Shown(NOUNS["donor"].fields["address"], '<b>"市＊＊＊＊', masked), '7"', {}))
    assert "&lt;b&gt;&quot;市＊＊＊＊" in said
    assert "&lt;i&gt;伏せます。" in said
    assert 'id="why-7&quot;-address"' in said


def test_a_rows_box_picture_and_link_are_escaped(panel: Panel) -> None:
    item = NOUNS["item"]
    title = Shown(item.fields["title"], '"><b>鏡', WHOLE)
    with panel.app.test_request_context("/"):
        said = list_rows(
            item, [Row(item, '1"', "", 1, {"title": title})], [item.fields["title"]], '/"<', choosing=True,
            pictures={'1"': '/file/?"<'}, finding=False,
        )  # fmt: skip
    assert 'value="1&quot;"' in said
    assert 'aria-label="&quot;&gt;&lt;b&gt;鏡' in said
    assert 'src="/file/?&quot;&lt;"' in said
    assert 'href="/&quot;&lt;?id=1&quot;"' in said


def test_an_institution_may_be_called_by_any_word(panel: Panel) -> None:
    """What is written once for a page is kept beside what is said of an empty value."""
    shown = Shown(NOUNS["item"].fields["institution"], "nothing", WHOLE)
    named = {"institution:nothing": Reference("institution", "nothing", "無の館", open=True)}
    with panel.app.test_request_context("/"):
        g.account = None
        assert "無の館" in house(Row(NOUNS["item"], "1", "nothing", 1, {"institution": shown}, named))
        assert "記録なし" in nothing()


def test_a_withheld_value_is_a_button_with_its_reason_and_never_the_value(panel: Panel) -> None:
    hidden = Verdict(Effect.HIDE, "role:1", ("見せません。", "Withheld."))
    with panel.app.test_request_context("/"):
        said = str(cell(Shown(NOUNS["donor"].fields["name"], None, hidden), "7", {}))
    assert "見せません。" in said
    assert 'popovertarget="why-7-name"' in said
