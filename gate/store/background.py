"""What is asked of the store while the page goes on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache


@cache
def beside() -> ThreadPoolExecutor:
    """Threads of the process for that; made when first asked for, which is after a server has forked."""
    return ThreadPoolExecutor(8, "beside")
