"""The worker's loop: its steps again and again, until it is asked to stop; a store that is away is waited for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event

from pymongo.errors import PyMongoError

PAUSE = 1.0
LONGEST = 30.0
Step = Callable[[], int]
"""Does a bounded piece of work and says how much it did; 0 when nothing waited."""
Tell = Callable[[str, str], None]


def run(
    steps: Sequence[Step],
    stop: Event,
    tell: Tell,
    *,
    pause: float = PAUSE,
    moved: Callable[[], None] = lambda: None,
) -> None:
    """Repeat the steps until `stop` is set; at once while there is work, else after `pause` seconds.

    A step that fails because of the store is tried again after 1, 2, 4 … 30 seconds: every step must be one that can
    be killed at any point and begun anew. Anything else that goes wrong ends the worker, and make run starts it again.

    Args:
        steps: what to do.
        stop: set by SIGTERM.
        tell: called with a line in Japanese and in English when the store goes and when it is back.
        pause: seconds to wait when nothing waited.
        moved: called before each step, so that others can see that the loop goes on.
    """
    delay = 0.0
    while not stop.is_set():
        try:
            done = 0
            for step in steps:
                moved()
                done += step()
        except PyMongoError as error:
            if not delay:
                # The name of the error only: its text may quote what was being written (law 5).
                name = type(error).__name__
                tell(f"データベースを待っています({name})", f"waiting for the store ({name})")
            delay = min(LONGEST, delay * 2 or pause)
            stop.wait(delay)
            continue
        if delay:
            tell("データベースに戻りました", "the store is back")
            delay = 0.0
        if not done:
            stop.wait(pause)
