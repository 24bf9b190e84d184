"""Invented donors and patrons."""

from __future__ import annotations

from random import Random

from seeds import names
from seeds.chance import Values


def donor(dice: Random) -> Values:
    """A donor or depositor of a museum; one in eight is a body."""
    standing = dice.choices(("donor", "depositor", "both"), (70, 22, 8))[0]
    values: Values = {
        "standing": standing,
        "postcode": names.postcode(dice),
        "address": names.address(dice),
        "telephone": names.telephone(dice, dice.choice(("03", "03", "090", "045"))),
        "purpose": "deposit" if standing == "depositor" else "donation",
    }
    if dice.random() < 0.125:
        body = dice.choice(names.BODIES)
        return values | {
            "party": "body",
            "name": body[0],
            "name_reading": body[1],
            "collected_from": "person",
        }
    who = names.person(dice)
    values |= {"party": "person", "name": who.name, "name_reading": who.reading}
    if dice.random() < 0.3:
        values["email"] = names.email(dice)
    if dice.random() < 0.1:
        values |= {
            "collected_from": "heir",
            "leave": f"長男の承諾により{dice.randint(1990, 2019)}年に聞取り。",
        }
    if dice.random() < 0.15:
        values["notes"] = dice.choice(
            ("連絡は書面を希望。", "平日の午前は不在。", "次の展示の案内を送る。", "代替わりの予定あり。")
        )
    return values


def patron(dice: Random) -> Values:
    """A card holder of the library."""
    who = names.person(dice)
    category = dice.choices(("general", "student", "child"), (70, 18, 12))[0]
    born = {"general": (1938, 1998), "student": (1999, 2007), "child": (2010, 2018)}[category]
    enrolled = dice.randint(max(2005, born[1] + 6) if category == "child" else 2005, 2024)
    values: Values = {
        "surname": who.family[0],
        "firstname": who.given[0],
        "surname_reading": who.family[1],
        "firstname_reading": who.given[1],
        "dateofbirth": _day(dice, *born),
        "sex": dice.choices((who.sex, "unanswered"), (9, 1))[0],
        "zipcode": names.postcode(dice),
        "address": names.address(dice, names.KAIZU),
        "phone": names.telephone(dice, "0584"),
        "categorycode": category,
        "dateenrolled": _day(dice, enrolled, enrolled),
        "use_count": str(dice.randint(0, 400)),
        "lastseen": _day(dice, enrolled + 1, max(enrolled + 1, 2025)),
        "collected_from": "with_leave" if category == "child" else "person",
    }
    if category == "child":
        values["leave"] = "保護者の申込みによる。"
    else:
        values["mobile"] = names.telephone(dice, "090")
    if category == "student":
        values["B_address"] = names.address(dice, ("愛知県名古屋市", "岐阜県岐阜市", "京都府京都市"))
    if dice.random() < 0.4:
        values["email"] = names.email(dice)
    return values


def _day(dice: Random, first: int, last: int) -> str:
    return f"{dice.randint(first, last)}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"
