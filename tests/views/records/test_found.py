"""In a search's list each row says where the words were found, of what this reader sees in full and no more."""

from __future__ import annotations

import re

import pytest
from mongoengine.connection import get_db

from tests.views.panel import DONOR, PERSONAL_NOTE, RESTRICTED, Panel, Person

CARD = {
    "title": "國寶 牛込澤田邸之圖", "title_reading": "うしごめさわだていのず", "materials": "絹本着色・<b>軸装</b>",
    "place_made": "西新宿", "other_names": ["邸宅図", "サワダ邸の図"], "location": "第九収蔵庫 北から見た棚",
    "description": "箱書によれば明治の末に描かれた、牛込の邸宅の庭と池を北から見た図である。", "period": {"text": "明治３０年頃"},
}  # fmt: skip


@pytest.fixture(scope="module")
def card(panel: Panel) -> str:
    return panel.make("item", "shinjuku", accession_number="F-0001", **CARD)


def told(page: str) -> list[str]:
    """What stands in the cells: `field text`, hits in brackets."""
    cells = re.findall(r'<td class="kind-found".*?</td>', page, re.S)
    text = [re.sub(r"</?mark>", lambda mark: "[" if mark[0] == "<mark>" else "]", each) for each in cells]
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in text]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("沢田邸", "資料名 國寶 牛込[澤田邸]之圖"),
        ("国宝", "資料名 [國寶] 牛込澤田邸之圖"),
        ("サワダテイ", "資料名よみ うしごめ[さわだてい]のず"),
        ("うしこめさわた", "資料名よみ [うしごめさわだ]ていのず"),
        ("絹本 西新宿", "製作地・出土地 [西新宿] 材質・技法 [絹本]着色・&lt;b&gt;軸装&lt;/b&gt;"),
        ("さわだ邸の図", "別名 [サワダ邸の図]"),
        ("明治30年頃", "年代 [明治３０年頃]"),
        ("庭と池", "解説 …明治の末に描かれた、牛込の邸宅の[庭と池]を北から見た図である。"),
        ("国宝 -猫", "資料名 [國寶] 牛込澤田邸之圖"),
    ],
)
def test_the_original_characters_are_marked_whatever_was_typed(
    shinjuku: Person, card: str, words: str, wanted: str
) -> None:
    """S6: old characters, kana, voicing, widths; each word where it stands."""
    page = shinjuku.ask("item", words).text
    assert card in page
    assert wanted in told(page)


@pytest.fixture(scope="module")
def numbered(panel: Panel) -> dict[str, str]:
    """Noun → a record with the identifiers that people search by."""
    address = "503-0653 岐阜県海津市"
    return {
        "item": panel.make("item", "shinjuku", accession_number="K-01987", title="二十世紀のコンピュータ"),
        "book": panel.make(
            "book", "kaizu", title="こころ", isbn="978-4-00-310103-2", author="夏目, 漱石, 1867-1916"
        ),
        "patron": panel.make(
            "patron",
            "kaizu",
            surname="番号",
            firstname="花代",
            surname_reading="ばんごう",
            firstname_reading="はなよ",
            phone="0584-55-9999",
            address=address,
        ),
        "donor": panel.make("donor", "shinjuku", name="早稲田　鶴之助", name_reading="わせだ つるのすけ"),
    }


@pytest.mark.parametrize(
    ("noun", "typed"),
    [
        ("item", "K01987"), ("item", "K-01987"), ("item", "Ｋ０１９８７"), ("item", "20世紀のコンピューター"),
        ("book", "ISBN 9784003101032"), ("book", "4-00-310103-0"), ("book", "4003101030"),
        ("patron", "0584559999"), ("patron", "0584-55-9999"), ("patron", "（0584）55-9999"),
        ("patron", "5030653"), ("patron", "〒503-0653"),
        ("patron", "番号花代"), ("patron", "番号　花代"), ("patron", "バンゴウハナヨ"), ("patron", "はんこはなよ"),
        ("patron", "「番号 花代」"), ("donor", "早稲田鶴之助"), ("donor", "早稲田 鶴之助"), ("donor", "わせだつるのすけ"),
        ("book", "夏目漱石"),
    ],
)  # fmt: skip
def test_an_identifier_is_found_with_its_signs_and_without(
    panel: Panel, numbered: dict[str, str], noun: str, typed: str
) -> None:
    who = panel.person("staff.shinjuku" if noun in ("item", "donor") else "librarian.kaizu")
    assert numbered[noun] in who.ask(noun, typed).text


def test_a_list_without_words_has_no_such_column(shinjuku: Person, card: str) -> None:
    for address in ("/admin/item/", "/admin/item/?f.rank.empty=1", "/admin/item/?q=-猫"):
        assert "kind-found" not in shinjuku.get(address).text


def test_what_is_withheld_or_masked_gives_neither_snippet_nor_hint(
    panel: Panel, soseki: Person, shinjuku: Person, card: str
) -> None:
    """Laws 2 and 5: the location of another museum's item, a donor's name that is masked here."""
    assert told(shinjuku.ask("item", "北から見た", institution="shinjuku").text) == [
        "収蔵場所 第九収蔵庫 [北から見た]棚"
    ]
    # The same words stand in a field that the sister museum may see, and one before it that it may not.
    there = told(soseki.ask("item", "北から見た", institution="shinjuku").text)
    assert there == ["解説 …に描かれた、牛込の邸宅の庭と池を[北から見た]図である。"]
    for words in ("第九収蔵庫", "国宝 第九収蔵庫", RESTRICTED, PERSONAL_NOTE):
        page = soseki.ask("item", words, institution="shinjuku").text
        assert card not in page
        assert "<mark>" not in page
    page = soseki.ask("donor", str(DONOR["name"])[:2]).text
    assert "<mark>" not in page


def test_a_personal_value_in_a_snippet_is_disclosed_like_any_other(panel: Panel, shinjuku: Person) -> None:
    """Law 6: what is shown beside the columns is in the ledger too."""
    shinjuku.post("/admin/donor/columns/", {"act": "keep", "column": ["changed_at"]})
    get_db()["disclosures"].delete_many({})
    try:
        page = shinjuku.ask("donor", "みょうじ", institution="shinjuku").text
        assert "みょうじ" in str(told(page)).replace("[", "").replace("]", "")
        fields = {name for each in get_db()["disclosures"].find() for name in each["fields"]}
        assert fields == {"name_reading"}
    finally:
        shinjuku.post("/admin/donor/columns/", {"act": "reset"})
