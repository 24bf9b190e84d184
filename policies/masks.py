"""Named masks: what of a value may stand in its place. A mask that cannot parse its value shows nothing.

Each takes the value as text and returns its masked form at a width that does not tell the value's length,
or None where it cannot say anything safe.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

Mask = Callable[[str], str | None]
Words = tuple[str, str]

HIDDEN = "＊＊＊＊"
"""What stands for a value of which nothing may be shown: always the same width."""

_PREFECTURE = r"(?:東京都|北海道|(?:京都|大阪)府|(?:神奈川|和歌山|鹿児島|[^\s\d]{2})県)"
_DESIGNATED = "札幌|仙台|さいたま|千葉|横浜|川崎|相模原|新潟|静岡|浜松|名古屋|京都|大阪|堺|神戸|岡山|広島|北九州|福岡|熊本"
_WARDS = "千代田|中央|港|新宿|文京|台東|墨田|江東|品川|目黒|大田|世田谷|渋谷|中野|杉並|豊島|北|荒川|板橋|練馬|足立|葛飾|江戸川"
# Names that hold 市, 町, 村 or 郡 before their end: cut at the first, they would be wrong.
_CITIES = (
    "四日市市|廿日市市|野々市市|市川市|市原市|町田市|大町市|十日町市|村上市|村山市|東村山市|武蔵村山市|田村市|大村市|"
    "羽村市|郡山市|大和郡山市|郡上市|蒲郡市|小郡市|いちき串木野市|南アルプス市|つくばみらい市"
)
_TOWNS = "余市町|玉村町|村田町|大町町|上市町|下市町|市貝町|市川町|市川三郷町"
_ADDRESS = tuple(
    re.compile(f"(?P<kept>{pattern})")
    for pattern in (
        f"(?:{_PREFECTURE})?(?:{_DESIGNATED})市[^\\s\\d市町]{{1,4}}?区",
        f"(?:東京都)?(?:{_WARDS})区",
        # A town or village only under its prefecture or county: alone it could be a quarter of a city.
        f"(?:{_PREFECTURE})?[^\\s\\d]{{1,4}}?郡(?:{_TOWNS}|[^\\s\\d市区町村]{{1,5}}[町村])",
        f"(?:{_PREFECTURE})?(?:{_CITIES})",
        f"(?:{_PREFECTURE})?[^\\s\\d市区町村]{{1,4}}市",
        f"{_PREFECTURE}[^\\s\\d市区町村]{{1,5}}[町村]",
    )
)

_EXTENSION = re.compile(r"(?:内線|内|ext\.?|extension|x|#)\s*[:.]?\s*\d{1,6}", re.IGNORECASE)
_SEVERAL = re.compile(r"[、,;/・\n]|\s+(?=[+(]?0)")


def last_digits(value: str) -> str | None:
    """`090-1234-5678` → `***-****-5678`: the last four digits of a telephone number of 9 to 15 digits.

    Of several numbers the first; the figures of an extension (内線12) are none of it.
    """
    first = _SEVERAL.split(_EXTENSION.sub(" ", unicodedata.normalize("NFKC", value)).strip())[0]
    digits = re.sub(r"\D", "", first)
    # guard: mask-telephone
    return f"***-****-{digits[-4:]}" if 9 <= len(digits) <= 15 else None


def to_ward(value: str) -> str | None:
    """An address down to its ward, city, town or village: `東京都新宿区＊＊＊＊`; nothing where it begins otherwise."""
    text = unicodedata.normalize("NFKC", value).strip()
    found = next((each for pattern in _ADDRESS if (each := pattern.match(text))), None)
    # guard: mask-address
    return found["kept"] + HIDDEN if found else None


def family_name(value: str) -> str | None:
    """The family name where a space divides the name: `山田 花子` → `山田 ＊＊＊＊`; otherwise nothing.

    Only where the first part is in kanji or hiragana: in other scripts the given name may come first.
    """
    parts = value.replace("\u3000", " ").split()
    known = len(parts) == 2 and len(parts[0]) <= 4 and all(map(_japanese, parts[0]))
    # guard: mask-name
    return f"{parts[0]} {HIDDEN}" if known else None


def _japanese(sign: str) -> bool:
    return sign in "々〆ヶノ" or unicodedata.name(sign, "").startswith(("CJK ", "HIRAGANA "))


def year_only(value: str) -> str | None:
    """`1975-03-09` → `1975-**-**`."""
    found = re.match(r"^(\d{4})-\d{2}-\d{2}$", value)
    return f"{found[1]}-**-**" if found else None


def mail_domain(value: str) -> str | None:
    """`hanako@example.jp` → `****@example.jp`."""
    local, at, domain = value.rpartition("@")
    return f"****@{domain}" if at and local and re.fullmatch(r"[A-Za-z0-9.-]{1,253}", domain) else None


def presence(value: str) -> str | None:
    """That there is something, and nothing of what it is."""
    # guard: mask-whole
    return HIDDEN if value else None


_PREFECTURES = re.findall(
    "[^ ]+",
    "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 石川県 福井県 "
    "山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 "
    "徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県",
)


def _asked_digits(typed: str) -> tuple[str, ...]:
    """`5678`, `***-****-5678` or a whole number → the one masked form."""
    text = unicodedata.normalize("NFKC", typed).strip()
    digits = re.sub(r"\D", "", text)
    known = re.fullmatch(r"[\d*+() ./-]+", text) and (len(digits) == 4 or 9 <= len(digits) <= 15)
    return (f"***-****-{digits[-4:]}",) if known else ()


def _asked_ward(typed: str) -> tuple[str, ...]:
    """`新宿区` → as it stands and after each prefecture, for the mask keeps one where it is written; else one form."""
    text = typed.replace(HIDDEN, "")
    kept = to_ward(text)
    if kept is None:
        return ()
    text = unicodedata.normalize("NFKC", text).strip()
    named = any(text.startswith(each) for each in _PREFECTURES)
    return (kept,) if named else (kept, *(each + kept for each in _PREFECTURES))


def _asked_family(typed: str) -> tuple[str, ...]:
    """`山田` (a given name after it is not looked at) → the one masked form."""
    parts = typed.replace("\u3000", " ").split()
    kept = family_name(f"{parts[0]} 名") if 1 <= len(parts) <= 2 else None
    return (kept,) if kept else ()


def _asked_year(typed: str) -> tuple[str, ...]:
    """`1975` or a whole date → the one masked form."""
    found = re.fullmatch(
        r"(\d{4})年?(?:-[\d*]{2}-[\d*]{2})?", unicodedata.normalize("NFKC", typed).strip(), re.ASCII
    )
    return (f"{found[1]}-**-**",) if found else ()


def _asked_domain(typed: str) -> tuple[str, ...]:
    """`example.jp` or a whole address → the one masked form."""
    domain = unicodedata.normalize("NFKC", typed).strip().rpartition("@")[2].lower()
    kept = mail_domain(f"x@{domain}") if "." in domain else None
    return (kept,) if kept else ()


ASKED: dict[str, Callable[[str], tuple[str, ...]]] = {
    "last_digits": _asked_digits,
    "to_ward": _asked_ward,
    "family_name": _asked_family,
    "year_only": _asked_year,
    "mail_domain": _asked_domain,
}
"""Masks that can be searched: each turns what a person types into masked forms, and nothing finer. Presence is not
among them: whether there is something is no more to be asked than what it is."""

HINTS: dict[str, Words] = {
    "last_digits": ("下4桁(例: 5678)", "Last four digits, e.g. 5678"),
    "to_ward": ("市区町村まで(例: 新宿区)", "Down to the ward or city, e.g. 新宿区"),
    "family_name": ("名字だけ(例: 山田)", "Family name only, e.g. 山田"),
    "year_only": ("西暦の年(例: 1975)", "Year, e.g. 1975"),
    "mail_domain": ("@より後(例: example.jp)", "After the @, e.g. example.jp"),
}
"""What to type, for every mask of ASKED."""


def asked(name: str, typed: str) -> tuple[str, ...]:
    """The masked forms that a person's words name, the plainest first; empty when they name none.

    The same answer for any two values of one masked form, so a search by it tells no more than the mask shows.
    """
    read = ASKED.get(name)
    return read(typed) if read and typed.strip() else ()


# While a role is tried on, a value that only it would see is replaced by these: they tell of the role, not of the value.
STANDS_FOR = {"would_show": "［表示］", "would_mask": "［一部表示］"}

MASKS: dict[str, Mask] = {
    "last_digits": last_digits,
    "to_ward": to_ward,
    "family_name": family_name,
    "year_only": year_only,
    "mail_domain": mail_domain,
    "presence": presence,
}


def apply(name: str, value: object) -> str:
    """The masked form of a value; HIDDEN when the mask is unknown, fails, or has nothing safe to say.

    An empty value is masked like any other: a mask that is absent where there is no value would tell that.
    """
    if name in STANDS_FOR:
        return STANDS_FOR[name]
    mask = MASKS.get(name)
    try:
        masked = mask(str(value)) if mask and value not in (None, "", [], {}) else None
    except Exception:  # law 1: an exception is a denial, whatever it was
        masked = None
    # guard: mask-unparsed
    return masked if masked is not None else HIDDEN
