"""Sizes: what is understood of them, and that what is not is named and never changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from japanese.dimensions import Measurement, read_sizes
from tests.japanese.forms_of_sizes import DOUBTFUL, READ


def _short(sizes: tuple[Measurement, ...]) -> str:
    return ", ".join(
        " ".join(filter(None, (each.part, each.dimension, each.accuracy, each.value + each.unit)))
        for each in sizes
    )


@pytest.mark.parametrize(("written", "said"), READ)
def test_sizes_as_people_write_them_are_understood(written: str, said: str) -> None:
    found = read_sizes(written)
    assert (_short(found.measured), found.unread) == (said, ())


@pytest.mark.parametrize(("written", "said", "unread"), DOUBTFUL)
def test_what_is_not_understood_is_named(written: str, said: str, unread: list[str]) -> None:
    found = read_sizes(written)
    assert (_short(found.measured), list(found.unread)) == (said, unread)


def test_an_amount_alone_runs_the_way_that_its_box_says() -> None:
    assert _short(read_sizes("約5½", "in", "width").measured) == "width about 5.5in"
    assert _short(read_sizes("1.2", "kg", "weight").measured) == "weight 1.2kg"
    assert _short(read_sizes("3×2", "cm", "diameter").measured) == "height 3cm, width 2cm"


@given(
    text=st.text(
        st.sampled_from("縦横高径約各本紙×x/,.-~()0123456789０①²½尺寸一二十 　cmkgin\n:、"), max_size=30
    )
)
def test_no_text_stops_the_reader_and_every_amount_is_a_plain_decimal(text: str) -> None:
    for each in read_sizes(text).measured:
        assert each.value.replace(".", "", 1).isascii()
        assert float(each.value) >= 0
