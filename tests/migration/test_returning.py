"""A cell that a person edited in our own export is read as it was written there."""

from __future__ import annotations

import pytest

from gate.typed import Wrong
from migration.returning import _part
from models.registry import NOUNS

DIMENSIONS = NOUNS["item"].fields["dimensions"]


@pytest.mark.parametrize(
    ("text", "part", "dimension", "value", "unit"),
    [
        ("高さ・縦 12.5 cm", "", "height", "12.5", "cm"),
        ("Height 12.50 cm", "", "height", "12.50", "cm"),
        ("身 幅・横 3 mm", "身", "width", "3", "mm"),
        ("箱 2 高さ・縦 12.5 cm", "箱 2", "height", "12.5", "cm"),
        ("箱 2 cm 高さ・縦 高さ・縦 12.5 cm", "箱 2 cm 高さ・縦", "height", "12.5", "cm"),
    ],
)
def test_a_size_is_read_from_its_end(text: str, part: str, dimension: str, value: str, unit: str) -> None:
    assert _part(DIMENSIONS, text) == {"part": part, "dimension": dimension, "value": value, "unit": unit}


@pytest.mark.parametrize(
    "text", ["12.5 cm", "高さ・縦 12.5", "高さ・縦 cm", "12.5 高さ・縦 cm", "箱 高さ・縦 12.5 cm 2"]
)
def test_what_is_written_otherwise_is_no_size(text: str) -> None:
    with pytest.raises(Wrong):
        _part(DIMENSIONS, text)
