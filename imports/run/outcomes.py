"""What can become of a row of an import, and what is said of it."""

from __future__ import annotations

from models.data_classes import Words

IMPORTED, UPDATED, UNCHANGED, MERGED, REFUSED, HELD = range(6)
OUTCOMES: tuple[Words, ...] = (
    ("登録", "Imported"),
    ("更新", "Updated"),
    ("変更なし", "Unchanged"),
    ("同じ行とみて統合", "Merged"),
    ("登録せず", "Refused"),
    ("保留", "Held"),
)
MODES: dict[str, Words] = {
    "create": ("新しい記録だけを登録する", "Only make new records"),
    "update": ("番号の同じ記録だけを更新する", "Only update records of the same number"),
    "both": ("番号があれば更新、なければ登録する", "Update where the number is there, else make"),
}
NOT_THERE: Words = (
    "この番号の記録はありません。番号を確かめてください。",
    "There is no record of this number; check it.",
)
EDITED: Words = (
    "書き出したあとで、この記録が更新されています。いまの記録を確かめてください。",
    "The record was edited after this was written out; look at it as it stands.",
)
MEANWHILE: Words = (
    "取込のあいだに、この記録が更新されました。もう一度取り込んでください。",
    "The record was edited during the import; import the row again.",
)
SINCE: Words = (
    "決めたあとで、この記録が更新されました。いまの記録を確かめて、もう一度決めてください。",
    "The record was edited after this was decided; look at it as it stands, and decide again.",
)
