"""Invented people: names that could be anybody's, in towns and on telephones that are nobody's."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from seeds.chance import Read

FAMILY: tuple[Read, ...] = (
    ("青木", "あおき"), ("安達", "あだち"), ("石黒", "いしぐろ"), ("今井", "いまい"), ("上杉", "うえすぎ"),
    ("江口", "えぐち"), ("大槻", "おおつき"), ("岡崎", "おかざき"), ("小野寺", "おのでら"), ("柏木", "かしわぎ"),
    ("川﨑", "かわさき"), ("岸本", "きしもと"), ("久保田", "くぼた"), ("黒澤", "くろさわ"), ("小山", "こやま"),
    ("齋藤", "さいとう"), ("斉藤", "さいとう"), ("酒井", "さかい"), ("篠原", "しのはら"), ("杉浦", "すぎうら"),
    ("髙橋", "たかはし"), ("高橋", "たかはし"), ("竹内", "たけうち"), ("田邊", "たなべ"), ("辻", "つじ"),
    ("土屋", "つちや"), ("寺島", "てらしま"), ("中川", "なかがわ"), ("成瀬", "なるせ"), ("西村", "にしむら"),
    ("野々村", "ののむら"), ("橋爪", "はしづめ"), ("濱田", "はまだ"), ("平山", "ひらやま"), ("藤井", "ふじい"),
    ("堀江", "ほりえ"), ("松浦", "まつうら"), ("宮﨑", "みやざき"), ("村瀬", "むらせ"), ("森", "もり"),
    ("柳澤", "やなぎさわ"), ("山内", "やまうち"), ("吉岡", "よしおか"), ("渡邉", "わたなべ"), ("渡辺", "わたなべ"),
)  # fmt: skip
GIVEN_FEMALE: tuple[Read, ...] = (
    ("明子", "あきこ"), ("和泉", "いずみ"), ("悦子", "えつこ"), ("香織", "かおり"), ("喜代", "きよ"),
    ("小夜子", "さよこ"), ("静江", "しずえ"), ("澄子", "すみこ"), ("千鶴", "ちづる"), ("奈緒", "なお"),
    ("初枝", "はつえ"), ("晴美", "はるみ"), ("久子", "ひさこ"), ("文", "ふみ"), ("真理子", "まりこ"),
    ("美沙", "みさ"), ("八重", "やえ"), ("結衣", "ゆい"), ("百合子", "ゆりこ"), ("若菜", "わかな"),
)  # fmt: skip
GIVEN_MALE: tuple[Read, ...] = (
    ("一郎", "いちろう"), ("栄作", "えいさく"), ("和彦", "かずひこ"), ("清", "きよし"), ("邦夫", "くにお"),
    ("健吾", "けんご"), ("浩二", "こうじ"), ("貞治", "さだはる"), ("茂", "しげる"), ("俊介", "しゅんすけ"),
    ("正太郎", "しょうたろう"), ("大輔", "だいすけ"), ("武", "たけし"), ("忠雄", "ただお"), ("徹", "とおる"),
    ("直樹", "なおき"), ("信行", "のぶゆき"), ("英明", "ひであき"), ("雅之", "まさゆき"), ("勇三", "ゆうぞう"),
)  # fmt: skip
BODIES: tuple[Read, ...] = (
    ("見本商店会", "みほんしょうてんかい"),
    ("架空寺", "かくうじ"),
    ("株式会社みほん堂", "かぶしきがいしゃみほんどう"),
    ("見本町内会", "みほんちょうないかい"),
    ("みほん郷土研究会", "みほんきょうどけんきゅうかい"),
    ("有限会社つくり文庫", "ゆうげんがいしゃつくりぶんこ"),
)
# Wards are real, so that "down to the ward" can be seen at work; the towns are not.
TOWNS = ("見本町", "架空台", "作例町", "仮名坂", "雛形町", "例題通")
WARDS = ("東京都新宿区", "東京都文京区", "東京都中野区", "東京都豊島区", "神奈川県横浜市中区", "埼玉県川越市")
KAIZU = ("岐阜県海津市", "岐阜県大垣市", "三重県桑名市")
_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Person:
    """An invented person."""

    family: Read
    given: Read
    sex: str

    @property
    def name(self) -> str:
        """Family and given name, parted by a space."""
        return f"{self.family[0]} {self.given[0]}"

    @property
    def reading(self) -> str:
        """The same in kana."""
        return f"{self.family[1]} {self.given[1]}"


def person(dice: Random) -> Person:
    """Somebody who does not exist."""
    sex = dice.choice(("female", "male"))
    given = GIVEN_FEMALE if sex == "female" else GIVEN_MALE
    return Person(dice.choice(FAMILY), dice.choice(given), sex)


def address(dice: Random, cities: tuple[str, ...] = WARDS) -> str:
    """A place in a town that does not exist."""
    chome = _DIGITS[dice.randint(1, 5)]
    house = f"{dice.randint(1, 30)}-{dice.randint(1, 20)}"
    flat = dice.choice(("", "", "", f" 見本ハイツ{dice.randint(1, 4)}0{dice.randint(1, 9)}"))
    return f"{dice.choice(cities)}{dice.choice(TOWNS)}{chome}丁目{house}{flat}"


def postcode(dice: Random) -> str:
    """000 begins no Japanese postcode."""
    return f"000-{dice.randint(0, 9999):04d}"


def telephone(dice: Random, area: str = "03") -> str:
    """An exchange of 0000 is given to nobody."""
    return f"{area}-0000-{dice.randint(0, 9999):04d}"


def email(dice: Random) -> str:
    """At a domain that is reserved for examples (RFC 2606)."""
    return f"mihon{dice.randint(1, 99999):05d}@example.jp"
