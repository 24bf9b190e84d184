"""What should not stand in free text: people's contacts, and what the ward forbids to collect (収集禁止事項, S16).

Flags to look at, not verdicts: a Buddhist image is no creed of anybody's. The words are those of the ward's own
clause: thought, creed and religion; what causes social discrimination; crime.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from unicodedata import normalize

from gate.fields.kinds import kind_of
from models.data_classes import DataClass, Words
from models.declaration import Field, Noun

_TELEPHONE = r"(?<![\d-])(?:0\d{1,4}[-(（]\d{1,4}[-)）]\d{3,4}|0[5-9]0\d{8}|0\d{9})(?![\d-])|(?:電話|TEL|Tel|℡)[:：. ]*\d"
_MAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}"
_ADDRESS = (
    r"〒\s*\d{3}-?\d{4}|[一-龠]{1,6}[都道府県市区郡町村][^\s、。]{0,15}?\d{1,4}(?:丁目|番地?|-\d{1,4}-?\d{0,4}号?)"
    r"|現住所|自宅住所"
)
_BIRTH = r"生年月日|(?:明治|大正|昭和|平成|[MTSH])[\d元]{1,2}[年.]\d{1,2}[月.]\d{1,2}日?生|\d{4}[年/.-]\d{1,2}[月/.-]\d{1,2}日?生"
_CREED = r"信仰(?:して|を)|信者|宗派|檀家|入信|改宗|支持政党|党員|思想傾向|信条|氏子総代"
_DISCRIMINATION = r"本籍|被差別|同和|部落出身|穢多|非人|病歴|既往症|障害者手帳|身体障害|精神病|癩|ハンセン病|生活保護|国籍離脱|庶子|私生児"
_CRIME = r"前科|前歴|犯罪歴|逮捕|服役|受刑|有罪判決|懲役|禁錮|保護観察|補導"

FLAGS: dict[str, tuple[str, Words]] = {
    "telephone": (_TELEPHONE, (
        "電話番号らしいものがあります。寄贈者の欄へ移してください。",
        "This looks like a telephone number; it belongs to the donor's record.",
    )),
    "mail": (_MAIL, (
        "メールアドレスがあります。寄贈者の欄へ移してください。", "There is an e-mail address; it belongs to the donor's record.",
    )),
    "address": (_ADDRESS, (
        "番地までの住所らしいものがあります。寄贈者の欄へ移してください。",
        "This looks like somebody's address; it belongs to the donor's record.",
    )),
    "birth": (_BIRTH, (
        "人の生年月日らしいものがあります。必要かどうか確かめてください。", "This looks like a date of birth; is it needed?",
    )),
    "creed": (_CREED, (
        "収集禁止事項(思想・信条・宗教)にあたる言葉があります。承諾がなければ除いてください。",
        "A word of what must not be collected (thought, creed, religion); leave it out unless there is leave.",
    )),
    "discrimination": (_DISCRIMINATION, (
        "収集禁止事項(社会的差別の原因となる事実)にあたる言葉があります。承諾がなければ除いてください。",
        "A word of what must not be collected (facts that cause discrimination); leave it out unless there is leave.",
    )),
    "crime": (_CRIME, (
        "収集禁止事項(犯罪に関すること)にあたる言葉があります。承諾がなければ除いてください。",
        "A word of what must not be collected (crime); leave it out unless there is leave.",
    )),
}  # fmt: skip
_EACH = {name: re.compile(pattern) for name, (pattern, _) in FLAGS.items()}
_PLACES = frozenset({"place_made", "location"})
"""Where an address is what belongs there."""


def free_text(noun: Noun) -> list[Field]:
    """The fields in which people write what they like."""
    return [
        each
        for each in noun
        if kind_of(each).is_free_text
        and each.data_class in (DataClass.PUBLIC, DataClass.INTERNAL, DataClass.NOTES, DataClass.RESTRICTED)
        and not each.declared.kept_by_system
    ]


def flags(fields: list[Field], records: Sequence[Mapping[str, object]]) -> Iterator[tuple[int, str, str]]:
    """(which record, field, key of FLAGS) for every text of these records that a person should look at."""
    written = [
        (at, field.name, " ".join(map(str, text)) if isinstance(text, list) else str(text))
        for at, kept in enumerate(records)
        for field in fields
        if (text := kept.get(field.name))
    ]
    # Most have nothing of the kind: all texts are looked through at once before each alone.
    together = normalize("NFKC", "\n".join(text for _, _, text in written))
    met = [(name, pattern) for name, pattern in _EACH.items() if pattern.search(together)]
    for at, field, text in written if met else ():
        plain = normalize("NFKC", text)
        for name, pattern in met:
            if not (name == "address" and field in _PLACES) and pattern.search(plain):
                yield at, field, name
