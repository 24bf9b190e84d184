"""What doctor says of operations over several records that the worker could not end."""

from __future__ import annotations

from collections.abc import Iterator

from models.data_classes import Words
from operations.checks.finding import Finding
from settings.environment import Settings
from workflows.engine.operations import stuck


def unfinished(_settings: Settings) -> Iterator[Finding]:
    """A line for each; none where nothing is stuck."""
    about: Words = ("途中の操作", "Unfinished operations")
    for each in stuck():
        ja, en = each.words
        why_ja, why_en = (f"、{each.error}", f", {each.error}") if each.error else ("", "")
        yield Finding(about, False, (
            f"「{ja}」が {each.since:%Y-%m-%d %H:%M}(UTC)から終わっていません(館 {each.institution}、番号 {each.id}、試行 {each.tries}回{why_ja})。"
            "裏の仕事(flask worker)が動いているか確かめてください。動いていて終わらなければ、この番号を保守の担当者に伝えてください。",
            f"“{en}” has not ended since {each.since:%Y-%m-%d %H:%M} UTC (institution {each.institution}, number {each.id}, "
            f"{each.tries} tries{why_en}). See that flask worker runs; if it does, give this number to the maintainer of the "
            "application.",
        ))  # fmt: skip
