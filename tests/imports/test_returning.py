"""Our own export come back: what was not touched is no change, and what a person edited is read as it was written there."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from pymongo.database import Database

from accounts.console import console
from gate.fields.kinds import kind_of
from gate.fields.typed_text import Wrong
from gate.reading.as_text import names_it, unchanged
from gate.writing.writing import create
from imports.run.outcomes import HELD, REFUSED, UNCHANGED, UPDATED
from imports.validation.returned_exports import _part, headed
from models.registry import NOUNS
from tests.imports.doing import ITEM, begun, done, fates, file, made, problems
from tests.world import actor, world

DIMENSIONS = NOUNS["item"].fields["dimensions"]


@pytest.mark.parametrize(
    ("text", "part", "dimension", "value", "unit", "accuracy"),
    [
        ("高さ・縦 12.5 cm", "", "height", "12.5", "cm", ""),
        ("Height 12.50 cm", "", "height", "12.50", "cm", ""),
        ("身 幅・横 3 mm", "身", "width", "3", "mm", ""),
        ("箱 2 高さ・縦 12.5 cm", "箱 2", "height", "12.5", "cm", ""),
        ("箱 2 cm 高さ・縦 高さ・縦 12.5 cm", "箱 2 cm 高さ・縦", "height", "12.5", "cm", ""),
        ("口 径 約 12.3 cm", "口", "diameter", "12.3", "cm", "about"),
        ("Diameter At least 12.3 cm", "", "diameter", "12.3", "cm", "least"),
    ],
)
def test_a_size_is_read_from_its_end(
    text: str, part: str, dimension: str, value: str, unit: str, accuracy: str
) -> None:
    assert _part(DIMENSIONS, text) == {
        "part": part, "dimension": dimension, "accuracy": accuracy, "value": value, "unit": unit
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["12.5 cm", "高さ・縦 12.5", "高さ・縦 cm", "12.5 高さ・縦 cm", "箱 高さ・縦 12.5 cm 2"]
)
def test_what_is_written_otherwise_is_no_size(text: str) -> None:
    with pytest.raises(Wrong):
        _part(DIMENSIONS, text)


def test_our_own_export_come_back_changes_only_what_was_touched(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    """What the spreadsheet got for a value, masked, withheld or in another language, is no change."""
    donor = create(
        console("soseki"), NOUNS["donor"], "soseki", {"donor_number": "D000007", "name": "夏目 鏡子"}
    )
    for number in ("001", "1-2"):
        made(
            accession_number=number, acquisition_source=donor, object_type="folk", notes="長男の話", maker="=1+1",
            other_names="ひばち\n火桶", period={"text": "明治30年頃"},
            dimensions=[{"dimension": "height", "value": "12.50", "unit": "cm"}, {"dimension": "width", "value": "3", "unit": "cm"}],
        )  # fmt: skip
    names = ["accession_number", "title", "other_names", "object_type", "period", "maker", "dimensions", "acquisition_source", "notes",
             "rank", "revision", "institution"]  # fmt: skip
    header = [ITEM.fields[name].label[0] for name in names]
    cells = [
        "壺",
        "ひばち / 火桶",
        "民俗資料",
        "明治30年頃",
        "'=1+1",
        "高さ・縦 12.50 cm / 幅・横 3 cm",
        "D000007 夏目 ＊＊＊＊",
        "＊＊＊＊",
        "",
        "1",
        "",
    ]
    touched = ["壺(大)", *cells[1:5], "高さ・縦 12.50 cm / 幅・横 4 cm", *cells[6:]]
    rows = [header, ["001", *cells], ["1-2", *touched]]
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows) + "\n"
    told = headed(ITEM, header)
    assert told is not None
    run = begun(file(tmp_path, text), tomli_w.dumps(told), mode="update")
    done(run)
    assert problems(run) == []
    assert fates(run) == {2: UNCHANGED, 3: UPDATED}
    found = store["items"].find_one({"accession_number": "1-2"})
    assert found is not None
    assert found["outbox"][-1]["fields"] == ["dimensions", "title"]
    assert [each["value"] for each in found["dimensions"]] == ["12.50", "4"]
    assert (found["notes"], str(found["acquisition_source"]), found["maker"]) == ("長男の話", donor, "=1+1")
    stale = begun(file(tmp_path, text, "again.csv"), tomli_w.dumps(told), mode="update")
    done(stale)
    assert fates(stale)[3] == HELD  # written out at revision 1, and edited since


SAVINGS: dict[str, Callable[[str], str]] = {
    "Windows": lambda lost: "?" * (len(lost.encode("utf-16-le")) // 2),
    "one mark": lambda lost: "?" * len(lost),
}
"""Who saved it → what became of characters that cp932 cannot hold."""


def saved_as_cp932(text: str, lost: Callable[[str], str]) -> str:
    """The same text out of a file in cp932."""
    kept = ((each, each.encode("cp932", "ignore").decode("cp932")) for each in text)
    return "".join(back or lost(each) for each, back in kept)


def lost_in_cp932() -> Iterator[str]:
    """Characters of every block that cp932 cannot hold, and some of those that Japanese names are written with."""
    yield from ("𠮷", "葛󠄀", "か\u3099", "髙󠄁", "鷗", "é", "한", "〾", "😀", "—", "〜")
    spread = (chr(code) for code in range(0xA0, 0x30000, 53))
    known = (
        each
        for each in spread
        if unicodedata.category(each) not in ("Cn", "Cs", "Co", "Cc", "Zs", "Zl", "Zp")
    )
    yield from (each for each in known if not each.encode("cp932", "ignore"))


@pytest.mark.parametrize("program", SAVINGS)
def test_what_cp932_cannot_hold_is_no_change_in_any_text(program: str) -> None:
    """Section 3.14: alone or within longer text, in every field that keeps a text. Any other difference is a change."""
    texts = [
        each
        for noun in NOUNS.values()
        for each in noun
        if kind_of(each).keeps_text and kind_of(each).is_one_line
    ]
    assert len(texts) > 30
    for at, lost in enumerate(lost_in_cp932()):
        field = texts[at % len(texts)]
        for value in (lost, f"山{lost}田", f"{lost}野の{lost}"):
            cell = saved_as_cp932(value, SAVINGS[program])
            assert unchanged(field, value, cell, "cp932"), (field.name, value)
            assert not unchanged(field, value, cell, "utf-8-sig"), (field.name, value)
            assert not unchanged(field, value, cell + "様", "cp932"), (field.name, value)
            assert not unchanged(
                field, value, cell.replace("?", "吉", 1) if "?" in cell else "吉", "cp932"
            ), value


def test_an_export_that_excel_saved_as_cp932_changes_only_what_was_touched(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    """Section 3.14: names of persons referred to, lines of a list and written dates are texts too."""
    donor = create(
        console("soseki"), NOUNS["donor"], "soseki", {"donor_number": "D000007", "name": "𠮷田 葛󠄀子"}
    )
    for number in ("1", "2", "3"):
        made(
            accession_number=number, title="𠮷野の壺", acquisition_source=donor, maker="葛󠄀飾 北斎", other_names="𠮷\nツボ",
            period={"text": "明治30年頃(𠮷日)"}, notes="前\n𠮷\n後",
        )  # fmt: skip
    names = ["accession_number", "title", "acquisition_source", "maker", "other_names", "period", "notes"]
    header = [*(ITEM.fields[name].label[0] for name in names), "版", "館"]
    cells = [
        "𠮷野の壺",
        "D000007 𠮷田 葛󠄀子",
        "葛󠄀飾 北斎",
        "𠮷 / ツボ",
        "明治30年頃(𠮷日)",
        "前\n𠮷\n後",
        "1",
        "",
    ]
    rows = [
        header,
        ["1", *cells],
        ["2", "𠮷野の壺(大)", *cells[1:]],
        ["3", *cells[:2], "吉飾 北斎", *cells[3:]],
    ]
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows) + "\n"
    path = tmp_path / "saved.csv"
    path.write_bytes(saved_as_cp932(text, SAVINGS["Windows"]).encode("cp932"))
    told = headed(ITEM, header)
    assert told is not None
    run = begun(path, tomli_w.dumps(told), mode="update")
    done(run)
    assert fates(run) == {2: UNCHANGED, 3: UPDATED, 4: UPDATED}
    changed = {each["accession_number"]: each["outbox"][-1]["fields"] for each in store["items"].find()}
    assert (changed["2"], changed["3"]) == (["title"], ["maker"])
    # What was typed beside a lost character is stored as the file has it, and told.
    assert [(each.row, each.column) for each in problems(run)] == [(3, ITEM.fields["title"].label[0])]


def test_a_foreign_header_is_no_export_of_ours() -> None:
    assert headed(ITEM, ["番号", "名称", "備考"]) is None
    ours = ["資料番号", "資料名", "年代", "備考"]
    assert headed(ITEM, ours) is None
    assert headed(ITEM, [*ours, "版"]) is None
    assert headed(ITEM, [*ours, "館"]) is None
    assert headed(ITEM, [*ours, "版", "館"]) is not None
    for each in ("民俗資料", "Folk materials"):
        assert unchanged(ITEM.fields["object_type"], "folk", each)


def test_a_name_and_a_heap_of_spaces_tells_nothing_of_a_longer_name() -> None:
    """Law 2: a cell that was cut agrees as far as it goes; one that is only padded has to agree whole."""
    known = [{"D-001 山田太郎", "山田太郎"}]
    assert names_it("山田太郎" + " " * 32_000, known)
    for guess in ("山", "川", ""):
        assert not names_it(guess + " " * 32_000, known)
    long = [{f"D{at} {'長' * 60}"} for at in range(600)]
    whole = " / ".join(next(iter(each)) for each in long)
    assert names_it(whole[:32_000], long)
    assert not names_it(whole[:31_000], long)


def test_who_may_not_read_donors_learns_nothing_of_one_by_a_trial(
    store: Database[dict[str, Any]], tmp_path: Path
) -> None:
    """Law 2: a right guess at a name or a number is answered as a wrong one is."""
    world(store)
    donor = create(console("soseki"), NOUNS["donor"], "soseki", {"donor_number": "D7", "name": "夏目 鏡子"})
    create(console("soseki"), NOUNS["donor"], "soseki", {"donor_number": "D8", "name": "高浜 清"})
    cells = ["D7 夏目 鏡子", "D9 夏目 鏡子", "夏目 鏡子", "川", "D7", "D8", "D9"]
    for at in range(len(cells)):
        made(accession_number=f"{at}", acquisition_source=donor)
    names = ["accession_number", "title", "object_type", "acquisition_source", "revision", "institution"]
    header = [ITEM.fields[name].label[0] for name in names]
    rows = [header, *([f"{at}", "壺", "", cell, "", ""] for at, cell in enumerate(cells))]
    path = file(tmp_path, "\n".join(",".join(row) for row in rows) + "\n")
    told = headed(ITEM, header)
    assert told is not None
    who = actor("staff.soseki")
    seeing = begun(path, tomli_w.dumps(told), mode="update", actor=who)
    done(seeing, "trial", by=who.user)
    assert list(fates(seeing, "trial").values()) == [
        UNCHANGED, REFUSED, UNCHANGED, REFUSED, UNCHANGED, UPDATED, REFUSED,
    ]  # fmt: skip
    store["roles"].update_many({"code": "staff"}, {"$set": {"actions.donor.own": []}})
    blind = begun(path, tomli_w.dumps(told), mode="update", actor=who)
    done(blind, "trial", by=who.user)
    assert set(fates(blind, "trial").values()) == {REFUSED}
    assert len({each.reason for each in problems(blind, "trial")}) == 1
