"""What the acts of the ledgers are called."""

from __future__ import annotations

from audit.events import EVENTS
from models.data_classes import Words
from views.guarded.records import ACTION_WORDS

ACTS: dict[str, Words] = {
    **ACTION_WORDS,
    **EVENTS,
    "seen": ("閲覧", "Seen"),
    "restored": ("バックアップからの復元", "Restored from a backup"),
}
