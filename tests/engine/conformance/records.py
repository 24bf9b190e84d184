"""What the parts of this folder share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Record = dict[str, Any]


def at_once(workers: int, act: Callable[[int], Any], times: int) -> list[Any]:
    """Lets `workers` threads loose on `times` calls together."""
    gate = threading.Barrier(workers)

    def run(number: int) -> Any:
        if number < workers:
            gate.wait(timeout=10)
        return act(number)

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, range(times)))


def ids(found: Any) -> list[int]:
    """The ids of what was found, in its order."""
    return [record["_id"] for record in found]
