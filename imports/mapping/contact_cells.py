"""A cell in which a person stands with postcode, address and telephone, taken apart: 山田太郎 〒169-0051 新宿区… ℡03-…"""

from __future__ import annotations

import re
from functools import lru_cache

CONTACT_PARTS = ("name", "postcode", "address", "telephone", "mail")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_TELEPHONE = re.compile(
    r"(?:(?:電話|携帯|TEL|Tel|tel|℡|☎|FAX|Fax)(?:番号)?[\s.:：]*)?(?<![0-9-])(?:\+?[0-9]{1,4}[-(（ ]){1,2}[0-9]{1,4}[-)） ]+[0-9]{3,4}"
    r"(?:\s*[(（]?内線?\s*[0-9]{1,6}[)）]?)?(?![0-9-])|(?<![0-9-])0[0-9]{9,10}(?![0-9-])"
)
_POSTCODE = re.compile(r"〒\s*[0-9]{3}-?[0-9]{4}|(?<![0-9-])[0-9]{3}-[0-9]{4}(?![0-9-])")
_ADDRESS = re.compile(
    r"(?:(?:東京都|北海道|(?:京都|大阪)府|[一-龠]{2,3}県)|[一-龠ぁ-んァ-ヶ]{1,6}[市区郡町村])[一-龠ぁ-んァ-ヶ ]\S*.*[0-9一二三四五六七八九十].*"
    r"|(?<=[,、;])[^,、;]*[0-9].*"
)
"""A place with a number in it; abroad, what stands behind a comma and has one."""
_EMPTY = re.compile(r"[(（\[]\s*[)）\]]|^[\s、,;；/／:：)）]+|[\s、,;；/／:：(（]+$")
_LABEL = re.compile(r"(?:住所|現住所|連絡先|電話|TEL|Tel|℡|☎|mail|メール|E-mail)[\s:：]*$")


_HALF = str.maketrans(
    {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)}
    | dict.fromkeys("‐‑‒–—―−─", "-")
    | {"\u3000": " ", "\n": " "}
)
_LONG_MARK = re.compile("(?<=[0-9])ー(?=[0-9])")


@lru_cache(maxsize=4_096)
def _taken_apart(cell: str) -> dict[str, str]:
    # Looked for in half width, cut out of the cell as it stands: sign for sign, so that places agree.
    plain, rest = _LONG_MARK.sub("-", cell.translate(_HALF)), cell
    found: dict[str, str] = {}
    # The surest first; what is left is the name.
    for part, pattern in (("mail", _MAIL), ("postcode", _POSTCODE), ("telephone", _TELEPHONE)):
        places = [each.span() for each in pattern.finditer(plain)]
        found[part] = " / ".join(_bare(rest[start:end]) for start, end in places)
        for start, end in places:
            plain, rest = (text[:start] + " " * (end - start) + text[end:] for text in (plain, rest))
    address = _ADDRESS.search(plain)
    found["address"] = _bare(rest[address.start() :]) if address else ""
    found["name"] = _bare(rest[: address.start()] if address else rest)
    return found


def _bare(text: str) -> str:
    while (shorter := _LABEL.sub("", _EMPTY.sub("", text.strip()))) != text:
        text = shorter
    text = text if "(" in text or "（" in text else text.rstrip(" 、)）")
    return " ".join(text.split())


def contact_part(cell: str, part: str) -> str:
    """One of CONTACT_PARTS of a cell; what is neither address nor telephone is the name."""
    return _taken_apart(cell)[part] if cell.strip() else ""
