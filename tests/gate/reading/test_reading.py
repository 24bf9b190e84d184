"""List, load, count, group, search, choose: what another institution's record gives away (laws 1, 2 and 5; S2, S10)."""

from dataclasses import replace
from typing import Any

import pytest
from bson import ObjectId
from pymongo.database import Database

from gate.reading.listing import count, export_rows, group, list_page
from gate.reading.loading import load
from gate.reading.questions import Filter, Question
from gate.reading.reference_matches import choices
from gate.reading.shown import Row
from gate.refusals import BadQuestion, NotFound, Refused
from gate.writing.writing import patch, remove
from models.registry import NOUNS
from policies.actor import Actor
from policies.effects import Effect
from tests.world import actor, donor, item, patron

pytestmark = pytest.mark.usefixtures("database")

DONOR, ITEM, PATRON = NOUNS["donor"], NOUNS["item"], NOUNS["patron"]
LISTED = ["donor_number", "name", "address", "telephone"]
NAME, ADDRESS, TELEPHONE = "夏目 鏡子", "東京都新宿区早稲田南町7", "03-3205-0209"


def test_a_donor_is_whole_at_home_and_masked_for_the_sister_museum() -> None:
    made = donor("staff.soseki")
    at_home, next_door = (load(actor(who), DONOR, made) for who in ("staff.soseki", "staff.shinjuku"))
    assert [at_home[each].value for each in ("name", "address", "telephone")] == [NAME, ADDRESS, TELEPHONE]
    assert {each: next_door[each].value for each in ("name", "address", "telephone", "email", "notes")} == {
        "name": "夏目 ＊＊＊＊",
        "address": "東京都新宿区＊＊＊＊",
        "telephone": "***-****-0209",
        "email": "＊＊＊＊",
        "notes": "＊＊＊＊",
    }
    assert not next_door["name"].editable


def test_no_row_of_a_list_holds_a_withheld_value() -> None:
    donor("staff.soseki")
    donor("staff.shinjuku", name="漱石 花子", address="新宿区内藤町1", telephone="03-1111-2222")
    page = list_page(actor("staff.shinjuku"), DONOR, Question(), LISTED)
    told = str(page)
    assert page.total == 2
    assert "漱石 花子" in told
    assert all(value not in told for value in (NAME, ADDRESS, TELEPHONE))


@pytest.mark.parametrize("who", ["librarian.kaizu", "admin.kaizu", "auditor.kaizu"])
def test_the_other_governments_record_is_as_good_as_missing(who: str) -> None:
    made = item("staff.shinjuku")
    answers = []
    for each in (made, str(ObjectId()), "made-up", "", "\0", "{$ne: 1}"):
        with pytest.raises(NotFound) as error:
            load(actor(who), ITEM, each)
        answers.append((type(error.value), error.value.args))
    assert len(set(answers)) == 1


@pytest.mark.parametrize("who", ["staff.shinjuku", "manager", "admin", "auditor", "contractor"])
def test_nobody_of_the_ward_touches_a_patron(who: str) -> None:
    made = patron()
    with pytest.raises(NotFound):
        load(actor(who), PATRON, made)
    with pytest.raises(NotFound):
        patch(actor(who), PATRON, made, 1, {"surname": "x"})
    with pytest.raises(NotFound):
        remove(actor(who), PATRON, made, 1, "test")


def test_a_noun_out_of_reach_is_refused_with_its_reason() -> None:
    for who in ("staff.shinjuku", "manager", "contractor"):
        with pytest.raises(Refused) as error:
            list_page(actor(who), PATRON, Question(), ["cardnumber"])
        assert error.value.status == 403
        assert all(error.value.verdict.reason)


@pytest.mark.parametrize("house", ["kaizu", "made-up", "$ne"])
def test_a_list_of_an_institution_out_of_reach_is_refused(house: str) -> None:
    with pytest.raises(Refused):
        list_page(actor("staff.shinjuku"), ITEM, Question(institution=house), ["title"])


ORACLES = [
    Question(filters=(Filter("name", "is", NAME),)),
    Question(filters=(Filter("telephone", "is", TELEPHONE),)),
    Question(filters=(Filter("notes", "empty", ""),)),
    Question(sort="name"),
    Question(sort="name", descending=True),
]


@pytest.mark.parametrize("question", ORACLES)
def test_asking_for_a_masked_field_is_refused_with_what_would_be_allowed(question: Question) -> None:
    donor("staff.soseki")
    with pytest.raises(Refused) as error:
        list_page(actor("staff.shinjuku"), DONOR, question, LISTED)
    assert (error.value.status, error.value.narrower) == (400, "shinjuku")
    assert error.value.field in ("name", "telephone", "notes")
    narrower = Question("shinjuku", filters=question.filters, sort=question.sort)
    assert list_page(actor("staff.shinjuku"), DONOR, narrower, LISTED).rows == []


def test_where_nothing_narrower_would_be_answered_none_is_offered() -> None:
    donor("staff.soseki")
    with pytest.raises(Refused) as error:
        list_page(actor("staff.shinjuku"), DONOR, Question("soseki", sort="name"), LISTED)
    assert (error.value.status, error.value.narrower) == (400, "")


def test_counting_and_grouping_by_a_masked_field_is_refused() -> None:
    donor("staff.soseki")
    with pytest.raises(Refused) as error:
        group(actor("staff.shinjuku"), DONOR, Question(), "name")
    assert error.value.status == 400
    with pytest.raises(Refused):
        count(actor("staff.shinjuku"), DONOR, Question(filters=(Filter("address", "is", ADDRESS),)))


def test_grouping_by_a_shown_field_counts_what_is_within_reach() -> None:
    donor("staff.soseki")
    donor("staff.shinjuku", standing="depositor")
    assert group(actor("staff.shinjuku"), DONOR, Question("shinjuku"), "standing") == {"depositor": 1}
    assert count(actor("manager"), DONOR) == 2
    with pytest.raises(Refused):
        count(actor("librarian.kaizu"), DONOR)


@pytest.mark.parametrize("words", ["夏目", "鏡子", "なつめ", "早稲田南町", "0209", "3205", "03-3205-0209"])
def test_search_finds_a_value_at_home_and_not_where_it_is_masked(words: str) -> None:
    donor("staff.soseki")
    assert list_page(actor("staff.soseki"), DONOR, Question(text=words), LISTED).total == 1
    assert list_page(actor("staff.shinjuku"), DONOR, Question(text=words), LISTED).total == 0
    assert list_page(actor("manager"), DONOR, Question(text=words), LISTED).total == 0


def with_masked(who: Actor, noun: str, field: str) -> Actor:
    """The same person in a role that masks one field of their own institution's records."""
    own = {**who.role.effects[noun]["own"], f"field:{field}": Effect.MASK}
    effects = {**who.role.effects, noun: {**who.role.effects[noun], "own": own}}
    return replace(who, role=replace(who.role, effects=effects, judged={}))


def test_a_name_is_found_whole_and_not_by_a_role_that_masks_a_part_of_it() -> None:
    """S6, laws 2 and 5: 平田靱負 joins two fields; where one is masked the join finds nothing."""
    patron(surname_reading="ひらた", firstname_reading="ゆきえ")
    librarian = actor("librarian.kaizu")
    for words in ("平田靱負", "田靱", "ひらたゆきえ", "「平田 靱負」"):
        page = list_page(librarian, PATRON, Question(text=words), ["cardnumber"])
        assert (page.total, len(page.rows[0].found)) == (1, 1)
        for field in ("firstname", "surname_reading"):
            masked = with_masked(librarian, "patron", field)
            assert list_page(masked, PATRON, Question(text=words), ["cardnumber"]).total == 0


def test_excluding_a_word_tells_nothing_of_where_it_is_masked() -> None:
    donor("staff.soseki", name="夏目 鏡子")
    donor("staff.soseki", name="中根 倫")
    shown = [list_page(actor("staff.shinjuku"), DONOR, Question(text=f"-{each}"), LISTED).total
             for each in ("夏目", "中根", "誰か")]  # fmt: skip
    assert shown == [2, 2, 2]


def test_the_public_part_of_the_sister_museums_items_is_found() -> None:
    item("staff.soseki", title="漱石自筆原稿", location="第2収蔵庫")
    assert list_page(actor("staff.shinjuku"), ITEM, Question(text="自筆"), ["title"]).total == 1
    assert list_page(actor("staff.soseki"), ITEM, Question(text="収蔵庫"), ["title"]).total == 1
    assert list_page(actor("staff.shinjuku"), ITEM, Question(text="収蔵庫"), ["title"]).total == 0


def test_the_edge_of_a_page_cannot_be_another_institutions_record() -> None:
    # Paging from it would tell where its masked name stands among one's own (found in review).
    foreign = donor("staff.soseki", name="夏目 鏡子")
    for name in ("相田 一", "渡辺 二"):
        donor("staff.shinjuku", name=name)
    for question in (
        Question("shinjuku", sort="name", after=foreign),
        Question("shinjuku", sort="name", before=foreign),
        Question("shinjuku", sort="name", after=str(ObjectId())),
        Question("shinjuku", sort="name", after="x"),
    ):
        with pytest.raises(BadQuestion):
            list_page(actor("staff.shinjuku"), DONOR, question, LISTED)


def test_a_list_is_in_order_of_readings_what_has_none_behind_and_nothing_last_both_ways() -> None:
    """S6: by 五十音 of the reading; kanji without one behind the kana; what is empty last."""
    written = {
        "漱石": "そうせき", "絵図": "えず", "火鉢": "ひばち", "いろは": "", "亜鉛": "", "第2号": "だい2ごう", "第10号": "だい10ごう",
    }  # fmt: skip
    for maker, reading in {**written, "": ""}.items():
        item(title=f"{maker}の作", maker=maker, maker_reading=reading)
    who, ordered = actor("staff.shinjuku"), ["いろは", "絵図", "漱石", "第2号", "第10号", "火鉢", "亜鉛"]
    for descending in (False, True):
        page = list_page(who, ITEM, Question(sort="maker", descending=descending), ["maker"])
        assert [each["maker"].value for each in page.rows] == [
            *(ordered[::-1] if descending else ordered),
            None,
        ]
    edited = page.rows[0]
    patch(who, ITEM, edited.id, 1, {"maker_reading": "ああ"})
    assert list_page(who, ITEM, Question(sort="maker"), ["maker"]).rows[0].id == edited.id


def test_names_are_in_order_of_both_readings_and_only_for_who_may_sort_by_all_of_them() -> None:
    """Laws 2 and 5: an order tells of every field that it is made of."""
    for surname, reading, firstname, first in (
        ("山", "やま", "綾", "あや"), ("秋山", "あきやま", "愛", "あい"), ("秋", "あき", "吉子", "よしこ"), ("安芸", "あき", "京", "きょう"),
    ):  # fmt: skip
        patron(surname=surname, surname_reading=reading, firstname=firstname, firstname_reading=first)
    librarian = actor("librarian.kaizu")
    page = list_page(librarian, PATRON, Question(sort="surname"), ["surname"])
    assert [each["surname"].value for each in page.rows] == ["安芸", "秋", "秋山", "山"]
    for field in ("surname_reading", "firstname", "firstname_reading"):
        with pytest.raises(Refused) as error:
            list_page(with_masked(librarian, "patron", field), PATRON, Question(sort="surname"), ["surname"])
        assert (error.value.status, error.value.field) == (400, field)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", ["", "title", "accession_number"])
def test_pages_by_key_show_every_record_once_and_in_order(sort: str, descending: bool) -> None:
    titles = ["第2号", "第10号", "第2号", "あ", "第10号", "い", "第2号"]
    made = {item(title=each) for each in titles}
    asked = Question(sort=sort, descending=descending)
    seen: list[Row] = []
    back: list[str] = []
    while True:
        page = list_page(actor("staff.shinjuku"), ITEM, asked, ["title", "accession_number"], size=3)
        assert page.total == len(titles)
        seen += page.rows
        if not page.after:
            break
        asked = Question(sort=sort, descending=descending, after=page.after)
    assert {each.id for each in seen} == made
    assert len(seen) == len(titles)
    if sort:
        values = [each[sort].value for each in seen]
        wanted = ["あ", "い", *["第2号"] * 3, *["第10号"] * 2] if sort == "title" else sorted(values)
        assert values == (wanted[::-1] if descending else wanted)
    asked = Question(sort=sort, descending=descending, before=seen[-1].id)
    while True:
        page = list_page(actor("staff.shinjuku"), ITEM, asked, ["title"], size=3)
        back = [each.id for each in page.rows] + back
        if not page.before:
            break
        asked = Question(sort=sort, descending=descending, before=page.before)
    assert back == [each.id for each in seen[:-1]]


BAD = [
    Question(filters=(Filter("made_up", "is", "x"),)),
    Question(filters=(Filter("password_hash", "is", "x"),)),
    Question(filters=(Filter("keys", "is", "x"),)),
    Question(filters=(Filter("outbox", "empty", ""),)),
    Question(filters=(Filter("title", "$ne", "x"),)),
    Question(filters=(Filter("title", "is", "x" * 401),)),
    Question(filters=(Filter("title", "is", "\0"),)),
    Question(filters=(Filter("rank", "is", "Z"),)),
    Question(filters=(Filter("object_count", "is", "多い"),)),
    Question(filters=(Filter("object_count", "from", "9" * 30),)),
    Question(filters=(Filter("title", "from", "x"),)),
    Question(filters=(Filter("changed_at", "from", "去年"),)),
    Question(filters=(Filter("acquisition_source", "is", "x"),)),
    Question(sort="made_up"),
    Question(sort="provenance"),
    Question(sort="outbox"),
    Question(text="あ" * 401),
    Question(ids=("x",)),
]


@pytest.mark.parametrize("question", BAD)
def test_a_malformed_question_is_refused_in_words(question: Question) -> None:
    with pytest.raises(BadQuestion) as error:
        list_page(actor("staff.shinjuku"), ITEM, question, ["title"])
    assert all(error.value.words)


def test_operators_in_a_filter_are_text() -> None:
    item(title="甲")
    for value in ('{"$ne": null}', "$ne", "(a+)+$", ".*", "甲|乙"):
        page = list_page(
            actor("staff.shinjuku"), ITEM, Question(filters=(Filter("title", "is", value),)), ["title"]
        )
        assert page.total == 0


def test_a_range_over_a_moment_is_a_day_in_japan(database: Database[dict[str, Any]]) -> None:
    from datetime import UTC, datetime

    item()
    database["items"].update_many({}, {"$set": {"changed_at": datetime(2026, 3, 31, 15, 30, tzinfo=UTC)}})
    found = {
        (operator, day): count(actor("staff.shinjuku"), ITEM, Question(filters=(Filter("changed_at", operator, day),)))
        for operator in ("from", "to") for day in ("2026-03-31", "2026-04-01", "2026-04-02")
    }  # fmt: skip
    assert found == {
        ("from", "2026-03-31"): 1, ("from", "2026-04-01"): 1, ("from", "2026-04-02"): 0,
        ("to", "2026-03-31"): 0, ("to", "2026-04-01"): 1, ("to", "2026-04-02"): 1,
    }  # fmt: skip


def test_an_items_donor_is_named_only_as_far_as_the_donor_may_be_seen() -> None:
    made = donor("staff.soseki")
    linked = item("staff.soseki", acquisition_source=made)
    said = {
        who: load(actor(who), ITEM, linked).references[f"donor:{made}"]
        for who in ("staff.soseki", "staff.shinjuku", "manager", "auditor", "admin", "contractor")
    }
    assert NAME in said["staff.soseki"].label
    for who in ("staff.shinjuku", "manager", "auditor"):
        assert said[who].label.endswith("夏目 ＊＊＊＊")
    assert "夏目" not in said["admin"].label
    assert (said["contractor"].label, said["contractor"].open) == ("非表示", False)


def test_a_reference_that_is_withheld_is_not_resolved(database: Database[dict[str, Any]]) -> None:
    made = donor("staff.soseki")
    linked = item("staff.soseki", acquisition_source=made)
    database["roles"].update_one({"code": "staff"}, {"$set": {"effects.item.supervised.internal": "hide"}})
    seen = load(actor("staff.shinjuku"), ITEM, linked)
    assert seen["acquisition_source"].value is None
    assert f"donor:{made}" not in seen.references


def test_a_type_ahead_finds_and_names_only_what_may_be_seen() -> None:
    donor("staff.soseki")
    mine = donor("staff.shinjuku", name="鏡味 太郎")
    assert [each.reference.id for each in choices(actor("staff.shinjuku"), DONOR, "鏡")] == [mine]
    assert NAME not in str(choices(actor("staff.shinjuku"), DONOR, ""))
    with pytest.raises(Refused):
        choices(actor("contractor"), DONOR, "")


def test_an_export_masks_persons_even_at_home() -> None:
    donor("staff.soseki")
    rows = list(export_rows(actor("staff.soseki"), DONOR, Question(), LISTED))
    assert [each["name"].value for each in rows] == ["夏目 ＊＊＊＊"]
    assert NAME not in str(rows)


def test_an_export_and_a_print_cover_only_institutions_that_grant_them() -> None:
    donor("staff.soseki")
    donor("staff.shinjuku", name="中根 倫")
    assert {r.institution for r in export_rows(actor("staff.shinjuku"), DONOR, Question(), LISTED)} == {
        "shinjuku"
    }
    item("staff.soseki")
    item("staff.shinjuku")
    printed = export_rows(actor("staff.shinjuku"), ITEM, Question(), ["title"], exit_="print")
    assert {row.institution for row in printed} == {"shinjuku", "soseki"}
    for who in ("auditor", "contractor", "admin"):
        with pytest.raises(Refused):
            export_rows(actor(who), ITEM, Question(), ["title"])
    with pytest.raises(Refused):
        export_rows(actor("manager"), ITEM, Question(), ["title"], exit_="api")
    with pytest.raises(Refused):
        export_rows(actor("staff.shinjuku"), ITEM, Question("soseki"), ["title"])


def test_an_export_goes_through_every_batch_once() -> None:
    made = [item(title=f"資料{n}") for n in range(7)]
    rows = export_rows(actor("staff.shinjuku"), ITEM, Question(), ["title"], batch=3)
    assert [each.id for each in rows] == made
