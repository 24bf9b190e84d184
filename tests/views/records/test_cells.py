"""A cell of a list says the same value as the card, in little room and escaped."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, g

from audit.disclosures import disclose
from gate.reading.shown import Judged, Reference, Row, Shown
from models.registry import NOUNS
from policies.effects import Effect
from policies.verdict import Verdict
from tests.views.panel import Panel
from views.records.list.list_rows import list_rows
from views.shared.cells import cell, house, nothing

WHOLE = Verdict(Effect.SHOW, "role:1", ("", ""))
NOBODY = disclose(
    actor="", institution="", noun="item", exit_="list", breadth="record", subjects=[], fields=[]
)
"""The receipt of showing nothing personal."""


def row(
    noun: str, id_: str, name: str, value: Any, verdict: Verdict = WHOLE, named: dict[str, Reference] | None = None
) -> Row:  # fmt: skip
    """A record of one value."""
    values = {name: (NOUNS[noun].fields[name], value, verdict)}
    return Row(NOBODY, Judged(NOUNS[noun], id_, "", 1, values, named or {}))


def shown(noun: str, name: str, value: Any, verdict: Verdict = WHOLE) -> Shown:
    return row(noun, "1", name, value, verdict)[name]


HERE = {
    "item:a": Reference.to(row("item", "a", "title", "<鏡>")),
    "item:b": Reference.withheld(NOUNS["item"], "b"),
}


def written(app: Flask, noun: str, name: str, value: Any) -> str:
    with app.test_request_context("/"):
        return str(cell(shown(noun, name, value), "1", HERE))


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
        said = str(cell(shown("donor", "address", '<b>"市＊＊＊＊', masked), '7"', {}))
    assert "&lt;b&gt;&quot;市＊＊＊＊" in said
    assert "&lt;i&gt;伏せます。" in said
    assert 'id="why-7&quot;-address"' in said


def test_a_rows_box_picture_and_link_are_escaped(panel: Panel) -> None:
    item = NOUNS["item"]
    title = row("item", '1"', "title", '"><b>鏡')
    with panel.app.test_request_context("/"):
        said = list_rows(
            item, [title], [item.fields["title"]], '/"<', choosing=True,
            pictures={'1"': '/file/?"<'}, finding=False,
        )  # fmt: skip
    assert 'value="1&quot;"' in said
    assert 'aria-label="&quot;&gt;&lt;b&gt;鏡' in said
    assert 'src="/file/?&quot;&lt;"' in said
    assert 'href="/&quot;&lt;?id=1&quot;"' in said


def test_an_institution_may_be_called_by_any_word(panel: Panel) -> None:
    """What is written once for a page is kept beside what is said of an empty value."""
    named = {"institution:nothing": Reference.to(row("institution", "nothing", "name", "無の館"))}
    with panel.app.test_request_context("/"):
        g.account = None
        assert "無の館" in house(row("item", "1", "institution", "nothing", named=named))
        assert "記録なし" in nothing()


def test_a_withheld_value_is_a_button_with_its_reason_and_never_the_value(panel: Panel) -> None:
    hidden = Verdict(Effect.HIDE, "role:1", ("見せません。", "Withheld."))
    with panel.app.test_request_context("/"):
        said = str(cell(shown("donor", "name", None, hidden), "7", {}))
    assert "見せません。" in said
    assert 'popovertarget="why-7-name"' in said
