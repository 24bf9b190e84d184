"""Invented loans and exhibitions, over items that are there."""

from __future__ import annotations

from random import Random

from seeds import names
from seeds.chance import Values

_BORROWERS = ("見本県立美術館", "架空市郷土資料館", "例題大学博物館", "ひながた文学館")
_TITLES = (
    ("坂のある町の暮らし", "さかのあるまちのくらし"), ("絵図でたどる牛込", "えずでたどるうしごめ"), ("山房の机", "さんぼうのつくえ"),
    ("手紙をひらく", "てがみをひらく"), ("掘り出された江戸", "ほりだされたえど"), ("新収蔵資料展", "しんしゅうぞうしりょうてん"),
)  # fmt: skip


def loan(dice: Random, items: list[object]) -> Values:
    """A loan of one to four items, lent or borrowed."""
    year = dice.randint(2021, 2026)
    status = dice.choice(("requested", "agreed", "on_loan")) if year > 2025 else "returned"
    who = names.person(dice)
    begins = dice.randint(1, 9)
    values: Values = {
        "direction": dice.choices(("out", "in"), (8, 2))[0],
        "borrower": dice.choice(_BORROWERS),
        "borrowers_contact": who.name,
        "contact_telephone": names.telephone(dice),
        "loan_purpose": dice.choice(("特別展への出品", "調査・撮影", "巡回展への出品")),
        "items": dice.sample(items, min(len(items), dice.randint(1, 4))),
        "loan_out_date": f"{year}-{begins:02d}-10",
        "loan_return_date": f"{year}-{begins + 3:02d}-20",
        "loan_status": status,
        "conditions": "温度22度・湿度55%を保つこと。照度50ルクス以下。",
    }
    if status == "returned":
        values["returned_on"] = f"{year}-{begins + 3:02d}-18"
    return values


def exhibition(dice: Random, items: list[object], position: int) -> Values:
    """An exhibition with up to twenty items."""
    title, reading = _TITLES[position % len(_TITLES)]
    year, begins = dice.randint(2019, 2026), dice.randint(1, 10)
    return {
        "title": f"{title}({year})",
        "title_reading": reading,
        "venue": dice.choice(("企画展示室", "特別展示室", "講堂")),
        "begins_on": f"{year}-{begins:02d}-05",
        "ends_on": f"{year}-{begins + 2:02d}-25",
        "exhibition_status": "planned" if year == 2026 else "closed",
        "items": dice.sample(items, min(len(items), 20)),
        "description": f"収蔵資料から「{title}」をたどる。",
    }
