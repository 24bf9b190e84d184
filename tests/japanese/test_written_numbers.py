"""Numbers: what can be read in one way is read, and what could be two is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from japanese.isbn import IsbnError, isbn13, isbn_as_written, isbn_forms
from japanese.written_numbers import decimal_number, whole_number, yen

WHOLE = [
    ("1200", 1200), ("1,200", 1200), ("１，２００", 1200), ("1,234,567", 1_234_567), ("-5", -5), ("−5", -5), ("3点", 3),
    ("1冊", 1), ("一式", 1), ("1双", 1), ("十二枚", 12), ("２ 点", 2), ("0077", 77),
    ("12,5", None), ("1,5", None), ("1,23,4", None), ("1234,567", None), ("0.5", None), ("10²", None), ("①", None),
    ("١٢", None), ("९", None), ("三つほど", None), ("1点2点", None), ("", None), ("点", None), ("1/2", None), ("1e3", None),
]  # fmt: skip


@pytest.mark.parametrize(("written", "number"), WHOLE)
def test_a_whole_number_is_read_or_refused(written: str, number: int | None) -> None:
    found = whole_number(written)
    assert (found.number if found else None) == number


@pytest.mark.parametrize(
    ("written", "sum_"),
    [
        ("1,200円", 1200), ("￥980", 980), ("¥980-", 980), ("980", 980), ("金五千円也", 5000), ("１２００円", 1200),
        ("12,5円", None), ("1.5円", None), ("3点", None), ("時価", None), ("円", None),
    ],
)  # fmt: skip
def test_a_sum_of_yen_is_read_or_refused(written: str, sum_: int | None) -> None:
    assert yen(written) == sum_


@pytest.mark.parametrize(
    ("written", "decimal"),
    [
        ("12.50", "12.50"), ("1,234.5", "1234.5"), ("１２．５", "12.5"), ("0.1", "0.1"),
        ("12,5", None), ("1,23,4", None), ("10²", None), ("①", None), ("١٢.٥", None), ("1.2.3", None), (".5", None), ("-1", None),
    ],
)  # fmt: skip
def test_a_decimal_is_read_or_refused(written: str, decimal: str | None) -> None:
    assert decimal_number(written) == decimal


@given(number=st.integers(0, 10**15 - 1))
def test_separators_where_they_stand_rightly_change_nothing(number: int) -> None:
    for written in (str(number), f"{number:,}"):
        found = whole_number(written)
        assert found is not None
        assert found.number == number


ISBNS = [
    ("9784003101032", "9784003101032"),
    ("978-4-00-310103-2", "9784003101032"),
    ("4-00-310103-0", "9784003101032"),
    ("4003101030", "9784003101032"),
    ("ISBN 4-00-310103-0", "9784003101032"),
    ("ISBN978−4−00−310103−2", "9784003101032"),
    ("４－０６－５１９９９３－Ｘ", "9784065199930"),
    ("979-10-90636-07-1", "9791090636071"),
]


@pytest.mark.parametrize(("written", "thirteen"), ISBNS)
def test_an_isbn_is_one_number_whichever_way_it_is_written(written: str, thirteen: str) -> None:
    assert isbn13(written) == thirteen
    assert thirteen in isbn_forms(written)
    assert isbn13(isbn_as_written(written)) == thirteen


@pytest.mark.parametrize(
    ("written", "check"),
    [("9784003101033", "2"), ("4-00-310103-1", "0"), ("123", ""), ("あいう", ""), ("9774003101032", "")],
)
def test_what_is_no_isbn_is_refused_and_a_wrong_check_digit_is_told(written: str, check: str) -> None:
    with pytest.raises(IsbnError) as refused:
        isbn13(written)
    assert refused.value.check == check
