"""What doctor says of the shape of the stored data: whether this version knows it, and what `flask upgrade` would do."""

from __future__ import annotations

from collections.abc import Iterator

from models.data_classes import Words
from operations.checks.finding import Finding, wrong
from operations.upgrade.discovery import newest
from operations.upgrade.running import waiting_steps
from operations.upgrade.stamp import NewerStore, due_steps
from settings.environment import Settings

NAMED = 5


def stored_data(_settings: Settings) -> Iterator[Finding]:
    """Whether the stored data are in this version's shape."""
    about: Words = ("保存データの形", "Shape of the stored data")
    try:
        waiting = waiting_steps()
    except NewerStore as error:
        yield Finding(about, False, error.words)
        return
    if not waiting:
        words = f"この版の形です(手順{newest()})", f"this version's (step {newest()})"
        yield Finding(about, True, words)
    for step, count in waiting:
        names = step.named()
        told = f" ({', '.join(names[:NAMED])}{'…' * (len(names) > NAMED)})" if names else ""
        number = f" {count:,}件" if count else "", f", {count:,} of them" if count else ""
        yield Finding(about, False, (
            f"更新が必要です: {step.words[0]}{number[0]}{told}。flask upgrade を実行してください。",
            f"An upgrade is due: {step.words[1]}{number[1]}{told}. Run flask upgrade.",
        ))  # fmt: skip


def upgraded(_settings: Settings) -> Iterator[Finding]:
    """Whether an upgrade is due, by one query, for frequent callers."""
    about: Words = ("保存データの形", "Shape of the stored data")
    try:
        due = due_steps()
    except NewerStore as error:
        yield Finding(about, False, error.words)
        return
    for step in due:
        yield wrong(
            about,
            f"更新が必要です: {step.words[0]}。flask upgrade を実行してください。",
            f"An upgrade is due: {step.words[1]}. Run flask upgrade.",
        )
