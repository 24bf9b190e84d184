"""The mapping's page: nothing chosen is dropped, nothing wins silently, guesses are marked, all words can be decided (S3)."""

from __future__ import annotations

import re

import pytest
from mongoengine.connection import get_db

from imports.mapping.mapping import mapping_of
from tests.imports.workbooks import book
from tests.views.imports.importing import act, forget_imports, run_of, sent, work
from tests.views.imports.test_migration import mapping_text
from tests.views.imports.test_migration_typed import chosen
from tests.views.panel import Panel, Person, upload

pytestmark = pytest.mark.usefixtures("no_imports")
LEDGER = "台帳No,連番,品名,年,月,日,材料,別の材料,摘要,分け方\r\n" + "".join(
    f"A,{at},火鉢{at},昭和{at},3,1,{'' if at % 2 else '鉄'},木,あ{at},{'民具' if at % 2 else '謎の分類'}\r\n" for at in range(1, 5)
)  # fmt: skip


def form_of(page: str, **more: str) -> dict[str, str]:
    """The form of columns as the page shows it."""
    names = re.findall(r'<select[^>]*name="((?:column|computed|unreadable)\.[^"]+)"', page)
    words = {"unit": "cm", "mode": "create"}
    return {name: chosen(page, name) for name in names} | words | more


def saved(person: Person, page: str, **more: str) -> str:
    """The page after its form was sent with more chosen in it."""
    answer = person.post(f"{page}mapping", form_of(person.get(page).text, **more))
    assert answer.status_code == 302, re.findall(r'class="note[^>]*>.*?</div>', answer.text, re.DOTALL)[:2]
    return person.get(page).text


def test_the_button_of_the_trial_saves_what_was_chosen_first(panel: Panel, shinjuku: Person) -> None:
    page = sent(shinjuku, LEDGER)
    form = form_of(shinjuku.get(page).text, **{"column.6": "field:materials", "column.8": "field:notes", "column.1": "field:accession_number", "then": "trial"})  # fmt: skip
    assert shinjuku.post(f"{page}mapping", form).status_code == 302
    assert run_of()["state"] == "trying"
    assert {"materials", "notes"} <= set(mapping_of(run_of()["mapping"]["text"]).rules)
    work(panel)
    assert run_of()["trial"]["fates"][0] == 4


@pytest.mark.parametrize(
    "both",
    [
        {"column.6": "field:materials", "column.7": "field:materials"},
        {"column.6": "donor:name", "column.7": "donor:name"},
        {"column.6": "size:all", "column.7": "size:height"},
        {"column.6": "size:height", "column.7": "size:all"},
        {"column.6": "size:all", "column.7": "size:all"},
    ],
)
def test_two_columns_of_one_field_are_refused_by_name(shinjuku: Person, both: dict[str, str]) -> None:
    page = sent(shinjuku, LEDGER)
    answer = shinjuku.post(f"{page}mapping", form_of(shinjuku.get(page).text, **both))
    assert answer.status_code == 400
    assert "列「材料」と列「別の材料」の両方は取り込めません" in answer.text
    assert chosen(answer.text, "column.7") == both["column.7"]


def test_notes_and_what_is_labelled_stand_together(shinjuku: Person) -> None:
    page = sent(shinjuku, LEDGER)
    saved(shinjuku, page, **{"column.6": "label:notes", "column.8": "field:notes", "column.7": "label:notes"})
    rule = mapping_of(mapping_text(page)).rules["notes"]
    assert rule.read({"摘要": "あ", "材料": "鉄", "別の材料": ""}) == "あ\n材料: 鉄"
    assert chosen(shinjuku.get(page).text, "column.8") == "field:notes"


def test_a_ledger_with_our_labels_is_no_export_of_ours(shinjuku: Person) -> None:
    """版 and 館 alone make it one: without them its columns are proposed, and its records are new."""
    sent(shinjuku, "資料番号,資料名,年代,作者・製作者,寸法\r\nL-1,壺,江戸時代,某,12×30cm\r\n")
    assert run_of()["mode"] == "create"
    assert not mapping_of(run_of()["mapping"]["text"]).options.returned
    forget_imports()
    sent(shinjuku, "資料番号,資料名,年代,作者・製作者,寸法,版,館\r\nL-1,壺,江戸時代,某,,1,新宿歴史博物館\r\n")
    assert run_of()["mode"] == "update"
    assert mapping_of(run_of()["mapping"]["text"]).options.returned


def test_another_sheet_is_proposed_anew_until_somebody_has_chosen(panel: Panel, shinjuku: Person) -> None:
    raw = book(
        [["登録番号", "作品名"], ["L-1", "壺"], ["L-2", "皿"]], before=[["台帳について", "何か"], ["a", "b"]]
    )
    page = shinjuku.post("/migration/", {"noun": "item", "file": upload(raw, "台帳.xlsx")}).location
    assert not mapping_of(mapping_text(page)).rules
    assert shinjuku.post(f"{page}form", {"sheet": "台帳"}).status_code == 302
    assert set(mapping_of(mapping_text(page)).rules) == {"accession_number", "title"}
    saved(shinjuku, page)
    assert shinjuku.post(f"{page}form", {"sheet": "表紙"}).status_code == 302
    assert set(mapping_of(mapping_text(page)).rules) == {"accession_number", "title"}  # chosen, and stays
    assert "ファイルにない列" in act(shinjuku, page, "trial").text
    assert act(shinjuku, page, "propose").status_code == 302
    assert not mapping_of(mapping_text(page)).rules


def test_guesses_are_marked_until_somebody_has_looked(shinjuku: Person) -> None:
    page = sent(
        shinjuku,
        "資料番号,資料名,見出しのない列\r\nL-1,壺,https://example.org/1\r\nL-2,皿,https://example.org/2\r\n",
    )
    first = shinjuku.get(page).text
    assert first.count("推定(見出しから)") == 2
    after = saved(shinjuku, page)
    assert "推定(" not in after


def test_required_fields_that_nothing_fills_are_told_and_keep_the_trial_from_beginning(
    shinjuku: Person,
) -> None:
    page = sent(shinjuku, LEDGER)
    shown = saved(shinjuku, page, **{"column.0": "", "column.1": "", "column.2": ""})
    assert "必須の項目に入る列がまだありません" in shown
    assert "資料番号、資料名" in shown
    answer = act(shinjuku, page, "trial")
    assert answer.status_code == 400
    assert "必須の項目に入る列がありません: 資料番号、資料名" in answer.text


def test_a_refusal_names_the_cell_unless_it_is_of_a_person(panel: Panel, shinjuku: Person) -> None:
    text = "noun = 'item'\n[fields]\naccession_number = '番号'\ntitle = '名'\nobject_count = '数'\nacquisition_source = { donor = { name = '氏名', telephone = '電話' } }\n"
    page = sent(
        shinjuku,
        "番号,名,数,氏名,電話\r\nL-1,壺,たくさん,苗字 太郎,03-1234-5678\r\nL-2,皿,1,苗字 花子,留守がち\r\n",
    )
    assert (
        shinjuku.post(f"{page}mapping", {"text": text, "mode": "create", "then": "trial"}).status_code == 302
    )
    work(panel)
    shown = shinjuku.get(page).text
    found = shown[shown.index('id="tried"') : shown.index('id="reading"')]
    assert '<span class="sample">たくさん</span>' in found
    assert "留守がち" not in found
    assert "花子" not in found


def test_a_column_is_computed_previewed_and_mapped_and_the_choices_stay(
    panel: Panel, shinjuku: Person
) -> None:
    page = sent(shinjuku, LEDGER)
    shown = saved(shinjuku, page, **{"column.8": "field:notes", "make.join.1": "台帳No", "make.join.2": "連番", "make.join.between": "-", "then": "add:join"})  # fmt: skip
    assert "台帳No＋連番" in shown
    assert 'A｜1</span> → <span class="sample">A-1' in shown
    assert chosen(shown, "column.8") == "field:notes"
    shown = saved(shinjuku, page, **{"computed.0": "field:accession_number", "column.0": "", "column.1": "", "make.year.year": "年", "make.year.month": "月", "make.year.day": "日", "then": "add:year"})  # fmt: skip
    assert "昭和1年3月1日" in shown
    shown = saved(shinjuku, page, **{"computed.1": "field:acquisition_date", "make.first_of.1": "材料", "make.first_of.2": "別の材料", "then": "add:first_of"})  # fmt: skip
    shown = saved(
        shinjuku,
        page,
        **{"computed.2": "field:materials", "column.6": "", "column.2": "field:title", "then": "trial"},
    )
    work(panel)
    assert act(shinjuku, page, "run", sure="1").status_code == 302
    work(panel)
    there = {
        each["accession_number"]: each
        for each in get_db()["items"].find({"accession_number": {"$regex": "^A-"}})
    }
    try:
        assert {number: each["materials"] for number, each in there.items()} == {
            "A-1": "木",
            "A-2": "鉄",
            "A-3": "木",
            "A-4": "鉄",
        }
        assert there["A-2"]["acquisition_date"]["text"] == "昭和2年3月1日"
        assert "一致しています" in shinjuku.get(page).text
    finally:
        get_db()["items"].delete_many({"accession_number": {"$regex": "^A-"}})


def test_a_computed_column_is_dropped_and_one_that_cannot_be_made_is_refused(shinjuku: Person) -> None:
    page = sent(shinjuku, LEDGER)
    saved(
        shinjuku,
        page,
        **{"make.part.column": "品名", "make.part.part": "first", "make.part.at": "鉢", "then": "add:part"},
    )
    assert [name for name, _ in mapping_of(mapping_text(page)).computed.columns] == ["品名: 前の部分"]
    for more, said in (
        ({"make.replace.column": "品名", "make.replace.replace": "*", "then": "add:replace"}, "品名"),
        ({"make.join.1": "品名", "make.join.between": "残る文字", "then": "add:join"}, "残る文字"),
        ({"then": "add:nothing"}, "画面のボタン"),
    ):
        answer = shinjuku.post(f"{page}mapping", form_of(shinjuku.get(page).text, **more))
        assert answer.status_code == 400
        assert said in answer.text
    assert "品名: 前の部分" not in saved(shinjuku, page, then="drop:0")


def test_what_is_cut_out_of_a_cell_opens_the_cell_to_nobody(panel: Panel, shinjuku: Person) -> None:
    """The witness sees the title that was made, and not the name and telephone that it was cut out of (S16)."""
    page = sent(shinjuku, "番号,品名\r\nL-1,壺/苗字太郎 03-1234-5678\r\n")
    saved(shinjuku, page, **{"column.0": "field:accession_number", "column.1": "", "make.part.column": "品名", "make.part.part": "first", "make.part.at": "/", "then": "add:part"})  # fmt: skip
    saved(shinjuku, page, **{"computed.0": "field:title", "then": "trial"})
    work(panel)
    seen = panel.person("manager").get(f"{page}row?row=2&phase=trial").text
    assert "L-1" in seen
    assert "苗字太郎" not in seen
    assert "苗字太郎" in shinjuku.get(f"{page}row?row=2&phase=trial").text


WORDS = "資料番号,資料名,分類\r\n" + "".join(f"L-{at},壺,言葉{at % 369:03}\r\n" for at in range(700))


def test_all_words_of_the_file_can_be_decided_with_their_counts(panel: Panel, shinjuku: Person) -> None:
    """Those of row 699 too, and more than forty of them; one by one, by a search, and all at once."""
    page = sent(shinjuku, WORDS)
    words = f"{page}words/object_type"
    form = form_of(shinjuku.get(page).text, then="words:object_type")
    assert shinjuku.post(f"{page}mapping", form).location.endswith("/words/object_type")
    assert act(shinjuku, page, "trial").status_code == 302
    work(panel)
    assert run_of()["trial"]["fates"][0] == 0
    assert "369種類、うち未定369" in shinjuku.get(page).text
    first = shinjuku.get(words).text
    assert first.count('name="word"') == 100
    assert "369種類のうち、未定は369種類" in first
    later = shinjuku.post(words, {"then": "search", "page": "4"}).text
    assert later.count('name="word"') == 69
    found = shinjuku.post(words, {"then": "search", "find": "言葉36"}).text
    assert re.findall(r'name="word" value="([^"]+)"', found) == [f"言葉36{at}" for at in range(9)]
    one = shinjuku.post(words, {"then": "stay", "word": ["言葉360", "言葉361"], "term": ["craft", ""]})
    assert "未定は368種類" in one.text
    assert "未定は360種類" in shinjuku.post(words, {"then": "all", "find": "言葉36", "every": "print"}).text
    assert shinjuku.post(words, {"then": "all", "every": "cat"}).status_code == 400
    assert shinjuku.post(words, {"then": "all", "every": "folk"}).status_code == 200
    assert shinjuku.get(f"{page}words/title").status_code == 404
    assert act(shinjuku, page, "trial").status_code == 302
    work(panel)
    assert run_of()["trial"]["fates"][0] == 700
    terms = mapping_of(run_of()["mapping"]["text"]).rules["object_type"]
    assert [terms.read({"分類": each}) for each in ("言葉360", "言葉361", "言葉001")] == [
        "craft",
        "print",
        "folk",
    ]
