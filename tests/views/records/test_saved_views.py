"""Views saved by name and recent searches: kept without personal words, opened with the reader's own rights."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from mongoengine.connection import get_db

from models.registry import NOUNS
from tests.views.listening import Asked
from tests.views.panel import Panel, Person, heads

HERE = "/admin/item/views/"
TEXTS = ("text", "reading", "lines", "long_text")
PLAIN = [each.name for each in NOUNS["item"] if each.kind in TEXTS and str(each.data_class) == "public"]


@pytest.fixture(autouse=True)
def _none_kept(panel: Panel) -> Iterator[None]:
    yield
    for name in ("users", "institutions"):
        get_db()[name].update_many({}, {"$unset": {"views": "", "columns": ""}})
    get_db()["questions"].delete_many({})


def save(person: Person, asked: str, name: str = "入力中の文書", noun: str = "item", **more: str) -> str:
    """Save the question; the address of the view."""
    answer = person.post(f"/admin/{noun}/views/?{asked}", {"act": "save", "name": name, **more})
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def numbers(page: str) -> set[str]:
    return set(re.findall(r'<span class="number">([^<]+)</span>', page))


def test_a_view_asks_its_question_again_and_stands_in_the_lists_menu(shinjuku: Person) -> None:
    """S6: filters, words, order and columns, by one name."""
    shinjuku.post("/admin/item/columns/", {"act": "keep", "column": ["object_type", "title"]})
    asked = "f.object_type=document&f.period.overlaps=明治&q=火鉢&sort=title&desc=1"
    address = save(shinjuku, asked, columns="1")
    shinjuku.post("/admin/item/columns/", {"act": "reset"})
    assert re.fullmatch(r"/admin/item/\?view=[0-9a-f]{24}", address)
    page = shinjuku.get(address).text
    assert numbers(page) == {"S-0001"}
    assert heads(page) == ["資料番号", "資料種別", "見つかった所", "資料名"]
    assert 'aria-sort="descending"' in page
    for words in ("検索: 火鉢", "資料種別: 古文書・文書", "年代: 明治"):
        assert words in page
    assert f'href="{address}"' in shinjuku.get("/admin/item/").text
    assert "入力中の文書" not in shinjuku.get("/admin/loan/").text
    ledger = shinjuku.get(address.replace("/?", "/print-list/?") + "&purpose=report").text
    assert heads(ledger) == ["資料番号", "資料種別", "資料名"]
    again = shinjuku.get(f"{address}&sort=title").text
    assert 'aria-sort="ascending"' in again
    # A chip is taken away: the rest stands in the address, and the view is as it was.
    plain = re.search(r'class="chip" href="([^"]+)"><span>資料種別', page)
    assert plain
    assert "view=" not in plain[1]
    assert "f.period.overlaps" in plain[1]


def test_a_view_is_given_to_a_colleague_by_its_link_and_judged_by_their_rights(
    panel: Panel, shinjuku: Person, soseki: Person
) -> None:
    """Laws 1 and 2: a link is no grant."""
    address = save(shinjuku, "f.rank.empty=1&institution=shinjuku")
    assert soseki.get(address).status_code == 200
    assert address not in soseki.get("/admin/item/").text
    secret = save(shinjuku, "f.location=秘密の棚九&institution=shinjuku", name="棚九")
    refused = soseki.get(secret)
    assert refused.status_code == 400
    assert "秘密の棚九" not in refused.text
    assert "収蔵場所: 非表示" in refused.text
    librarian = panel.person("librarian.kaizu")
    assert librarian.get(address).status_code in (403, 404)
    assert panel.person("admin.kaizu").get(address).status_code == 404


@pytest.mark.parametrize("id_", ["nothing", "$ne", "%00", "../x", "あ"])
def test_a_view_that_is_not_there_is_not_found(shinjuku: Person, id_: str) -> None:
    assert shinjuku.get(f"/admin/item/?view={id_}").status_code == 404
    assert shinjuku.post(HERE, {"act": "drop", "id": id_}).status_code == 404


def test_no_view_at_all_is_the_plain_list_and_nothing_to_remove(shinjuku: Person) -> None:
    assert shinjuku.get("/admin/item/?view=").status_code == 200
    assert shinjuku.post(HERE, {"act": "drop", "id": ""}).status_code == 404


def test_a_view_of_another_kind_of_record_is_not_found(shinjuku: Person) -> None:
    address = save(shinjuku, "f.rank.empty=1")
    assert shinjuku.get(address.replace("/item/", "/loan/")).status_code == 404


def test_the_institutions_views_are_kept_by_those_who_run_it(
    panel: Panel, shinjuku: Person, soseki: Person
) -> None:
    """Decision 24: of one's own institution; the section's stand in the lists of its museums."""
    manager = panel.person("manager")
    address = save(manager, "f.input_status=awaiting_check", name="点検待ち", whose="house")
    for person in (shinjuku, soseki, manager):
        assert f'href="{address}"' in person.get("/admin/item/").text
    id_ = address.partition("view=")[2]
    assert (
        shinjuku.post(f"{HERE}?f.rank.empty=1", {"act": "save", "name": "館の", "whose": "house"}).status_code
        == 403
    )
    assert shinjuku.post(HERE, {"act": "drop", "id": id_}).status_code == 403
    assert 'name="whose"' not in shinjuku.get(HERE).text
    assert manager.post(HERE, {"act": "drop", "id": id_}).status_code == 302
    assert address not in shinjuku.get("/admin/item/").text


def test_what_one_saved_a_colleague_cannot_remove(shinjuku: Person, soseki: Person) -> None:
    id_ = save(shinjuku, "f.rank.empty=1").partition("view=")[2]
    assert soseki.post(HERE, {"act": "drop", "id": id_}).status_code == 404
    assert shinjuku.post(HERE, {"act": "drop", "id": id_}).status_code == 302
    assert shinjuku.get(f"/admin/item/?view={id_}").status_code == 404


def test_no_personal_word_is_saved_nor_stands_in_an_address(shinjuku: Person) -> None:
    """Law 5: words that may name a donor stay in the stored search, for its twelve hours."""
    address = shinjuku.post("/admin/donor/search/", {"q": "苗字", "f.telephone.masked": "4321"}).location
    query = address.partition("?")[2]
    page = shinjuku.get(f"/admin/donor/views/?{query}").text
    assert "保存しません" in page
    saved = save(shinjuku, query, noun="donor")
    assert "苗字" not in saved
    kept = str(list(get_db()["users"].find({}, {"views": 1})))
    assert "入力中の文書" in kept
    assert "苗字" not in kept
    assert "4321" not in kept


@pytest.mark.parametrize("name", ["", "  ", "あ" * 41])
def test_a_name_must_be_given_and_be_free(shinjuku: Person, name: str) -> None:
    assert shinjuku.post(HERE, {"act": "save", "name": name}).status_code == 400
    save(shinjuku, "f.rank.empty=1")
    assert shinjuku.post(HERE, {"act": "save", "name": "入力中の文書"}).status_code == 400
    assert shinjuku.post(HERE, {"act": "save", "name": "入力中の文書 2"}).status_code == 302


@pytest.mark.parametrize(
    "asked",
    [
        "f.bogus=1", "f.title.bogus=1", "f.rank=Z", "f.period.overlaps=いつぞや", "f.telephone.masked=1",
        "sort=nothing", "sort=materials", f"f.title={'x' * 401}", "institution=kaizu",
        "&".join(f"f.{each}={'あ' * 400}" for each in PLAIN[:11]),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_answered_is_not_saved(panel: Panel, shinjuku: Person, asked: str) -> None:
    """It could only ever be refused, and the page that lists it with it."""
    answer = shinjuku.post(f"{HERE}?{asked}", {"act": "save", "name": "だめ"})
    assert answer.status_code in (400, 403)
    assert not list(get_db()["users"].find({"views.0": {"$exists": True}}))
    assert shinjuku.get(HERE).status_code == 200


def test_by_plain_clicks_one_is_told_why_before_saving(shinjuku: Person) -> None:
    page = shinjuku.get(f"{HERE}?f.period.overlaps=いつぞや")
    assert page.status_code == 200
    assert "この条件は保存できません" in page.text
    assert "年代として読めません" in page.text
    assert 'value="save"' not in page.text


@pytest.mark.parametrize(
    "sent", [{"f.bogus": "1"}, {"f.rank": "Z"}, {"f.title": "x" * 401}, {"f.title": "x" * 100_000}, {"f.x.masked": "1"}]
)  # fmt: skip
def test_a_search_that_cannot_be_answered_is_not_kept(shinjuku: Person, sent: dict[str, str]) -> None:
    assert shinjuku.post("/admin/item/search/", {"q": "火鉢", **sent}).status_code == 400
    assert get_db()["questions"].count_documents({}) == 0
    assert shinjuku.get(HERE).status_code == 200


def test_a_date_that_nobody_reads_is_told_in_the_list_and_not_kept(shinjuku: Person) -> None:
    answer = shinjuku.post("/admin/item/search/", {"q": "火鉢", "f.period.overlaps": "いつぞや"})
    page = shinjuku.get(answer.location)
    assert page.status_code == 400
    assert "年代として読めません" in page.text
    assert 'value="いつぞや"' in page.text
    assert get_db()["questions"].count_documents({}) == 0


def test_what_can_be_asked_no_more_says_so_and_is_removed(panel: Panel, shinjuku: Person) -> None:
    """A field that is renamed, or a term that is given up, takes no page with it."""
    gone = {"noun": "item", "columns": None}
    views = [
        {**gone, "id": "a" * 24, "name": "古い項目", "asked": [["f.bogus", "1"]]},
        {**gone, "id": "b" * 24, "name": "古い選択肢", "asked": [["f.rank", "Z"]]},
        {**gone, "id": "c" * 24, "name": "よい条件", "asked": [["f.rank.empty", "1"]]},
    ]
    get_db()["users"].update_one({"login_id": "staff.shinjuku"}, {"$set": {"views": views}})
    shinjuku.post("/admin/item/search/", {"q": "火鉢"})
    get_db()["questions"].update_one({}, {"$push": {"asked": ["f.bogus", "1"]}})
    page = shinjuku.get(HERE)
    assert page.status_code == 200
    assert page.text.count("いまは使えません") == 3
    assert "ランク: 記録なし" in page.text
    assert [f"view={each * 24}" in shinjuku.get("/admin/item/").text for each in "abc"] == [
        False,
        False,
        True,
    ]
    for each in "ab":
        assert f'value="{each * 24}"' in page.text
        assert shinjuku.post(HERE, {"act": "drop", "id": each * 24}).status_code == 302
    assert shinjuku.get(HERE).text.count("いまは使えません") == 1


def test_a_view_that_one_is_not_answered_is_not_called_unusable(panel: Panel, soseki: Person) -> None:
    """A colleague is answered; nothing of it has gone."""
    view = {"noun": "item", "columns": None, "id": "d" * 24, "name": "棚九",
            "asked": [["f.location", "棚九"], ["institution", "shinjuku"]]}  # fmt: skip
    get_db()["institutions"].update_one({"_id": "section"}, {"$set": {"views": [view]}})
    for person, status in ((soseki, 400), (panel.person("staff.shinjuku"), 200)):
        page = person.get(HERE).text
        assert "棚九" in page
        assert "いまは使えません" not in page
        assert f"view={'d' * 24}" in person.get("/admin/item/").text
        assert person.get(f"/admin/item/?view={'d' * 24}").status_code == status


def test_a_search_out_of_reach_is_refused_and_not_kept(shinjuku: Person) -> None:
    for noun in ("item", "donor"):
        sent = {"q": "火鉢", "institution": "kaizu"}
        assert shinjuku.post(f"/admin/{noun}/search/", sent).status_code == 403
    assert get_db()["questions"].count_documents({}) == 0


def test_conditions_and_order_are_read_as_a_sentence_in_both_languages(panel: Panel) -> None:
    asked = "?f.rank.empty=1&f.object_type=document&sort=title"
    page = panel.person("staff.shinjuku").get(HERE + asked).text
    assert "ランク: 記録なし、資料種別: 古文書・文書、資料名の順" in page
    english = panel.person("staff.shinjuku", "en")
    english.post(f"{HERE}{asked}&desc=1", {"act": "save", "name": "Papers"})
    page = english.get(HERE).text
    assert re.search(r"Rank: not recorded, Object type: [^,、]+, by Title, descending", page)


def test_recent_searches_are_ones_own_the_last_ten_and_forgotten_by_a_button(
    shinjuku: Person, soseki: Person
) -> None:
    for n in range(12):
        shinjuku.post("/admin/item/search/", {"q": f"火鉢 {n:02}"})
    shinjuku.post("/admin/item/search/", {"q": "火鉢 11"})
    lately = re.findall(r"検索: 火鉢 (\d\d)</a>", shinjuku.get(HERE).text)
    assert lately == [f"{n:02}" for n in range(11, 1, -1)]
    assert "検索: 火鉢" not in soseki.get(HERE).text
    assert "検索: 火鉢" not in shinjuku.get("/admin/loan/views/").text
    link = re.search(r'href="([^"]+)">検索: 火鉢 11', shinjuku.get(HERE).text)
    assert link
    assert shinjuku.get(link[1]).status_code == 200
    assert shinjuku.post(HERE, {"act": "forget"}).status_code == 302
    assert "検索: 火鉢" not in shinjuku.get(HERE).text


def test_a_personal_search_is_found_again_by_its_id_alone(shinjuku: Person) -> None:
    shinjuku.post("/admin/donor/search/", {"q": "苗字"})
    page = shinjuku.get("/admin/donor/views/").text
    link = re.search(r'href="([^"]+)">検索: 苗字', page)
    assert link
    assert re.fullmatch(r"/admin/donor/\?query=[\w-]+", link[1])
    assert "D-SHIN" in shinjuku.get(link[1]).text


def test_a_list_asks_the_store_nothing_more_for_views_columns_and_undoing(
    shinjuku: Person, panel: Panel, listening: Asked
) -> None:
    """Issue E: what steers a list lies in what every request reads anyway."""

    def asked() -> list[tuple[str, str]]:
        shinjuku.get("/admin/item/")
        listening.commands.clear()
        assert shinjuku.get("/admin/item/").status_code == 200
        return [(each.name, each.collection) for each in listening.commands]

    plain = asked()
    assert plain
    save(shinjuku, "f.rank.empty=1")
    save(panel.person("manager"), "f.rank.empty=1", whose="house")
    shinjuku.post("/admin/item/columns/", {"act": "keep", "column": ["title", "location"]})
    made = panel.make("item", "shinjuku", title="まとめて設定する一点")
    shinjuku.post("/admin/item/batch/", {"action": "set", "rank": "B", "rowid": made})
    assert 'class="undo"' in shinjuku.get("/admin/item/").text
    assert asked() == plain
