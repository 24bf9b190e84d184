"""Invented copies of a library's books; the titles are made of words and belong to nobody."""

from __future__ import annotations

from random import Random

from seeds import names
from seeds.chance import Read, Values, joined

_ABOUT: tuple[Read, ...] = (
    ("海津の", "かいづの"), ("輪中の", "わじゅうの"), ("はじめての", "はじめての"), ("木曽川の", "きそがわの"), ("図解 ", "ずかい "),
    ("子どもの", "こどもの"), ("ふるさとの", "ふるさとの"), ("新しい", "あたらしい"),
)  # fmt: skip
_THINGS: tuple[tuple[Read, str], ...] = (
    (("水害史", "すいがいし"), "215"), (("民話集", "みんわしゅう"), "388"), (("野鳥", "やちょう"), "488"),
    (("園芸", "えんげい"), "620"), (("家庭料理", "かていりょうり"), "596"), (("算数", "さんすう"), "410"),
    (("短歌", "たんか"), "911"), (("旅行案内", "りょこうあんない"), "291"), (("憲法入門", "けんぽうにゅうもん"), "323"),
    (("電気工作", "でんきこうさく"), "540"), (("俳句歳時記", "はいくさいじき"), "911"), (("昆虫図鑑", "こんちゅうずかん"), "486"),
)  # fmt: skip
_PUBLISHERS = ("みほん書房", "架空社", "例題出版", "ひながた文庫", "作例館")


def book(dice: Random) -> Values:
    """One copy."""
    thing, decimal = dice.choice(_THINGS)
    title, reading = joined((dice.choice(_ABOUT), thing))
    author = names.person(dice)
    number = f"978400{dice.randint(0, 999999):06d}"
    return {
        "title": title,
        "title_reading": reading,
        "author": author.name,
        "author_reading": author.reading,
        "publisher": dice.choice(_PUBLISHERS),
        "publication_year": str(dice.randint(1978, 2025)),
        "isbn": number + _check(number),
        "call_number": f"{decimal}/{author.family[1][0]}",
        "shelf": dice.choice(("一般開架", "児童開架", "郷土資料", "閉架書庫")),
        "book_status": dice.choices(("available", "repair", "missing", "withdrawn"), (94, 2, 2, 2))[0],
        "price": str(dice.randint(6, 60) * 100),
    }


def _check(number: str) -> str:
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(number))
    return str(-total % 10)
