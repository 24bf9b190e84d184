"""What a record is found by, made in memory."""

from __future__ import annotations

from gate.store import search_keys
from models.registry import NOUNS


def test_long_texts_are_not_kept_in_memory() -> None:
    """4,096 notes of 4,000 characters would hold 1.8 GB in each process."""
    item = NOUNS["item"]
    short, long = "唐草文様の皿" * 10, "唐草文様の皿" * 10 + "。"
    search_keys._kept_in_memory.cache_clear()
    for text in (short, long):
        found = search_keys.keys_of(item, {"_id": "S-1", "institution": "shinjuku", "title": text})
        assert "p" + "shinjuku" + search_keys.SEAM + "唐草" in found["grams"], text[-1]
    assert len(short) == search_keys.AGAIN_AT_MOST
    assert search_keys._kept_in_memory.cache_info().currsize == 1
