"""Written dates on the screens: filtered and sorted as people write them, told in both calendars."""

from __future__ import annotations

import re

import pytest

from tests.views.panel import Panel, Person

ASKED = "/admin/item/?f.period.overlaps="


@pytest.fixture(scope="module")
def dated(panel: Panel) -> dict[str, str]:
    """Items of the section's two museums: as written → id."""
    return {
        text: panel.make("item", house, accession_number=f"P-{n}", title=f"年代箱 {n}", period={"text": text})
        for n, (text, house) in enumerate(
            [("明治30年", "shinjuku"), ("天保3年", "shinjuku"), ("江戸後期", "soseki"), ("縄文時代中期", "shinjuku"), ("", "soseki")]
        )
    }  # fmt: skip


def ids(page: str) -> list[str]:
    return re.findall(r'<a class="open" href="[^"]*id=([0-9a-f]{24})', page)


@pytest.mark.parametrize(
    ("typed", "chip", "wanted"),
    [
        ("明治30年頃", "年代: 明治30年頃（1892〜1902年）", {"明治30年"}),
        ("江戸後期", "年代: 江戸後期（1780〜1868年）", {"天保3年", "江戸後期"}),
        ("1890-1902", "年代: 1890-1902（明治23年〜明治35年）", {"明治30年"}),
    ],
)
def test_a_list_is_narrowed_by_a_date_as_people_write_it(
    shinjuku: Person, dated: dict[str, str], typed: str, chip: str, wanted: set[str]
) -> None:
    """S6: the words as typed stand on the chip with the years understood; the form keeps them."""
    page = shinjuku.get(ASKED + typed).text
    assert chip in page
    assert f'name="f.period.overlaps" type="text" value="{typed}"' in page
    found = set(ids(page))
    assert {text for text, id_ in dated.items() if id_ in found} == wanted


def test_the_search_box_keeps_the_interval_and_the_chip_takes_it_away(
    shinjuku: Person, dated: dict[str, str]
) -> None:
    page = shinjuku.ask("item", "年代箱", **{"f.period.overlaps": "明治30年"}).text
    assert ids(page) == [dated["明治30年"]]
    assert re.search(r'class="chip" href="/admin/item/\?q=[^"&]*"><span>年代: 明治30年（1897年）', page)


def test_a_date_that_nobody_understands_is_said_on_the_list_and_stays_in_its_box(shinjuku: Person) -> None:
    answer = shinjuku.get(ASKED + "いつぞや")
    assert answer.status_code == 400
    assert "年代として読めません" in answer.text
    assert 'value="いつぞや"' in answer.text


def test_a_list_is_narrowed_to_dates_that_nobody_understands(shinjuku: Person, panel: Panel) -> None:
    """Law 9: what could not be understood is listed. The filter stands in the form and on a chip."""
    unread = panel.make("item", "shinjuku", title="読めない年代", period={"text": "いつのことやら"})
    panel.make("item", "shinjuku", title="不明の年代", period={"text": "不明"})
    asked = "/admin/item/?f.period.unread=1"
    page = shinjuku.get(asked).text
    assert ids(page) == [unread]
    assert '<option value="1" selected>書いてあるが読めないもの(区間なし)</option>' in page
    assert "年代: 書いてあるが読めないもの(区間なし)" in page
    assert shinjuku.get("/admin/item/?f.title.unread=1").status_code == 400
    assert ids(shinjuku.get(f"{asked}&f.period.overlaps=明治").text) == []


@pytest.mark.parametrize("way", ["", "&desc=1"])
def test_the_list_is_sorted_by_the_beginning_and_what_is_undated_stands_last(
    shinjuku: Person, dated: dict[str, str], way: str
) -> None:
    found = ids(shinjuku.get(f"/admin/item/?q=年代箱&sort=period{way}").text)
    by_age = [dated[each] for each in ("縄文時代中期", "江戸後期", "天保3年", "明治30年")]
    assert found == [*(by_age[::-1] if way else by_age), dated[""]]


@pytest.mark.parametrize(
    ("written", "ja", "en"),
    [
        ("明治30年", "（1897年）", "(1897)"),
        ("天保3年", "（1832年、旧暦）", "(1832, lunisolar)"),
        ("縄文時代中期", "（紀元前3500〜2500年）", "(3500 BCE – 2500 BCE)"),
    ],
)
def test_both_calendars_stand_on_the_card_and_behind_the_cell(
    panel: Panel, dated: dict[str, str], written: str, ja: str, en: str
) -> None:
    for language, meant in (("ja", ja), ("en", en)):
        person = panel.person("staff.shinjuku", language)
        card = person.get(f"/admin/item/details/?id={dated[written]}").text
        assert re.search(rf'{written}\s*<span class="interval">{re.escape(meant)}</span>', card)
        space = " " if language == "en" else ""
        assert (
            f'<span title="{written}{space}{meant}">{written}</span>' in person.get(f"{ASKED}{written}").text
        )


def test_a_date_before_our_era_survives_an_edit_of_something_else(
    shinjuku: Person, panel: Panel, dated: dict[str, str]
) -> None:
    """The form gives back the interval as it came: of 縄文時代 it could not be saved at all."""
    address = f"/admin/item/edit/?id={dated['縄文時代中期']}"
    before = (panel.stored("item", dated["縄文時代中期"]) or {})["period"]
    sent = shinjuku.form(address)
    sent["maker"] = "土器の人"
    assert shinjuku.post(address, sent).status_code == 302
    stored = panel.stored("item", dated["縄文時代中期"]) or {}
    assert (stored["maker"], stored["period"]) == ("土器の人", before)
