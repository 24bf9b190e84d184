"""/migration/: how the days of a column are read, and which dates were not understood, on the pages (S3)."""

from __future__ import annotations

import pytest
from mongoengine.connection import get_db

from tests.views.imports.importing import act, run_of, sent, work
from tests.views.panel import Panel, Person

pytestmark = pytest.mark.usefixtures("no_imports")
YEARS = ("1896", "1897", "1901")
HEAD = "No,品名,年代,取得年月日\r\n"


def tried(panel: Panel, person: Person, *rows: str) -> tuple[str, str]:
    """The address of an import that was tried, and its page."""
    page = sent(person, HEAD + "".join(f"L-D{n},火鉢,{each}\r\n" for n, each in enumerate(rows)))
    assert act(person, page, "trial").status_code == 302
    work(panel)
    return page, person.get(page).text


def test_the_order_that_a_column_decided_is_told_and_may_be_chosen_otherwise(
    panel: Panel, shinjuku: Person
) -> None:
    """2A 1.3: decide per column, say so."""
    page, shown = tried(panel, shinjuku, "03/04/2005,03/04/2005", "13/04/2005,13/04/2005")
    assert "列「年代」の日付は" in shown
    assert "<strong>日/月/年</strong> の順で読みます" in shown
    assert "日が先とわかるもの 1件、月が先とわかるもの 0件、どちらとも読めるもの 1件" in shown
    assert act(shinjuku, page, "order", field="period", order="mdy").status_code == 302
    assert run_of()["state"] == "uploaded"
    assert act(shinjuku, page, "trial").status_code == 302
    work(panel)
    shown = shinjuku.get(page).text
    assert "<strong>月/日/年</strong> の順で読みます(対応表の指定)" in shown
    for field, order in (("period", "ymd"), ("title", "dmy"), ("nothing", "dmy"), ("", "")):
        assert act(shinjuku, page, "order", field=field, order=order).status_code == 400


def test_an_order_that_the_column_does_not_tell_is_asked(panel: Panel, shinjuku: Person) -> None:
    page, shown = tried(panel, shinjuku, "03/04/2005,2005-04-03")
    assert "日と月の順が決められません" in shown
    assert "日/月/年とも、月/日/年とも読めます" in shown
    assert act(shinjuku, page, "order", field="period", order="dmy").status_code == 302
    act(shinjuku, page, "trial")
    work(panel)
    shown = shinjuku.get(page).text
    assert "日と月の順が決められません" not in shown
    assert "指摘はありません" in shown


def test_texts_that_are_no_date_are_listed_with_their_counts(panel: Panel, shinjuku: Person) -> None:
    """2A 3.1: distinct texts and counts, each with its first rows."""
    page, shown = tried(panel, shinjuku, "いつか,", "いつか,", "大昔,", "1806-08,")
    assert "年代として読めません" in shown
    assert "年の範囲とも、年と月とも読めます" in shown
    values = shinjuku.get(f"{page}values?cause=0").text
    assert "2種類" in values
    assert values.index("いつか") < values.index("大昔")
    for wrong in ("", "?cause=9", "?cause=2"):
        assert shinjuku.get(f"{page}values{wrong}").status_code == 404
    assert shinjuku.get(f"{page}values?cause=x").status_code == 400
    assert panel.person("staff.soseki").get(f"{page}values?cause=0").status_code == 403
    english = panel.person("staff.shinjuku", "en")
    assert "This is not understood as a date" in english.get(f"{page}values?cause=0").text


def test_bounds_that_are_all_1_january_are_noticed_and_widened_on_agreement(
    panel: Panel, shinjuku: Person
) -> None:
    """2A 3.16: a source that ends 1896 on 1896-01-01 says nothing of a day."""
    text = (
        "noun = 'item'\n[fields]\naccession_number = 'No'\ntitle = '品名'\n"
        "period = { text = '年代', earliest = 'から', latest = 'まで' }\n"
    )

    def page_of(*bounds: str) -> str:
        rows = (
            f"L-D{n},火鉢,{each}年頃,{each}-01-01,{each}{end}\r\n"
            for n, (each, end) in enumerate(zip(YEARS, bounds, strict=True))
        )
        page = sent(shinjuku, "No,品名,年代,から,まで\r\n" + "".join(rows))
        assert shinjuku.post(f"{page}mapping", {"text": text, "mode": "create"}).status_code == 302
        assert act(shinjuku, page, "trial").status_code == 302
        work(panel)
        return page

    other = page_of("-01-01", "-12-31", "-01-01")
    assert "すべて1月1日です" not in shinjuku.get(other).text
    page = page_of("-01-01", "-01-01", "-01-01")
    assert "列「まで」の3件は、すべて1月1日です" in shinjuku.get(page).text
    assert act(shinjuku, page, "widen", field="title").status_code == 400
    assert act(shinjuku, page, "widen", field="period").status_code == 302
    assert act(shinjuku, page, "trial").status_code == 302
    work(panel)
    assert "すべて1月1日です" not in shinjuku.get(page).text
    assert act(shinjuku, page, "run", sure="1").status_code == 302
    work(panel)
    stored = {
        each["period"]["text"]: each["period"]["latest"]
        for each in get_db()["items"].find({"accession_number": {"$regex": "^L-D"}})
    }
    assert stored == {f"{each}年頃": f"{each}-12-31" for each in YEARS} or set(stored.values()) == {
        int(f"{each}1231") for each in YEARS
    }
