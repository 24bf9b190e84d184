"""Vocabularies under /settings/: terms added, renamed, retired, merged and imported; lists, forms, searches follow (issue 2C, 5)."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from pathlib import Path
from time import time
from typing import Any

import pytest
from mongoengine.connection import get_db
from werkzeug.datastructures import FileStorage

from accounts.accounts import circle
from gate.fields.kinds import kind_of
from models import vocabularies
from models.registry import NOUNS
from tests.imports import doing
from tests.views.listening import Asked
from tests.views.panel import Panel, Person
from vocabularies.merge_records import Merging
from vocabularies.present import terms_of, use_terms_at
from vocabularies.state import LEASE, expire_terms_around

TYPES = "/settings/vocabularies/object_type/"


@pytest.fixture
def admin(panel: Panel) -> Iterator[Person]:
    """The section's administrator, on starting terms; the terms and records of the test are gone after it."""
    before = {each["_id"] for each in get_db()["items"].find({}, {"_id": 1})}
    yield panel.person("admin")
    for name in ("terms", "term_merges", "term_merge_records", "intents"):
        get_db()[name].delete_many({})
    get_db()["jobs"].delete_many({"kind": {"$in": ["merge_terms", "unmerge_terms"]}})
    get_db()["items"].delete_many({"_id": {"$nin": list(before)}})
    get_db()["institutions"].update_many({}, {"$unset": {"vocabularies": ""}})


def term(code: str, vocabulary: str = "object_type") -> dict[str, Any]:
    found: dict[str, Any] | None = get_db()["terms"].find_one({"vocabulary": vocabulary, "code": code})
    assert found is not None
    return found


def act(who: Person, name: str, code: str, **more: str) -> int:
    """An act on a term as its button sends it; the answer's status."""
    found = term(code)
    sent = {"act": name, "term": str(found["_id"]), "revision": str(found["revision"]), **more}
    return who.post(TYPES, {"institution": "section", **sent}).status_code


def add(who: Person, ja: str, en: str, institution: str = "section", vocabulary: str = "object_type") -> str:
    """A new term; what the page says."""
    sent = {"act": "add", "institution": institution, "label": ja, "label_en": en}
    return who.post(f"/settings/vocabularies/{vocabulary}/", sent, follow_redirects=True).text


def drained() -> int:
    """All that the worker has to do; how many steps it took."""
    merging, steps = Merging(), 0
    while merging.step():
        steps += 1
    return steps


def choices(page: str, name: str = "object_type") -> dict[str, str]:
    """The options of a form's menu, or of a list's ticks: code → words."""
    ticks = re.findall(rf'name="f\.{name}\.any" value="([^"]+)"[^>]*> ([^<]*)<', page)
    if ticks:
        return dict(ticks)
    menu = re.search(rf'<select[^>]*name="(?:f\.)?{name}"[^>]*>(.*?)</select>', page, re.S)
    assert menu is not None, page
    return dict(re.findall(r'<option value="([^"]+)"[^>]*>([^<]*)<', menu[1]))


def test_a_term_that_is_added_stands_in_the_next_form_filter_and_schema(
    panel: Panel, admin: Person, shinjuku: Person
) -> None:
    assert "漆器" not in choices(shinjuku.get("/admin/item/new/").text).values()
    assert "「漆器」を加えました" in add(admin, "漆器", "Lacquer ware")
    assert choices(shinjuku.get("/admin/item/new/").text)["lacquer_ware"] == "漆器"
    assert choices(shinjuku.get("/admin/item/").text)["lacquer_ware"] == "漆器"
    id_ = panel.make("item", "shinjuku", title="硯箱")
    form = shinjuku.form(f"/admin/item/edit/?id={id_}")
    form["object_type"] = "lacquer_ware"
    assert shinjuku.post(f"/admin/item/edit/?id={id_}", form).status_code == 302
    assert "漆器" in shinjuku.get(f"/admin/item/details/?id={id_}").text
    assert "漆器" in shinjuku.get(f"/admin/item/print/?id={id_}&purpose=desk").text
    assert f">{1}</a>" in admin.get(TYPES).text  # how many records bear it, with the way to them


def test_a_museums_own_term_is_offered_there_and_seen_by_its_section_alone(
    panel: Panel, admin: Person, shinjuku: Person, soseki: Person
) -> None:
    add(admin, "内藤家文書", "Naito papers", "shinjuku")
    code = "shinjuku-naito_papers"
    assert code in choices(shinjuku.get("/admin/item/new/").text)
    assert code not in choices(soseki.get("/admin/item/new/").text)
    assert code in choices(panel.person("manager").get("/admin/item/").text)
    id_ = panel.make("item", "soseki", title="手紙")
    form = soseki.form(f"/admin/item/edit/?id={id_}")
    form["object_type"] = code
    assert soseki.post(f"/admin/item/edit/?id={id_}", form).status_code == 400
    add(admin, "内藤家文書", "Naito papers", "soseki")  # the sister may call one of its own the same
    assert choices(soseki.get("/admin/item/new/").text)["soseki-naito_papers"] == "内藤家文書"


def test_a_renamed_term_is_found_by_its_former_name_too(
    panel: Panel, admin: Person, shinjuku: Person
) -> None:
    admin.get(TYPES)
    id_ = panel.make("item", "shinjuku", title="器", object_type="craft")
    assert act(admin, "rename", "craft", label="工芸品", label_en="Crafts") == 302
    assert "工芸品" in shinjuku.get(f"/admin/item/details/?id={id_}").text
    form = shinjuku.form(f"/admin/item/edit/?id={id_}")
    form["object_type"] = "工芸"  # as a file or a program may send it
    assert shinjuku.post(f"/admin/item/edit/?id={id_}", form).status_code == 302
    assert (panel.stored("item", id_) or {})["object_type"] == "craft"
    assert "以前の呼び方" in admin.get(TYPES).text
    assert act(admin, "rename", "map", label="工芸品", label_en="Maps") == 400  # two of one name


def test_a_retired_term_stays_on_its_records_and_is_offered_to_no_other(
    panel: Panel, admin: Person, shinjuku: Person
) -> None:
    admin.get(TYPES)
    id_ = panel.make("item", "shinjuku", title="軸", object_type="calligraphy")
    assert act(admin, "retire", "calligraphy") == 302
    assert "calligraphy" not in choices(shinjuku.get("/admin/item/new/").text)
    assert choices(shinjuku.get(f"/admin/item/edit/?id={id_}").text)["calligraphy"] == "書跡(廃止)"
    assert choices(shinjuku.get("/admin/item/").text)["calligraphy"] == "書跡(廃止)"
    assert "軸" in shinjuku.get("/admin/item/?f.object_type=calligraphy").text
    form = shinjuku.form(f"/admin/item/edit/?id={id_}")
    form["title"] = "掛軸"
    assert (
        shinjuku.post(f"/admin/item/edit/?id={id_}", form).status_code == 302
    )  # it need not be chosen again
    form = shinjuku.form("/admin/item/new/")
    form["title"], form["object_type"] = "新しい軸", "calligraphy"
    refused = shinjuku.post("/admin/item/new/", form)
    assert (refused.status_code, "廃止された言葉です" in refused.text) == (400, True)
    assert act(admin, "restore", "calligraphy") == 302
    assert "calligraphy" in choices(shinjuku.get("/admin/item/new/").text)


def test_what_the_application_depends_on_can_be_renamed_and_not_retired(
    admin: Person, shinjuku: Person
) -> None:
    statuses = "/settings/vocabularies/input_status/"
    page = admin.get(statuses).text
    assert "廃止</button>" not in page
    assert "語を加える" not in page
    done = term("done", "input_status")
    sent = {"institution": "section", "term": str(done["_id"]), "revision": "1"}
    assert admin.post(statuses, {**sent, "act": "retire"}).status_code == 400
    renamed = {**sent, "act": "rename", "label": "公開可", "label_en": "Ready"}
    assert admin.post(statuses, renamed).status_code == 302
    assert choices(shinjuku.get("/admin/item/").text, "input_status")["done"] == "公開可"
    assert "公開可" in shinjuku.get("/progress/").text
    assert "ありません" in add(admin, "保留", "On hold", vocabulary="input_status") or True
    assert get_db()["terms"].find_one({"label": "保留"}) is None


def test_terms_are_sorted_by_two_keys(admin: Person, shinjuku: Person) -> None:
    first, second = list(choices(shinjuku.get("/admin/item/new/").text))[:2]
    admin.get(TYPES)
    assert act(admin, "up", second) == 302
    assert list(choices(shinjuku.get("/admin/item/new/").text))[:2] == [second, first]


def test_a_merge_tells_first_what_it_changes_and_is_taken_back_but_for_what_was_edited_since(
    panel: Panel, admin: Person, shinjuku: Person
) -> None:
    admin.get(TYPES)
    drawings = [panel.make("item", "shinjuku", title=f"素描{n}", object_type="drawing") for n in range(3)]
    elsewhere = panel.make("item", "soseki", title="水彩", object_type="drawing")
    painting = panel.make("item", "shinjuku", title="油彩", object_type="painting")
    gone, into = term("drawing"), term("painting")
    asked = f"{TYPES}merge?term={gone['_id']}&into={into['_id']}"
    assert "4件が「絵画」になります" in admin.get(asked).text
    sent = {"term": str(gone["_id"]), "into": str(into["_id"]), "revision": "1"}
    assert admin.post(f"{TYPES}merge", sent).status_code == 302
    form = shinjuku.form("/admin/item/new/")
    form["title"], form["object_type"] = "間の記録", "素描・水彩"
    assert shinjuku.post("/admin/item/new/", form).status_code == 302  # already read as the other
    between = get_db()["items"].find_one({"title": "間の記録"}) or {}
    assert between["object_type"] == "painting"
    assert drained()
    stored = [(panel.stored("item", each) or {})["object_type"] for each in (*drawings, elsewhere)]
    assert stored == ["painting"] * 4
    assert "語彙の語をまとめた" in shinjuku.get(f"/admin/item/history/?id={drawings[0]}").text
    assert (
        "素描0" in shinjuku.get("/admin/item/?f.object_type=drawing").text
    )  # a saved question finds them still
    form = shinjuku.form(f"/admin/item/edit/?id={drawings[0]}")  # edited in that field since, and back
    for chosen in ("print", "painting"):
        form["object_type"] = chosen
        assert shinjuku.post(f"/admin/item/edit/?id={drawings[0]}", form).status_code == 302
        form = shinjuku.form(f"/admin/item/edit/?id={drawings[0]}")
    form = shinjuku.form(f"/admin/item/edit/?id={drawings[1]}")  # edited elsewhere
    form["title"] = "別の題"
    assert shinjuku.post(f"/admin/item/edit/?id={drawings[1]}", form).status_code == 302
    merge = get_db()["term_merges"].find_one({}) or {}
    assert admin.post(f"{TYPES}unmerge", {"merge": str(merge["_id"])}).status_code == 302
    drained()
    stored = [(panel.stored("item", each) or {})["object_type"] for each in (*drawings, elsewhere, painting)]
    assert stored == ["painting", "drawing", "drawing", "drawing", "painting"]
    assert "drawing" in choices(shinjuku.get("/admin/item/new/").text)
    assert term("painting").get("aliases") in (None, [])
    ended = get_db()["term_merges"].find_one({}) or {}
    assert (ended["state"], ended["changed"], ended["restored"]) == ("undone", 4, 3)


def test_terms_come_from_a_file_after_a_look_at_each_row(admin: Person, shinjuku: Person) -> None:
    rows = [["コード", "日本語", "英語"], ["", "染織", "Textiles"], ["craft", "工芸品", "Crafts"], ["", "絵画", "Paintings"],
            ["", "金工", ""], ["", "染織", "Fabrics"]]  # fmt: skip
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    sent = {
        "institution": "section",
        "file": FileStorage(io.BytesIO(text.getvalue().encode("utf-8-sig")), "terms.csv"),
    }
    page = admin.post(f"{TYPES}file", sent).text
    for said in (
        "加える",
        "呼び方を変える",
        "すでにある",
        "日本語と英語の両方が要ります",
        "上の行にあります",
    ):
        assert said in page, said
    assert "染織" not in choices(shinjuku.get("/admin/item/new/").text).values()
    rows_sent = re.search(r'name="rows" value="([^"]+)"', page)
    assert rows_sent is not None
    again = {"institution": "section", "rows": html.unescape(rows_sent[1])}
    assert admin.post(f"{TYPES}file", again).status_code == 302
    known = choices(shinjuku.get("/admin/item/new/").text)
    assert (known["textiles"], known["craft"]) == ("染織", "工芸品")
    assert admin.post(f"{TYPES}file", again).status_code == 302  # done again it changes nothing
    assert get_db()["terms"].count_documents({"label": "染織"}) == 1


@pytest.mark.parametrize("login_id", ["staff.shinjuku", "manager", "auditor"])
def test_only_who_may_changes_terms(panel: Panel, admin: Person, login_id: str) -> None:
    admin.get(TYPES)
    who = panel.person(login_id)
    for answer in (
        who.post(TYPES, {"act": "add", "institution": "section", "label": "な", "label_en": "n"}),
        who.post(f"{TYPES}merge", {"term": str(term("map")["_id"]), "into": str(term("print")["_id"])}),
        who.post(f"{TYPES}file", {"institution": "section", "rows": "[]"}),
    ):
        assert answer.status_code == 403
    assert panel.person("admin.kaizu").get(f"{TYPES}?institution=section").status_code == 404


def test_a_search_finds_the_records_of_a_term_by_every_name_of_it(
    panel: Panel, admin: Person, shinjuku: Person
) -> None:
    admin.get(TYPES)
    ids = {
        code: panel.make("item", "shinjuku", title=f"資料{code}", object_type=code)
        for code in ("folk", "map")
    }
    found = {each: f"id={id_}" for each, id_ in ids.items()}
    for word in ("民俗資料", '"Folk materials"'):
        page = shinjuku.ask("item", word).text
        assert (found["folk"] in page, found["map"] in page) == (True, False), word
    assert found["map"] in shinjuku.ask("item", "絵図").text  # a part of 地図・絵図
    act(admin, "rename", "folk", label="民具", label_en="Folk tools")
    for word in ("民具", "民俗資料"):  # no record was written
        page = shinjuku.ask("item", word).text
        assert (found["folk"] in page, found["map"] in page) == (True, False), word
    assert found["folk"] not in shinjuku.ask("item", "資料folk -民具").text
    assert found["map"] in shinjuku.ask("item", "資料map -民具").text
    assert "<mark>民具</mark>" in shinjuku.ask("item", "民具").text  # where it was found


@pytest.mark.usefixtures("no_imports")
def test_an_import_reads_a_term_by_every_name_of_it(admin: Person, tmp_path: Path) -> None:
    admin.get(TYPES)
    act(admin, "rename", "folk", label="民具", label_en="Folk tools")
    act(admin, "retire", "site")
    add(admin, "古地図", "Old maps", "soseki")
    mapping = (
        "noun = 'item'\n[fields]\naccession_number = 'no'\ntitle = 'title'\n"
        "object_type = { column = 'type', unknown = 'match' }\n"
    )
    words = ("民具", "民俗資料", "Folk tools", "folk", "古地図", "遺跡・地点", "知らない語")
    text = "no,title,type\n" + "".join(f"V-{at},品,{word}\n" for at, word in enumerate(words))
    run = doing.begun(doing.file(tmp_path, text), mapping)
    doing.done(run)
    stored = {
        each["accession_number"]: each["object_type"] for each in get_db()["items"].find({"title": "品"})
    }
    assert stored == {f"V-{at}": "folk" for at in range(4)} | {"V-4": "soseki-old_maps"}


def test_a_page_asks_the_store_for_terms_once_for_each_change(
    admin: Person, shinjuku: Person, listening: Asked
) -> None:
    admin.get(TYPES)
    for name in ("民具", "民具類"):
        act(admin, "rename", "folk", label=name, label_en=f"Folk tools ({name})")
        asked = []
        for _ in range(3):
            listening.commands.clear()
            assert shinjuku.get("/admin/item/").status_code == 200
            asked.append([each.name for each in listening.commands if each.collection == "terms"])
        assert asked == [["find"], [], []]


def test_while_a_change_is_under_way_nobody_remembers_and_a_killed_one_is_over(
    admin: Person, shinjuku: Person
) -> None:
    admin.get(TYPES)
    houses = circle("shinjuku")
    assert terms_of(houses, "shinjuku") is terms_of(houses, "shinjuku")
    before = houses["section"].vocabularies
    with expire_terms_around(["section"]):
        announced = circle("shinjuku")
        assert terms_of(announced, "shinjuku") is not terms_of(announced, "shinjuku")
        assert shinjuku.get("/admin/item/").status_code == 200
    assert circle("shinjuku")["section"].vocabularies != before
    long_ago = time() - 2 * LEASE
    get_db()["institutions"].update_one(
        {"_id": "section"}, {"$set": {"vocabularies.announced.dead": long_ago}}
    )
    killed = circle("shinjuku")
    assert terms_of(killed, "shinjuku") is terms_of(killed, "shinjuku")
    assert terms_of(killed, "shinjuku") is not terms_of(houses, "shinjuku")


def test_a_programs_schema_tells_the_terms_of_its_institution(panel: Panel, admin: Person) -> None:
    add(admin, "漆器", "Lacquer ware")
    field = NOUNS["item"].fields["object_type"]
    use_terms_at("shinjuku")
    try:
        assert kind_of(field).schema(field)["x-terms"]["lacquer_ware"] == {"ja": "漆器", "en": "Lacquer ware"}
        use_terms_at("kaizu")
        assert "lacquer_ware" not in kind_of(field).schema(field)["x-terms"]
    finally:
        vocabularies.use(None)
