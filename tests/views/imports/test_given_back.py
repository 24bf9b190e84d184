"""Our own export given back untouched changes nothing and complains of nothing, whatever the records hold (S3, B12)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from bson import ObjectId
from mongoengine.connection import get_db

from imports.run.outcomes import NOT_THERE, OUTCOMES, UNCHANGED
from imports.validation.returned_exports import ELSEWHERE, UNKNOWN_NUMBER
from tests.views.imports.importing import act, work
from tests.views.panel import Panel, Person, upload

pytestmark = pytest.mark.usefixtures("no_imports")

SIZE = {"dimension": "height", "value": "12.50", "unit": "cm"}
NASTY: tuple[dict[str, Any], ...] = (
    {"accession_number": "=1+1", "title": "=HYPERLINK(0)", "maker": "@作者", "location": "-3", "materials": "+紙"},
    {"accession_number": "'=1+1", "title": "'=1+1", "maker": "''=2", "notes": "'", "location": "＝全角"},
    {"accession_number": "1.2E+05", "title": "1.2E+05"},
    {"accession_number": "1月2日", "title": "2020-01-02", "place_made": "1-2"},
    {"accession_number": "#N/A", "title": "#REF!"},
    {"accession_number": "甲 12 / 3", "title": "壺 / 蓋", "other_names": "甲 / 乙\n丙、丁\n/\n-\n=1"},
    {"accession_number": "〓1", "title": "〓の箱?", "description": "外字〓と\ue000と?の字", "maker": "非表示"},
    {"accession_number": "G-a,b;c", "title": ";" * 300, "maker": '"引用,符"', "materials": "\t".join("a" * 90)},
    {"accession_number": "G-行", "title": "行", "notes": "一行目\r\n二行目\r三行目\n\n五行目\u2028六", "provenance": "=1\n=2"},
    {"accession_number": "G-空", "title": "空", "dimensions": [], "other_names": "", "object_count": ""},
    {"accession_number": "G-0", "title": "0", "object_count": "10000", "acquisition_price": "0", "branch_number": "007"},
    {"accession_number": "G-寸", "title": "寸", "dimensions": [
        SIZE, {**SIZE, "part": "箱 2"}, {**SIZE, "part": "高さ・縦 3 cm"}, {**SIZE, "part": "蓋 / 身", "value": "0"},
        {**SIZE, "part": "=部分"}, {**SIZE, "unit": "mm", "dimension": "weight", "value": "1"}]},
    {"accession_number": "G-伏", "title": "****", "maker": "＊＊＊＊", "description": "電話03-1234-5678、信者"},
    {"accession_number": "Ｌ－全角１", "title": "全角　空白", "maker": "髙﨑𠮷", "place_made": "ﾊﾝｶｸ", "notes": "é é"},
    {"accession_number": "G-年", "title": "年", "period": {"text": "不明", "earliest": "1890", "latest": "1900"},
     "acquisition_date": {"text": "平成元年頃か"}},
    {"accession_number": "G-x", "title": "_x0041_ _x000D_", "notes": "a\ufffeb\uffff", "description": "あ" * 20_000},
    {"accession_number": "G-絵", "title": "絵", "object_type": "folk", "rank": "A", "web_address": "https://example.jp/?a=1,2"},
)  # fmt: skip
"""What the product can hold and a spreadsheet, or the signs of the export itself, could bend."""
SIZES = next(at for at, each in enumerate(NASTY) if each["accession_number"] == "G-寸")


@pytest.fixture(scope="module")
def nasty(panel: Panel) -> Iterator[list[str]]:
    """A record of each kind of NASTY, beside all that other tests have left; their ids."""
    media = [
        panel.make("media", "shinjuku", title=title) for title in ("裏 / 表", "=写真", "絵 2", "消えた写真")
    ]
    ids = [panel.make("item", "shinjuku", **{"title": "壺", **each}) for each in NASTY]
    ids += [
        panel.make("item", "shinjuku", accession_number="G-写", title="写", photographs=media, acquisition_source=panel.ids["donor"]),
        panel.make("item", "shinjuku", accession_number="G-多", title="多", photographs=many(panel)),
    ]  # fmt: skip
    get_db()["media"].delete_one({"_id": ObjectId(media[-1])})  # as if the reference had outlived it
    get_db()["items"].update_one(
        {"_id": ObjectId(ids[SIZES])}, {"$set": {"rank": "X", "dimensions.0.unit": "parsec"}}
    )
    yield ids
    get_db()["items"].delete_many({"_id": {"$in": [ObjectId(each) for each in ids]}})


def many(panel: Panel) -> list[str]:
    """More photographs than one cell of a workbook holds the names of."""
    return [panel.make("media", "shinjuku", title=f"{n:03d}" + "長い題" * 95) for n in range(115)]


def given_back(panel: Panel, person: Person, noun: str, kind: str) -> dict[str, Any]:
    """The import of an untouched export, after its trial."""
    answer = person.post(f"/admin/{noun}/export/{kind}/?institution={HOUSE[noun]}", {"purpose": "report"})
    assert answer.status_code == 200
    back = person.post("/migration/", {"noun": noun, "file": upload(answer.data, f"{noun}.{kind}")})
    assert back.status_code == 302
    assert act(person, back.location, "trial").status_code == 302
    work(panel)
    run: dict[str, Any] | None = get_db()["imports"].find_one({})
    assert run is not None
    assert run.get("failure") is None, run["failure"]
    return run


HOUSE = {
    "item": "shinjuku",
    "donor": "shinjuku",
    "exhibition": "shinjuku",
    "loan": "shinjuku",
    "patron": "kaizu",
    "book": "kaizu",
}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_untouched_export_of_any_item_changes_nothing(
    panel: Panel, nasty: list[str], kind: str, language: str
) -> None:
    run = given_back(panel, panel.person("staff.shinjuku", language), "item", kind)
    assert run["mode"] == "update"
    assert run["trial"]["causes"] == []
    fates = {OUTCOMES[at][1]: count for at, count in enumerate(run["trial"]["fates"]) if count}
    assert fates == {"Unchanged": run["trial"]["rows"]}
    assert run["trial"]["rows"] == get_db()["items"].count_documents({"institution": "shinjuku"})


@pytest.mark.parametrize("noun", ["donor", "exhibition", "loan", "patron", "book"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_so_does_that_of_every_other_kind_of_record(panel: Panel, noun: str, kind: str) -> None:
    person = panel.person("librarian.kaizu" if HOUSE[noun] == "kaizu" else "staff.shinjuku")
    run = given_back(panel, person, noun, kind)
    assert run["trial"]["causes"] == []
    assert run["trial"]["fates"][UNCHANGED] == run["trial"]["rows"] > 0


def test_what_was_touched_goes_to_its_own_record_as_it_was_typed(
    panel: Panel, shinjuku: Person, nasty: list[str]
) -> None:
    """Numbers that the export made safe, numbers with spaces, and the guard before a formula that was mended."""
    answer = shinjuku.post("/admin/item/export/csv/?institution=shinjuku", {"purpose": "report"})
    head, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    changes = {
        "'=1+1": {"資料名": "'=2+2"}, "''=1+1": {"作者・製作者": "乾山"}, "甲 12 / 3": {"別名": "甲 / 丁"},
        "G-写": {"写真": "M 7 表 / 裏"}, "G-寸": {"寸法": "蓋 高さ・縦 2 cm"}, "G-a,b;c": {"館": "漱石山房記念館", "資料名": "よその"},
        "G-行": {"資料番号": "G-無", "資料名": "行(改)"},
    }  # fmt: skip
    panel.make("media", "shinjuku", media_number="M 7", title="表 / 裏")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    for row in rows:
        told = dict(zip(head, row, strict=True))
        if told["資料番号"] in changes:
            writer.writerow((told | changes[told["資料番号"]]).values())
    back = shinjuku.post("/migration/", {"noun": "item", "file": upload(out.getvalue().encode(), "back.csv")})
    act(shinjuku, back.location, "trial")
    work(panel)
    act(shinjuku, back.location, "run", sure="1")
    work(panel)
    items = {str(each["_id"]): each for each in get_db()["items"].find({"institution": "shinjuku"})}
    by_number = {each["accession_number"]: each for each in items.values()}
    assert by_number["=1+1"]["title"] == "=2+2"
    assert by_number["'=1+1"]["title"] == "'=1+1"
    assert by_number["'=1+1"]["maker"] == "乾山"
    assert by_number["甲 12 / 3"]["other_names"] == ["甲", "丁"]
    assert [each["value"] for each in by_number["G-寸"]["dimensions"]] == ["2"]
    assert by_number["G-a,b;c"]["title"] == ";" * 300
    assert by_number["G-行"]["title"] == "行"
    causes = {each["en"] for each in (get_db()["imports"].find_one({}) or {})["counts"]["causes"]}
    assert causes == {ELSEWHERE[1], NOT_THERE[1], UNKNOWN_NUMBER[1]}
    run = get_db()["imports"].find_one({})
    assert run is not None
    assert run["reconciled"]["differing"] == []
    act(shinjuku, back.location, "undo", sure="1")
    work(panel)
    get_db()["media"].delete_many({"media_number": "M 7"})
