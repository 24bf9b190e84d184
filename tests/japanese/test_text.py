"""Characters that were lost, that cp932 cannot hold, and cells that would run."""

from __future__ import annotations

import pytest

from japanese.text import (
    Doubt,
    fold_cp932,
    formula_safe_cell,
    lost_characters,
    unmappable_in_cp932,
    without_formula_guard,
)


def test_lost_characters_are_listed_with_their_place() -> None:
    assert lost_characters("山〓と\ue000と\ufffd") == [
        Doubt(1, "〓", "gaiji"),
        Doubt(3, "\ue000", "private"),
        Doubt(5, "\ufffd", "replacement"),
    ]
    assert lost_characters("髙﨑①㈱") == []


def test_what_cp932_cannot_hold_is_listed() -> None:
    assert unmappable_in_cp932("森鷗外と𠮷田\ue000") == [
        Doubt(1, "鷗", "unmappable"),
        Doubt(4, "𠮷", "unmappable"),
        Doubt(6, "\ue000", "unmappable"),
    ]


@pytest.mark.parametrize("text", ["髙﨑①㈱", "〜−—‖", "ｶﾅ", "¢£¬", "〓"])
def test_what_windows_can_hold_is_not_listed_and_survives_the_round_trip(text: str) -> None:
    assert unmappable_in_cp932(text) == []
    assert fold_cp932(text).encode("cp932").decode("cp932") == fold_cp932(text)


@pytest.mark.parametrize("leader", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"])
def test_a_cell_that_would_run_is_made_safe(leader: str) -> None:
    assert formula_safe_cell(f"{leader}1") == f"'{leader}1"


@pytest.mark.parametrize("text", ["", "資料", "1-2", "a=b", "'甲", "'", "−5", "ー"])
def test_other_cells_stay(text: str) -> None:
    assert formula_safe_cell(text) == text


@pytest.mark.parametrize(
    "text", ["", "資料", "=1", "'=1", "''=1", "'甲", "'", "''", "＝1", "-3.5", "'-", "-"]
)
def test_a_cell_made_safe_gives_back_exactly_what_was_there(text: str) -> None:
    assert without_formula_guard(formula_safe_cell(text)) == text
