"""How passwords are kept, renewed and refused (S8)."""

from __future__ import annotations

from typing import Any

import pytest
from pymongo.database import Database

from accounts.sign_in import passwords
from accounts.sign_in.attempt import attempt
from accounts.sign_in.passwords import (
    Pepper,
    check,
    common,
    hashed,
    outdated,
    pepper_id,
    set_password,
    words_about,
)
from gate.refusals import Invalid
from tests.world import FULL_COST, FULL_NOBODY, PASSWORD, PEPPER, actor

Store = Database[dict[str, Any]]
SECOND, THIRD = b"the second pepper", b"the third pepper"
LONG = "館" * 30 + "蔵資料を見てまわり記録をつける人の長い長い合言葉"
KANJI = "".join(chr(0x4E00 + 37 * n) for n in range(64))


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", 5)
    monkeypatch.setattr(
        passwords, "NOBODY", hashed("nobody", PEPPER, cost=5).partition("$")[2].join(["$", ""])
    )


def stored_of(database: Store, login_id: str = "manager") -> str:
    found = database["users"].find_one({"login_id": login_id})
    assert found is not None
    return str(found["password_hash"])


def signs_in(password: str, pepper: bytes = PEPPER) -> bool:
    return bool(attempt("manager", password, pepper=pepper, address="192.0.2.7").user)


def test_the_three_thousand_commonest_are_all_refused(database: Store) -> None:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    commonest = FREQUENCY_LISTS["passwords"][:3_000]
    assert len(set(commonest)) == 3_000
    user, before = actor("manager").user, stored_of(database)
    refused = 0
    for each in commonest:
        with pytest.raises(Invalid) as error:
            set_password(user, each, pepper=PEPPER, second_factor=True)
        refused += "first" in error.value.errors["password"][1]
    assert refused == 3_000
    assert stored_of(database) == before
    assert len(common()) >= 3_000


@pytest.mark.parametrize(
    "shape", [str.upper, str.title, lambda text: "".join(chr(ord(c) + 0xFEE0) for c in text)]
)
def test_a_common_password_in_other_letters_is_refused(database: Store, shape: Any) -> None:
    with pytest.raises(Invalid):
        set_password(actor("manager").user, shape("password123"), pepper=PEPPER, second_factor=True)


@pytest.mark.parametrize(
    "telling",
    ["わたしの manager という合言葉", "文化観光課の合言葉はこれでよいか", "SECTION no aikotoba wa kore"],
)
def test_the_login_id_and_the_institutions_names_are_refused_within_it(database: Store, telling: str) -> None:
    with pytest.raises(Invalid):
        set_password(actor("manager").user, telling, pepper=PEPPER)


def test_the_words_of_the_account_and_its_institution_count_as_guessed_first(database: Store) -> None:
    """What stands in the store of them: the display name, in parts, and the institution's names."""
    database["users"].update_one({"login_id": "manager"}, {"$set": {"display_name": "Kitagawa Utamaro"}})
    with pytest.raises(Invalid) as error:
        set_password(actor("manager").user, "utamaro 1753 kitagawa", pepper=PEPPER)
    assert "guessed" in error.value.errors["password"][1]
    assert "Kitagawa Utamaro" in words_about(actor("manager").user)
    set_password(actor("admin").user, "utamaro 1753 kitagawa", pepper=PEPPER)


@pytest.mark.usefixtures("cheap")
def test_sixty_four_kanji_and_what_differs_past_the_72nd_byte(database: Store) -> None:
    set_password(actor("manager").user, KANJI, pepper=PEPPER)
    assert not signs_in(KANJI[:-1] + "々")
    assert signs_in(KANJI)
    set_password(actor("manager").user, LONG, pepper=PEPPER)
    assert not signs_in(LONG[:-1] + "ひ")
    assert signs_in(LONG)


def test_stored_is_the_pepper_and_the_cost_and_no_password(
    database: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "COST", FULL_COST)
    set_password(actor("manager").user, LONG, pepper=PEPPER)
    assert stored_of(database).startswith(f"{pepper_id(PEPPER)}$2b$12$")
    assert not outdated(stored_of(database), PEPPER)
    assert len(FULL_NOBODY) == len("$2b$12$") + 53
    assert FULL_NOBODY.startswith(f"$2b${FULL_COST}$")  # or unknown names would cost another time


@pytest.mark.usefixtures("cheap")
def test_another_cost_is_renewed_at_the_next_sign_in_unasked(database: Store) -> None:
    before = stored_of(database)
    assert "$2b$04$" in before
    assert not signs_in("ちがう合言葉")
    assert stored_of(database) == before
    assert signs_in(PASSWORD)
    assert f"{pepper_id(PEPPER)}$2b$05$" in (after := stored_of(database))
    assert signs_in(PASSWORD)
    assert stored_of(database) == after


@pytest.mark.usefixtures("cheap")
def test_a_new_pepper_is_taken_up_one_sign_in_at_a_time_and_the_old_ones_still_open(database: Store) -> None:
    three = Pepper.of(PEPPER, [SECOND, THIRD])
    assert signs_in(PASSWORD, Pepper.of(PEPPER, [SECOND]))
    assert stored_of(database).startswith(pepper_id(SECOND))
    assert signs_in(PASSWORD, three)
    assert stored_of(database).startswith(pepper_id(THIRD))
    assert signs_in(PASSWORD, three)
    assert not signs_in(PASSWORD, PEPPER)  # without the pepper's file what it hashed opens no more
    assert attempt("admin", PASSWORD, pepper=three, address="").user  # one that was never renewed


@pytest.mark.usefixtures("cheap")
def test_a_hash_from_before_peppers_had_ids_is_the_first_ones(database: Store) -> None:
    plain = "$" + stored_of(database).partition("$")[2]
    database["users"].update_one({"login_id": "manager"}, {"$set": {"password_hash": plain}})
    assert signs_in(PASSWORD, Pepper.of(PEPPER, [SECOND]))
    assert stored_of(database).startswith(pepper_id(SECOND))


@pytest.mark.parametrize("stored", ["", "rubbish", "00000000$2b$04$short", None, "ffffffff$"])
@pytest.mark.usefixtures("cheap")
def test_a_stored_hash_that_is_none_opens_nothing(stored: str | None) -> None:
    assert not check(PASSWORD, stored, PEPPER)
