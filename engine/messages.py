"""What a person reads while the engine is set up and started: one line per step, one sentence when it cannot."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

# On the error stream, so that `python -m engine uri` prints nothing but the address on the other one.
console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)

OTHER_WAYS_JA = "別の方法: 環境変数 MONGODB_URI で既存のMongoDBを指定する、または mongod を PATH に置く。"
OTHER_WAYS_EN = "Other ways: name a MongoDB with MONGODB_URI, or put a mongod on the PATH."


class EngineError(Exception):
    """The store cannot be made ready. `ja` and `en` each say what happened and what to do, in one sentence."""

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(f"{ja}\n{en}")
        self.ja = ja
        self.en = en


def cannot(ja: str, en: str) -> EngineError:
    """An EngineError that ends by naming the other ways to a store."""
    return EngineError(f"{ja}{OTHER_WAYS_JA}", f"{en} {OTHER_WAYS_EN}")


def say(ja: str, en: str) -> None:
    """Prints one line in both languages."""
    console.print(f"{ja} / {en}")


@contextmanager
def step(ja: str, en: str) -> Iterator[None]:
    """Shows a step while it runs, then leaves one line with the seconds it took."""
    label = f"{ja} / {en}"
    began = time.monotonic()
    try:
        with console.status(label):
            yield
    except BaseException:
        console.print(f"  ✗ {label}  {time.monotonic() - began:.1f} s", style="red")
        raise
    console.print(f"  ✓ {label}  {time.monotonic() - began:.1f} s", style="green")
