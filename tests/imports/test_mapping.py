"""A mapping that names what there is not is refused before the first row."""

from pathlib import Path

import pytest

from gate.fields.typed_text import Wrong
from imports.mapping.mapping import Mapping, MappingError, read_mapping
from imports.mapping.rules import Day, Gathered, Measure, Measured, Written

OURS = sorted((Path(__file__).resolve().parents[2] / "seeds" / "mappings").glob("*.toml"))


def mapped(tmp_path: Path, text: str) -> Mapping:
    path = tmp_path / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_our_own_mappings_are_sound(path: Path) -> None:
    assert read_mapping(path).noun.number in read_mapping(path).rules


@pytest.mark.parametrize(
    "text",
    [
        "noun = 'item'\n[fields]\nno_such_field = 'a'\n",
        "noun = 'item'\n[fields]\nrevision = 'a'\n",
        "noun = 'item'\n[fields]\ninstitution = 'a'\n",
        "noun = 'item'\n[constants]\nkeys = 'a'\n[fields]\ntitle = 'a'\n",
        "noun = 'cat'\n[fields]\ntitle = 'a'\n",
        "noun = 'item'\n[fields]\ntitle = { colum = 'a' }\n",
        "noun = 'item'\n[fields]\nobject_type = { column = 'a', terms = 'nowhere' }\n",
        "noun = 'item'\n[fields]\nobject_type = { column = 'a', terms = 't' }\n[terms.t]\ncats = 'cat'\n",
        "noun = 'item'\n[fields]\nobject_type = { column = 'a', terms = 't', otherwise = 'cat' }\n[terms.t]\n",
        "noun = 'item'\n",
        "noun = 'item'\n[fields]\ntitle = { column = ['a'] }\n",
        "noun = 'item'\n[fields]\ntitle = { column = 'a', split = 5 }\n",
        "noun = 'item'\n[fields]\ntitle = { column = 'a', join = 5 }\n",
        "noun = 'item'\n[fields]\ntitle = { column = 'a', prefix = 5 }\n",
        "noun = 'item'\n[fields]\ntitle = { column = 'a', otherwise = 5 }\n",
        "noun = 'item'\n[fields]\ntitle = { column = 'a', labels = 'abc' }\n",
        "noun = 'item'\n[fields]\ntitle = { several = 'a', signs = 5 }\n",
        "noun = 'item'\n[fields]\nacquisition_date = { day = ['a'] }\n",
        "noun = 'item'\n[fields]\nnotes = { labelled = { x = 5 } }\n",
        "noun = 'item'\n[fields]\ndimensions = { sizes = 'a', unit = 5 }\n",
        "noun = 'item'\n[fields]\ndimensions = [{ column = 'a', dimension = 5, unit = 'cm' }]\n",
        "noun = 'item'\n[fields]\ndimensions = [{ column = 5, dimension = 'height', unit = 'cm' }]\n",
        "noun = 'item'\n[fields]\nperiod = { text = 'a', earliest = 5, latest = 'b' }\n",
        "noun = 'item'\n[fields]\nacquisition_source = { donor = { name = 5 } }\n",
        "noun = 'item'\nterms = 'x'\n[fields]\ntitle = 'a'\n",
        "noun = 'item'\n[options]\nrevision = 5\n[fields]\ntitle = 'a'\n",
        "noun = 'item'\nfeilds = 'x'\n[fields]\ntitle = 'a'\n",
        "noun = 'item'\n[fields]\ntitle = 'a'\n[unread]\nrank = 'list'\n",
        "noun = 'item'\n[fields]\nperiod = { day = 'a', colunm = 'b' }\n",
        "noun = 'item'\n[fields]\nother_names = { several = 'a', sign = ';' }\n",
        "noun = 'item'\n[fields]\nobject_type = { column = 'a', unknown = 'match', split = ';' }\n",
        "noun = 'item'\n[fields]\nnotes = { labelled = { x = 'a' }, columns = 'b' }\n",
        "noun = 'item'\n[fields]\ndimensions = { sizes = 'a', units = 'cm' }\n",
        "noun = 'item'\n[options]\nrepeat = 'merge'\n[fields]\ntitle = 'a'\n",
        "noun = 'user'\n[fields]\nlogin_id = 'a'\n",
        "not toml at all",
    ],
)
def test_what_there_is_not_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(MappingError):
        mapped(tmp_path, text)


def test_columns_that_the_file_lacks_are_named(tmp_path: Path) -> None:
    mapping = mapped(
        tmp_path, "noun = 'item'\n[fields]\ntitle = 'a'\nmaker = 'b'\nnotes = { labelled = { x = 'c' } }\n"
    )
    assert (mapping.misfit(["b"]) or ("", ""))[1].endswith(": a, c")
    assert mapping.misfit(["a", "b", "c"]) is None


def test_words_of_the_file_become_ours_whatever_their_case(tmp_path: Path) -> None:
    rule = mapped(
        tmp_path,
        "noun = 'item'\n[fields]\nobject_type = { column = 'a', terms = 't', otherwise = 'other' }\n"
        "[terms.t]\nPaintings = 'painting'\n",
    ).rules["object_type"]
    assert [rule.read({"a": word}) for word in ("paintings", " PAINTINGS ", "hats", "")] == [
        "painting", "painting", "other", "other",
    ]  # fmt: skip


def test_several_makers_are_joined_and_an_empty_cell_gets_what_was_said(tmp_path: Path) -> None:
    mapping = mapped(
        tmp_path,
        "noun = 'item'\n[fields]\nmaker = { column = 'a', split = '|', join = '; ' }\n"
        "title = { column = 't', otherwise = '[題名なし]', prefix = '題' }\n",
    )
    assert mapping.rules["maker"].read({"a": " A. B. | |C "}) == "A. B.; C"
    assert mapping.rules["title"].read({"t": " "}) == "[題名なし]"
    assert mapping.rules["title"].read({"t": "x"}) == "題x"


def test_zero_is_no_measurement() -> None:
    rule = Measured((Measure("w", "width", "in"), Measure("h", "height", "in")))
    assert rule.read({"w": "14.25", "h": "0.0"}) == [{"dimension": "width", "value": "14.25", "unit": "in"}]


def test_a_size_names_its_own_unit_and_what_is_none_is_left_to_be_named() -> None:
    rule = Measured((Measure("h", "height", "cm"),))
    assert [(each["value"], each["unit"]) for each in rule.read({"h": "245mm"})] == [("245", "mm")]
    assert [(each["value"], each["accuracy"]) for each in rule.read({"h": "約24.5"})] == [("24.5", "about")]
    assert rule.read({"h": "不明"}) == [{"dimension": "height", "value": "不明", "unit": "cm"}]


def test_how_sure_a_date_is_comes_from_its_text() -> None:
    rule = Written("t", "e", "l")
    assert rule.read({"t": "c. 1891", "e": "1886-01-01", "l": "1896-01-01"})["certainty"] == "about"
    assert "certainty" not in rule.read({"t": "a summer", "e": "1886-01-01", "l": ""})


def test_a_day_that_is_none_is_wrong() -> None:
    assert Day("d").read({"d": "1989-12-07"}) == "1989-12-07"
    assert Day("d").read({"d": ""}) == ""
    with pytest.raises(Wrong):
        Day("d").read({"d": "1989-02-30"})


def test_cells_are_gathered_with_their_labels() -> None:
    assert Gathered({"部門": "d", "国": "n"}).read({"d": "Fine Arts", "n": " "}) == "部門: Fine Arts"
