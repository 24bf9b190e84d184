"""Invented museum objects: what two small museums of a ward might keep, and write on their cards."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from seeds import names
from seeds.chance import Read, Values, joined
from seeds.periods import acquired, period


@dataclass(frozen=True)
class Kind:
    """A kind of object: what it is called, made of, and how large (in cm: height, width, depth or 0)."""

    object_type: str
    age: str
    before: tuple[Read, ...]
    things: tuple[Read, ...]
    materials: tuple[str, ...]
    size: tuple[float, float, float]
    makers: float = 0.5
    """How often somebody is named as its maker."""


_PLACES: tuple[Read, ...] = (
    ("牛込", "うしごめ"), ("四谷", "よつや"), ("神楽坂", "かぐらざか"), ("市谷", "いちがや"), ("早稲田", "わせだ"),
    ("落合", "おちあい"), ("戸塚", "とつか"), ("大久保", "おおくぼ"), ("内藤新宿", "ないとうしんじゅく"),
)  # fmt: skip
_WAYS: tuple[Read, ...] = (
    ("染付", "そめつけ"),
    ("色絵", "いろえ"),
    ("青磁", "せいじ"),
    ("灰釉", "かいゆう"),
    ("鉄絵", "てつえ"),
)
_SEASONS: tuple[Read, ...] = (
    ("春景", "しゅんけい"),
    ("月下", "げっか"),
    ("雪中", "せっちゅう"),
    ("秋草", "あきくさ"),
    ("四季", "しき"),
)
_WORKS: tuple[Read, ...] = (
    ("『草枕』", "くさまくら"), ("『三四郎』", "さんしろう"), ("『門』", "もん"), ("『こゝろ』", "こころ"),
    ("『道草』", "みちくさ"), ("『文鳥』", "ぶんちょう"), ("『夢十夜』", "ゆめじゅうや"),
)  # fmt: skip

SHINJUKU: tuple[Kind, ...] = (
    Kind("document", "old", _PLACES, (("村検地帳", "むらけんちちょう"), ("町入用帳", "まちにゅうようちょう"),
         ("宗門改帳控", "しゅうもんあらためちょうひかえ"), ("質地証文", "しっちしょうもん"), ("屋敷図面", "やしきずめん")),
         ("紙本墨書", "楮紙・墨書"), (27, 19, 1), 0.2),
    Kind("print", "new", _PLACES, (("名所図", "めいしょず"), ("夜雨", "やう"), ("停車場之図", "ていしゃばのず")),
         ("木版多色刷", "石版"), (36, 25, 0)),
    Kind("craft", "old", _WAYS, (("山水図皿", "さんすいずさら"), ("唐草文鉢", "からくさもんはち"), ("徳利", "とっくり"),
         ("蕎麦猪口", "そばちょこ")), ("磁器", "陶器", "磁器・染付"), (9, 18, 18), 0.15),
    Kind("archaeology", "dug", _PLACES, (("出土深鉢形土器", "しゅつどふかばちがたどき"), ("出土石鏃", "しゅつどせきぞく"),
         ("出土瓦", "しゅつどかわら"), ("出土陶磁器片", "しゅつどとうじきへん")), ("土器", "石", "瓦質"), (21, 15, 15), 0),
    Kind("folk", "new", (("木製", "もくせい"), ("竹製", "たけせい"), ("商家の", "しょうかの")),
         (("行李", "こうり"), ("算盤", "そろばん"), ("米櫃", "こめびつ"), ("提灯", "ちょうちん"), ("大福帳掛", "だいふくちょうかけ")),
         ("木・鉄", "竹", "紙・竹"), (32, 40, 24), 0.05),
    Kind("photograph", "new", _PLACES, (("通りの写真", "どおりのしゃしん"), ("小学校卒業写真", "しょうがっこうそつぎょうしゃしん"),
         ("市電停留所写真", "しでんていりゅうじょしゃしん")), ("ゼラチン・シルバー・プリント", "鶏卵紙"), (12, 16, 0), 0.3),
    Kind("map", "old", _PLACES, (("絵図", "えず"), ("切絵図", "きりえず")), ("紙本着色", "木版色刷"), (58, 74, 0)),
    Kind("painting", "old", _SEASONS, (("山水図", "さんすいず"), ("花鳥図", "かちょうず"), ("富士図", "ふじず")),
         ("絹本着色", "紙本墨画淡彩"), (110, 42, 0), 0.9),
)  # fmt: skip
SOSEKI: tuple[Kind, ...] = (
    Kind("document", "soseki", _WORKS, (("草稿写し", "そうこううつし"), ("校正刷", "こうせいずり"), ("切抜帖", "きりぬきちょう")),
         ("紙・ペン", "原稿用紙・インク"), (25, 34, 1), 0.4),
    Kind("document", "soseki", (("門下生宛", "もんかせいあて"), ("版元宛", "はんもとあて"), ("旧友宛", "きゅうゆうあて")),
         (("書簡", "しょかん"), ("葉書", "はがき"), ("絵葉書", "えはがき")), ("紙・墨書", "紙・ペン"), (14, 9, 0), 0.8),
    Kind("book", "soseki", _WORKS, (("初版本", "しょはんぼん"), ("縮刷本", "しゅくさつぼん"), ("署名本", "しょめいぼん")),
         ("洋装・紙", "和装・紙"), (22, 15, 3), 0.6),
    Kind("calligraphy", "soseki", _SEASONS, (("漢詩幅", "かんしふく"), ("俳句短冊", "はいくたんざく"), ("扁額", "へんがく")),
         ("紙本墨書",), (128, 32, 0), 0.8),
    Kind("photograph", "new", (("書斎の", "しょさいの"), ("早稲田南町の", "わせだみなみちょうの"), ("木曜会の", "もくようかいの")),
         (("写真", "しゃしん"), ("記念写真", "きねんしゃしん")), ("ゼラチン・シルバー・プリント",), (11, 15, 0), 0.3),
    Kind("craft", "new", (("文机の", "ふづくえの"), ("遺愛の", "いあいの")),
         (("硯", "すずり"), ("ペン皿", "ぺんざら"), ("火鉢", "ひばち"), ("紫檀机", "したんづくえ")), ("石", "木", "銅", "陶器"),
         (12, 24, 18), 0.1),
)  # fmt: skip
KINDS = {"shinjuku": SHINJUKU, "soseki": SOSEKI}
GROUPS: tuple[Read, ...] = (
    ("見本家文書", "みほんけもんじょ"), ("架空屋旧蔵資料", "かくうやきゅうぞうしりょう"), ("作例氏収集資料", "さくれいししゅうしゅうしりょう"),
)  # fmt: skip
_SAID = (
    "状態は良好。箱書あり。", "虫損あり、要修理。", "表面に擦れがある。", "旧蔵者の聞取りによる。", "包紙に年記。",
    "同類の資料と比較が必要。", "常設展示に出品歴あり。", "裏面に墨書「{place}」。",
)  # fmt: skip


def item(dice: Random, institution: str, position: int, donors: list[object]) -> Values:
    """One object of a museum. `donors` are the ids of those it may have come from; empty: nobody is named."""
    kind = dice.choice(KINDS[institution])
    title, reading = joined((dice.choice(kind.before), dice.choice(kind.things)))
    place = dice.choice(_PLACES)
    rank = dice.choices("ABCD", (6, 24, 45, 25))[0]
    values: Values = {
        "title": title,
        "title_reading": reading,
        "object_type": kind.object_type,
        "object_count": str(dice.choices((1, 2, 5, 10, 24), (80, 8, 6, 4, 2))[0]),
        "rank": rank,
        "period": period(dice, kind.age),
        "place_made": place[0],
        "materials": dice.choice(kind.materials),
        "dimensions": _dimensions(dice, kind.size),
        "location": f"第{dice.randint(1, 3)}収蔵庫 棚{dice.randint(1, 40)}-{dice.randint(1, 6)}",
        "input_status": _status(dice, rank),
        "description": f"{place[0]}の旧家に伝わったとされる{title}。"
        + dice.choice(_SAID).format(place=place[0]),
        **_acquisition(dice, donors),
    }
    if dice.random() < kind.makers:
        maker = names.person(dice)
        values |= {"maker": maker.name, "maker_reading": maker.reading}
    if dice.random() < 0.12:
        values |= {"group": dice.choice(GROUPS)[0], "branch_number": str(position % 40 + 1)}
    if dice.random() < 0.05:
        values["other_names"] = f"旧称 {title}(仮)"
    return values


def _dimensions(dice: Random, size: tuple[float, float, float]) -> list[dict[str, str]]:
    named = zip(("height", "width", "depth"), size, strict=True)
    return [
        {"id": f"{dice.getrandbits(32):08x}", "dimension": name, "value": f"{size * dice.uniform(0.7, 1.3):.1f}", "unit": "cm"}
        for name, size in named
        if size
    ]  # fmt: skip


def _status(dice: Random, rank: str) -> str:
    """A and B were migrated and are nearly through; C and D are being keyed in."""
    weights = (2, 8, 15, 3, 72) if rank in "AB" else (45, 20, 12, 5, 18)
    return dice.choices(("not_started", "in_progress", "awaiting_check", "sent_back", "done"), weights)[0]


def _acquisition(dice: Random, donors: list[object]) -> Values:
    method = dice.choices(
        ("gift", "deposit", "purchase", "transfer", "collected", "unknown"), (46, 12, 18, 10, 8, 6)
    )[0]
    values: Values = {"acquisition_method": method}
    if method != "unknown":
        values["acquisition_date"] = acquired(dice)
    if method in ("gift", "deposit") and donors:
        # The die is thrown over a fixed range, so that the rest of the record does not depend on how many there are.
        values["acquisition_source"] = donors[int(dice.random() * len(donors))]
    if method == "purchase":
        values["acquisition_price"] = str(dice.randint(3, 900) * 1000)
    return values
