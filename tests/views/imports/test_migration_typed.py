"""What was typed on the pages of an import is still there when it is refused (law 3)."""

from __future__ import annotations

import re

import pytest
from mongoengine.connection import get_db

from imports.mapping.mapping import mapping_of
from tests.views.imports.importing import act, sent, work
from tests.views.panel import Panel, Person, upload

pytestmark = pytest.mark.usefixtures("no_imports")


def chosen(page: str, name: str) -> str:
    """What a menu stands on."""
    menu = re.search(rf'<select[^>]*name="{re.escape(name)}".*?</select>', page, re.DOTALL)
    assert menu, name
    found = re.search(r'<option value="([^"]*)" selected|<option selected>([^<]*)<', menu[0])
    return (found[1] or found[2] or "") if found else ""


def test_an_edited_mapping_that_is_wrong_is_shown_as_it_was_edited(panel: Panel, shinjuku: Person) -> None:
    page = sent(shinjuku)
    text = "noun = 'item'\n[fields]\ntitle = '資料名'\n# 四十行の手直し\nnothing = 'x'\n"
    answer = shinjuku.post(f"{page}mapping", {"text": text, "mode": "create"})
    assert answer.status_code == 400
    assert "# 四十行の手直し" in answer.text
    assert '<details class="by-text" open>' in answer.text
    assert "四十行" not in shinjuku.get(page).text  # it was not stored


def test_columns_and_words_that_were_chosen_stay(panel: Panel, shinjuku: Person) -> None:
    page = sent(shinjuku)
    sent_ = {f"column.{at}": "" for at in range(8)} | {
        "column.1": "field:maker", "column.7": "field:object_type", "word.object_type": "民俗資料", "term.object_type": "other",
        "unit": "mm", "mode": "fly", "name": "新しい名", "repeated": "merge", "blank_erases": "1", "alike.rank": "B",
    }  # fmt: skip
    answer = shinjuku.post(f"{page}mapping", sent_)
    assert answer.status_code == 400
    shown = answer.text
    assert chosen(shown, "column.0") == ""
    assert chosen(shown, "column.1") == "field:maker"
    assert chosen(shown, "alike.rank") == "B"
    assert chosen(shown, "unit") == "mm"
    assert 'value="新しい名"' in shown
    assert re.search(r'name="repeated" value="merge" checked', shown)
    assert re.search(r'name="blank_erases" value="1" checked', shown)
    assert chosen(shinjuku.get(page).text, "column.1") == "field:title"


def test_what_the_screen_cannot_offer_stays_with_its_column(panel: Panel, shinjuku: Person) -> None:
    """Sizes, donors and photographs of our own export come back: saving the columns unchanged leaves none of them out."""
    answer = shinjuku.post("/admin/item/export/csv/?institution=shinjuku", {"purpose": "report"})
    back = shinjuku.post("/migration/", {"noun": "item", "file": upload(answer.data, "item.csv")}).location
    before = mapping_of(shinjuku.get(f"{back}mapping.toml").text)
    assert {"dimensions", "acquisition_source", "photographs"} <= set(before.rules)
    page = shinjuku.get(back).text
    names = re.findall(r'name="(column\.[0-9]+)"', page)
    form = {name: chosen(page, name) for name in names} | {"unit": "cm", "mode": "update"}
    assert shinjuku.post(f"{back}mapping", form).status_code == 302
    assert mapping_of(shinjuku.get(f"{back}mapping.toml").text).rules == before.rules
    sizes = next(name for name in names if form[name] == "field:dimensions")
    assert shinjuku.post(f"{back}mapping", form | {sizes: ""}).status_code == 302
    assert "dimensions" not in mapping_of(shinjuku.get(f"{back}mapping.toml").text).rules


def test_a_size_that_no_vocabulary_has_breaks_no_page(panel: Panel, shinjuku: Person) -> None:
    page = sent(shinjuku)
    rule = "dimensions = [{ column = '寸法', dimension = 'girth', unit = 'cm' }]"
    text = f"noun = 'item'\n[fields]\naccession_number = '資料番号'\n{rule}\n"
    assert shinjuku.post(f"{page}mapping", {"text": text}).status_code == 302
    assert chosen(shinjuku.get(page).text, "column.3") == "size:girth"


def test_how_the_file_was_to_be_read_stays(panel: Panel, shinjuku: Person) -> None:
    page = sent(shinjuku)
    answer = shinjuku.post(f"{page}form", {"encoding": "utf-8-sig", "delimiter": ",", "header_row": "77"})
    assert answer.status_code == 400
    assert chosen(answer.text, "encoding") == "utf-8-sig"
    assert 'name="header_row" inputmode="numeric" value="77"' in answer.text


def test_the_marks_and_the_remark_of_a_witness_stay(panel: Panel, shinjuku: Person) -> None:
    page = sent(shinjuku)
    act(shinjuku, page, "trial")
    work(panel)
    act(shinjuku, page, "run", sure="1")
    work(panel)
    run = get_db()["imports"].find_one({})
    assert run is not None
    first, *rest = map(str, run["reconciled"]["sample"])
    manager = panel.person("manager")
    answer = manager.post(f"{page}sign", {"seen": rest, "remark": "二行目は原本を見てから"})
    assert answer.status_code == 400
    assert "二行目は原本を見てから" in answer.text
    for each in rest:
        assert f'name="seen" value="{each}" form="signing" checked' in answer.text
    assert f'name="seen" value="{first}" form="signing" checked' not in answer.text


def test_the_kind_and_the_mapping_of_an_upload_stay(panel: Panel, shinjuku: Person) -> None:
    page = sent(shinjuku)
    text = shinjuku.get(f"{page}mapping.toml").text
    shinjuku.post(f"{page}mapping", {"text": text, "mode": "create", "name": "うちの台帳"})
    stored = get_db()["import_mappings"].find_one({})
    assert stored is not None
    asked = {"noun": "donor", "mapping": str(stored["_id"]), "file": upload(b"", "a.csv")}
    answer = shinjuku.post("/migration/", asked)
    assert answer.status_code == 400
    assert chosen(answer.text, "noun") == "donor"
    assert chosen(answer.text, "mapping") == str(stored["_id"])
