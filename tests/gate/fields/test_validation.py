"""The one validator: what may be stored of what was typed, for forms, bulk and API alike (law 7)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.fields.dates import bound_text
from gate.fields.validation import clean
from models.registry import NOUNS

ITEM, DONOR, PATRON, USER, MEDIA, BOOK = (
    NOUNS[each] for each in ("item", "donor", "patron", "user", "media", "book")
)
EVERY = [(noun, field) for noun in NOUNS.values() for field in noun.editable()]

GOOD = [
    (ITEM, "title", "  内藤新宿絵図\u3000", "内藤新宿絵図"),
    (ITEM, "title", "一行\n二行", "一行 二行"),
    (ITEM, "description", "一行\n二行", "一行\n二行"),
    (ITEM, "title", "葛\U000e0100飾", "葛\U000e0100飾"),
    (ITEM, "accession_number", "ＡＢ－００１ ", "AB-001"),
    (ITEM, "rank", "A", "A"),
    (ITEM, "rank", "A 特に重要", "A"),
    (ITEM, "object_count", "１,２００", 1200),
    (ITEM, "object_count", 12.0, 12),
    (ITEM, "accession_number", 12.0, "12"),
    (ITEM, "other_names", "甲\n\n乙\n", ["甲", "乙"]),
    (ITEM, "other_names", "", []),
    (ITEM, "web_address", "https://example.jp/a", "https://example.jp/a"),
    (PATRON, "dateofbirth", "昭和50年3月9日", "1975-03-09"),
    (PATRON, "dateofbirth", "1975/3/9", "1975-03-09"),
    (PATRON, "phone", "０５８４-５３-１１１１", "0584-53-1111"),
    (PATRON, "email", "hanako@example.jp", "hanako@example.jp"),
    (DONOR, "name_reading", "ナツメ キョウコ", "なつめ きょうこ"),
    (DONOR, "postcode", "１６２－００４５", "162-0045"),
    (PATRON, "phone", "03‐1234−5678（内線12）", "03-1234-5678(内線12)"),
    (PATRON, "phone", "03-1234-5678、090-1111-2222", "03-1234-5678、090-1111-2222"),
    (PATRON, "zipcode", "〒5030653", "503-0653"),
    (PATRON, "zipcode", "SW1A 1AA", "SW1A 1AA"),
    (PATRON, "email", "hanako.@docomo.ne.jp", "hanako.@docomo.ne.jp"),
    (PATRON, "email", "a..b@docomo.ne.jp", "a..b@docomo.ne.jp"),
    (BOOK, "isbn", "ISBN ４-００-３１０１０３-０", "4-00-310103-0"),
    (BOOK, "price", "￥1,200", 1200),
    (BOOK, "price", "1,200円", 1200),
    (BOOK, "price", "500.00", 500),
    (ITEM, "object_count", "3点", 3),
    (ITEM, "object_count", "一式", 1),
    (ITEM, "object_count", "1双", 1),
    (ITEM, "title_reading", "まるおくり・№７", "まるおくり・№7"),
    (ITEM, "dimensions_text", "掛軸装\n両手ほど", "掛軸装\n両手ほど"),
    (USER, "disabled", "はい", True),
    (USER, "disabled", "停止中", True),
    (USER, "disabled", "Active", False),
    (USER, "disabled", "", False),
]

BAD = [
    (ITEM, "title", "あ" * 501),
    (ITEM, "title", ""),
    (ITEM, "description", "あ" * 20_001),
    (ITEM, "accession_number", "1" * 61),
    (ITEM, "rank", "Z"),
    (ITEM, "object_type", "絵"),
    (ITEM, "object_count", "0"),
    (ITEM, "object_count", "多数"),
    (ITEM, "object_count", "1.5"),
    (ITEM, "object_count", "12,5"),
    (ITEM, "object_count", "1,23,4"),
    (ITEM, "object_count", "10²"),
    (ITEM, "object_count", "①"),
    (ITEM, "object_count", "١٢"),
    (ITEM, "dimensions", [{"dimension": "height", "value": "12,5", "unit": "cm"}]),
    (ITEM, "dimensions", [{"dimension": "height", "value": "١٢", "unit": "cm"}]),
    (ITEM, "dimensions", [{"dimension": "height", "value": "10²", "unit": "cm"}]),
    (BOOK, "price", "12,5円"),
    (BOOK, "isbn", "9784003101033"),
    (ITEM, "object_count", "9" * 16),
    (ITEM, "object_count", True),
    (ITEM, "other_names", "甲\n" * 101),
    (ITEM, "other_names", ["あ" * 301]),
    (ITEM, "web_address", "javascript:alert(1)"),
    (ITEM, "acquisition_source", "x"),
    (ITEM, "acquisition_source", "librarian"),
    (ITEM, "dimensions", "12cm"),
    (ITEM, "dimensions", [{"dimension": "height", "value": "たかい", "unit": "cm"}]),
    (ITEM, "dimensions", [{"dimension": "heart", "value": "1", "unit": "cm"}]),
    (ITEM, "dimensions", [["height", "1", "cm"]]),
    (ITEM, "dimensions", [{"dimension": "height", "value": "1", "unit": "cm"}] * 101),
    (ITEM, "period", "あ" * 201),
    (ITEM, "period", {"text": "x", "earliest": "1900", "latest": "1800"}),
    (ITEM, "period", {"text": "x", "earliest": "2020-02-30"}),
    (ITEM, "period", {"text": "x", "earliest": 10**30}),
    (ITEM, "period", {"text": "x", "certainty": "たぶん"}),
    (PATRON, "dateofbirth", "昭和70年1月1日"),
    (PATRON, "dateofbirth", "2020-02-30"),
    (PATRON, "dateofbirth", "きのう"),
    (PATRON, "phone", "電話なし"),
    (PATRON, "email", "hanako"),
    (PATRON, "zipcode", "123"),
    (DONOR, "name_reading", "夏目"),
    (USER, "login_id", "ab"),
    (USER, "login_id", "山田"),
    (USER, "login_id", "a b c"),
    (USER, "disabled", "たぶん"),
    (MEDIA, "file", "6b0160ff6f140aa21508af1a"),
    (BOOK, "isbn", "あいう"),
]


@pytest.mark.parametrize(("noun", "name", "typed", "stored"), GOOD)
def test_what_people_type_is_stored_in_one_form(noun: Any, name: str, typed: Any, stored: Any) -> None:
    assert clean(noun, {name: typed}) == ({name: stored}, {})


@pytest.mark.parametrize(("noun", "name", "typed"), BAD)
def test_what_cannot_be_stored_is_refused_in_both_languages(noun: Any, name: str, typed: Any) -> None:
    kept, wrong = clean(noun, {name: typed})
    assert kept == {}
    assert set(wrong) == {name}
    japanese, english = wrong[name]
    assert japanese != english
    assert any(ord(sign) > 0x3000 for sign in japanese)


def test_a_refused_value_is_named_unless_it_is_personal() -> None:
    _, wrong = clean(ITEM, {"object_count": "12,5"})
    assert wrong["object_count"][0].startswith("「12,5」は登録できません。")
    _, wrong = clean(PATRON, {"phone": "03-7777-56あ"})
    assert "7777" not in "".join(wrong["phone"])


def test_sizes_that_are_not_given_are_read_from_the_text_that_they_are_written_in() -> None:
    kept, wrong = clean(ITEM, {"dimensions_text": "約12.3×8.5cm 丈一尺二寸"})
    assert not wrong
    assert [each.get("accuracy") for each in kept["dimensions"]] == ["about", "about", None]
    said = [(each["value"], each["unit"]) for each in kept["dimensions"]]
    assert said == [("12.3", "cm"), ("8.5", "cm"), ("1.2", "shaku")]
    assert clean(ITEM, {"dimensions_text": "計測不能"}) == ({"dimensions_text": "計測不能"}, {})
    assert clean(ITEM, {"dimensions_text": "12.3", "dimensions": []})[0]["dimensions"] == []


OPERATORS = [{"$ne": None}, {"$gt": ""}, {"$where": "1"}, {}, [{"$ne": None}], b"x", object()]


@pytest.mark.parametrize("operator", OPERATORS, ids=range(len(OPERATORS)))
@pytest.mark.parametrize("noun", NOUNS.values(), ids=list(NOUNS))
def test_no_field_takes_an_operator(noun: Any, operator: Any) -> None:
    kept, wrong = clean(noun, {field.name: operator for field in noun.editable()})
    # Of an empty mapping a period keeps nothing, and of rows without their parts none is kept.
    assert not any(kept.values())
    assert set(kept) | set(wrong) == {field.name for field in noun.editable()}


@pytest.mark.parametrize(
    "mark", ["\0", "\x07", "\x1b", "\x7f", "\x81", "\u202e", "\u2066", "\ufeff", "\ud800"]
)
def test_control_characters_are_never_stored(mark: str) -> None:
    assert clean(ITEM, {"title": f"内藤{mark}新宿"}) == ({"title": "内藤新宿"}, {})
    assert clean(ITEM, {"description": f"内藤{mark}新宿"}) == ({"description": "内藤新宿"}, {})
    assert clean(ITEM, {"other_names": [f"内藤{mark}新宿"]}) == ({"other_names": ["内藤新宿"]}, {})
    assert clean(ITEM, {"period": f"明治{mark}30年"})[0]["period"]["text"] == "明治30年"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("the \x93Red\x94 Studio", "the “Red” Studio"),
        ("Artist\x92s proof \x96 1896", "Artist’s proof – 1896"),
        ("wait\x85 \x80", "wait… €"),
        ("\x9b31m", "›31m"),
    ],
)
def test_a_control_character_that_stands_in_for_another_is_that(typed: str, kept: str) -> None:
    """They are what Windows writes, taken for Latin-1; leaving them out took quotation marks out of titles."""
    assert clean(ITEM, {"title": typed}) == ({"title": kept}, {})


def test_of_a_text_of_one_line_nothing_but_its_line_breaks_is_changed() -> None:
    assert clean(ITEM, {"title": "内藤　新宿\r\n絵図  一\x0b二"}) == ({"title": "内藤　新宿 絵図  一 二"}, {})


@pytest.mark.parametrize(
    "text", ["縄文時代", "旧石器時代", "寛永年間", "明治30年頃", "2020", "不明", "いつか"]
)
def test_a_period_read_back_is_the_same_period(text: str) -> None:
    kept, wrong = clean(ITEM, {"period": text})
    assert wrong == {}
    assert clean(ITEM, kept) == (kept, {})


@given(st.sampled_from(EVERY), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
))  # fmt: skip
def test_nothing_typed_raises_anything_else(where: Any, typed: Any) -> None:
    noun, field = where
    kept, wrong = clean(noun, {field.name: typed})
    assert (field.name in kept) != (field.name in wrong)


@pytest.mark.parametrize("text", ["大正12年以前", "明治30年以後", "before 1900", "不明"])
def test_an_open_end_is_no_bound_and_the_form_saves_it_unchanged(text: str) -> None:
    kept, wrong = clean(ITEM, {"period": text})
    assert wrong == {}
    period = kept["period"]
    assert None in (period["earliest"], period["latest"])
    sent_back = {name: bound_text(period[name]) for name in ("earliest", "latest")}
    again, refused = clean(ITEM, {"period": {**period, **sent_back}})
    assert (again, refused) == ({"period": period}, {})
