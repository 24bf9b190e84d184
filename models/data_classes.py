"""What kind of data a field holds. The gate asks policies by these names; an undeclared class is denied."""

from __future__ import annotations

from enum import StrEnum

Words = tuple[str, str]
"""A text for people: (Japanese, English)."""


class DataClass(StrEnum):
    """One kind of data; every field of every noun carries exactly one (design.md, "The policy model")."""

    PUBLIC = "public"
    INTERNAL = "internal"
    IDENTITY = "identity"
    CONTACT = "contact"
    BIRTH = "birth"
    CIRCULATION = "circulation"
    NOTES = "notes"
    RESTRICTED = "restricted"
    SECRET = "secret"  # noqa: S105 - the name of a class of data, not a password


PERSONAL = frozenset(
    {DataClass.IDENTITY, DataClass.CONTACT, DataClass.BIRTH, DataClass.CIRCULATION, DataClass.NOTES}
)
"""Classes whose showing is a disclosure: it is written to the ledger before it happens (law 6)."""

LABELS: dict[DataClass, Words] = {
    DataClass.PUBLIC: ("公開情報", "Public"),
    DataClass.INTERNAL: ("館内情報", "Internal"),
    DataClass.IDENTITY: ("氏名など", "Identity"),
    DataClass.CONTACT: ("住所・電話など", "Contact"),
    DataClass.BIRTH: ("生年月日・性別", "Birth and sex"),
    DataClass.CIRCULATION: ("利用の記録", "Circulation"),
    DataClass.NOTES: ("自由記述(人名を含みうる)", "Free text that may name people"),
    DataClass.RESTRICTED: ("制限情報(価格など)", "Restricted (prices and the like)"),
    DataClass.SECRET: ("秘密(認証情報)", "Secret (credentials)"),
}
